import type { DayClock } from './day-clock.ts';
import { WEEK_HOURS } from './day-clock.ts';
import { exactQuantiles } from './quantile.ts';
import { createSketch } from './sketch.ts';

/** Where the known values of a metric go until its quantiles are asked for. */
export interface ValueStore {
  /** Room for `rows` more values, from position `start` on. */
  room(rows: number): { readonly memory: Float64Array; readonly start: number };
  /** So many were put there. */
  take(count: number): void;
  quantiles(probabilities: readonly number[], min: number, max: number): number[];
}

/** Keeps every value, in memory that the next metric uses again: exact. */
export function createExactStore(memory: Float64Array): ValueStore {
  let held = 0;
  return {
    room: () => ({ memory, start: held }),
    take(count) {
      held += count;
    },
    quantiles: (probabilities) => exactQuantiles(memory, held, probabilities),
  };
}

/** Counts values by size: quantiles within half a percent, in memory that does not grow with the period. `lend` brings memory for a day. */
export function createSketchStore(lend: (rows: number) => Float64Array): ValueStore {
  const sketch = createSketch();
  let memory: Float64Array = new Float64Array(0);
  return {
    room(rows) {
      memory = lend(rows);
      return { memory, start: 0 };
    },
    take(count) {
      for (let index = 0; index < count; index += 1) sketch.add(memory[index] as number);
      memory = new Float64Array(0);
    },
    quantiles: (probabilities, min, max) => sketch.quantiles(probabilities, min, max),
  };
}

/** Sums of one metric per group of rows (an hour of the week, a step of the timeline). */
export interface Groups {
  readonly count: Uint32Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** What one pass over a metric found. */
export interface Measured {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of a sample (n - 1); NaN with fewer than two values. */
  readonly variance: number;
  /** p50, p75, p95, p99. */
  readonly quantiles: readonly number[];
  readonly hours: Groups;
  readonly timeline: Groups;
}

/** Takes one metric day by day. */
export interface MetricAccumulator {
  add(clock: DayClock, values: Float64Array): void;
  /** The result, or null when no row had a value. */
  finish(): Measured | null;
}

const groups = (length: number): Groups => ({
  count: new Uint32Array(length),
  mean: new Float64Array(length),
  min: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
  max: new Float64Array(length).fill(Number.NEGATIVE_INFINITY),
});

/** The quantiles of every report. */
export const PROBABILITIES = [0.5, 0.75, 0.95, 0.99] as const;

/**
 * An empty accumulator. Sums are of differences from the first value, and squares from the mean of each day, merged after
 * Chan, Golub and LeVeque: a constant has variance 0 exactly, and large values with small changes lose nothing.
 */
export function createMetricAccumulator(store: ValueStore, timelineSteps: number): MetricAccumulator {
  const hours = groups(WEEK_HOURS);
  const timeline = groups(timelineSteps);
  let shift = Number.NaN;
  let count = 0;
  let mean = 0;
  let squares = 0;

  return {
    add(clock, values) {
      const { rows, runs, starts, slots, steps } = clock;
      if (count === 0) shift = values.find((value, row) => row < rows && value === value) ?? Number.NaN;
      const base = shift;
      const { memory, start } = store.room(rows);
      let stored = start;
      let daySum = 0;
      for (let run = 0; run < runs; run += 1) {
        const from = stored;
        stored = gather(values, starts[run] as number, starts[run + 1] as number, base, memory, stored);
        if (stored === from) continue;
        const sum = gathered[0] as number;
        const min = gathered[1] as number;
        const max = gathered[2] as number;
        daySum += sum;
        join(hours, slots[run] as number, stored - from, sum, min, max);
        join(timeline, steps[run] as number, stored - from, sum, min, max);
      }
      const dayCount = stored - start;
      if (dayCount === 0) return;
      const dayMean = daySum / dayCount;
      let daySquares = 0;
      for (let from = start; from < stored; from += PART)
        daySquares += squaresAround(memory, from, Math.min(stored, from + PART), base + dayMean);
      store.take(dayCount);
      const difference = dayMean - mean;
      const all = count + dayCount;
      squares += daySquares + difference * difference * ((count * dayCount) / all);
      mean += difference * (dayCount / all);
      count = all;
    },
    finish() {
      if (count === 0) return null;
      for (const group of [hours, timeline]) {
        for (let index = 0; index < group.count.length; index += 1) {
          group.mean[index] = shift + (group.mean[index] as number) / (group.count[index] as number);
        }
      }
      const min = hours.min.reduce((least, value) => Math.min(least, value));
      const max = hours.max.reduce((most, value) => Math.max(most, value));
      return {
        count,
        min,
        max,
        mean: Math.min(max, Math.max(min, shift + mean)),
        variance: count > 1 ? squares / (count - 1) : Number.NaN,
        quantiles: store.quantiles(PROBABILITIES, min, max),
        hours,
        timeline,
      };
    },
  };
}

// The loops below stand in small functions that are called often: an engine compiles such ones once, for all metrics, where
// one long loop per metric is compiled, left and compiled again.

/** Values that are summed at once. */
const PART = 4096;

/** What {@link gather} found: sum of the differences from the base, least, greatest. */
const gathered = new Float64Array(3);

/** Copies the known values among `values[from, to)` to `memory[at...]` and returns the end there. */
function gather(values: Float64Array, from: number, to: number, base: number, memory: Float64Array, at: number): number {
  let end = at;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row += 1) {
    const value = values[row] as number;
    if (value !== value) continue;
    memory[end++] = value;
    sum += value - base;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  gathered[0] = sum;
  gathered[1] = min;
  gathered[2] = max;
  return end;
}

function squaresAround(values: Float64Array, from: number, to: number, center: number): number {
  let squares = 0;
  for (let index = from; index < to; index += 1) {
    const distance = (values[index] as number) - center;
    squares += distance * distance;
  }
  return squares;
}

/** Until the end `mean` holds the sum. */
function join(group: Groups, index: number, known: number, sum: number, min: number, max: number): void {
  group.count[index] = (group.count[index] as number) + known;
  group.mean[index] = (group.mean[index] as number) + sum;
  if (min < (group.min[index] as number)) group.min[index] = min;
  if (max > (group.max[index] as number)) group.max[index] = max;
}
