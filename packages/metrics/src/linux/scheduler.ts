import { errnoOf } from '@hecate/host';
import { schedulerGroups } from '../domain/scheduler.ts';
import type { SchedulerReading } from '../domain/scheduler.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';

const NANOSECONDS = 1e9;

/** Numbers of a cpu line before the three that are read. */
const BEFORE = 6;

/**
 * The cpu lines of /proc/schedstat, versions 14 to 17 (kernel: Documentation/scheduler/sched-stats.rst): the 7th, 8th and 9th number are
 * nanoseconds of running, nanoseconds of waiting, and time slices. The lines of domains are skipped; a cpu line that is cut short is left out.
 */
export function parseSchedstat(cursor: ByteCursor): SchedulerReading[] {
  const rows: SchedulerReading[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (!cursor.match('cpu') || !cursor.numberNext) continue;
    const cpu = cursor.integer();
    cursor.skipWords(BEFORE);
    if (!cursor.numberNext) continue;
    const running = cursor.integer() / NANOSECONDS;
    if (!cursor.numberNext) continue;
    const waiting = cursor.integer() / NANOSECONDS;
    if (cursor.numberNext) rows.push({ cpu, running, waiting, timeslices: cursor.integer() });
  }
  return rows;
}

/** What the scheduler counts by CPU. */
export const scheduler: Collector<'scheduler', readonly SchedulerReading[]> = {
  name: 'scheduler',
  lane: 'slow',
  sources: ['/proc/schedstat'],
  remedy: 'This needs a kernel with CONFIG_SCHEDSTATS=y.',
  groups: schedulerGroups,
  open(host) {
    const file = host.keep('/proc/schedstat');
    const cursor = new ByteCursor();
    return {
      read(gaps) {
        try {
          return parseSchedstat(cursor.reset(file.read()));
        } catch (error) {
          if (errnoOf(error) !== 'ENOENT') throw error;
          gaps.add('scheduler', 'unsupported', 'This kernel keeps no scheduler statistics: it has no /proc/schedstat.');
          return [];
        }
      },
      close: file.close,
    };
  },
};
