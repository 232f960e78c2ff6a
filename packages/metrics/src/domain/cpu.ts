import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { eachPerSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';

/** The modes whose sum is all time. `guest` is not among them: the kernel counts it inside `user` too. */
export const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/** One of {@link CPU_MODES}. */
export type CpuMode = (typeof CPU_MODES)[number];

/** Modes that every system counts. */
type CommonMode = 'user' | 'nice' | 'system' | 'idle';

/**
 * Seconds since boot in each mode. `user` includes `guestUser`, `nice` includes `guestNice`, as in the kernel.
 * Null: the system does not count this mode (macOS counts user, nice, system and idle).
 */
export interface CpuTimes extends Record<CommonMode, number>, Record<Exclude<CpuMode, CommonMode>, number | null> {
  guestUser: number | null;
  guestNice: number | null;
}

/** The times of one logical CPU. */
export interface CoreTimes extends CpuTimes {
  /** The kernel's number of it; numbers can be missing where CPUs are offline. */
  readonly cpu: number;
}

/** What /proc/stat says. */
export interface CpuReading {
  /** All CPUs together, as the kernel adds them up. */
  readonly total: CpuTimes;
  /** Each CPU that is online. */
  readonly cores: readonly CoreTimes[];
  /** Context switches since boot. */
  readonly contextSwitches: number | null;
  /** Interrupts served since boot. */
  readonly interrupts: number | null;
  /** Processes and threads created since boot. */
  readonly forks: number | null;
  /** Threads that run or could run now. */
  readonly procsRunning: number | null;
  /** Threads that wait for I/O now. */
  readonly procsBlocked: number | null;
  /** When the machine booted, seconds since the epoch. */
  readonly bootTime: number | null;
}

const OTEL_MODE: Readonly<Partial<Record<CpuMode, string>>> = {
  user: 'user',
  nice: 'nice',
  system: 'system',
  idle: 'idle',
  iowait: 'iowait',
  irq: 'interrupt',
  softirq: 'interrupt',
  steal: 'steal',
};

const MODE_HELP: Readonly<Record<CpuMode, string>> = {
  user: 'Time in user mode, guests included.',
  nice: 'Time in user mode at lowered priority, guests included.',
  system: 'Time in the kernel.',
  idle: 'Time with nothing to do.',
  iowait: 'Idle time while a task waited for I/O; may go down, says the kernel.',
  irq: 'Time serving interrupts.',
  softirq: 'Time serving soft interrupts.',
  steal: 'Time that the hypervisor gave to others.',
};

const UNCOUNTED = 'the system does not count it (macOS)';
const MODES_OF_LINUX: ReadonlySet<CpuMode> = new Set(['iowait', 'irq', 'softirq', 'steal']);

const times: readonly Field<CoreTimes>[] = [
  ...CPU_MODES.map((mode): Field<CoreTimes> => ({
    key: mode,
    kind: 'counter',
    unit: 'seconds',
    help: MODE_HELP[mode],
    ...(MODES_OF_LINUX.has(mode) ? { nullWhen: UNCOUNTED } : {}),
    prometheus: { name: 'node_cpu_seconds_total', labels: { mode }, help: 'Seconds that each CPU spent in each mode.' },
    ...(OTEL_MODE[mode] ? { otel: { name: 'system.cpu.time', attributes: { 'cpu.mode': OTEL_MODE[mode] } } } : {}),
  })),
  ...(['guestUser', 'guestNice'] as const).map((key): Field<CoreTimes> => ({
    key,
    kind: 'counter',
    unit: 'seconds',
    help: `Time running guests, already counted in ${key === 'guestUser' ? 'user' : 'nice'}.`,
    nullWhen: UNCOUNTED,
    prometheus: {
      name: 'node_cpu_guest_seconds_total',
      labels: { mode: key === 'guestUser' ? 'user' : 'nice' },
      help: 'Seconds that each CPU spent running guests; part of the user and nice modes.',
    },
  })),
];

/** Fields of {@link CpuReading}. */
export const cpuGroups = (): readonly Group<CpuReading>[] => [
  group<CpuReading, CoreTimes>({
    name: 'cpu.cores',
    source: '/proc/stat',
    rows: (reading) => reading.cores,
    labels: { cpu: 'cpu' },
    fields: times,
  }),
  group<CpuReading, CpuReading>({
    name: 'cpu',
    source: '/proc/stat',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'contextSwitches',
        kind: 'counter',
        unit: 'count',
        help: 'Context switches since boot.',
        prometheus: { name: 'node_context_switches_total' },
      },
      { key: 'interrupts', kind: 'counter', unit: 'count', help: 'Interrupts served since boot.', prometheus: { name: 'node_intr_total' } },
      {
        key: 'forks',
        kind: 'counter',
        unit: 'count',
        help: 'Processes and threads created since boot.',
        prometheus: { name: 'node_forks_total' },
        otel: { name: 'system.process.created' },
      },
      {
        key: 'procsRunning',
        kind: 'gauge',
        unit: 'count',
        help: 'Threads that run or could run now.',
        prometheus: { name: 'node_procs_running' },
      },
      {
        key: 'procsBlocked',
        kind: 'gauge',
        unit: 'count',
        help: 'Threads that wait for I/O now.',
        prometheus: { name: 'node_procs_blocked' },
      },
      {
        key: 'bootTime',
        kind: 'gauge',
        unit: 'seconds',
        help: 'When the machine booted, seconds since the epoch.',
        prometheus: { name: 'node_boot_time_seconds' },
      },
    ],
  }),
];

