import { seriesMeta } from './series.ts';
import type { SeriesValue } from './series.ts';

/** Part of the history. */
export interface HistoryQuery {
  /** Seconds since the epoch, both included. */
  readonly from: number;
  readonly to: number;
  /** Ids; all that have a value by default. */
  readonly series?: readonly string[];
  /** Seconds that one point stands for; values are averaged. Default: every sample. */
  readonly step?: number;
}

/** The last samples, in memory: a ring per series. */
export interface History {
  /** Adds one moment. A series that is new gets a ring; past the bound of series, new ones are left out. */
  append(time: number, values: Iterable<SeriesValue>): void;
  /** Time of the oldest sample; null while empty. */
  readonly oldest: number | null;
  readonly length: number;
  /** The points of a query as pieces of one JSON object, to be sent with pauses in between. */
  encode(query: HistoryQuery, type?: string): Generator<string>;
}

/** Devices come and go (containers make interfaces): the rings of so many series are kept, then the longest silent goes. */
const MOST_SERIES = 1000;

/** A history of the last `capacity` samples. */
export function createHistory(capacity: number = 3600, interval: number = 1): History {
  const times = new Float64Array(capacity).fill(Number.NaN);
  const rings = new Map<string, { values: Float32Array; lastSeen: number }>();
  let written = 0;

  const ringOf = (id: string): { values: Float32Array; lastSeen: number } => {
    let ring = rings.get(id);
    if (!ring) {
      if (rings.size >= MOST_SERIES) dropSilent();
      rings.set(id, (ring = { values: new Float32Array(capacity).fill(Number.NaN), lastSeen: written }));
    }
    return ring;
  };

  const dropSilent = (): void => {
    let silent: string | undefined;
    let since = Infinity;
    for (const [id, { lastSeen }] of rings) {
      if (lastSeen < since) [silent, since] = [id, lastSeen];
    }
    if (silent !== undefined) rings.delete(silent);
  };

  /** Slots between two times, oldest first, in buckets of `step` seconds. */
  const bucketsOf = (from: number, to: number, step: number): { time: number; slots: number[] }[] => {
    const buckets: { time: number; slots: number[] }[] = [];
    for (let at = Math.max(0, written - capacity); at < written; at++) {
      const slot = at % capacity;
      const time = times[slot]!;
      if (!(time >= from && time <= to)) continue;
      const start = step > 0 ? Math.floor(time / step) * step : time;
      const last = buckets.at(-1);
      if (last && step > 0 && last.time === start) last.slots.push(slot);
      else buckets.push({ time: start, slots: [slot] });
    }
    return buckets;
  };

  return {
    append(time, values) {
      const slot = written % capacity;
      times[slot] = time;
      for (const { values: ring } of rings.values()) ring[slot] = Number.NaN;
      for (const { id, value } of values) {
        if (value === null) continue;
        const ring = ringOf(id);
        ring.values[slot] = value;
        ring.lastSeen = written;
      }
      written++;
    },
    get oldest() {
      return written === 0 ? null : times[Math.max(0, written - capacity) % capacity]!;
    },
    get length() {
      return Math.min(written, capacity);
    },
    *encode({ from, to, series, step = 0 }, type) {
      const buckets = bucketsOf(from, to, step > interval ? step : 0);
      const ids = (series ?? [...rings.keys()]).filter((id) => rings.has(id));
      const head = type === undefined ? '' : `"type":${JSON.stringify(type)},`;
      yield `{${head}"step":${step > interval ? step : interval},"time":[${buckets.map(({ time }) => Math.round(time * 1000) / 1000).join(',')}],"series":{`;
      for (const [index, id] of ids.entries()) {
        const ring = rings.get(id)!.values;
        const factor = 10 ** (seriesMeta(id)?.decimals ?? 3);
        const points = buckets.map(({ slots }) => average(ring, slots, factor));
        yield `${index ? ',' : ''}${JSON.stringify(id)}:[${points.join(',')}]`;
      }
      yield `},"meta":${JSON.stringify(Object.fromEntries(ids.map((id) => [id, seriesMeta(id)])))}}`;
    },
  };
}

function average(ring: Float32Array, slots: readonly number[], factor: number): string {
  let sum = 0;
  let count = 0;
  for (const slot of slots) {
    const value = ring[slot]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 'null' : String(Math.round((sum / count) * factor) / factor);
}
