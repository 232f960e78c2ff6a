import type { Day } from '../day/packed-day.ts';
import type { DayClock, MomentReader } from './day-clock.ts';

/** Above this percentage a resource is short of room for a peak. */
export const BUSY_PERCENT = 80;
/** From this percentage on it is saturated: what is missing to 100 is measuring and scheduling, not room. */
export const SATURATED_PERCENT = 95;

/** How long a percent metric was high. */
export interface Saturation {
  /** Seconds with a value. */
  knownSeconds: number;
  secondsAbove80: number;
  longestSeconds: number;
  /** When the longest run began; null without one. */
  longestStart: string | null;
}

/** Takes one percent metric day by day, in order. Each row stands for the time since the row before it. */
export interface SaturationAccumulator {
  add(day: Day, clock: DayClock, values: Float64Array): void;
  finish(): Saturation;
}

/** An empty accumulator. */
export function createSaturationAccumulator(moments: MomentReader): SaturationAccumulator {
  const total: Saturation = { knownSeconds: 0, secondsAbove80: 0, longestSeconds: 0, longestStart: null };
  let run = 0;
  let runStart: string | null = null;
  return {
    add(day, clock, values) {
      const { rows, weights, weightSeconds, typicalSeconds } = clock;
      // Where the present run and the longest began; -1 is a day before, -2 no run of this day.
      let runRow = -1;
      let longestRow = -2;
      for (let row = 0; row < rows; row += 1) {
        const value = values[row] as number;
        const weight = weights[row] as number;
        const seconds = weight === 0 ? typicalSeconds : weight * weightSeconds;
        if (weight === 0) run = 0;
        if (value === value) total.knownSeconds += seconds;
        if (value > BUSY_PERCENT) total.secondsAbove80 += seconds;
        if (!(value >= SATURATED_PERCENT)) {
          run = 0;
          continue;
        }
        if (run === 0) runRow = row;
        run += seconds;
        if (run > total.longestSeconds) {
          total.longestSeconds = run;
          longestRow = runRow;
        }
      }
      const moment = (row: number): string | null => (row < 0 ? runStart : moments.read(day, row));
      if (longestRow !== -2) total.longestStart = moment(longestRow);
      if (run > 0) runStart = moment(runRow);
    },
    finish: () => total,
  };
}
