import { never } from './plugin.ts';
import type { TunedPlugin } from './plugin.ts';

const leftOut = (name: string, why: string, alone: string | null = null): TunedPlugin => ({ name, alone, knobs: never(why) });

/** Plugins of which nothing is done, with the reason why. */
export const LEFT_OUT: readonly TunedPlugin[] = [
  leftOut('script', 'It is a program, and the programs of a profile are never run.'),
  leftOut('bootloader', 'It changes boot options, which take effect with a reboot only and are not ours to write.'),
  leftOut('systemd', 'It changes the configuration of systemd, which takes effect with a reboot only.'),
  leftOut('irqbalance', 'It changes the configuration of irqbalance and restarts it.'),
  leftOut('mounts', 'File systems without barriers lose data when power fails.'),
  leftOut(
    'eeepc_she',
    'It is for one kind of laptop, and moves with the load.',
    'It changes the speed of an Eee PC with the load, while tuned runs.',
  ),
  leftOut('rtentsk', 'It has no settings.', 'It holds a socket open that keeps time stamps of packets on, while tuned runs.'),
];
