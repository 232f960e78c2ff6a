import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** How many tasks want to run. */
export interface LoadReading {
  /** Average number of running and uninterruptible tasks over one minute. */
  readonly load1: number;
  /** The same over five minutes. */
  readonly load5: number;
  /** The same over fifteen minutes. */
  readonly load15: number;
  /** Threads that run or could run now; null where the system does not say. */
  readonly runnable: number | null;
  /** Threads that exist; null where the system does not say. */
  readonly threads: number | null;
}

/** Fields of {@link LoadReading}. */
export const loadGroups = (): readonly Group<LoadReading>[] => [
  group<LoadReading, LoadReading>({
    name: 'load',
    source: '/proc/loadavg',
    rows: (reading) => [reading],
    fields: [
      { key: 'load1', kind: 'gauge', unit: 'none', help: 'Load average over 1 minute.', prometheus: { name: 'node_load1' } },
      { key: 'load5', kind: 'gauge', unit: 'none', help: 'Load average over 5 minutes.', prometheus: { name: 'node_load5' } },
      { key: 'load15', kind: 'gauge', unit: 'none', help: 'Load average over 15 minutes.', prometheus: { name: 'node_load15' } },
      {
        key: 'runnable',
        kind: 'gauge',
        unit: 'count',
        help: 'Threads that run or could run now.',
        nullWhen: 'the system does not count them',
      },
      { key: 'threads', kind: 'gauge', unit: 'count', help: 'Threads that exist.', nullWhen: 'the system does not count them' },
    ],
  }),
];
