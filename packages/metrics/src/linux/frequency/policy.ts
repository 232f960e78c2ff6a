import type { Host } from '@hecate/host';
import type { FrequencyPolicy } from '../../domain/frequency.ts';
import type { GapSink } from '../../model/gap.ts';
import { parseCpuList } from '../processor/cpu-list.ts';
import { attributesOf, listMatching } from '../attribute.ts';

const CPUS = '/sys/devices/system/cpu';

/** A policy and what of it never changes. */
export interface Policy {
  readonly name: string;
  readonly directory: string;
  readonly hardwareMin: number | null;
  readonly hardwareMax: number | null;
  readonly base: number | null;
  readonly driver: string | null;
  readonly governors: readonly string[];
  /** Those of its files that exist beside the ones that every policy has. */
  readonly hasAverage: boolean;
  readonly hasPreference: boolean;
  readonly hasBoost: boolean;
}

/** sysfs says kilohertz. */
const hertz = (kilohertz: number | null): number | null => (kilohertz === null || kilohertz < 0 ? null : kilohertz * 1000);

const said = (text: string | null): string | null => (text === null || text === '' || text.startsWith('<') ? null : text);

/** Where the policies are: a directory each since Linux 4.2, below each CPU before. */
function directoriesOf(host: Host): [string, string][] {
  const names = listMatching(host, `${CPUS}/cpufreq`, /^policy\d{1,6}$/);
  if (names.length > 0) return names.map((name) => [name, `${CPUS}/cpufreq/${name}`]);
  return listMatching(host, CPUS, /^cpu\d{1,6}$/).flatMap((cpu): [string, string][] =>
    listMatching(host, `${CPUS}/${cpu}/cpufreq`, /^scaling_/).length > 0 ? [[`policy${cpu.slice(3)}`, `${CPUS}/${cpu}/cpufreq`]] : [],
  );
}

/** All policies with what never changes (kernel: Documentation/admin-guide/pm/cpufreq.rst, Policy Interface in sysfs). */
export function listPolicies(host: Host, gaps: GapSink): Policy[] {
  return directoriesOf(host).map(([name, directory]) => {
    const files = new Set(listMatching(host, directory, /./));
    const file = attributesOf(host, directory, `frequency.${name}`, gaps);
    const has = (wanted: string): boolean => files.has(wanted);
    return {
      name,
      directory,
      hardwareMin: hertz(file.number('cpuinfo_min_freq')),
      hardwareMax: hertz(file.number('cpuinfo_max_freq')),
      base: has('base_frequency') ? hertz(file.number('base_frequency')) : null,
      driver: said(file.text('scaling_driver')),
      governors: (said(file.text('scaling_available_governors')) ?? '').split(/\s+/).filter(Boolean),
      hasAverage: has('cpuinfo_avg_freq'),
      hasPreference: has('energy_performance_preference'),
      hasBoost: has('boost'),
    };
  });
}

/** All of a policy but its frequency. */
export type PolicySettings = Omit<FrequencyPolicy, 'current' | 'currentSource' | 'average' | 'age'>;

/** What people set, and which CPUs are online. */
export function readSettings(host: Host, policy: Policy, gaps: GapSink): PolicySettings {
  const file = attributesOf(host, policy.directory, `frequency.${policy.name}`, gaps);
  const boost = policy.hasBoost ? file.number('boost') : null;
  const belowCpu = policy.directory.endsWith('/cpufreq');
  return {
    policy: policy.name,
    cpus: belowCpu ? [Number(policy.name.slice('policy'.length))] : parseCpuList((file.text('affected_cpus') ?? '').replaceAll(' ', ',')),
    min: hertz(file.number('scaling_min_freq')),
    max: hertz(file.number('scaling_max_freq')),
    hardwareMin: policy.hardwareMin,
    hardwareMax: policy.hardwareMax,
    base: policy.base,
    governor: said(file.text('scaling_governor')),
    governors: policy.governors,
    driver: policy.driver,
    energyPreference: policy.hasPreference ? said(file.text('energy_performance_preference')) : null,
    boost: boost === null ? null : boost === 1,
  };
}

/** The frequency of a policy: some drivers take 10 to 20 ms to tell. Hertz; null where it does not tell, or says 0. */
export function readCurrent(host: Host, policy: Policy, gaps: GapSink): { current: number | null; average: number | null } {
  const file = attributesOf(host, policy.directory, `frequency.${policy.name}`, gaps);
  return {
    current: hertz(file.number('scaling_cur_freq')) || null,
    average: policy.hasAverage ? hertz(file.number('cpuinfo_avg_freq')) : null,
  };
}

/** Whether boost is allowed for the whole machine: cpufreq's own file, or intel_pstate's, which says the opposite. Null where there is neither. */
export function readBoost(host: Host, gaps: GapSink): boolean | null {
  const boost = attributesOf(host, `${CPUS}/cpufreq`, 'frequency', gaps).number('boost');
  if (boost !== null) return boost === 1;
  const off = attributesOf(host, `${CPUS}/intel_pstate`, 'frequency', gaps).number('no_turbo');
  return off === null ? null : off === 0;
}
