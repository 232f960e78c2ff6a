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
  /** Calls back for every known value between two times, series by series. */
  visit(from: number, to: number, take: (id: string, time: number, value: number) => void): void;
  /** The points of a query as pieces of one JSON object, to be sent with pauses in between. */
  encode(query: HistoryQuery, type?: string): Generator<string>;
}

/** Devices come and go (containers make interfaces): so many series are kept, then the longest silent goes. */
const MOST_SERIES = 1024;
/** Columns of a new history; they double when they are used up. */
const FIRST_WIDTH = 64;
/** Rows that get their memory together, when the first of them is written. */
const BLOCK = 128;

interface Column {
  readonly index: number;
  /** Number of the first sample that it has; what lies before belonged to another series. */
  readonly since: number;
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
  const free: number[] = [];
  let width = FIRST_WIDTH;
  const blocks: Float32Array[] = [];
  let written = 0;

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
    free.push(index);
  };

  const columnOf = (id: string): Column => {
    let column = columns.get(id);
    if (!column) {
      if (columns.size >= MOST_SERIES) dropSilent();
      const index = free.pop() ?? columns.size;
      if (index >= width) widen();
      columns.set(id, (column = { index, since: written, lastSeen: written }));
    }
    return column;
  };

  /** The samples between two times, oldest first, in buckets of `step` seconds. */
  const bucketsOf = (from: number, to: number, step: number): Bucket[] => {
    const buckets: Bucket[] = [];
    for (let sample = Math.max(0, written - capacity); sample < written; sample++) {
      const time = times[sample % capacity]!;
      if (!(time >= from && time <= to)) continue;
      const start = step > 0 ? Math.floor(time / step) * step : time;
      const last = buckets.at(-1);
      if (last && step > 0 && last.time === start) last.samples.push(sample);
      else buckets.push({ time: start, samples: [sample] });
    }
    return buckets;
  };

  const average = ({ index, since }: Column, samples: readonly number[], factor: number): string => {
    let sum = 0;
    let count = 0;
    for (const sample of samples) {
      const value = sample < since ? Number.NaN : valueAt(sample, index);
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return count === 0 ? 'null' : String(Math.round((sum / count) * factor) / factor);
  };

  return {
    append(time, values) {
      times[written % capacity] = time;
      const block = blockOf(written);
      (blocks[block] ??= new Float32Array(BLOCK * width)).fill(Number.NaN, place(written, 0), place(written, width));
      for (const { id, value } of values) {
        if (value === null) continue;
        const column = columnOf(id);
        // Read anew: a new column may have widened the block.
        blocks[block][place(written, column.index)] = value;
        column.lastSeen = written;
      }
      written++;
    },
    get oldest() {
      return written === 0 ? null : times[Math.max(0, written - capacity) % capacity]!;
    },
    get length() {
      return Math.min(written, capacity);
    },
    visit(from, to, take) {
      for (const [id, { index, since }] of columns) {
        for (let sample = Math.max(0, written - capacity, since); sample < written; sample++) {
          const time = times[sample % capacity]!;
          const value = valueAt(sample, index);
          if (time >= from && time <= to && !Number.isNaN(value)) take(id, time, value);
        }
      }
    },
    *encode({ from, to, series, step = 0 }, type) {
      const coarse = step > interval ? step : 0;
      const buckets = bucketsOf(from, to, coarse);
      const ids = (series ?? [...columns.keys()]).filter((id) => columns.has(id));
      const head = type === undefined ? '' : `"type":${JSON.stringify(type)},`;
      yield `{${head}"step":${coarse || interval},"time":[${buckets.map(({ time }) => Math.round(time * 1000) / 1000).join(',')}],"series":{`;
      for (const [position, id] of ids.entries()) {
        // A pause may have dropped the series meanwhile.
        const column = columns.get(id);
        const factor = 10 ** (seriesMeta(id)?.decimals ?? 3);
        const points = buckets.map(({ samples }) => (column ? average(column, samples, factor) : 'null'));
        yield `${position ? ',' : ''}${JSON.stringify(id)}:[${points.join(',')}]`;
      }
      yield `},"meta":${JSON.stringify(Object.fromEntries(ids.map((id) => [id, seriesMeta(id)])))}}`;
    },
  };
}
