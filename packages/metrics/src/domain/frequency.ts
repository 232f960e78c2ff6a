import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import { residencyGroup, residencyRateFields, residencyRates } from './frequency-residency.ts';
import type { ChannelRates, FrequencyChannel } from './frequency-residency.ts';

/** CPUs whose frequency is set together (kernel: Documentation/admin-guide/pm/cpufreq.rst). Hertz; null where the driver does not tell. */
export interface FrequencyPolicy {
  /** `policy0`; on Apple silicon the cluster: `ECPU`, `DIE_0_PCPU1`. */
  readonly policy: string;
  /** The CPUs that are online. */
  readonly cpus: readonly number[];
  readonly current: number | null;
  /**
   * Who told `current`: the driver, or /proc/cpuinfo because asking the driver takes milliseconds; null when nobody did. `residency`: it
   * is the mean while the CPUs worked since the reading before, from how long they were at each frequency (Apple silicon).
   */
  readonly currentSource: 'driver' | 'cpuinfo' | 'residency' | null;
  /** Average since the driver was last asked (Linux 6.15). */
  readonly average: number | null;
  /** The limits that are set. */
  readonly min: number | null;
  readonly max: number | null;
  /** What the hardware can do. */
  readonly hardwareMin: number | null;
  readonly hardwareMax: number | null;
  /** Above this is boost (amd_pstate, intel_pstate). */
  readonly base: number | null;
  readonly governor: string | null;
  readonly governors: readonly string[];
  /** `intel_pstate`, `amd-pstate-epp`, `acpi-cpufreq`. */
  readonly driver: string | null;
  /** How the hardware weighs speed against energy: `balance_performance`, or a number. */
  readonly energyPreference: string | null;
  /** Whether this policy may go above its base; null where it is set for all together. */
  readonly boost: boolean | null;
  /** Seconds since `current` was read: more than 0 where the time for one reading was not enough for all, null when it never was. */
  readonly age: number | null;
}

/** The clock of one CPU, as /proc/cpuinfo shows it (x86, PowerPC, s390). */
export interface FrequencyClock {
  readonly cpu: number;
  readonly package: number | null;
  readonly core: number | null;
  readonly frequency: number;
}

/** How often and how long one core was slowed down because it was hot. */
export interface CoreThrottle {
  readonly package: number;
  readonly core: number;
  /** Times since boot. */
  readonly throttles: number;
  /** Seconds since boot; null before Linux 5.5. */
  readonly duration: number | null;
}

/** The same for a whole package. */
export type PackageThrottle = Omit<CoreThrottle, 'core'>;

/** Frequencies, what sets them, and what holds them down. All lists are empty where the machine has none, as in most virtual machines. */
export interface FrequencyReading {
  readonly policies: readonly FrequencyPolicy[];
  readonly clocks: readonly FrequencyClock[];
  /** Whether frequencies above the base are allowed at all; null where that is not known. */
  readonly boost: boolean | null;
  readonly coreThrottles: readonly CoreThrottle[];
  readonly packageThrottles: readonly PackageThrottle[];
  /** Cores and clusters, and how long they were at each frequency; absent but on Apple silicon. */
  readonly apple?: readonly FrequencyChannel[];
}

/** What happened between two readings. */
export interface FrequencyRates {
  /** Times that a core or a package was slowed down, a second; the cores' and the packages' counters both count. */
  readonly coreThrottlesPerSecond: number | null;
  readonly packageThrottlesPerSecond: number | null;
  /** What each core and each cluster did; absent but on Apple silicon. */
  readonly channels?: readonly ChannelRates[];
}

function sumRates<Row>(
  before: readonly Row[],
  after: readonly Row[],
  keyOf: (row: Row) => string,
  valueOf: (row: Row) => number,
  elapsed: number,
): number | null {
  const earlier = new Map(before.map((row) => [keyOf(row), valueOf(row)]));
  let sum: number | null = null;
  for (const row of after) {
    const rate = counterRate(earlier.get(keyOf(row)), valueOf(row), elapsed);
    if (rate !== null) sum = (sum ?? 0) + rate;
  }
  return sum;
}

/** Thermal throttling per second, null where the processor does not count it, and what cores did. Null where there is neither. */
export function frequencyRates(before: FrequencyReading, after: FrequencyReading, elapsed: number): FrequencyRates | null {
  const coreThrottlesPerSecond = sumRates(
    before.coreThrottles,
    after.coreThrottles,
    (row) => `${row.package}/${row.core}`,
    (row) => row.throttles,
    elapsed,
  );
  const packageThrottlesPerSecond = sumRates(
    before.packageThrottles,
    after.packageThrottles,
    (row) => String(row.package),
    (row) => row.throttles,
    elapsed,
  );
  const channels = before.apple && after.apple && after.apple.length > 0 ? residencyRates(before.apple, after.apple) : null;
  return coreThrottlesPerSecond === null && packageThrottlesPerSecond === null && channels === null
    ? null
    : { coreThrottlesPerSecond, packageThrottlesPerSecond, ...(channels ? { channels } : {}) };
}

/** Fields of {@link FrequencyRates}. */
export const frequencyRateFields = (): readonly RateField[] => [
  ...(['core', 'package'] as const).map((what) =>
    perSecond(`${what}ThrottlesPerSecond`, `throttles of all ${what}s`, 'count/second', 'the processor does not count it'),
  ),
  ...residencyRateFields(),
];

type PolicyCpu = FrequencyPolicy & { readonly cpu: number };

/** node_exporter has one sample a CPU. */
function* cpusOf(reading: FrequencyReading): Generator<PolicyCpu> {
  for (const policy of reading.policies) for (const cpu of policy.cpus) yield { ...policy, cpu };
}

