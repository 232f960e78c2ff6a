import type { DayClock } from './day-clock.ts';
import { WEEK_HOURS } from './day-clock.ts';
import { exactQuantiles } from './quantile.ts';
import { createSketch } from './sketch.ts';

/** Where the values of a metric go until its quantiles are asked for. */
export interface ValueStore {
  /** Takes the known values among `values[0, rows)`. */
  add(values: Float64Array, rows: number): void;
  quantiles(probabilities: readonly number[], min: number, max: number): number[];
}

/** Keeps every value, in memory that the next metric uses again: exact. */
export function createExactStore(memory: Float64Array): ValueStore {
  let count = 0;
  return {
    add(values, rows) {
      for (let row = 0; row < rows; row += 1) {
        const value = values[row] as number;
        if (value === value) memory[count++] = value;
      }
    },
    quantiles: (probabilities) => exactQuantiles(memory, count, probabilities),
  };
}

/** Counts values by size: quantiles within half a percent, in memory that does not grow with the period. */
export function createSketchStore(): ValueStore {
  const sketch = createSketch();
  return {
    add(values, rows) {
      for (let row = 0; row < rows; row += 1) {
        const value = values[row] as number;
        if (value === value) sketch.add(value);
      }
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
      let dayCount = 0;
      let daySum = 0;
      for (let run = 0; run < runs; run += 1) {
        const end = starts[run + 1] as number;
        let known = 0;
        let sum = 0;
        let min = Number.POSITIVE_INFINITY;
        let max = Number.NEGATIVE_INFINITY;
        for (let row = starts[run] as number; row < end; row += 1) {
          const value = values[row] as number;
          if (value !== value) continue;
          if (shift !== shift) shift = value;
          known += 1;
          sum += value - shift;
          if (value < min) min = value;
          if (value > max) max = value;
        }
        if (known === 0) continue;
        dayCount += known;
        daySum += sum;
        join(hours, slots[run] as number, known, sum, min, max);
        join(timeline, steps[run] as number, known, sum, min, max);
      }
      if (dayCount === 0) return;
      const dayMean = daySum / dayCount;
      let daySquares = 0;
      for (let row = 0; row < rows; row += 1) {
        const distance = (values[row] as number) - shift - dayMean;
        if (distance === distance) daySquares += distance * distance;
      }
      const difference = dayMean - mean;
      const all = count + dayCount;
      squares += daySquares + difference * difference * ((count * dayCount) / all);
      mean += difference * (dayCount / all);
      count = all;
      store.add(values, rows);
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

/** Until the end `mean` holds the sum. */
function join(group: Groups, index: number, known: number, sum: number, min: number, max: number): void {
  group.count[index] = (group.count[index] as number) + known;
  group.mean[index] = (group.mean[index] as number) + sum;
  if (min < (group.min[index] as number)) group.min[index] = min;
  if (max > (group.max[index] as number)) group.max[index] = max;
}
