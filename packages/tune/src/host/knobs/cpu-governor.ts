import type { CpuPolicy, HostFacts } from '../facts.ts';
import type { KnobEntry } from '../profile.ts';
import { text } from '../rule.ts';
import { preferencesOf } from '../value.ts';
import { firstOffered, preferred, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Directory of the policies: Documentation/admin-guide/pm/cpufreq.rst. */
export const POLICIES = '/sys/devices/system/cpu/cpufreq';

/** The sentence for machines whose frequency is not ours to set. */
export const NO_POLICY = 'The frequency of this processor cannot be set from here.';

const NAME = 'cpu-governor';

/** The governor that a policy has when the profile is applied: that of the last entry that it offers one of, else the present one. */
export function governorAfter(policy: CpuPolicy, entries: readonly KnobEntry[]): string | null {
  return entries
    .filter(({ knob }) => knob === NAME)
    .reduce((found, { value }) => firstOffered(value, policy.governors) ?? found, policy.governor);
}

const offered = ({ cpu }: HostFacts): string => [...new Set(cpu.policies.flatMap(({ governors }) => governors))].join(', ') || 'nothing';

/** The rule by which frequencies are chosen, of each policy. */
export const cpuGovernor: Knob = {
  name: NAME,
  help: 'The governor that chooses the frequency of the processor.',
  options: {},
  value: preferred(text('the name of a governor such as "schedutil"', /^[a-z_]{2,32}$/)),
  subject: () => '',
  plan({ entry, facts }) {
    if (facts.cpu.policies.length === 0) return skips(NO_POLICY);
    const actions = facts.cpu.policies.flatMap((policy) => {
      const governor = firstOffered(entry.value, policy.governors);
      return governor === null ? [] : [setFile(`${POLICIES}/${policy.name}/scaling_governor`, governor)];
    });
    if (actions.length === 0) return skips(`The processor offers ${offered(facts)}, and none of ${preferencesOf(entry.value).join(', ')}.`);
    return { actions, skipped: [] };
  },
};
