import { fetchJson } from './api.ts';
import { createSeriesStore } from './series-store.ts';
import type { SeriesBatch, SeriesStore } from './series-store.ts';
import type { Interval } from './time-window.ts';

/** Rows that a fetched stretch has at most: more than a chart is wide. */
const ROWS = 1200;
/** Milliseconds that a window must stand still before its past is fetched. */
const SETTLE = 150;
/** Seconds from row to row from which on a row hides peaks, so that lowest and highest values are worth having. */
const COARSE = 5;

/** The past that the live store does not hold. */
export interface History {
  /** The store that covers this stretch best: the live one, or what was fetched. */
  storeFor(interval: Interval): SeriesStore;
  /** Lowest and highest values within each row, under {@link lowOf} and {@link highOf}; null where rows hide nothing. */
  bandFor(interval: Interval): SeriesStore | null;
  /** Fetches what the stretch needs and the live store lacks. Does nothing when it has it. */
  want(interval: Interval, live: boolean): void;
  /** Goes along with the live store, for windows that reach further back than that. */
  advance(): void;
  /** Fetches a hole of the live store: time in which there was no connection. */
  mend(from: number, to: number): void;
}

/** What a history answers with: rows, and where the server knows them the lowest and highest value within each. */
interface HistoryBatch extends SeriesBatch {
  readonly min?: SeriesBatch['series'];
  readonly max?: SeriesBatch['series'];
}

/** The id of the lowest values of a series in a band. */
export const lowOf = (id: string): string => `low:${id}`;
/** The id of the highest values of a series in a band. */
export const highOf = (id: string): string => `high:${id}`;

/** Seconds between rows so that `length` seconds make at most {@link ROWS} rows. */
export function stepFor(length: number): number {
  return Math.max(1, Math.ceil(length / ROWS));
}

/** Lowest and highest values as one batch. */
function bandOf({ step, time, min, max }: HistoryBatch): SeriesBatch | null {
  if (!min || !max) return null;
  const series: Record<string, readonly (number | null)[]> = {};
  for (const [id, values] of Object.entries(min)) series[lowOf(id)] = values;
  for (const [id, values] of Object.entries(max)) series[highOf(id)] = values;
  return { step, time, series };
}

/**
 * A history beside a live store. A live window that needs rows as close together as the live ones makes that store longer;
 * any other has a store of its own, as its rows are further apart.
 * While such a window follows the clock, its newest rows are made of the live store's: nothing is asked for again.
 */
export function createHistory(live: SeriesStore, onData: () => void, onError: (message: string | null) => void): History {
  const past = createSeriesStore(ROWS * 4);
  const band = createSeriesStore(ROWS * 4);
  let covered: (Interval & { readonly step: number; readonly live: boolean; readonly banded: boolean }) | null = null;
  /** How far back the live store was filled: before that there is nothing to be had. */
  let filledFrom = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;

  const heldLive = ({ from }: Interval): boolean => {
    const first = live.first();
    return first !== null && from >= Math.min(first, filledFrom) - 2;
  };
  const heldPast = ({ from, to }: Interval): boolean =>
    covered !== null &&
    from >= covered.from &&
    to <= covered.to + (covered.live ? 2 * covered.step + 5 : 0) &&
    covered.step <= Math.max(1, 2 * stepFor(to - from));
  /** While the better rows are on their way, coarse ones are better than none. */
  const touchesPast = ({ from, to }: Interval): boolean => covered !== null && from < covered.to && to > covered.from;
  const isPast = (interval: Interval): boolean => !heldLive(interval) && (heldPast(interval) || touchesPast(interval));

  const load = async (from: number, to: number, step: number, signal?: AbortSignal): Promise<HistoryBatch> =>
    fetchJson<HistoryBatch>(
      `api/v1/history?from=${Math.floor(from)}&to=${Math.ceil(to)}&step=${step}${step >= COARSE ? '&band=1' : ''}`,
      signal,
    );

  const fill = async (interval: Interval, isLive: boolean, signal: AbortSignal): Promise<void> => {
    const length = interval.to - interval.from;
    const margin = isLive ? 0 : length / 2;
    const step = stepFor(length);
    if (isLive && step <= 1) {
      live.merge(await load(interval.from, live.first() ?? interval.to, step, signal));
      filledFrom = Math.min(filledFrom, interval.from);
      return;
    }
    const batch = await load(interval.from - margin, interval.to + margin, step, signal);
    past.clear();
    past.merge(batch);
    const limits = bandOf(batch);
    band.clear();
    if (limits) band.merge(limits);
    // The server rounds the step up where it keeps coarser rows.
    covered = {
      from: interval.from - margin,
      to: isLive ? (past.last() ?? interval.to) + batch.step : interval.to + margin,
      step: Math.max(step, batch.step),
      live: isLive,
      banded: limits !== null,
    };
  };

  /** Adds the row that stands for the live rows from `from` on, one step long. */
  const appendMeans = (from: number, step: number): void => {
    const ids = live.ids();
    const [time, ...columns] = live.select(ids, from, from + step);
    const means: Record<string, number | null> = {};
    const limits: Record<string, number | null> = {};
    for (const [index, id] of ids.entries()) {
      let sum = 0;
      let count = 0;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let row = 0; row < time.length; row++) {
        const value = columns[index]![row];
        if (value === null || value === undefined || time[row]! < from || time[row]! >= from + step) continue;
        sum += value;
        count++;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      if (count === 0) continue;
      means[id] = sum / count;
      limits[lowOf(id)] = low;
      limits[highOf(id)] = high;
    }
    if (Object.keys(means).length === 0) return;
    past.append(from, means, step);
    if (covered?.banded) band.append(from, limits, step);
  };

  return {
    storeFor: (interval) => (isPast(interval) ? past : live),
    bandFor: (interval) => (covered?.banded && isPast(interval) ? band : null),
    want(interval, isLive) {
      clearTimeout(timer);
      running?.abort();
      running = null;
      if (live.length === 0 || heldLive(interval) || heldPast(interval)) return;
      timer = setTimeout(() => {
        const control = new AbortController();
        running = control;
        fill(interval, isLive, control.signal).then(
          () => {
            onError(null);
            onData();
          },
          (error: unknown) => {
            if (control.signal.aborted) return;
            onError(error instanceof Error ? error.message : 'The past could not be fetched.');
          },
        );
      }, SETTLE);
    },
    advance() {
      const newest = live.last();
      while (covered?.live && newest !== null && newest >= covered.to + covered.step) {
        appendMeans(covered.to, covered.step);
        covered = { ...covered, to: covered.to + covered.step };
      }
    },
    mend(from, to) {
      load(from, to, stepFor(to - from)).then(
        (batch) => {
          live.merge(batch);
          onData();
        },
        (error: unknown) => onError(error instanceof Error ? error.message : 'The past could not be fetched.'),
      );
    },
  };
}
