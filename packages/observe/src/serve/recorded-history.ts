import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import { listDays } from '../analyze/period-days.ts';
import type { DayRange } from '../analyze/period-days.ts';
import { dayFileName, dayOf } from '../day/day-file.ts';
import { readDayStretch, STRETCH_ROWS } from '../day/day-stretch.ts';
import { createDayOpener } from '../day/open-day.ts';
import { COLUMN_INDEX } from '../record/columns.ts';
import type { Cell } from '../tier/aggregator.ts';
import { TIERS } from '../tier/tier.ts';
import type { TierSource } from '../tier/tiers.ts';
import type { History, HistoryQuery } from './history.ts';
import { createPointSums } from './point-sums.ts';
import type { PointSums } from './point-sums.ts';

/** What recorded history is read from. */
export interface RecordedSources {
  /** Directory of the day files. */
  readonly dataDir: string;
  /** What is in memory: it takes over at its oldest sample. */
  readonly recent: History;
  /** As `Tiers.oldest`. */
  readonly oldest: () => readonly (number | null)[];
  /** As `Tiers.read`. */
  readonly read: TierSource['read'];
  /** Runs work in pieces, one after another. */
  readonly run: (job: () => Generator<void>) => Promise<void>;
}

/** So many days from before there were tiers are read. */
const MOST_DAYS = 31;
/** A chart of samples, not of buckets, is at most so long: seconds. */
const LONGEST_STRETCH = 12 * 3600;
const NOTHING = Number.POSITIVE_INFINITY;

/** The answer as pieces of JSON, and how many damaged blocks were passed over to make it. */
export interface RecordedAnswer {
  readonly pieces: Iterable<string>;
  readonly damaged: number;
}

/** When the first tier begins; infinity when all are empty. */
const firstOf = (oldest: readonly (number | null)[]): number => Math.min(NOTHING, ...oldest.map((time) => time ?? NOTHING));

/** The coarsest tier that is as fine as wanted and reaches back far enough; else the finest that reaches back furthest. Null: samples. */
export function chooseTier(step: number, from: number, oldest: readonly (number | null)[]): number | null {
  const begin = firstOf(oldest);
  const coarsest = TIERS.at(-1)!.step;
  const reaches = (level: number): boolean => (oldest[level] ?? NOTHING) <= Math.max(from, begin) + coarsest;
  const wanted = TIERS.findLastIndex((tier) => tier.step <= step);
  for (let level = wanted; level >= 0; level--) if (reaches(level)) return level;
  if (wanted < 0) return null;
  for (let level = wanted + 1; level < TIERS.length; level++) if (reaches(level)) return level;
  return wanted;
}

/**
 * What is recorded of a stretch of time, averaged over steps: samples of the day files where the step is below ten seconds (single
 * objects then have means of ten seconds, because day files lack them), else a tier. Days from before there were tiers come from the
 * day files, at most 31 of them. Null when nothing of the stretch was recorded.
 */
export async function readRecordedHistory(
  sources: RecordedSources,
  query: HistoryQuery & { readonly step: number },
): Promise<RecordedAnswer | null> {
  const ids = query.series && new Set(query.series);
  const wish: Wish = { ...query, band: query.band ?? false, wanted: (id) => ids?.has(id) ?? true };
  const isLong = query.to - query.from > LONGEST_STRETCH;
  const fine = !isLong && query.step < TIERS[0]!.step ? await readSamples(sources, wish) : null;
  return fine ?? readBuckets(sources, wish);
}

interface Wish {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly band: boolean;
  readonly wanted: (id: string) => boolean;
}

async function readBuckets(sources: RecordedSources, { from, to, step, band, wanted }: Wish): Promise<RecordedAnswer | null> {
  const oldest = sources.oldest();
  const level = chooseTier(Math.max(step, TIERS[0]!.step), from, oldest) ?? 0;
  const tier = TIERS[level]!;
  const sums = createPointSums(from, to, Math.ceil(Math.max(step, tier.step) / tier.step) * tier.step, band);
  const first = Math.floor(from / sums.step) * sums.step;
  const damaged = await sources.read(level, { from: first, to, wanted, extremes: band }, (id, time, cell) => sums.add(id, time, cell));
  const begin = firstOf(oldest);
  if (begin === NOTHING) await sources.run(() => addRecent(sources.recent, { from, to, wanted }, sums));
  const end = Math.min(to, begin, begin === NOTHING ? (sources.recent.oldest ?? NOTHING) : NOTHING);
  if (end - from > TIERS.at(-1)!.step) await readDays(sources.dataDir, Math.max(from, end - MOST_DAYS * 86_400), end, wanted, sums);
  return sums.isEmpty ? null : { pieces: sums.encode(), damaged };
}

