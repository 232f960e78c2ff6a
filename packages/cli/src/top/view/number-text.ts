import { encodeValue } from '@hecate/observe';
import type { ColumnUnit } from '@hecate/observe';
import type { LineLetters } from './letters.ts';

/** What may be a number: null, undefined and NaN are not known. */
export type Maybe = number | null | undefined;

/** Whether something is known. */
export const isKnown = (value: Maybe): value is number => value !== null && value !== undefined && !Number.isNaN(value);

/** Whole percents: `7%`, `100%`; `-` when it is not known. More digits only flicker. */
export const percentText = (value: Maybe): string => (isKnown(value) ? `${Math.round(value)}%` : '-');

/** Percents to a tenth, always with it: `7.0 %`. */
export const finePercentText = (value: Maybe): string =>
  isKnown(value) ? `${value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} %` : '-';

/** Whole degrees: `48°C`. */
export const celsiusText = (value: Maybe, { degree }: LineLetters): string => (isKnown(value) ? `${Math.round(value)}${degree}C` : '-');

/** Watts to a tenth below a hundred: `12.5 W`. */
export const wattsText = (value: Maybe): string => (isKnown(value) ? `${value.toFixed(value < 99.95 ? 1 : 0)} W` : '-');

/** Hertz as gigahertz: `3.42 GHz`. */
export const hertzText = (value: Maybe): string => (isKnown(value) ? encodeValue(value, 'hertz') : '-');

/** Load averages with two digits, as everywhere: `0.52`. */
export const loadText = (value: Maybe): string => (isKnown(value) ? value.toFixed(value < 99.995 ? 2 : 0) : '-');

/** A value with its unit; `-` when it is not known. Parts of a byte are none. */
export function quantityText(value: Maybe, unit: ColumnUnit): string {
  if (!isKnown(value)) return '-';
  return encodeValue(unit === 'bytes' || unit === 'bytes/second' ? Math.round(value) : value, unit);
}

/** Bytes, or bytes a second, in at most five columns: `3.71G`, `512k`, `0`. */
export function briefBytes(value: Maybe, unit: 'bytes' | 'bytes/second'): string {
  const text = quantityText(value, unit);
  const space = text.indexOf(' ');
  if (space < 0) return text;
  // The letter of the power is the first of the unit, if it is not the unit itself: kB/s, MiB, B.
  const power = text[space + 1]!;
  return power === 'B' ? text.slice(0, space) : text.slice(0, space) + power;
}
