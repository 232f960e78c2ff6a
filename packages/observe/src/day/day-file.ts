/** The first column of every day file. */
export const TIMESTAMP_COLUMN = 'timestamp';

/** `2026-11-21` for a moment, by the wall clock of this machine. */
export function dayOf(time: number): string {
  return encodeTimestamp(time).slice(0, 10);
}

/** The name of a day's file: `2026-11-21.csv`. */
export function dayFileName(day: string): string {
  return `${day}.csv`;
}

/** The day that a file name stands for, or null when it is no day file. */
export function parseDayFileName(name: string): string | null {
  return /^(\d{4}-\d{2}-\d{2})\.csv$/.exec(name)?.[1] ?? null;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/**
 * A moment as it stands in a day file: local wall-clock time with milliseconds and the offset from UTC,
 * `2026-11-21T14:05:09.250+01:00`. The wall clock is what days and hours of a report mean;
 * the offset keeps the moment exact when the clock is put forward or back.
 */
export function encodeTimestamp(time: number): string {
  const date = new Date(Math.round(time * 1000));
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.trunc(Math.abs(offset) / 60), 2)}:${pad(Math.abs(offset) % 60, 2)}`;
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
  return `${day}T${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}${zone}`;
}
