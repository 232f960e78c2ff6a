import { sentenceOf } from '@hecate/host';
import { COLUMN_INDEX } from '../../record/columns.ts';
import type { Frame, Hub } from '../../serve/hub.ts';
import { TIERS } from '../../tier/tier.ts';
import type { TierSource } from '../../tier/tiers.ts';
import type { Anomaly } from '../source.ts';
import { createWindow } from '../window.ts';
import type { Window } from '../window.ts';
import { learnWeek } from './week.ts';
import type { Recorded, Week } from './week.ts';

/** What an anomaly is found with. */
export interface AnomalyOptions {
  readonly hub: Hub;
  /** Where means of ten minutes are recorded. */
  readonly recorded: Pick<TierSource, 'read'>;
  readonly log: (text: string) => void;
  /** Seconds until it learns first. Default 60: the start has other work. */
  readonly delay?: number;
}

/** Anomalies of a daemon that runs. */
export interface RunningAnomaly extends Anomaly {
  /** Learns now; resolves when it has. */
  learn(): Promise<void>;
  close(): void;
}

/** Series that are watched for `anomaly:*`: what says most of a machine, and as little of it twice as can be. */
const WATCHED = [
  'cpu_usage_percent',
  'memory_used',
  'pressure_io_some_percent',
  'pressure_memory_some_percent',
  'disk_read_bytes_per_second',
  'disk_write_bytes_per_second',
  'network_receive_bytes_per_second',
  'network_transmit_bytes_per_second',
  'context_switches_per_second',
  'processes_total',
  'threads_total',
  'load5',
];

const DAY = 86_400;
/** Days that are learned from, and that must be there: every hour of a week once. */
const MOST_DAYS = 28;
const LEAST_DAYS = 7;
/** A day counts with half of its means. */
const LEAST_MEANS = 72;
/** Milliseconds until it learns again. */
const AGAIN = 6 * 3600 * 1000;
/** Seconds that are compared, and between two values of them. */
const SPAN = 600;
const STEP = 10;

const LEVEL = TIERS.length - 1;

interface Follower {
  readonly column: number;
  readonly window: Window;
  sum: number;
  count: number;
}

/** Compares the last ten minutes of each series with what was recorded at the same hour of the weeks before. */
export function startAnomaly({ hub, recorded, log, delay = 60 }: AnomalyOptions): RunningAnomaly {
  const followers = new Map<string, Follower>();
  let week: Week | null = null;
  let reason: string | null = 'Nothing is learned yet.';
  let next = Number.NEGATIVE_INFINITY;
  let now = 0;
  let time = 0;

  const want = (series: string): void => {
    const column = COLUMN_INDEX.get(series);
    if (column === undefined || followers.has(series)) return;
    followers.set(series, { column, window: createWindow('mean', SPAN, STEP), sum: 0, count: 0 });
  };
  WATCHED.forEach(want);

  const follow = ({ snapshot, row }: Frame): void => {
    ({ monotonic: now, time } = snapshot);
    const isDue = now >= next;
    if (isDue) next = now + STEP;
    for (const follower of followers.values()) {
      const value = row[follower.column];
      if (typeof value === 'number') {
        follower.sum += value;
        follower.count++;
      }
      if (!isDue) continue;
      follower.window.add(now, follower.count === 0 ? null : follower.sum / follower.count);
      follower.sum = follower.count = 0;
    }
  };
  const learn = async (): Promise<void> => {
    const end = hub.latest?.snapshot.time ?? Date.now() / 1000;
    const found = new Map<string, Recorded>([...followers.keys()].map((series) => [series, { times: [], values: [] }]));
    const days = new Map<number, number>();
    try {
      const query = { from: end - MOST_DAYS * DAY, to: end, wanted: (id: string) => found.has(id), extremes: false };
      await recorded.read(LEVEL, query, (id, start, { sum, count }) => {
        const series = found.get(id);
        if (!series || count === 0) return;
        series.times.push(start);
        series.values.push(sum / count);
        if (id === WATCHED[0]) days.set(Math.floor(start / DAY), (days.get(Math.floor(start / DAY)) ?? 0) + 1);
      });
      const whole = [...days.values()].filter((means) => means >= LEAST_MEANS).length;
      if (whole < LEAST_DAYS) {
        reason = `Too little is recorded to know the usual week: ${whole} of ${LEAST_DAYS} days.`;
        return;
      }
      for (const [series, { values }] of found) if (values.length === 0) found.delete(series);
      week = await learnWeek(found);
      reason = null;
    } catch (error) {
      log(`The usual week of this machine cannot be learned. ${sentenceOf(error)}`);
      reason ??= 'What was recorded cannot be read.';
    }
  };

  const unsubscribe = hub.subscribe(follow);
  const first = setTimeout(() => void learn(), delay * 1000).unref();
  const again = setInterval(() => void learn(), AGAIN).unref();
  const score = (series: string): number | null => {
    const follower = followers.get(series);
    const mean = follower?.window.read(now) ?? null;
    return week === null || mean === null ? null : week.score(series, time, mean);
  };
  return {
    want,
    score,
    count(least) {
      let count: number | null = null;
      for (const series of WATCHED) {
        const found = score(series);
        if (found !== null) count = (count ?? 0) + Number(found >= least);
      }
      return count;
    },
    get reason() {
      return reason;
    },
    learn,
    close() {
      unsubscribe();
      clearTimeout(first);
      clearInterval(again);
    },
  };
}
