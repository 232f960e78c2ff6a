import { text } from '../rule.ts';
import { preferencesOf } from '../value.ts';
import { governorAfter, NO_POLICY, POLICIES } from './cpu-governor.ts';
import { firstOffered, preferred, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/**
 * The hint to the processor how much speed is worth in energy (EPP): Documentation/admin-guide/pm/intel_pstate.rst and amd-pstate.rst,
 * `energy_performance_preference`. Under the governor `performance` the drivers take no other preference than that (EBUSY).
 */
export const cpuPreference: Knob = {
  name: 'cpu-preference',
  help: 'What the processor itself prefers: speed or saving energy (EPP).',
  options: {},
  value: preferred(text('the name of a preference such as "balance_power"', /^[a-z_]{2,32}$/)),
  // A governor decides which preferences are allowed.
  phase: 2,
  subject: () => '',
  plan({ entry, entries, facts }) {
    const { policies } = facts.cpu;
    if (policies.length === 0) return skips(NO_POLICY);
    const chosen = policies.map((policy) => ({ policy, wish: firstOffered(entry.value, policy.preferences) }));
    if (chosen.every(({ policy }) => policy.preferences.length === 0)) return skips('This processor takes no preference.');
    if (chosen.every(({ wish }) => wish === null)) return skips(`The processor offers none of ${preferencesOf(entry.value).join(', ')}.`);
    const actions = chosen.flatMap(({ policy, wish }) =>
      wish === null || (governorAfter(policy, entries) === 'performance' && wish !== 'performance')
        ? []
        : [setFile(`${POLICIES}/${policy.name}/energy_performance_preference`, wish)],
    );
    return actions.length === 0
      ? skips('Under the governor performance the processor takes no other preference.')
      : { actions, skipped: [] };
  },
};
