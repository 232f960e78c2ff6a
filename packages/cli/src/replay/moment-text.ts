import { HecateError } from '@hecate/host';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const HINT = 'Write for example 10:15, "yesterday 10:15", 2026-11-21T10:15, -2h, or seconds since the epoch.';

/**
 * What is before it: `-2h` is no option of the command line here but two hours ago. The parser of options gets `2h ago`.
 */
export function spellAgo(word: string): string {
  return /^-\d+(?:\.\d+)?[smhd]$/.test(word) ? `${word.slice(1)} ago` : word;
}

const refuse = (text: string, why: string): HecateError => new HecateError('INVALID', `${JSON.stringify(text)} is ${why}.`, { hint: HINT });

/** The clock of this place on a day; null when there is no such date or time of day. */
function localTime(year: number, month: number, day: number, clock: readonly (string | undefined)[]): number | null {
  const [hour = 0, minute = 0, second = 0] = clock.map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second >= 60) return null;
  const date = new Date(year, month - 1, day, hour, minute, 0);
  // An hour that the clock leaves out in spring is the one after it; a day that does not exist is none.
  const midnight = new Date(year, month - 1, day);
  const exists = midnight.getFullYear() === year && midnight.getMonth() === month - 1 && midnight.getDate() === day;
  return exists ? date.getTime() / 1000 + second : null;
}

/**
 * A moment that a user wrote, in seconds since the epoch. `now` is in seconds too. A time of day is the last one that was: of today,
 * or of yesterday where today's is still to come. Throws INVALID for what is not understood, does not exist or is in the future.
 */
export function parseMoment(text: string, now: number = Date.now() / 1000): number {
  const time = understand(text.trim(), now);
  if (time > now + 1) throw refuse(text, 'in the future');
  return time;
}

function understand(text: string, now: number): number {
  if (text === 'now') return now;
  if (/^\d{9,12}(?:\.\d+)?$/.test(text)) return Number(text);
  const ago = /^(?:-(?<negative>\d+(?:\.\d+)?)|(?<positive>\d+(?:\.\d+)?))(?<unit>[smhd])(?: ago)?$/.exec(text)?.groups;
  if (ago) return now - Number(ago['negative'] ?? ago['positive']) * UNITS[ago['unit']!]!;
  const today = new Date(now * 1000);
  const clock = /^(?:(?<day>yesterday|today) )?(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d(?:\.\d+)?))?$/.exec(text)?.groups;
  if (clock) {
    const at = (daysBack: number): number => {
      const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - daysBack);
      const parts = [clock['hour'], clock['minute'], clock['second']];
      const time = localTime(day.getFullYear(), day.getMonth() + 1, day.getDate(), parts);
      if (time === null) throw refuse(text, 'no time of day');
      return time;
    };
    if (clock['day'] !== undefined) return at(clock['day'] === 'yesterday' ? 1 : 0);
    return at(0) > now ? at(1) : at(0);
  }
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!date) throw refuse(text, 'no time that hecate understands');
  const [, year, month, day, hour, minute, second, zone] = date;
  const local = localTime(Number(year), Number(month), Number(day), [hour, minute, second]);
  if (local === null) throw refuse(text, 'a date or a time that does not exist');
  if (zone === undefined) return local;
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) / 1000 + Number(second ?? 0);
  if (zone === 'Z') return utc;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return utc - (zone.startsWith('-') ? -1 : 1) * minutes * 60;
}
