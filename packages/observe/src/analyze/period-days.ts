import { readdirSync } from 'node:fs';
import { errnoOf, HecateError } from '@hecate/host';
import { dayOf, parseDayFileName } from '../day/day-file.ts';
import { daysOfMonth } from '../day/timestamp.ts';

/** First and last day, `2026-11-21`, both inside. */
export interface DayRange {
  readonly start: string;
  readonly end: string;
}

function checkDate(text: string, option: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) {
    throw new HecateError('INVALID', `The ${option} date "${text}" is not of the form YYYY-MM-DD.`, {
      hint: 'Write for example 2026-11-21.',
    });
  }
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) {
    throw new HecateError('INVALID', `The ${option} date ${text} does not exist.`, { hint: 'Check the day and the month.' });
  }
  return text;
}

/**
 * The days that are meant: both dates default to today; a start without an end goes on to today, an end without a start
 * is that one day. Throws INVALID for a date that is malformed, does not exist, or an order that is wrong.
 */
export function readDayRange(
  startDate: string | undefined,
  endDate: string | undefined,
  today: string = dayOf(Date.now() / 1000),
): DayRange {
  const given = { start: startDate && checkDate(startDate, 'start'), end: endDate && checkDate(endDate, 'end') };
  const start = given.start || given.end || today;
  const end = given.end || (start > today ? start : today);
  if (start > end) {
    throw new HecateError('INVALID', `The start date ${start} is after the end date ${end}.`, { hint: 'Swap the two dates.' });
  }
  return { start, end };
}

/** The days of the range that have a file, in order. Throws UNAVAILABLE when there is none, DENIED when the directory may not be read. */
export function listDays(dataDir: string, { start, end }: DayRange): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(dataDir);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EACCES' || code === 'EPERM')
      throw new HecateError('DENIED', `${dataDir} may not be read by this user.`, {
        hint: 'Run as the user who recorded it.',
        cause: error,
      });
    if (code === 'ENOTDIR')
      throw new HecateError('INVALID', `${dataDir} is not a directory.`, { hint: 'Give the directory of the day files.', cause: error });
    if (code !== 'ENOENT') throw error;
  }
  const all = names
    .map(parseDayFileName)
    .filter((day): day is string => day !== null)
    .sort();
  const days = all.filter((day) => day >= start && day <= end);
  if (days.length === 0) throw nothingRecorded(dataDir, { start, end }, all);
  return days;
}

/** The error of a period without a row. `all` are the days that the directory does have. */
export function nothingRecorded(dataDir: string, { start, end }: DayRange, all: readonly string[]): HecateError {
  const when = start === end ? `on ${start}` : `from ${start} to ${end}`;
  const other = all.length === 0 ? '' : all.length === 1 ? ` It holds ${all[0]}.` : ` It holds days from ${all[0]} to ${all.at(-1)}.`;
  return new HecateError('UNAVAILABLE', `Nothing was recorded ${when} in ${dataDir}.${other}`, {
    hint: 'Record with `hecate record`, or name another directory with --data-dir or other dates with --start-date.',
  });
}