interface GovernorRow {
  readonly cpu: number;
  readonly governor: string;
  readonly active: boolean;
}

function* governorsOf(reading: FrequencyReading): Generator<GovernorRow> {
  for (const { cpus, governor, governors } of reading.policies) {
    if (governor === null) continue;
    for (const cpu of cpus) for (const name of governors) yield { cpu, governor: name, active: name === governor };
  }
}

type Hertz = 'current' | 'average' | 'min' | 'max' | 'hardwareMin' | 'hardwareMax' | 'base';

const hertz = (key: Hertz, help: string, name: string, otel?: string): Field<PolicyCpu> => ({
  key,
  kind: 'gauge',
  unit: 'hertz',
  help,
  nullWhen: 'the driver does not tell',
  prometheus: { name },
  ...(otel ? { otel: { name: otel } } : {}),
});

const throttled = (what: 'core' | 'package'): readonly Field<CoreThrottle>[] => [
  {
    key: 'throttles',
    kind: 'counter',
    unit: 'count',
    help: `Times that the ${what} was slowed down because it was hot.`,
    prometheus: { name: `node_cpu_${what}_throttles_total` },
  },
  {
    key: 'duration',
    kind: 'counter',
    unit: 'seconds',
    help: `Time that the ${what} was slowed down because it was hot.`,
    nullWhen: 'the kernel is older than 5.5',
    prometheus: { name: `hecate_cpu_${what}_throttled_seconds_total` },
  },
];

/** Fields of the `frequency` collector. */
export const frequencyGroups = (): readonly Group<FrequencyReading>[] => [
  group<FrequencyReading, PolicyCpu>({
    name: 'frequency.policies',
    json: 'frequency.policies[]',
    source: '/sys/devices/system/cpu/cpufreq/policy*',
    rows: cpusOf,
    labels: { cpu: 'cpu' },
    fields: [
      hertz('current', 'Frequency now, of all CPUs of the policy together.', 'node_cpu_scaling_frequency_hertz', 'system.cpu.frequency'),
      hertz('average', 'Average frequency since the driver was last asked.', 'node_cpu_frequency_avg_hertz'),
      hertz('min', 'Lowest frequency that is allowed.', 'node_cpu_scaling_frequency_min_hertz'),
      hertz('max', 'Highest frequency that is allowed.', 'node_cpu_scaling_frequency_max_hertz'),
      hertz('hardwareMin', 'Lowest frequency of the hardware.', 'node_cpu_frequency_min_hertz'),
      hertz('hardwareMax', 'Highest frequency of the hardware.', 'node_cpu_frequency_max_hertz', 'hw.cpu.speed.limit'),
      hertz('base', 'Frequency above which is boost.', 'hecate_cpu_base_frequency_hertz'),
      {
        key: 'driver',
        kind: 'info',
        unit: 'none',
        help: 'Driver that sets the frequency.',
        nullWhen: 'the kernel does not tell',
        prometheus: { name: 'hecate_cpu_scaling_driver_info', properties: { driver: 'driver' } },
      },
      {
        key: 'energyPreference',
        kind: 'info',
        unit: 'none',
        help: 'How the hardware weighs speed against energy.',
        nullWhen: 'the driver has no such setting',
        prometheus: { name: 'hecate_cpu_energy_preference_info', properties: { preference: 'energyPreference' } },
      },
      {
        key: 'age',
        kind: 'gauge',
        unit: 'seconds',
        help: 'Time since the current frequency was read; more than 0 where the time for one reading was not enough for all.',
        nullWhen: 'there was no time for it yet',
      },
    ],
  }),
  group<FrequencyReading, GovernorRow>({
    name: 'frequency.governors',
    json: null,
    source: '/sys/devices/system/cpu/cpufreq/policy*/scaling_governor',
    rows: governorsOf,
    labels: { cpu: 'cpu', governor: 'governor' },
    fields: [
      {
        key: 'active',
        kind: 'gauge',
        unit: 'none',
        help: 'Governors that a CPU can have: 1 for the one that it has.',
        prometheus: { name: 'node_cpu_scaling_governor' },
      },
    ],
  }),
  group<FrequencyReading, FrequencyClock>({
    name: 'frequency.clocks',
    source: '/proc/cpuinfo',
    rows: (reading) => reading.clocks,
    labels: { package: 'package', core: 'core', cpu: 'cpu' },
    fields: [
      {
        key: 'frequency',
        kind: 'gauge',
        unit: 'hertz',
        help: 'Clock of each CPU as /proc/cpuinfo shows it.',
        prometheus: { name: 'node_cpu_frequency_hertz' },
      },
    ],
  }),
  group<FrequencyReading, FrequencyReading>({
    name: 'frequency',
    source: '/sys/devices/system/cpu/cpufreq/boost, /sys/devices/system/cpu/intel_pstate/no_turbo',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'boost',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether frequencies above the base are allowed.',
        nullWhen: 'the driver has no such setting',
        prometheus: { name: 'hecate_cpu_boost_enabled' },
      },
    ],
  }),
  group<FrequencyReading, CoreThrottle>({
    name: 'frequency.coreThrottles',
    source: '/sys/devices/system/cpu/cpu*/thermal_throttle',
    rows: (reading) => reading.coreThrottles,
    labels: { package: 'package', core: 'core' },
    fields: throttled('core'),
  }),
  group<FrequencyReading, PackageThrottle>({
    name: 'frequency.packageThrottles',
    source: '/sys/devices/system/cpu/cpu*/thermal_throttle',
    rows: (reading) => reading.packageThrottles,
    labels: { package: 'package' },
    fields: throttled('package') as readonly Field<PackageThrottle>[],
  }),
  residencyGroup<FrequencyReading>(),
];
