import { anyOf, oneOf, whole } from '../rule.ts';
import { plain, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Names that the kernel takes for a bias; it always answers with the number. */
const BIASES: Readonly<Record<string, number>> = {
  performance: 0,
  'balance-performance': 4,
  normal: 6,
  'balance-power': 8,
  power: 15,
};

/** The bias of Intel processors between speed and energy: Documentation/admin-guide/pm/intel_epb.rst. */
export const cpuEnergyBias: Knob = {
  name: 'cpu-energy-bias',
  help: 'The bias of Intel processors between speed (0) and saving energy (15).',
  options: {},
  value: plain(anyOf(oneOf(Object.keys(BIASES)), whole(0, 15))),
  subject: () => '',
  plan({ entry, facts }) {
    const cpus = facts.cpu.energyBias;
    if (cpus.length === 0) return skips('This processor has no energy bias.');
    const bias = typeof entry.value === 'string' ? BIASES[entry.value]! : (entry.value as number);
    return { actions: cpus.map((cpu) => setFile(`/sys/devices/system/cpu/cpu${cpu}/power/energy_perf_bias`, String(bias))), skipped: [] };
  },
};
