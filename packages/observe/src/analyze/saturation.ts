import type { Day } from '../day/packed-day.ts';
import type { DayClock, MomentReader } from './day-clock.ts';

/** Above this percentage a resource is short of room for a peak. */
export const BUSY_PERCENT = 80;
/** From this percentage on it is saturated: what is missing to 100 is measuring and scheduling, not room. */
export const SATURATED_PERCENT = 95;

/** How long a percent metric was high. */
export interface Saturation {
  /** Seconds with a value. */
  readonly knownSeconds: number;
  readonly secondsAbove80: number;
  readonly longestSeconds: number;
  /** When the longest run began; null without one. */
  readonly longestStart: string | null;
}

/** Takes one percent metric day by day, in order. Each row stands for the time since the row before it. */
export interface SaturationAccumulator {
  add(day: Day, clock: DayClock, values: Float64Array): void;
  finish(): Saturation;
}

/** The run in progress and what was found so far. Rows are those of the present day. */
interface Scan {
  knownSeconds: number;
  secondsAbove80: number;
  runSeconds: number;
  /** Where the run began; {@link BEFORE} when on an earlier day. */
  runRow: number;
  longestSeconds: number;
  /** Where the longest run began; {@link BEFORE} when it was found or began earlier. */
  longestRow: number;
}
const BEFORE = -1;
/** Rows that are scanned by one call. */
const PART = 4096;

/** An empty accumulator. */
export function createSaturationAccumulator(moments: MomentReader): SaturationAccumulator {
  const scan: Scan = { knownSeconds: 0, secondsAbove80: 0, runSeconds: 0, runRow: BEFORE, longestSeconds: 0, longestRow: BEFORE };
  let runStart: string | null = null;
  let longestStart: string | null = null;
  return {
    add(day, clock, values) {
      const before = scan.longestSeconds;
      scan.runRow = BEFORE;
      scan.longestRow = BEFORE;
      for (let row = 0; row < clock.rows; row += PART) scanRows(scan, clock, values, row, Math.min(clock.rows, row + PART));
      // Moments are read only where a run began: most days have none.
      if (scan.longestSeconds > before) longestStart = scan.longestRow === BEFORE ? runStart : moments.read(day, scan.longestRow);
      if (scan.runSeconds > 0 && scan.runRow !== BEFORE) runStart = moments.read(day, scan.runRow);
    },
    finish: () => ({
      knownSeconds: scan.knownSeconds,
      secondsAbove80: scan.secondsAbove80,
      longestSeconds: scan.longestSeconds,
      longestStart,
    }),
  };
}

function scanRows(scan: Scan, { weights, weightSeconds, typicalSeconds }: DayClock, values: Float64Array, from: number, to: number): void {
  let known = 0;
  let above = 0;
  let run = scan.runSeconds;
  for (let row = from; row < to; row += 1) {
    const value = values[row] as number;
    const weight = weights[row] as number;
    const seconds = weight === 0 ? typicalSeconds : weight * weightSeconds;
    if (weight === 0) run = 0;
    if (value === value) known += seconds;
    if (value > BUSY_PERCENT) above += seconds;
    if (!(value >= SATURATED_PERCENT)) {
      run = 0;
      continue;
    }
    if (run === 0) scan.runRow = row;
    run += seconds;
    if (run > scan.longestSeconds) {
      scan.longestSeconds = run;
      scan.longestRow = scan.runRow;
    }
  }
  scan.knownSeconds += known;
  scan.secondsAbove80 += above;
  scan.runSeconds = run;
}
