import type { Day } from '../day/packed-day.ts';
import type { DayClock } from './day-clock.ts';
import { encodeMoment } from './day-clock.ts';

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
export function createSaturationAccumulator(): SaturationAccumulator {
  const total: Saturation = { knownSeconds: 0, secondsAbove80: 0, longestSeconds: 0, longestStart: null };
  let run = 0;
  let runStart: string | null = null;
  return {
    add(day, clock, values) {
      const { rows, weights, weightSeconds, typicalSeconds } = clock;
      // -1: the run began on a day before.
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
      if (longestRow < 0 && run === 0) {
        if (longestRow === -1) total.longestStart = runStart;
        return;
      }
      const times = new Float64Array(rows);
      const offsets = new Float64Array(rows);
      day.readTimes(times);
      day.readOffsets(offsets);
      const moment = (row: number): string | null => (row < 0 ? runStart : encodeMoment(times[row] as number, offsets[row] as number));
      if (longestRow !== -2) total.longestStart = moment(longestRow);
      if (run > 0) runStart = moment(runRow);
    },
    finish: () => total,
  };
}
