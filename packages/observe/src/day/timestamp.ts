/**
 * Reads the timestamps of day files from bytes, without a string or a Date per row.
 * Accepted: `2026-11-21T14:05:09.250+01:00` (what we write), a space for the `T`, `Z`, no zone (the wall clock of
 * this machine) and epoch seconds (the Python recorders of mactop).
 */
export interface TimestampReader {
  /** The moment in milliseconds since 1970, UTC. Valid after `read` returned true. */
  time: number;
  /** Minutes to add to it for the wall clock as written. Epoch seconds have none: the clock of this machine is taken. */
  offset: number;
  /** Reads `bytes[start, end)`. False when it is no timestamp, or a date that does not exist. */
  read(bytes: Uint8Array, start: number, end: number): boolean;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Days since 1970-01-01 of a date of the Gregorian calendar (month 1 to 12), after Howard Hinnant's days_from_civil. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** Days of a month (1 to 12). */
export function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** The number that `count` digits from `start` say, or -1. */
function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = (bytes[index] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A reader; it remembers the last day and the last zone, because the next row mostly has the same. */
export function createTimestampReader(): TimestampReader {
  let dayKey = -1;
  let dayTime = 0;
  let localKey = Number.NaN;
  let localOffset = 0;

  const dayStart = (year: number, month: number, day: number): number => {
    const key = (year * 100 + month) * 100 + day;
    if (key !== dayKey) {
      if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return Number.NaN;
      dayKey = key;
      dayTime = daysSinceEpoch(year, month, day) * DAY;
    }
    return dayTime;
  };

  /** The offset of this machine's clock when its wall clock says `wall`; in the doubled hour of autumn, the first. */
  const offsetOfWall = (wall: number): number => {
    const key = Math.floor(wall / (15 * MINUTE));
    if (key !== localKey) {
      localKey = key;
      const date = new Date(wall);
      const local = new Date(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes());
      localOffset = -local.getTimezoneOffset();
    }
    return localOffset;
  };

  const reader: TimestampReader = {
    time: 0,
    offset: 0,
    read(bytes, start, end) {
      const length = end - start;
      if (length < 16 || bytes[start + 4] !== 45) return readEpoch(reader, bytes, start, end);
      const year = digits(bytes, start, 4);
      const month = digits(bytes, start + 5, 2);
      const day = digits(bytes, start + 8, 2);
      const hour = digits(bytes, start + 11, 2);
      const minute = digits(bytes, start + 14, 2);
      const separator = bytes[start + 10];
      if ((separator !== 84 && separator !== 32) || bytes[start + 7] !== 45 || bytes[start + 13] !== 58) return false;
      if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
      const midnight = dayStart(year, month, day);
      if (Number.isNaN(midnight)) return false;
      let at = start + 16;
      let milliseconds = 0;
      if (bytes[at] === 58 && at < end) {
        const second = digits(bytes, at + 1, 2);
        if (at + 3 > end || second < 0 || second > 60) return false;
        milliseconds = second * 1000;
        at += 3;
        if (bytes[at] === 46 && at < end) {
          let unit = 100;
          for (at += 1; at < end; at += 1) {
            const digit = (bytes[at] ?? 0) - 48;
            if (digit < 0 || digit > 9) break;
            milliseconds += digit * unit;
            unit /= 10;
          }
          milliseconds = Math.floor(milliseconds + 1e-6);
        }
      }
      const wall = midnight + hour * 3_600_000 + minute * MINUTE + milliseconds;
      if (at === end) reader.offset = offsetOfWall(wall);
      else if (bytes[at] === 90 && at + 1 === end) reader.offset = 0;
      else if (bytes[at] === 43 || bytes[at] === 45) {
        const zoneHour = digits(bytes, at + 1, 2);
        const colon = bytes[at + 3] === 58 ? 1 : 0;
        const zoneMinute = at + 3 === end ? 0 : digits(bytes, at + 3 + colon, 2);
        if (at + 3 !== end && at + 5 + colon !== end) return false;
        if (zoneHour < 0 || zoneHour > 18 || zoneMinute < 0 || zoneMinute > 59) return false;
        reader.offset = (bytes[at] === 45 ? -1 : 1) * (zoneHour * 60 + zoneMinute);
      } else return false;
      reader.time = wall - reader.offset * MINUTE;
      return true;
    },
  };

  let epochKey = Number.NaN;
  let epochOffset = 0;
  const readEpoch = (target: TimestampReader, bytes: Uint8Array, start: number, end: number): boolean => {
    if (end - start > 24) return false;
    const text = String.fromCharCode(...bytes.subarray(start, end));
    // Fewer digits than those of 1973 are a number in the wrong place, not a time.
    if (!/^\d{9,12}(\.\d+)?$/.test(text)) return false;
    const time = Math.round(Number(text) * 1000);
    const key = Math.floor(time / (15 * MINUTE));
    if (key !== epochKey) {
      epochKey = key;
      epochOffset = -new Date(time).getTimezoneOffset();
    }
    target.time = time;
    target.offset = epochOffset;
    return true;
  };
  return reader;
}