async function readSamples(sources: RecordedSources, { from, to, step, band, wanted }: Wish): Promise<RecordedAnswer | null> {
  const { dataDir, recent, run } = sources;
  const sums = createPointSums(from, to, Math.max(1, step), band);
  const border = recent.oldest ?? NOTHING;
  await run(() => readRows(dataDir, from, Math.min(to + 0.001, border), sums, wanted));
  // Where the day files are gone, a tier may still tell of the time before memory.
  if (sums.isEmpty && firstOf(sources.oldest()) < border - TIERS.at(-1)!.step) return null;
  const damaged = await spreadObjects(sources, sums, { from, to: Math.min(to, border), wanted, band });
  await run(() => addRecent(recent, { from, to, wanted }, sums));
  return sums.isEmpty ? null : { pieces: sums.encode(), damaged };
}

/** What is still in memory. */
function addRecent(recent: History, { from, to, wanted }: Pick<Wish, 'from' | 'to' | 'wanted'>, sums: PointSums): Generator<void> {
  const cell: Cell = { count: 1, sum: 0, min: 0, max: 0 };
  return recent.visit(from, to, (id, time, value) => {
    if (!wanted(id)) return;
    cell.sum = cell.min = cell.max = value;
    sums.add(id, time, cell);
  });
}

/** Whole days from the day files or their packed form, a column at a time. */
async function readDays(dataDir: string, from: number, to: number, wanted: (id: string) => boolean, sums: PointSums): Promise<void> {
  const opener = createDayOpener(dataDir, dayOf(Date.now() / 1000));
  const cell: Cell = { count: 1, sum: 0, min: 0, max: 0 };
  for (const name of daysWithin(dataDir, { start: dayOf(from), end: dayOf(to) })) {
    const day = await opener.lend(name);
    const times = new Float64Array(day.rows);
    const values = new Float64Array(day.rows);
    day.readTimes(times);
    for (const [column, id] of day.columns.entries()) {
      if (!COLUMN_INDEX.has(id) || !wanted(id)) continue;
      await pause();
      day.readColumn(column, values);
      for (let row = 0; row < times.length; row++) {
        const time = times[row]! / 1000;
        const value = values[row]!;
        if (value !== value || time < from || time >= to) continue;
        cell.sum = cell.min = cell.max = value;
        sums.add(id, time, cell);
      }
    }
  }
}

/** The days of a range that have a file; none is no error here. */
function daysWithin(dataDir: string, range: DayRange): string[] {
  try {
    return listDays(dataDir, range);
  } catch (error) {
    if (error instanceof HecateError && error.code === 'UNAVAILABLE') return [];
    throw error;
  }
}

/** The columns of the day files. */
function* readRows(dataDir: string, from: number, to: number, sums: PointSums, wanted: (id: string) => boolean): Generator<void> {
  const cell: Cell = { count: 1, sum: 0, min: 0, max: 0 };
  const days = new Set<string>();
  for (let time = from; time <= to; time += 3600) days.add(dayOf(time));
  days.add(dayOf(to));
  for (const day of days) {
    // A row lies in the file of its own day: what is packed is in the CSV too.
    yield* readDayStretch(path.join(dataDir, dayFileName(day)), from, to, (columns, { rows, times, values }) => {
      for (let row = 0; row < rows; row++) sums.see(times[row]! / 1000);
      for (const [column, id] of columns.entries()) {
        if (!COLUMN_INDEX.has(id) || !wanted(id)) continue;
        for (let row = 0; row < rows; row++) {
          const value = values[column * STRETCH_ROWS + row]!;
          if (value !== value) continue;
          cell.sum = cell.min = cell.max = value;
          sums.add(id, times[row]! / 1000, cell);
        }
      }
    });
  }
}

/** Cores, disks, interfaces, file systems and sensors, from the finest tier that reaches back far enough. */
async function spreadObjects(
  { read, oldest }: RecordedSources,
  sums: PointSums,
  { from, to, wanted, band }: Omit<Wish, 'step'>,
): Promise<number> {
  const level = chooseTier(TIERS[0]!.step, from, oldest()) ?? 0;
  const { step } = TIERS[level]!;
  const query = { from: Math.floor(from / step) * step, to, wanted: (id: string) => !COLUMN_INDEX.has(id) && wanted(id), extremes: band };
  return read(level, query, (id, time, cell) => sums.spread(id, time, Math.min(time + step, to), cell));
}
