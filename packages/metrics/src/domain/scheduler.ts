import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import { perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';

/** What the scheduler counts of one CPU since boot (kernel: Documentation/scheduler/sched-stats.rst). */
export interface SchedulerReading {
  /** The kernel's number of it. */
  readonly cpu: number;
  /** Seconds that tasks ran on it. */
  readonly running: number;
  /** Seconds that tasks which could run waited for it; tasks that wait at the same time add up. */
  readonly waiting: number;
  /** How often a task was put on it. */
  readonly timeslices: number;
}

/** Rates of one CPU, or of all. */
export interface SchedulerRate {
  /** Tasks that ran, on average: 0 to 1 for one CPU. */
  readonly running: number | null;
  /** Tasks that waited in the queue, on average; more than 1 where several wait. */
  readonly waiting: number | null;
  readonly timeslicesPerSecond: number | null;
  /** Seconds that a task waited before it ran, on average; null when none ran. */
  readonly latency: number | null;
}

/** Rates between two readings. */
export interface SchedulerRates extends SchedulerRate {
  readonly cpus: readonly (SchedulerRate & { readonly cpu: number })[];
}

type Counters = Omit<SchedulerReading, 'cpu'>;

function rateOf(before: Counters, after: Counters, elapsed: number): SchedulerRate {
  const slices = after.timeslices - before.timeslices;
  const waited = after.waiting - before.waiting;
  return {
    running: counterRate(before.running, after.running, elapsed),
    waiting: counterRate(before.waiting, after.waiting, elapsed),
    timeslicesPerSecond: counterRate(before.timeslices, after.timeslices, elapsed),
    latency: slices > 0 && waited >= 0 ? waited / slices : null,
  };
}

/** Rates by CPU and of all that are in both readings; null when there is none. */
export function schedulerRates(
  before: readonly SchedulerReading[],
  after: readonly SchedulerReading[],
  elapsed: number,
): SchedulerRates | null {
  const earlier = new Map(before.map((row) => [row.cpu, row]));
  const pairs = after.flatMap((row): [SchedulerReading, SchedulerReading][] => {
    const was = earlier.get(row.cpu);
    return was ? [[was, row]] : [];
  });
  if (pairs.length === 0 || elapsed <= 0) return null;
  const sum = (side: 0 | 1): Counters => {
    const total = { running: 0, waiting: 0, timeslices: 0 };
    for (const pair of pairs) {
      total.running += pair[side].running;
      total.waiting += pair[side].waiting;
      total.timeslices += pair[side].timeslices;
    }
    return total;
  };
  return { ...rateOf(sum(0), sum(1), elapsed), cpus: pairs.map(([was, is]) => ({ cpu: is.cpu, ...rateOf(was, is, elapsed) })) };
}

/** Fields of {@link SchedulerRates}. */
export const schedulerRateFields = (): readonly RateField[] => [
  { path: 'running', unit: 'count', formula: 'Δ running / elapsed: tasks that ran, on average', nullWhen: 'the counter went back' },
  { path: 'waiting', unit: 'count', formula: 'Δ waiting / elapsed: tasks that waited, on average', nullWhen: 'the counter went back' },
  perSecond('timeslicesPerSecond', 'timeslices'),
  { path: 'latency', unit: 'seconds', formula: 'Δ waiting / Δ timeslices', nullWhen: 'no task was put on a CPU' },
  { path: 'cpus[]', unit: 'none', formula: 'the same for each CPU, with its number `cpu`', nullWhen: 'it is new: left out' },
];

/** Fields of the `scheduler` collector. */
export const schedulerGroups = (): readonly Group<readonly SchedulerReading[]>[] => [
  group<readonly SchedulerReading[], SchedulerReading>({
    name: 'scheduler',
    source: '/proc/schedstat',
    rows: (reading) => reading,
    labels: { cpu: 'cpu' },
    fields: [
      {
        key: 'running',
        kind: 'counter',
        unit: 'seconds',
        help: 'Time that tasks ran on the CPU.',
        prometheus: { name: 'node_schedstat_running_seconds_total' },
      },
      {
        key: 'waiting',
        kind: 'counter',
        unit: 'seconds',
        help: 'Time that tasks which could run waited for the CPU.',
        prometheus: { name: 'node_schedstat_waiting_seconds_total' },
      },
      {
        key: 'timeslices',
        kind: 'counter',
        unit: 'count',
        help: 'Times that a task was put on the CPU.',
        prometheus: { name: 'node_schedstat_timeslices_total' },
      },
    ],
  }),
];
