import type { Day } from '../day/packed-day.ts';
import { exactQuantiles } from './quantile.ts';

/** A pause of more typical intervals than this is a gap: the machine was off, asleep, or not recorded. */
export const GAP_INTERVALS = 3;

/** Hours of a week; slot 0 is Monday, 0 o'clock. */
export const WEEK_HOURS = 168;

const HOUR = 3_600_000;

/** When the rows of one day were taken, in the form that the passes over its columns need. */
export interface DayClock {
  readonly rows: number;
  /** Rows come in runs that share hour and timeline step. Run `i` is rows `starts[i]` to `starts[i + 1]`. */
  readonly runs: number;
  readonly starts: Int32Array;
  /** Hour of the week of each run, by the wall clock as written. */
  readonly slots: Uint8Array;
  /** Step of the timeline of each run. */
  readonly steps: Int32Array;
  /** The time each row stands for: the interval since the row before, in units of `weightSeconds`; 0 at a break. */
  readonly weights: Uint16Array;
  readonly weightSeconds: number;
  /** The typical interval: what a row after a break stands for. Seconds. */
  readonly typicalSeconds: number;
}

/** Turns days, in order, into clocks, and counts gaps on the way. */
export interface ClockReader {
  read(day: Day): DayClock;
  readonly facts: {
    gaps: number;
    gapSeconds: number;
    clockSteps: number;
    coveredSeconds: number;
    firstTime: string | null;
    lastTime: string | null;
    /** Typical interval of each day, seconds. */
    readonly intervals: number[];
  };
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `2026-11-21T14:05:09+01:00` for a moment (ms, UTC) and its clock's minutes from UTC. */
export function encodeMoment(time: number, offset: number): string {
  const minutes = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
  return `${new Date(time + offset * 60_000).toISOString().slice(0, 19)}${zone}`;
}

/** Says when a row was taken. */
export interface MomentReader {
  /** The timestamp of a row, `2026-11-21T14:05:09+01:00`. */
  read(day: Day, row: number): string;
}

/** Memory for the times of a day, used for one day after another. */
function createTimeMemory(): (day: Day) => { times: Float64Array; offsets: Float64Array } {
  let times = new Float64Array(0);
  let offsets = new Float64Array(0);
  return (day) => {
    if (times.length < day.rows) {
      times = new Float64Array(day.rows);
      offsets = new Float64Array(day.rows);
    }
    day.readTimes(times);
    day.readOffsets(offsets);
    return { times, offsets };
  };
}

/** A reader of single moments; it keeps the times of the day that was asked for last. */
export function createMomentReader(): MomentReader {
  const load = createTimeMemory();
  let loaded: Day | null = null;
  let memory: { times: Float64Array; offsets: Float64Array } | null = null;
  return {
    read(day, row) {
      if (memory === null || loaded !== day) memory = load(day);
      loaded = day;
      return encodeMoment(memory.times[row] as number, memory.offsets[row] as number);
    },
  };
}

/** A reader; `start` (wall clock, ms as if UTC) and `stepMs` lay out the timeline of `steps` steps. */
export function createClockReader(start: number, stepMs: number, steps: number): ClockReader {
  const load = createTimeMemory();
  let intervals = new Float64Array(0);
  let before = Number.NaN;
  let typicalBefore = 1;
  const facts: ClockReader['facts'] = {
    gaps: 0,
    gapSeconds: 0,
    clockSteps: 0,
    coveredSeconds: 0,
    firstTime: null,
    lastTime: null,
    intervals: [],
  };

  return {
    facts,
    read(day) {
      const { rows } = day;
      const { times, offsets } = load(day);
      facts.firstTime ??= encodeMoment(times[0] as number, offsets[0] as number);
      facts.lastTime = encodeMoment(times[rows - 1] as number, offsets[rows - 1] as number);

      if (intervals.length < rows) intervals = new Float64Array(rows);
      const typical = typicalInterval(times, rows, intervals) ?? typicalBefore;
      typicalBefore = typical;
      facts.intervals.push(typical);
      const longest = typical * GAP_INTERVALS;
      const weightSeconds = Math.max(0.001, longest / 65_000);
      const weights = new Uint16Array(rows);
      const starts: number[] = [];
      const slots: number[] = [];
      const timeSteps: number[] = [];
      let slotHour = Number.NaN;
      let step = -1;
      for (let row = 0; row < rows; row += 1) {
        const time = times[row] as number;
        const interval = (time - before) / 1000;
        if (interval > 0 && interval <= longest) {
          weights[row] = Math.max(1, Math.round(interval / weightSeconds));
          facts.coveredSeconds += interval;
        } else {
          facts.coveredSeconds += typical;
          if (interval > longest) {
            facts.gaps += 1;
            facts.gapSeconds += interval - typical;
          } else if (interval <= 0) facts.clockSteps += 1;
        }
        before = time;
        const wall = time + (offsets[row] as number) * 60_000;
        const hour = Math.floor(wall / HOUR);
        const here = Math.min(steps - 1, Math.max(0, Math.floor((wall - start) / stepMs)));
        if (hour === slotHour && here === step) continue;
        slotHour = hour;
        step = here;
        starts.push(row);
        // 1970-01-01 was a Thursday, which is day 3 of a week from Monday.
        slots.push((((hour + 72) % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS);
        timeSteps.push(here);
      }
      const runs = starts.length;
      starts.push(rows);
      return {
        rows,
        runs,
        starts: Int32Array.from(starts),
        slots: Uint8Array.from(slots),
        steps: Int32Array.from(timeSteps),
        weights,
        weightSeconds,
        typicalSeconds: typical,
      };
    },
  };
}

/** The median of the positive intervals, seconds; null when there is none. */
function typicalInterval(times: Float64Array, rows: number, intervals: Float64Array): number | null {
  let count = 0;
  for (let row = 1; row < rows; row += 1) {
    const interval = (times[row] as number) - (times[row - 1] as number);
    if (interval > 0) intervals[count++] = interval;
  }
  return count === 0 ? null : (exactQuantiles(intervals, count, [0.5])[0] as number) / 1000;
}
