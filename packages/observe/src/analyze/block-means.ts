import type { Day } from '../day/packed-day.ts';

/** Means of a metric over stretches of equal length, in the order in which they were recorded. */
export interface BlockSeries {
  /** The stretch of each: wall clock as if UTC, in stretches since 1970. */
  readonly blocks: Int32Array;
  readonly means: Float64Array;
}

/** Collects means of stretches of all metrics, day by day; the order of days counts, that of metrics does not. */
export interface BlockCollector {
  /** Seconds of a stretch. */
  readonly seconds: number;
  /** Where the stretches of a day lie. To be called once a day; what it returns may be kept. */
  lay(day: Day): BlockRuns;
  add(metric: string, runs: BlockRuns, values: Float64Array): void;
  /** The metrics that have values. */
  finish(): ReadonlyMap<string, BlockSeries>;
}

/** Rows of a day that share a stretch: run `i` is rows `starts[i]` to `starts[i + 1]`, in stretch `blocks[i]`. */
export interface BlockRuns {
  readonly starts: Int32Array;
  readonly blocks: Int32Array;
}

/** Length of a stretch by days of the period: what is kept stays below some ten megabytes however long it is. */
const LENGTHS: readonly (readonly [days: number, seconds: number])[] = [
  [62, 600],
  [750, 3600],
];
const LONGEST = 21_600;

/** A collector for a period of so many days. */
export function createBlockCollector(days: number): BlockCollector {
  const seconds = LENGTHS.find(([most]) => days <= most)?.[1] ?? LONGEST;
  const series = new Map<string, { blocks: number[]; means: number[] }>();
  let times = new Float64Array(0);
  let offsets = new Float64Array(0);
  return {
    seconds,
    lay(day) {
      if (times.length < day.rows) {
        times = new Float64Array(day.rows);
        offsets = new Float64Array(day.rows);
      }
      day.readTimes(times);
      day.readOffsets(offsets);
      const starts: number[] = [];
      const blocks: number[] = [];
      for (let row = 0; row < day.rows; row += 1) {
        const block = Math.floor(((times[row] as number) / 1000 + (offsets[row] as number) * 60) / seconds);
        if (block === blocks.at(-1)) continue;
        blocks.push(block);
        starts.push(row);
      }
      starts.push(day.rows);
      return { starts: Int32Array.from(starts), blocks: Int32Array.from(blocks) };
    },
    add(metric, { starts, blocks }, values) {
      let own = series.get(metric);
      if (own === undefined) series.set(metric, (own = { blocks: [], means: [] }));
      for (let run = 0; run < blocks.length; run += 1) {
        const mean = meanOf(values, starts[run] as number, starts[run + 1] as number);
        if (mean !== mean) continue;
        own.blocks.push(blocks[run] as number);
        own.means.push(mean);
      }
    },
    finish: () =>
      new Map(
        [...series]
          .filter(([, { means }]) => means.length > 0)
          .map(([name, { blocks, means }]) => [name, { blocks: Int32Array.from(blocks), means: Float64Array.from(means) }]),
      ),
  };
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let row = from; row < to; row += 1) {
    const value = values[row] as number;
    if (value !== value) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}