/**
 * Shares of the time between two readings, each 0 to 1; the modes sum to 1.
 * Null: the system does not count this mode (macOS), so its time lies in others.
 */
export interface CpuUsage extends Readonly<Record<CommonMode, number>>, Readonly<Record<Exclude<CpuMode, CommonMode>, number | null>> {
  /** 1 - idle - iowait. */
  readonly usage: number;
}

/** Rates between two readings. */
export interface CpuRates extends CpuUsage {
  readonly cores: readonly (CpuUsage & { readonly cpu: number })[];
  readonly contextSwitchesPerSecond: number | null;
  readonly interruptsPerSecond: number | null;
  readonly forksPerSecond: number | null;
}

/** An idle counter that fell by this much (seconds) means that the CPU was offline in between. */
const HOTPLUG_JUMP = 3;

/** All times of a CPU, those that are counted twice included. */
const COUNTED = [...CPU_MODES, 'guestUser', 'guestNice'] as const;

/**
 * Makes times that go back (idle and iowait may, says proc(5)) stay what they were, so that counters only grow. `now` is changed.
 * Where idle went back by much, the CPU was offline in between and all of its times start over.
 */
export function keepGrowing(before: CpuTimes, now: CpuTimes): void {
  if (now.idle - before.idle <= -HOTPLUG_JUMP) return;
  for (const mode of COUNTED) {
    const was = before[mode];
    if (was !== null && (now[mode] ?? was) < was) now[mode] = was;
  }
}

/** What a mode grew by; null for one that is not counted. */
function grown(before: CpuTimes, after: CpuTimes, mode: CpuMode): number | null {
  const [was, is] = [before[mode], after[mode]];
  return was === null || is === null ? null : is - was;
}

/**
 * Usage between two times of the same CPU, or null when no time passed or the CPU was offline in between.
 * A mode that went back (idle and iowait may) counts as 0. total = user + nice + system + idle + iowait + irq + softirq + steal,
 * those that are counted.
 */
export function cpuUsage(before: CpuTimes, after: CpuTimes): CpuUsage | null {
  if (after.idle - before.idle <= -HOTPLUG_JUMP) return null;
  let total = 0;
  for (const mode of CPU_MODES) total += Math.max(0, grown(before, after, mode) ?? 0);
  if (total <= 0) return null;
  const shares = {} as Record<CpuMode, number | null>;
  for (const mode of CPU_MODES) {
    const growth = grown(before, after, mode);
    shares[mode] = growth === null ? null : Math.max(0, growth) / total;
  }
  // The modes of every system are numbers in both times.
  const usage = Math.min(1, Math.max(0, 1 - shares.idle! - (shares.iowait ?? 0)));
  return { ...(shares as Omit<CpuUsage, 'usage'>), usage };
}

/** Whether a mode grew by more time than there was: some hypervisors let steal jump to nonsense (psutil#1210). */
function isSuspect(before: CpuTimes, after: CpuTimes, available: number): boolean {
  return CPU_MODES.some((mode) => (grown(before, after, mode) ?? 0) > available);
}

/** Rates between two readings that are `elapsed` seconds apart; null when no CPU time passed, or more than there was. */
export function cpuRates(before: CpuReading, after: CpuReading, elapsed: number): CpuRates | null {
  const total = cpuUsage(before.total, after.total);
  // Half as much again and half a second: ticks are coarse, and the two clocks are not read at the same moment.
  const available = elapsed * Math.max(1, after.cores.length) * 1.5 + 0.5;
  if (!total || isSuspect(before.total, after.total, available)) return null;
  const earlier = new Map(before.cores.map((core) => [core.cpu, core]));
  const cores: (CpuUsage & { cpu: number })[] = [];
  for (const core of after.cores) {
    const was = earlier.get(core.cpu);
    const usage = was && cpuUsage(was, core);
    if (usage) cores.push({ cpu: core.cpu, ...usage });
  }
  return {
    ...total,
    cores,
    contextSwitchesPerSecond: counterRate(before.contextSwitches, after.contextSwitches, elapsed),
    interruptsPerSecond: counterRate(before.interrupts, after.interrupts, elapsed),
    forksPerSecond: counterRate(before.forks, after.forks, elapsed),
  };
}

/** Fields of {@link CpuRates}. */
export const cpuRateFields = (): readonly RateField[] => [
  ...CPU_MODES.map((mode): RateField => ({
    path: mode,
    unit: 'ratio',
    formula: `Δ ${mode} / Δ all modes; a mode that went back counts 0`,
    ...(MODES_OF_LINUX.has(mode) ? { nullWhen: UNCOUNTED } : {}),
  })),
  { path: 'usage', unit: 'ratio', formula: '1 - idle - iowait' },
  {
    path: 'cores[]',
    unit: 'ratio',
    formula: 'the same for each CPU, with its number `cpu`',
    nullWhen: 'it was offline in between: left out',
  },
  ...eachPerSecond('', ['contextSwitches', 'interrupts', 'forks']),
];

/** Growth of a counter per second; null when either is unknown or the counter started over. */
export function counterRate(before: number | null | undefined, after: number | null | undefined, elapsed: number): number | null {
  if (before === null || before === undefined || after === null || after === undefined) return null;
  return elapsed > 0 && after >= before ? (after - before) / elapsed : null;
}
