import { encodeSeries, UNKNOWN } from './series-json.ts';
import type { Moment } from '../tier/aggregator.ts';
import { MOST_SERIES } from '../tier/tier.ts';
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
  /** Whether the least and greatest value of each point is wanted beside its mean. */
  readonly band?: boolean;
}

/** The last samples, in memory: a ring per series. */
export interface History {
  /** Adds one moment. A series that is new gets a ring; past the bound of series, new ones are left out. */
  append(time: number, values: Iterable<SeriesValue>): void;
  /**
   * Adds a moment that lies before all that are held, as it was recorded. False when there is no room for it, or a series had to give
   * way already: what stands in its place is then no longer known.
   */
  prepend(time: number, values: Iterable<SeriesValue>): boolean;
  /** The newest sample by slot, valid until the next one; null while empty. */
  readonly newest: Moment | null;
  /** Time of the oldest sample; null while empty. */
  readonly oldest: number | null;
  readonly length: number;
  /** Calls back for every known value between two times, series by series, with pauses. */
  visit(from: number, to: number, take: (id: string, time: number, value: number) => void): Generator<void>;
  /** The points of a query as pieces of one JSON object, to be sent with pauses in between. */
  encode(query: HistoryQuery, type?: string): Generator<string>;
}

/** Columns of a new history; they double when they are used up. */
const FIRST_WIDTH = 64;
/** Rows that get their memory together, when the first of them is written. */
const BLOCK = 128;

interface Column {
  readonly index: number;
  /** Number of the first sample that it has; what lies before belonged to another series. */
  since: number;
  lastSeen: number;
}

/** The samples, by number, that one point stands for. */
interface Bucket {
  readonly time: number;
  readonly samples: number[];
}

/**
 * A history of the last `capacity` samples. One table holds them, a row a sample. It is made in blocks: a daemon that has run
 * for a minute occupies the rows of two.
 */
export function createHistory(capacity: number = 3600, interval: number = 1): History {
  const times = new Float64Array(capacity);
  const columns = new Map<string, Column>();
  /** Ids by index. */
  const slots: (string | undefined)[] = [];
  const free: number[] = [];
  let width = FIRST_WIDTH;
  const blocks: Float32Array[] = [];
  // Samples are numbered from here on, so that there are numbers below for what is prepended.
  let written = capacity;
  /** Number of the first sample that counts. */
  let first = capacity;
  let isWhole = true;
  const oldestSample = (): number => Math.max(first, written - capacity);

  /** Where a value lies in the block of its sample. */
  const place = (sample: number, index: number): number => ((sample % capacity) % BLOCK) * width + index;
  const blockOf = (sample: number): number => Math.floor((sample % capacity) / BLOCK);
  const valueAt = (sample: number, index: number): number => blocks[blockOf(sample)]![place(sample, index)]!;

  const widen = (): void => {
    for (const [index, block] of blocks.entries()) {
      const wider = new Float32Array(BLOCK * width * 2).fill(Number.NaN);
      for (let row = 0; row < BLOCK; row++) wider.set(block.subarray(row * width, (row + 1) * width), row * width * 2);
      blocks[index] = wider;
    }
    width *= 2;
  };

  const dropSilent = (): void => {
    const [id, { index }] = [...columns].reduce((silent, entry) => (entry[1].lastSeen < silent[1].lastSeen ? entry : silent));
    columns.delete(id);
    slots[index] = undefined;
    free.push(index);
    isWhole = false;
  };

  const columnOf = (id: string, since: number): Column => {
    let column = columns.get(id);
    if (!column) {
      if (columns.size >= MOST_SERIES) dropSilent();
      const index = free.pop() ?? columns.size;
      if (index >= width) widen();
      columns.set(id, (column = { index, since, lastSeen: since }));
      slots[index] = id;
    }
    return column;
  };

  /** The samples between two times, oldest first, in buckets of `step` seconds. */
  const bucketsOf = (from: number, to: number, step: number): Bucket[] => {
    const buckets: Bucket[] = [];
    for (let sample = oldestSample(); sample < written; sample++) {
      const time = times[sample % capacity]!;
      if (!(time >= from && time <= to)) continue;
      const start = step > 0 ? Math.floor(time / step) * step : time;
      const last = buckets.at(-1);
      if (last && step > 0 && last.time === start) last.samples.push(sample);
      else buckets.push({ time: start, samples: [sample] });
    }
    return buckets;
  };

  /** Mean, least and greatest of some samples. */
  const summarise = ({ index, since }: Column, samples: readonly number[]): [mean: number, min: number, max: number] => {
    let sum = 0;
    let count = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const sample of samples) {
      const value = sample < since ? Number.NaN : valueAt(sample, index);
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return count === 0 ? [Number.NaN, Number.NaN, Number.NaN] : [sum / count, min, max];
  };

  const fill = (sample: number, time: number, values: Iterable<SeriesValue>): void => {
    times[sample % capacity] = time;
    const block = blockOf(sample);
    (blocks[block] ??= new Float32Array(BLOCK * width)).fill(Number.NaN, place(sample, 0), place(sample, width));
    for (const { id, value } of values) {
      if (value === null) continue;
      const column = columnOf(id, sample);
      // Read anew: a new column may have widened the block.
      blocks[block][place(sample, column.index)] = value;
      if (sample < column.since) column.since = sample;
      else if (sample > column.lastSeen) column.lastSeen = sample;
    }
  };

  return {
    append(time, values) {
      // A clock that was set back: what lies in its future now would stand between the new samples. Disks have it.
      if (written > first && time <= times[(written - 1) % capacity]!) first = written;
      fill(written, time, values);
      written++;
    },
    prepend(time, values) {
      if (!isWhole || written - first >= capacity || first === 0) return false;
      if (written > first && time >= times[first % capacity]!) return false;
      fill(first - 1, time, values);
      first--;
      return isWhole;
    },
    get newest() {
      const sample = written - 1;
      return written === first ? null : { ids: slots, values: blocks[blockOf(sample)]!.subarray(place(sample, 0), place(sample, width)) };
    },
    get oldest() {
      return written === first ? null : times[oldestSample() % capacity]!;
    },
    get length() {
      return written - oldestSample();
    },
    *visit(from, to, take) {
      for (const [id, { index, since }] of columns) {
        for (let sample = Math.max(oldestSample(), since); sample < written; sample++) {
          const time = times[sample % capacity]!;
          const value = valueAt(sample, index);
          if (time >= from && time <= to && !Number.isNaN(value)) take(id, time, value);
          if (sample % BLOCK === 0) yield;
        }
      }
    },
    *encode({ from, to, series, step = 0, band = false }, type) {
      const coarse = step > interval ? step : 0;
      const buckets = bucketsOf(from, to, coarse);
      const ids = (series ?? [...columns.keys()]).filter((id) => columns.has(id));
      const head = type === undefined ? '' : `"type":${JSON.stringify(type)},`;
      yield `{${head}"step":${coarse || interval},"time":[${buckets.map(({ time }) => Math.round(time * 1000) / 1000).join(',')}]`;
      yield* encodeSeries(
        ids,
        function* (id) {
          // A pause may have dropped the series meanwhile.
          const column = columns.get(id);
          for (const { samples } of buckets) yield column ? summarise(column, samples) : UNKNOWN;
        },
        band,
      );
    },
  };
}
