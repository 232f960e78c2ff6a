import { statSync } from 'node:fs';
import path from 'node:path';
import { createDayOpener } from '../day/open-day.ts';
import { dayFileName, dayOf } from '../day/day-file.ts';
import type { Day } from '../day/packed-day.ts';
import { listDays } from '../analyze/period-days.ts';
import { errnoOf, HecateError } from '@hecate/host';

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
  /** From the first row to the last one, of all days or of one, seconds since the epoch; null without any. Rejects as `at`. */
  span(day?: string): Promise<{ readonly from: number; readonly to: number } | null>;
}

/** Longer than so many of the intervals before it, and a row says nothing of the time after it. */
const LONGEST_GAP = 3;
/** Seconds that are no gap, however short the interval. */
const LEAST_GAP = 5;
/** Intervals of which the usual one is taken. */
const LOOK_BACK = 10;

/** Bytes of a file; -1 when that is not told: opening it says why. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return -1;
  }
}

interface OpenedDay {
  readonly name: string;
  readonly day: Day;
  /** Bytes of its CSV when it was read: a day that goes on grows. */
  readonly size: number;
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

  /** The rows of a day, those at `until` (ms) among them if it has any: what was read before may lack the last ones. */
  const openDay = async (name: string, until: number): Promise<OpenedDay> => {
    const size = sizeOf(path.join(dataDir, dayFileName(name)));
    if (opened?.name === name && (opened.size === size || until < (opened.times.at(-1) ?? 0))) return opened;
    const day = await opener.open(name);
    const times = new Float64Array(day.rows);
    day.readTimes(times);
    opened = { name, day, size, times, columns: new Map() };
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
    async span(day) {
      const names = day === undefined ? days() : days().filter((name) => name === day);
      let from = Number.POSITIVE_INFINITY;
      for (const name of names) {
        const { times } = await openDay(name, 0);
        for (const time of times) if (time < from) from = time;
        if (from < Number.POSITIVE_INFINITY) break;
      }
      for (const name of names.toReversed()) {
        const { times } = await openDay(name, Number.POSITIVE_INFINITY);
        const last = rowBefore(times, Number.POSITIVE_INFINITY);
        if (last >= 0) return { from: from / 1000, to: times[last]! / 1000 };
      }
      return null;
    },
    async at(time, names) {
      const there = new Set(days());
      // Just after midnight, and in a zone that changed, the last row may be of the day before.
      for (const name of new Set([dayOf(time), dayOf(time - 86_400)])) {
        if (!there.has(name)) continue;
        const until = time * 1000 + 0.5;
        const day = await openDay(name, until);
        const row = rowBefore(day.times, until);
        if (row >= 0) return until - day.times[row]! > 1 + lasts(day.times, row) ? null : pick(day, row, names);
      }
      return null;
    },
  };
}
