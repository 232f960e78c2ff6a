import { briefBytes } from '../view/number-text.ts';
import { encodeValue } from '@hecate/observe';

/** Texts that are kept for each kind of number: what stands on a screen hardly changes from one drawing to the next. */
const MOST_KEPT = 4096;

/** The same texts, each made once. */
function kept(encode: (value: number) => string): (value: number) => string {
  const texts = new Map<number, string>();
  return (value) => {
    const known = texts.get(value);
    if (known !== undefined) return known;
    if (texts.size >= MOST_KEPT) texts.clear();
    const text = encode(value);
    texts.set(value, text);
    return text;
  };
}

const whole = kept((value) => (Number.isNaN(value) ? '-' : String(Math.round(value))));

/** A whole number; `-` when it is not known. */
export const wholeText = (value: number): string => whole(value);

const tenths = kept((value) => (value < 1000 ? (value / 10).toFixed(1) : String(Math.round(value / 10))));

/** A share of a core or of the machine in per cent: `0.3`, `99.9`, `1200`; `-` when it is not known. */
export function cpuText(share: number): string {
  return Number.isNaN(share) ? '-' : tenths(Math.round(share * 1000));
}

/** Watts to a tenth below a hundred: `0.3`, `120`; `-` when they are not known. */
export function powerText(watts: number): string {
  return Number.isNaN(watts) ? '-' : tenths(Math.round(watts * 10));
}

const BRIEF: Readonly<Record<'bytes' | 'bytes/second' | 'count', (value: number) => string>> = {
  bytes: kept((value) => briefBytes(value, 'bytes')),
  'bytes/second': kept((value) => briefBytes(value, 'bytes/second')),
  // A space between number and power is one column too many.
  count: kept((value) => encodeValue(value, 'count').replace(' ', '')),
};

/** A number in five columns or less: `3.71G`, `512k`, `0`; `-` when it is not known. */
export function briefText(value: number, unit: keyof typeof BRIEF): string {
  if (Number.isNaN(value)) return '-';
  return BRIEF[unit](Math.round(value));
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

const times = kept((hundredths) => {
  const seconds = Math.floor(hundredths / 100);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}.${two(hundredths % 100)}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 86_400)}d${two(Math.floor(seconds / 3600) % 24)}h`;
});

/** CPU time: `0:12.34`, `1h02:03`, `12d03h`; `-` when it is not known. */
export function timeText(seconds: number): string {
  return Number.isNaN(seconds) ? '-' : times(Math.round(seconds * 100));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** When something started, as seen at `now`: `14:03:09` of the last day, `Nov 20`, `2025`. In the time of this place. */
export function startText(start: number, now: number): string {
  if (!Number.isFinite(start) || Math.abs(start) > 1e11) return '-';
  if (now - start >= 86_400) return longAgo(Math.floor(start / 60) * (now - start > 300 * 86_400 ? -1 : 1));
  return clock(Math.floor(start));
}

const clock = kept((start) => {
  const at = new Date(start * 1000);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
});

/** By the minute; negative ones are so long ago that the year says it. */
const longAgo = kept((minute) => {
  const at = new Date(Math.abs(minute) * 60_000);
  return minute < 0 ? String(at.getFullYear()) : `${MONTHS[at.getMonth()]!} ${at.getDate()}`;
});
