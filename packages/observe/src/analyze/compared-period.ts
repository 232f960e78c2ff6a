import { statSync } from 'node:fs';
import { errnoOf, HecateError } from '@hecate/host';
import { readDayRange } from './period-days.ts';
import type { DayRange } from './period-days.ts';

/** What a period is compared with. */
export interface ComparedPeriod {
  /** The data directory. */
  readonly dataDir: string;
  readonly range: DayRange;
  /** Whether it is of another directory, which is another machine as a rule. */
  readonly elsewhere: boolean;
}

const DAY_MS = 86_400_000;
const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const nameOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** As many days as the range has, just before it. */
export function previousRange({ start, end }: DayRange): DayRange {
  const days = Math.round((midnight(end) - midnight(start)) / DAY_MS) + 1;
  return { start: nameOf(midnight(start) - days * DAY_MS), end: nameOf(midnight(start) - DAY_MS) };
}

/** Monday to Sunday of a week after ISO 8601: the first one has the year's first Thursday. Null when the year has no such week. */
function weekRange(year: number, week: number): DayRange | null {
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS + (week - 1) * 7 * DAY_MS;
  // The Thursday says which year a week is of.
  if (week < 1 || new Date(monday + 3 * DAY_MS).getUTCFullYear() !== year) return null;
  return { start: nameOf(monday), end: nameOf(monday + 6 * DAY_MS) };
}

/** Whether there is a directory of this name; a text that can be no name is none. */
function isDirectory(text: string): boolean {
  try {
    return statSync(text, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/**
 * Reads what `--compare` says: `previous`, a day, `2026-11-01..2026-11-07`, a week `2026-W45`, or another data directory, of which the
 * same days are meant. Throws INVALID for a date that does not exist and for what is none of these.
 */
export function readComparedPeriod(text: string, dataDir: string, range: DayRange): ComparedPeriod {
  const here = (other: DayRange): ComparedPeriod => ({ dataDir, range: other, elsewhere: false });
  if (text === 'previous') return here(previousRange(range));
  const week = /^(\d{4})-W(\d{2})$/.exec(text);
  if (week) {
    const found = weekRange(Number(week[1]), Number(week[2]));
    if (found === null)
      throw new HecateError('INVALID', `There is no week ${text}.`, { hint: 'Weeks of a year go from W01 to W52 or W53.' });
    return here(found);
  }
  const days = /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?$/.exec(text);
  if (days) return here(readDayRange(days[1], days[2] ?? days[1]));
  if (isDirectory(text)) return { dataDir: text, range, elsewhere: true };
  if (text.includes('/'))
    throw new HecateError('INVALID', `There is no directory ${JSON.stringify(text)} to compare with.`, {
      hint: 'Give the data directory of another machine, as --data-dir would be given there.',
    });
  throw new HecateError('INVALID', `--compare does not understand ${JSON.stringify(text)}.`, {
    hint: 'Write previous, a day, 2026-11-01..2026-11-07, 2026-W45, or the data directory of another machine.',
  });
}
