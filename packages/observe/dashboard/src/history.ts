import { fetchJson } from './api.ts';
import { createSeriesStore } from './series-store.ts';
import type { SeriesBatch, SeriesStore } from './series-store.ts';
import type { Interval } from './time-window.ts';

/** Rows that a fetched stretch has at most: more than a chart is wide. */
const ROWS = 1200;
/** Milliseconds that a window must stand still before its past is fetched. */
const SETTLE = 150;

/** The past that the live store does not hold. */
export interface History {
  /** The store that covers this stretch best: the live one, or what was fetched. */
  storeFor(interval: Interval): SeriesStore;
  /** Fetches what the stretch needs and the live store lacks. Does nothing when it has it. */
  want(interval: Interval, live: boolean): void;
}

/** Seconds between rows so that `length` seconds make at most {@link ROWS} rows. */
export function stepFor(length: number): number {
  return Math.max(1, Math.ceil(length / ROWS));
}

/**
 * A history beside a live store. A live window that reaches further back than the store makes the store longer;
 * a fixed one gets a store of its own, as its rows are further apart.
 */
export function createHistory(live: SeriesStore, onData: () => void, onError: (message: string | null) => void): History {
  const past = createSeriesStore(ROWS * 4);
  let covered: (Interval & { step: number }) | null = null;
  let extendedTo = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;

  const heldLive = (interval: Interval): boolean => {
    const first = live.first();
    return first !== null && interval.from >= Math.min(first, extendedTo) - 2;
  };
  const heldPast = (interval: Interval): boolean =>
    covered !== null &&
    interval.from >= covered.from &&
    interval.to <= covered.to &&
    covered.step <= Math.max(1, 2 * stepFor(interval.to - interval.from));

  const load = async (from: number, to: number, step: number, signal: AbortSignal): Promise<SeriesBatch> =>
    fetchJson<SeriesBatch>(`api/v1/history?from=${Math.floor(from)}&to=${Math.ceil(to)}&step=${step}`, signal);

  const fill = async (interval: Interval, extend: boolean, signal: AbortSignal): Promise<void> => {
    const length = interval.to - interval.from;
    if (extend) {
      const first = live.first() ?? interval.to;
      live.merge(await load(interval.from, first, stepFor(length), signal));
      extendedTo = interval.from;
    } else {
      const from = interval.from - length / 2;
      const to = interval.to + length / 2;
      const batch = await load(from, to, stepFor(length), signal);
      past.clear();
      past.merge(batch);
      covered = { from, to, step: stepFor(length) };
    }
  };

  return {
    storeFor: (interval) => (!heldLive(interval) && heldPast(interval) ? past : live),
    want(interval, isLive) {
      clearTimeout(timer);
      running?.abort();
      running = null;
      if (live.length === 0 || heldLive(interval) || (!isLive && heldPast(interval))) return;
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
  };
}
