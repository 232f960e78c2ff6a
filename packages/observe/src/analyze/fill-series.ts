import { setImmediate as pause } from 'node:timers/promises';
import { causeOf } from '@hecate/host';
import { TIERS } from '../tier/tier.ts';
import { readTiers } from '../tier/tiers.ts';
import type { BlockSeries } from './block-means.ts';
import { forecastFill } from './forecast.ts';
import type { FillSeries, Forecast } from './forecast.ts';

/** What the history in tiers knows of a machine beyond its columns. */
export interface TierFacts {
  /** Percentages of file systems by mount point, up to the end of the period. */
  readonly fills: readonly FillSeries[];
  /** Cores that had a value in the last days of the period; null without any. */
  readonly cores: number | null;
  /** Why it could not be read; null when it was, also when there is none. */
  readonly trouble: string | null;
}

const DAY = 86_400;
/** Seconds before the end of a period that a trend is read from, when the period is shorter. */
const USUAL_PAST = 28 * DAY;
/** Of a longer period so much. */
const LONGEST_PAST = 120 * DAY;
/** The last days, in which cores are counted. */
const CORE_DAYS = 2 * DAY;
/** Ten minutes: hourly medians need no finer ones. */
const LEVEL = TIERS.length - 1;
/** Mount points that are followed: whoever may mount something can make many. */
const MOST_MOUNTS = 64;

const FILESYSTEM = /^filesystem\.(.+)\.used_percent$/;
const CORE = /^core\.\d+\.usage_percent$/;

/** Reads the history of a data directory from before `start` up to `end` (seconds since the epoch); times get `offset` seconds to be the wall clock. */
export async function readTierFacts(dataDir: string, start: number, end: number, offset: number): Promise<TierFacts> {
  const from = Math.max(end - LONGEST_PAST, Math.min(start, end - USUAL_PAST));
  const series = new Map<string, { times: number[]; values: number[] }>();
  const cores = new Set<string>();
  try {
    await readTiers(dataDir).read(
      LEVEL,
      { from, to: end, wanted: (id) => FILESYSTEM.test(id), extremes: false },
      (id, time, { count, sum }) => {
        const mount = FILESYSTEM.exec(id)![1]!;
        let own = series.get(mount);
        if (own === undefined) {
          if (series.size >= MOST_MOUNTS) return;
          series.set(mount, (own = { times: [], values: [] }));
        }
        own.times.push(time + offset);
        own.values.push(sum / count);
      },
    );
    const recent = { from: end - CORE_DAYS, to: end, wanted: (id: string): boolean => CORE.test(id), extremes: false };
    await readTiers(dataDir).read(LEVEL, recent, (id) => cores.add(id));
  } catch (error) {
    // The report is about the day files: what the tiers would add is missed, and that is said.
    return { fills: [], cores: null, trouble: `The history in tiers could not be read: ${causeOf(error)}.` };
  }
  const fills = [...series].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]): FillSeries => ({ kind: 'filesystem', name, ...own }));
  return { fills, cores: cores.size > 0 ? cores.size : null, trouble: null };
}

const COLUMNS: readonly (readonly [metric: string, kind: Forecast['kind'], name: string])[] = [
  ['root_filesystem_used_percent', 'filesystem', '/'],
  ['ram_percent', 'memory', 'memory'],
  ['swap_pressure_percent', 'swap', 'swap'],
];

/** What fills of the columns of day files; `/` only where the tiers do not have it. */
export function columnFills(series: ReadonlyMap<string, BlockSeries>, seconds: number, known: readonly FillSeries[]): FillSeries[] {
  return COLUMNS.flatMap(([metric, kind, name]) => {
    const own = series.get(metric);
    if (own === undefined || known.some((other) => other.kind === kind && other.name === name)) return [];
    return [{ kind, name, times: Array.from(own.blocks, (block) => block * seconds), values: [...own.means] }];
  });
}

const ORDER: readonly Forecast['verdict'][] = ['full', 'fills', 'grows', 'shrinks', 'steady'];

/** What becomes of all of them, the most urgent first; what there is too little of is left out. */
export async function forecastAll(series: readonly FillSeries[], signal?: AbortSignal): Promise<Forecast[]> {
  const found: Forecast[] = [];
  for (const one of series) {
    const forecast = forecastFill(one);
    if (forecast) found.push(forecast);
    await pause();
    signal?.throwIfAborted();
  }
  const urgency = ({ verdict, earliest, expected }: Forecast): string => `${ORDER.indexOf(verdict)} ${expected ?? earliest ?? '~'}`;
  return found.sort((a, b) => (urgency(a) < urgency(b) ? -1 : urgency(a) > urgency(b) ? 1 : b.level - a.level));
}
