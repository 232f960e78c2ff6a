import type { CommandAction } from '@hecate/change';
import type { GpuPower } from '../facts.ts';
import { FLAG, optional } from '../rule.ts';
import { skips } from './knob.ts';
import type { Knob } from './knob.ts';
import { LIMIT_SHARE, limitWatts, noLimit } from './power-limit.ts';

/** Keeps the driver ready, or lets it go: nvidia-smi(1), `--persistence-mode`. */
function setPersistence(address: string, isOn: boolean): CommandAction {
  const mode = (on: boolean) => ['nvidia-smi', '--id', address, '--persistence-mode', on ? '1' : '0'] as const;
  return {
    kind: 'command',
    name: `persistence mode of GPU ${address}`,
    do: mode(isOn),
    undo: mode(!isOn),
    probe: ['nvidia-smi', '--id', address, '--query-gpu=persistence_mode', '--format=csv,noheader'],
    wanted: isOn ? 'Enabled' : 'Disabled',
  };
}

/** Sets the most that a GPU may draw: nvidia-smi(1), `--power-limit`. It takes watts, and answers with two digits after the point. */
function setLimit(address: string, watts: number, { limit }: GpuPower): CommandAction {
  const set = (to: number) => ['nvidia-smi', '-i', address, '-pl', String(to)] as const;
  return {
    kind: 'command',
    name: `power limit of GPU ${address}`,
    do: set(watts),
    undo: set(limit),
    probe: ['nvidia-smi', '-i', address, '--query-gpu=power.limit', '--format=csv,noheader,nounits'],
    wanted: watts.toFixed(2),
  };
}

/** Settings of NVIDIA's own driver, through its own program: nvidia-smi(1). */
export const nvidiaPower: Knob = {
  name: 'nvidia-power',
  help: 'Whether the driver of NVIDIA GPUs keeps them ready while nobody uses them, and how much of their power they may draw.',
  options: { persistence: optional(FLAG), limit_share: LIMIT_SHARE },
  value: null,
  refuse: ({ options }) => (Object.keys(options).length > 0 ? null : 'needs persistence or limit_share'),
  subject: () => '',
  plan({ entry, facts }) {
    const gpus = facts.gpus.flatMap(({ vendor, driver, address, power }) =>
      vendor === 'nvidia' && driver === 'nvidia' && address !== null ? [{ address, power }] : [],
    );
    if (gpus.length === 0) return skips('No GPU here runs under the driver of NVIDIA.');
    const { persistence, limit_share: share } = entry.options;
    const limited = share === undefined ? [] : gpus;
    return {
      // A driver that is let go forgets the limit, so it is made to stay first.
      actions: [
        ...(persistence === undefined ? [] : gpus.map(({ address }) => setPersistence(address, persistence === true))),
        ...limited.flatMap(({ address, power }) => (power === null ? [] : [setLimit(address, limitWatts(entry, power), power)])),
      ],
      skipped: limited.filter(({ power }) => power === null).map(({ address }) => noLimit(address)),
    };
  },
};
