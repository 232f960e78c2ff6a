import { FLAG, needed } from '../rule.ts';
import { skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Settings of NVIDIA's own driver, through its own program: nvidia-smi(1), "Persistence Mode". */
export const nvidiaPower: Knob = {
  name: 'nvidia-power',
  help: 'Whether the driver of NVIDIA GPUs keeps them ready while nobody uses them.',
  options: { persistence: needed(FLAG) },
  value: null,
  subject: () => '',
  plan({ entry, facts }) {
    const gpus = facts.gpus.filter(({ vendor, driver, address }) => vendor === 'nvidia' && driver === 'nvidia' && address !== null);
    if (gpus.length === 0) return skips('No GPU here runs under the driver of NVIDIA.');
    const isOn = entry.options['persistence'] === true;
    return {
      actions: gpus.map(({ address }) => {
        const gpu = ['--id', String(address)] as const;
        const mode = (on: boolean) => ['nvidia-smi', ...gpu, '--persistence-mode', on ? '1' : '0'] as const;
        return {
          kind: 'command',
          name: `persistence mode of GPU ${String(address)}`,
          do: mode(isOn),
          undo: mode(!isOn),
          probe: ['nvidia-smi', ...gpu, '--query-gpu=persistence_mode', '--format=csv,noheader'],
          wanted: isOn ? 'Enabled' : 'Disabled',
        };
      }),
      skipped: [],
    };
  },
};
