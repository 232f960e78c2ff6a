import { FLAG } from '../rule.ts';
import { does, plain, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Frequencies above the nominal one: Documentation/admin-guide/pm/cpufreq.rst, "Frequency Boost Support". */
export const cpuBoost: Knob = {
  name: 'cpu-boost',
  help: 'Whether the processor may go above its nominal frequency (turbo).',
  options: {},
  value: plain(FLAG),
  subject: () => '',
  plan({ entry, facts }) {
    const { boost } = facts.cpu;
    if (boost === null) return skips('This processor has no switch of turbo.');
    return does(setFile(boost.path, entry.value === true ? boost.on : boost.off));
  },
};
