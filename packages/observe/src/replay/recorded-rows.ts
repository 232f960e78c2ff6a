import { createDayOpener } from '../day/open-day.ts';
import { dayOf } from '../day/day-file.ts';
import type { Day } from '../day/packed-day.ts';
import { listDays } from '../analyze/period-days.ts';
import { HecateError } from '@hecate/host';

/** A row of the day files. */
export interface RecordedRow {
  /** Seconds since the epoch. */
  readonly time: number;
  /** The columns of its file that were asked for, in the file's order; null is unknown. */
  readonly values: ReadonlyMap<string, number | null>;
}

/** Rows of the day files of one directory, by time. */
export interface RecordedRows {
  /**
   * The last row at or before `time`, with these columns or all; null when nothing was recorded then. Rejects as a report over that
   * day does when its file cannot be read.
   */
  at(time: number, names?: readonly string[]): Promise<RecordedRow | null>;
  /** The days that have a file: `2026-11-21`, oldest first. */
  days(): readonly string[];
}

/** Longer than so many of the intervals before it, and a row says nothing of the time after it. */
const LONGEST_GAP = 3;
/** Seconds that are no gap, however short the interval. */
const LEAST_GAP = 5;
/** Intervals of which the usual one is taken. */
const LOOK_BACK = 10;

interface OpenedDay {
  readonly name: string;
  readonly day: Day;
  readonly times: Float64Array;
  readonly columns: Map<number, Float64Array>;
}

/** The row with the greatest time at or before `until`, ms; of equal ones the last. -1: none. Rows go back where the clock did. */
function rowBefore(times: Float64Array, until: number): number {
  let found = -1;
  for (let row = 0; row < times.length; row++) {
    const time = times[row]!;
    if (time <= until && (found < 0 || time >= times[found]!)) found = row;
  }
  return found;
}

/** Milliseconds after a row in which it still says what was. */
function lasts(times: Float64Array, row: number): number {
  const steps: number[] = [];
  for (let at = row; at > 0 && steps.length < LOOK_BACK; at--) steps.push(times[at]! - times[at - 1]!);
  for (let at = row; at + 1 < times.length && steps.length < LOOK_BACK; at++) steps.push(times[at + 1]! - times[at]!);
  steps.sort((a, b) => a - b);
  return Math.max(LEAST_GAP * 1000, LONGEST_GAP * (steps[Math.floor(steps.length / 2)] ?? 0));
}

/** The rows of a data directory. It keeps the day that was read last in memory: rows that follow each other cost little. */
export function openRecordedRows(dataDir: string): RecordedRows {
  const opener = createDayOpener(dataDir, dayOf(Date.now() / 1000));
  let opened: OpenedDay | null = null;

  const days = (): readonly string[] => {
    try {
      return listDays(dataDir, { start: '0000', end: '9999' });
    } catch (error) {
      if (error instanceof HecateError && error.code === 'UNAVAILABLE') return [];
      throw error;
    }
  };

  const openDay = async (name: string): Promise<OpenedDay> => {
    if (opened?.name === name) return opened;
    const day = await opener.open(name);
    const times = new Float64Array(day.rows);
    day.readTimes(times);
    opened = { name, day, times, columns: new Map() };
    return opened;
  };

  const pick = ({ day, times, columns }: OpenedDay, row: number, names: readonly string[] | undefined): RecordedRow => {
    const values = new Map<string, number | null>();
    for (const [index, name] of day.columns.entries()) {
      if (names && !names.includes(name)) continue;
      let column = columns.get(index);
      if (!column) {
        column = new Float64Array(day.rows);
        day.readColumn(index, column);
        // Who asks for some asks for them again; all of them are asked for once.
        if (names) columns.set(index, column);
      }
      const value = column[row]!;
      values.set(name, Number.isNaN(value) ? null : value);
    }
    return { time: times[row]! / 1000, values };
  };

  return {
    days,
    async at(time, names) {
      const there = new Set(days());
      // Just after midnight, and in a zone that changed, the last row may be of the day before.
      for (const name of new Set([dayOf(time), dayOf(time - 86_400)])) {
        if (!there.has(name)) continue;
        const day = await openDay(name);
        const until = time * 1000 + 0.5;
        const row = rowBefore(day.times, until);
        if (row >= 0) return until - day.times[row]! > 1 + lasts(day.times, row) ? null : pick(day, row, names);
      }
      return null;
    },
  };
}
