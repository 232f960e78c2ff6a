import { COLUMN_INDEX, COLUMNS } from '../record/columns.ts';
import type { ColumnUnit } from '../record/columns.ts';

/** Endings of names that say the unit of a column that is not ours, longest meaning first. */
const ENDINGS: readonly (readonly [ending: RegExp, unit: ColumnUnit])[] = [
  [/_percent$/, 'percent'],
  [/_bytes_per_second$/, 'bytes/second'],
  [/_per_second$/, 'count/second'],
  [/_bytes$|^memory_/, 'bytes'],
  [/_seconds$/, 'seconds'],
  [/_watts$|^power_/, 'watts'],
  [/_celsius$/, 'celsius'],
  [/_hertz$/, 'hertz'],
  [/^load\d+$/, 'load'],
];

/** The unit of a metric: as declared, else by the ending of its name, else `count`. */
export function unitOf(metric: string): ColumnUnit {
  const index = COLUMN_INDEX.get(metric);
  const declared = index === undefined ? undefined : COLUMNS[index]?.unit;
  return declared ?? ENDINGS.find(([ending]) => ending.test(metric))?.[1] ?? 'count';
}

/** About `digits` significant digits, never in exponent form below a billion, no trailing zeros. */
function short(value: number, digits: number = 3): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const places = Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  const text = value.toFixed(size >= 10 ** digits ? 0 : places);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function scaled(value: number, base: number, names: readonly string[]): string {
  let rest = value;
  let index = 0;
  while (Math.abs(rest) >= base * 0.9995 && index < names.length - 1) {
    rest /= base;
    index += 1;
  }
  return `${short(rest)} ${names[index]}`;
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];
const HERTZ = ['Hz', 'kHz', 'MHz', 'GHz'];
const LARGE = ['', 'k', 'M', 'G', 'T'];

/** A value as people read it: `62.4 %`, `3.7 GiB`, `12.5 MB/s`, `1.2 ms`; `-` for null. */
export function encodeValue(value: number | null, unit: ColumnUnit): string {
  if (value === null || !Number.isFinite(value)) return '-';
  switch (unit) {
    case 'percent':
      // Two decimals are what is recorded; more would be made up by the mean.
      return `${Math.abs(value) < 1 && Math.abs(value) >= 0.005 ? Number(value.toFixed(2)) : short(value, Math.abs(value) < 0.005 ? 1 : 3)} %`;
    case 'bytes':
      return scaled(value, 1024, BINARY);
    case 'bytes/second':
      return scaled(value, 1000, DECIMAL);
    case 'seconds': {
      const size = Math.abs(value);
      if (size === 0) return '0 s';
      if (size < 1e-3) return `${short(value * 1e6)} µs`;
      return size < 1 ? `${short(value * 1e3)} ms` : `${short(value)} s`;
    }
    case 'watts':
      return Math.abs(value) < 1 && value !== 0 ? `${short(value * 1000)} mW` : `${short(value)} W`;
    case 'celsius':
      return `${short(value)} °C`;
    case 'hertz':
      return scaled(value, 1000, HERTZ);
    case 'load':
      return short(value);
    case 'count':
      return scaled(value, 1000, LARGE).trim();
    case 'count/second':
      return `${scaled(value, 1000, LARGE).trim()}/s`;
  }
}

/** A whole number with its thousands apart: `2,592,000`. Intl would do it too, and cost megabytes of locale data. */
export function encodeCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A length of time as people read it: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function encodeDuration(seconds: number): string {
  if (seconds < 10) return `${short(seconds, 2)} s`;
  const whole = Math.round(seconds);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  return parts
    .slice(first, first + 2)
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}`)
    .join(' ');
}

const BEFORE_UNIT = /(?<=\d) (?=(?:%|°C|[kKMGTP]?i?B(?:\/s)?|[µm]?s|min|h|d|m?W|[kMG]?Hz)(?![\w/]))/g;

/** The text with numbers and their units held together by no-break spaces, for what is broken into lines. */
export function glueUnits(text: string): string {
  return text.replace(BEFORE_UNIT, '\u00a0');
}
