import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { MountAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { readMount } from './mount/mount-table.ts';
import { inForce, refuseNoOption, remountOptions, subjectOf } from './mount/option.ts';
import { needCapability, needPrograms, runTool } from './program.ts';
import { expectProperties, pathOf } from './raw-action.ts';
import { linesOf } from './raw-values.ts';

type MountState = {
  /** Of the file system that is mounted there, so that another one in its place is told apart. */
  readonly number: string;
  /** For each option of the action, the one that is in force. */
  readonly options: readonly string[];
};

/** Seconds: remounting read-only writes out what is dirty. */
const TIMEOUT = 60;

/** Options of file systems that are mounted, by mount(8). /etc/fstab is neither read nor changed. */
export const mount: ActionHandler<MountAction> = {
  kind: 'mount',
  persists: false,
  parse(raw) {
    expectProperties(raw, 'mount', ['target', 'options']);
    const target = pathOf(raw, 'target', 'mount');
    const options = linesOf(raw, 'options', 'mount');
    for (const option of options) refuseNoOption(option);
    const subjects = options.map(subjectOf);
    const twice = options.find((option, index) => subjects.indexOf(subjectOf(option)) !== index);
    if (twice !== undefined) throw new HecateError('INVALID', `The options of ${target} contradict or repeat one another at ${twice}.`);
    return { kind: 'mount', target, options };
  },
  target: ({ target }) => target,
  describe: ({ target, options }) => `${options.map(subjectOf).join(', ')} of ${target}`,
  current: (host, action) => stateOf(host, action),
  wanted: ({ options }, was) => ({ number: (was as MountState).number, options }),
  check(host, { target }) {
    needPrograms(host, 'mount');
    needCapability(host, 'SYS_ADMIN', `Remounting ${target}`);
    const { own, shared } = readMount(host, target);
    // Remounting sets both alike: one that is read-only in this place alone would make the other places so.
    if (own.includes('ro') !== shared.includes('ro')) {
      throw new HecateError('UNSUPPORTED', `${target} is read-only in another way than its file system: it is not remounted.`);
    }
  },
  apply: (host, { target, options }) => remount(host, target, options),
  restore: (host, { target }, was) => remount(host, target, (was as MountState).options),
  // mount(8) may make several system calls.
  isOurs(now, wanted, was) {
    const [is, want, before] = [now, wanted, was] as MountState[];
    return (
      is!.number === want!.number &&
      is!.options.every((option, index) => option === want!.options[index] || option === before!.options[index])
    );
  },
};

function stateOf(host: WritableHost, { target, options }: MountAction): MountState {
  const found = readMount(host, target);
  return { number: found.number, options: options.map((option) => inForce(found, option)) };
}

/** With its source named, mount(8) does not mix in what /etc/fstab says. */
async function remount(host: WritableHost, target: string, options: readonly string[]): Promise<void> {
  const found = readMount(host, target);
  const all = ['remount', ...remountOptions(found, options)];
  await runTool(host, ['mount', '-t', found.fstype, '-o', all.join(','), '--', found.source, target], { timeout: TIMEOUT });
}
