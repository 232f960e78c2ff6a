import type { Host } from '@hecate/host';
import { collectorsOf, deriveRates, longestBetween, sample } from '@hecate/metrics';
import type { CollectorName, Rates, Snapshot } from '@hecate/metrics';
import { machineRow } from '../record/machine-row.ts';
import { createAttention } from './attention.ts';
import { createHistory } from './history.ts';
import type { History } from './history.ts';
import { createTurn } from './pieces.ts';
import { seriesValues } from './series.ts';

/** One tick: the snapshot, what happened since the one before, and the row of the day file. */
export interface Frame {
  readonly snapshot: Snapshot;
  readonly rates: Rates;
  readonly row: readonly (number | null)[];
}

/** Where samples arrive and everybody else takes them from. Data flows one way: nobody writes back. */
export interface Hub {
  /** The newest frame; null before the first tick. */
  readonly latest: Frame | null;
  readonly history: History;
  /** Ticks so far. */
  readonly samples: number;
  /** Seconds between ticks. */
  readonly interval: number;
  /** Calls back at every tick. A listener that throws is reported to `onError` and does not stop the others. Returns how to stop it. */
  subscribe(listener: (frame: Frame) => void): () => void;
  /**
   * Says that somebody looks now, and at this above all: what is read rarely while nobody looks is read at each tick for some seconds.
   * Slow readings, which are made every half minute while nobody asks anything, have their own pace again for a minute and a half;
   * so have measurements that a program makes for a second, which are made once a minute.
   */
  look(name?: CollectorName): void;
  /** Whether somebody looked at this lately, so that it is read at each tick. */
  isWatched(name: CollectorName): boolean;
  /** Samples until the signal. */
  run(signal: AbortSignal): Promise<void>;
}

/** What a hub is made of. */
export interface HubOptions {
  readonly host: Host;
  /** Seconds between ticks. Default 1. */
  readonly interval?: number;
  /** Samples kept in memory. Default 3600. */
  readonly capacity?: number;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds that a tick may hold the event loop at a stretch. */
const SLICE = 0.5;

/** A hub on a machine; `run` starts it. */
export function createHub({ host, interval = 1, capacity = 3600, onError }: HubOptions): Hub {
  const listeners = new Set<(frame: Frame) => void>();
  const history = createHistory(capacity, interval);
  // Moments of a recording lie as far apart as whoever made it let them.
  const longest = host.recording ? Number.POSITIVE_INFINITY : longestBetween(interval);
  let latest: Frame | null = null;
  let samples = 0;

  const slow = collectorsOf(host.platform).flatMap(({ name, lane }) => (lane === 'slow' ? [name] : []));
  const { look, isWatched, demand } = createAttention(host, new Set(slow));

  /** Between its steps a request that came meanwhile is answered: all listeners in one go would hold it up for milliseconds. */
  const publish = async (snapshot: Snapshot): Promise<void> => {
    // Reading ends in a turn of its own.
    const turn = createTurn(SLICE);
    await turn.next();
    const rates = deriveRates(latest?.snapshot ?? null, snapshot, longest, latest?.rates ?? null);
    const frame: Frame = { snapshot, rates, row: machineRow(snapshot, rates) };
    if (turn.isOver()) await turn.next();
    history.append(snapshot.time, seriesValues(frame.row, rates, snapshot));
    latest = frame;
    samples++;
    for (const listener of [...listeners]) {
      if (turn.isOver()) await turn.next();
      // Who went away meanwhile is not called any more.
      if (!listeners.has(listener)) continue;
      try {
        listener(frame);
      } catch (error) {
        onError(error);
      }
    }
  };

  return {
    get latest() {
      return latest;
    },
    get samples() {
      return samples;
    },
    history,
    interval,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    look,
    isWatched,
    async run(signal) {
      // The hub keeps two snapshots at most, so a tick costs no memory that the next one does not give back.
      for await (const snapshot of sample(host, { interval, signal, demand })) await publish(snapshot);
    },
  };
}
