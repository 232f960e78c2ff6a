import { HecateError } from '@hecate/host';

/** A stretch of the day, in minutes after midnight of the local clock; it may go past midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  /** Days on which it begins, 0 is Sunday. */
  readonly days: readonly number[];
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const HOURS = /^(?:([a-z]{3})(?:-([a-z]{3}))?\s+)?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)$/;

/**
 * Reads `22:00-07:00`, `sat-sun 00:00-24:00`, `fri 18:00-22:00`. Throws INVALID with the end of a sentence.
 */
export function parseQuietHours(text: string): QuietHours {
  const [, first, last, fromHour, fromMinute, toHour, toMinute] = HOURS.exec(text.trim().toLowerCase()) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const days = first === undefined ? [0, 1, 2, 3, 4, 5, 6] : daysOf(first, last ?? first);
  if (Number.isNaN(from) || to > 1440 || from === to || days === null) {
    throw new HecateError('INVALID', `must be hours such as "22:00-07:00" or "sat-sun 00:00-24:00", not ${JSON.stringify(text)}`);
  }
  return { from, to, days };
}

function daysOf(first: string, last: string): number[] | null {
  const from = DAYS.indexOf(first);
  const to = DAYS.indexOf(last);
  if (from < 0 || to < 0) return null;
  const count = ((to - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => (from + index) % 7);
}

/** Whether a moment (seconds since the epoch) lies in one of them, by the local clock. */
export function isQuiet(hours: readonly QuietHours[], time: number): boolean {
  if (hours.length === 0) return false;
  const date = new Date(time * 1000);
  const minute = date.getHours() * 60 + date.getMinutes();
  const day = date.getDay();
  const yesterday = (day + 6) % 7;
  return hours.some(({ from, to, days }) =>
    from < to
      ? days.includes(day) && minute >= from && minute < to
      : (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to),
  );
}
