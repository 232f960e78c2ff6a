/** What is known of one series in one bucket. */
export interface Cell {
  /** Samples with a value; 1 or more. */
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** One bucket of one tier: the series that had a value in it. A bucket may come in several rows: they add up. */
export interface BucketRow {
  /** Beginning of the bucket, seconds since the epoch, a multiple of the tier's step. */
  readonly time: number;
  readonly ids: readonly string[];
  /** One a series, in the order of `ids`. */
  readonly cells: readonly Cell[];
}

/** The series of one moment, by slot. */
export interface Moment {
  /** Name of the series in each slot; undefined where there is none. The same slot may get another series later. */
  readonly ids: readonly (string | undefined)[];
  /** The values; NaN where unknown. */
  readonly values: ArrayLike<number>;
}

/** Sums up samples into the buckets of all tiers. */
export interface Aggregator {
  /** Adds one moment. `time` is in seconds since the epoch; it may go back: the bucket that is in work is then handed out as it is. */
  add(time: number, moment: Moment): void;
  /** The buckets in work that a tier (by index) does not have yet: its own and those of finer tiers. */
  open(level: number): BucketRow[];
  /** Hands out the buckets in work of coarser tiers that have no part in a stretch of time. */
  closeOutside(from: number, to: number): void;
  /** Hands out all buckets in work. */
  finish(): void;
}

/** One bucket in work. Arrays by slot, so that a tick makes no object. */
interface Work {
  time: number;
  /** Slots in use. */
  width: number;
  ids: (string | undefined)[];
  count: Float64Array;
  sum: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

const createWork = (): Work => ({
  time: Number.NaN,
  width: 0,
  ids: [],
  count: new Float64Array(0),
  sum: new Float64Array(0),
  min: new Float64Array(0),
  max: new Float64Array(0),
});

const grown = (array: Float64Array, width: number): Float64Array => {
  const larger = new Float64Array(width);
  larger.set(array);
  return larger;
};

function widen(work: Work, width: number): void {
  if (width > work.count.length) {
    const room = Math.max(64, width, work.count.length * 2);
    for (const name of ['count', 'sum', 'min', 'max'] as const) work[name] = grown(work[name], room);
  }
  work.width = Math.max(work.width, width);
}

function rowOf(work: Work): BucketRow {
  const ids: string[] = [];
  const cells: Cell[] = [];
  for (let slot = 0; slot < work.width; slot++) {
    const count = work.count[slot]!;
    if (count === 0) continue;
    ids.push(work.ids[slot]!);
    cells.push({ count, sum: work.sum[slot]!, min: work.min[slot]!, max: work.max[slot]! });
  }
  return { time: work.time, ids, cells };
}

/**
 * An aggregator for tiers of these steps, fine to coarse, each a multiple of the one before. `take` gets every bucket that is over.
 * A sample counts in the bucket of its own time only. Only the finest tier is touched at each sample; a coarser one when a bucket of the
 * one below is over, from its sums: so means of all tiers are those of the samples.
 */
export function createAggregator(steps: readonly number[], take: (level: number, row: BucketRow) => void): Aggregator {
  const works = steps.map(createWork);

  const close = (level: number): void => {
    const work = works[level]!;
    if (Number.isNaN(work.time)) return;
    const row = rowOf(work);
    if (row.ids.length > 0) take(level, row);
    if (level + 1 < works.length) fold(work, level + 1);
    work.count.fill(0);
    work.time = Number.NaN;
    work.width = 0;
  };

  /** Makes the bucket of `time` the one in work, with room for so many slots. */
  const enter = (level: number, time: number, width: number): Work => {
    const work = works[level]!;
    const start = Math.floor(time / steps[level]!) * steps[level]!;
    if (work.time !== start) {
      close(level);
      work.time = start;
    }
    widen(work, width);
    return work;
  };

  /** Whether a slot holds another series than it gets now: the bucket then goes out first, in a row of its own. */
  const differs = (work: Work, slot: number, id: string | undefined): boolean => work.ids[slot] !== id && work.count[slot]! > 0;

  const fold = (from: Work, level: number): void => {
    let into = enter(level, from.time, from.width);
    for (let slot = 0; slot < from.width; slot++) {
      const count = from.count[slot]!;
      if (count === 0) continue;
      if (differs(into, slot, from.ids[slot])) {
        close(level);
        into = enter(level, from.time, from.width);
      }
      into.ids[slot] = from.ids[slot];
      const known = into.count[slot]!;
      into.count[slot] = known + count;
      into.sum[slot] = (known === 0 ? 0 : into.sum[slot]!) + from.sum[slot]!;
      into.min[slot] = known === 0 ? from.min[slot]! : Math.min(into.min[slot]!, from.min[slot]!);
      into.max[slot] = known === 0 ? from.max[slot]! : Math.max(into.max[slot]!, from.max[slot]!);
    }
  };

  return {
    add(time, { ids, values }) {
      const width = ids.length;
      let work = enter(0, time, width);
      let { count, sum, min, max } = work;
      for (let slot = 0; slot < width; slot++) {
        const value = values[slot]!;
        if (value !== value) continue;
        const id = ids[slot];
        if (id === undefined) continue;
        const known = count[slot]!;
        if (known === 0) {
          work.ids[slot] = id;
          count[slot] = 1;
          sum[slot] = value;
          min[slot] = value;
          max[slot] = value;
          continue;
        }
        if (work.ids[slot] !== id) {
          // The slots before are counted already and go out with the bucket; this one begins it anew.
          close(0);
          work = enter(0, time, width);
          ({ count, sum, min, max } = work);
          slot--;
          continue;
        }
        count[slot] = known + 1;
        sum[slot]! += value;
        if (value < min[slot]!) min[slot] = value;
        else if (value > max[slot]!) max[slot] = value;
      }
    },
    open(level) {
      return works.slice(0, level + 1).flatMap((work) => {
        if (Number.isNaN(work.time)) return [];
        const row = rowOf(work);
        return row.ids.length === 0 ? [] : [{ ...row, time: Math.floor(work.time / steps[level]!) * steps[level]! }];
      });
    },
    closeOutside(from, to) {
      for (let level = 1; level < works.length; level++) {
        const { time } = works[level]!;
        if (time + steps[level]! <= from || time >= to) close(level);
      }
    },
    finish() {
      for (let level = 0; level < works.length; level++) close(level);
    },
  };
}
