import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { eachPerSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import { PRESSURE_RESOURCES, pressureRateFields, pressureRates } from './pressure.ts';
import type { PressureRates, PressureReading, Stall } from './pressure.ts';

/** A controller that the kernel has (/proc/cgroups). */
export interface CgroupController {
  readonly name: string;
  /** Control groups in its hierarchy. */
  readonly groups: number;
  /** Whether it is enabled; `cgroup_disable=` at boot switches one off. */
  readonly enabled: boolean;
}

/**
 * The control group that this program runs in: what the machine grants us. A limit is the smallest on the way from our
 * group to the root as far as we see it; null says that there is none. Usage is that of our own group.
 */
export interface CgroupReading {
  /** The path that says most about us: `/system.slice/hecate.service`. Null where /proc/self/cgroup cannot be read. */
  readonly path: string | null;
  /** 2 where the controllers are in the v2 tree, 1 otherwise. Null without mounted control groups. */
  readonly version: 1 | 2 | null;
  /** Bytes. */
  readonly memoryLimit: number | null;
  /** Bytes past which the kernel slows us down; v2 only. */
  readonly memoryHigh: number | null;
  /** Bytes, file pages included. */
  readonly memoryUsage: number | null;
  /** Bytes without file pages that are not in active use. */
  readonly workingSet: number | null;
  /** Bytes of memory that belongs to no file. */
  readonly rss: number | null;
  /** Bytes of file pages. */
  readonly cache: number | null;
  readonly swapUsage: number | null;
  readonly swapLimit: number | null;
  /** Times that we were slowed down for going past `memoryHigh`; v2 only. */
  readonly highHits: number | null;
  /** Times that we went up to the limit. */
  readonly limitHits: number | null;
  /** Times that an allocation was about to fail; v2 only. */
  readonly oom: number | null;
  /** Processes that were killed for lack of memory. */
  readonly oomKills: number | null;
  /** Processors: 1.5 is one and a half. */
  readonly cpuLimit: number | null;
  /** Processors that we may run on. */
  readonly cpus: number | null;
  /** Seconds of processor time. */
  readonly cpuUsage: number | null;
  readonly cpuUser: number | null;
  readonly cpuSystem: number | null;
  /** Periods in which we ran while there was a quota. */
  readonly periods: number | null;
  readonly throttledPeriods: number | null;
  /** Seconds that tasks were kept from running by the quota. */
  readonly throttledTime: number | null;
  readonly pidsLimit: number | null;
  /** Processes and threads. */
  readonly pids: number | null;
  /** Pressure stall information of our group; null where the kernel keeps none for groups (v1, PSI off). */
  readonly pressure: PressureReading | null;
  readonly controllers: readonly CgroupController[];
}

/** What our group used between two readings. */
export interface CgroupRates {
  /** Processors in use on average. */
  readonly cpuCores: number | null;
  /** The same as a share of the quota, 0 to 1 (bursts go past it); null without one. */
  readonly cpuLimitShare: number | null;
  /** Share of the periods in which the quota was used up, 0 to 1; null when there was no period. */
  readonly throttledRatio: number | null;
  /** Seconds of throttling per second, all processors added up. */
  readonly throttledTime: number | null;
  readonly oomKillsPerSecond: number | null;
  readonly pressure: PressureRates | null;
}

/** Counters of a quota that two readings differ in. */
interface Throttling {
  readonly periods: number | null;
  readonly throttledPeriods: number | null;
}

/** Share of the periods between two readings in which a quota was used up; null when there was none. */
export function throttledRatio(before: Throttling, after: Throttling): number | null {
  const periods = counterRate(before.periods, after.periods, 1);
  const throttled = counterRate(before.throttledPeriods, after.throttledPeriods, 1);
  return periods && throttled !== null ? Math.min(1, throttled / periods) : null;
}

/** What our group used; null when it was moved to another one in between. */
export function cgroupRates(before: CgroupReading, after: CgroupReading, elapsed: number): CgroupRates | null {
  if (before.path !== after.path) return null;
  const cpuCores = counterRate(before.cpuUsage, after.cpuUsage, elapsed);
  return {
    cpuCores,
    cpuLimitShare: cpuCores !== null && after.cpuLimit ? cpuCores / after.cpuLimit : null,
    throttledRatio: throttledRatio(before, after),
    throttledTime: counterRate(before.throttledTime, after.throttledTime, elapsed),
    oomKillsPerSecond: counterRate(before.oomKills, after.oomKills, elapsed),
    pressure: before.pressure && after.pressure ? pressureRates(before.pressure, after.pressure, elapsed) : null,
  };
}

const UNKNOWN_RATE = 'the counter is unknown or went back';

/** Fields that the rates of every control group with a quota have. */
export const quotaRateFields = (prefix: string): readonly RateField[] => [
  { path: `${prefix}cpuCores`, unit: 'count', formula: 'Δ cpuUsage / elapsed: processors in use', nullWhen: UNKNOWN_RATE },
  { path: `${prefix}cpuLimitShare`, unit: 'ratio', formula: 'cpuCores / cpuLimit; bursts go past 1', nullWhen: 'there is no quota' },
  {
    path: `${prefix}throttledRatio`,
    unit: 'ratio',
    formula: 'Δ throttledPeriods / Δ periods, at most 1',
    nullWhen: 'there was no period',
  },
];

/** Fields of {@link CgroupRates}. */
export const cgroupRateFields = (): readonly RateField[] => [
  ...quotaRateFields(''),
  { path: 'throttledTime', unit: 'ratio', formula: 'Δ throttledTime / elapsed, all processors together', nullWhen: UNKNOWN_RATE },
  ...eachPerSecond('', ['oomKills']),
  ...pressureRateFields('pressure.'),
];

const NO_LIMIT = 'there is no limit';
const NO_CONTROLLER = 'the controller is not enabled for our group, or it is the root';

const field = (
  key: keyof CgroupReading & string,
  kind: Field<CgroupReading>['kind'],
  unit: Field<CgroupReading>['unit'],
  name: string,
  help: string,
  nullWhen: string = NO_CONTROLLER,
): Field<CgroupReading> => ({ key, kind, unit, help, nullWhen, prometheus: { name: `hecate_cgroup_${name}` } });

const stallGroup = (resource: (typeof PRESSURE_RESOURCES)[number], kind: 'some' | 'full'): Group<CgroupReading> =>
  group<CgroupReading, Stall>({
    name: `cgroup.pressure.${resource}.${kind}`,
    source: `${resource}.pressure in our directory of the v2 tree`,
    rows: (reading) => {
      const stall = reading.pressure?.[resource]?.[kind];
      return stall ? [stall] : [];
    },
    fields: [
      {
        key: 'total',
        kind: 'counter',
        unit: 'seconds',
        help: `Time in which ${kind === 'some' ? 'at least one task' : 'every task'} of our control group waited for ${resource}.`,
        prometheus: { name: `hecate_cgroup_pressure_${resource}_${kind === 'some' ? 'waiting' : 'stalled'}_seconds_total` },
      },
    ],
  });

/** Fields of the `cgroup` collector. */
export const cgroupGroups = (): readonly Group<CgroupReading>[] => [
  group<CgroupReading, CgroupReading>({
    name: 'cgroup',
    source: '/proc/self/cgroup and the files of our control group and those above it',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'path',
        kind: 'info',
        unit: 'none',
        help: 'Path of the control group that this program runs in.',
        nullWhen: '/proc/self/cgroup cannot be read',
        prometheus: {
          name: 'hecate_cgroup_info',
          help: 'The control group that this program runs in.',
          properties: { path: 'path', version: 'version' },
        },
      },
      { key: 'version', kind: 'info', unit: 'none', help: 'Version of control groups, 1 or 2.', nullWhen: 'none are mounted' },
      field('memoryLimit', 'gauge', 'bytes', 'memory_limit_bytes', 'Smallest memory limit from our group to the root.', NO_LIMIT),
      field('memoryHigh', 'gauge', 'bytes', 'memory_high_bytes', 'Smallest soft limit past which the kernel slows us down.', NO_LIMIT),
      field('memoryUsage', 'gauge', 'bytes', 'memory_usage_bytes', 'Memory of our group, file pages included.'),
      field('workingSet', 'gauge', 'bytes', 'memory_working_set_bytes', 'Memory of our group without inactive file pages.'),
      field('rss', 'gauge', 'bytes', 'memory_rss_bytes', 'Memory of our group that belongs to no file.'),
      field('cache', 'gauge', 'bytes', 'memory_cache_bytes', 'File pages of our group.'),
      field('swapUsage', 'gauge', 'bytes', 'swap_usage_bytes', 'Swap of our group.'),
      field('swapLimit', 'gauge', 'bytes', 'swap_limit_bytes', 'Smallest swap limit from our group to the root.', NO_LIMIT),
      field('highHits', 'counter', 'count', 'memory_high_events_total', 'Times that our group was slowed down for its soft limit.'),
      field('limitHits', 'counter', 'count', 'memory_limit_events_total', 'Times that our group went up to its memory limit.'),
      field('oom', 'counter', 'count', 'oom_events_total', 'Times that an allocation of our group was about to fail.'),
      field('oomKills', 'counter', 'count', 'oom_kills_total', 'Processes of our group that were killed for lack of memory.'),
      field('cpuLimit', 'gauge', 'none', 'cpu_limit_cores', 'Smallest processor quota from our group to the root.', NO_LIMIT),
      field('cpus', 'gauge', 'count', 'cpus', 'Processors that our group may run on.'),
      field('cpuUsage', 'counter', 'seconds', 'cpu_usage_seconds_total', 'Processor time of our group.'),
      field('cpuUser', 'counter', 'seconds', 'cpu_user_seconds_total', 'Processor time of our group outside of the kernel.'),
      field('cpuSystem', 'counter', 'seconds', 'cpu_system_seconds_total', 'Processor time of our group in the kernel.'),
      field('periods', 'counter', 'count', 'cpu_periods_total', 'Periods in which our group ran while it had a quota.'),
      field('throttledPeriods', 'counter', 'count', 'cpu_throttled_periods_total', 'Periods in which our group used its quota up.'),
      field('throttledTime', 'counter', 'seconds', 'cpu_throttled_seconds_total', 'Time that tasks of our group waited for quota.'),
      field('pidsLimit', 'gauge', 'count', 'pids_limit', 'Smallest limit of processes and threads up to the root.', NO_LIMIT),
      field('pids', 'gauge', 'count', 'pids', 'Processes and threads of our group.'),
    ],
  }),
  ...PRESSURE_RESOURCES.flatMap((resource) => [stallGroup(resource, 'some'), stallGroup(resource, 'full')]),
  group<CgroupReading, CgroupController>({
    name: 'cgroup.controllers',
    source: '/proc/cgroups',
    rows: (reading) => reading.controllers,
    labels: { subsys_name: 'name' },
    fields: [
      {
        key: 'groups',
        kind: 'gauge',
        unit: 'count',
        help: 'Control groups in the hierarchy of the controller.',
        prometheus: { name: 'node_cgroups_cgroups' },
      },
      {
        key: 'enabled',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the controller is enabled.',
        prometheus: { name: 'node_cgroups_enabled' },
      },
    ],
  }),
];
