import type { ColumnUnit } from '../record/columns.ts';

/** What may stand behind a number, and what it makes of it. */
const SCALES: Readonly<Record<string, readonly [dimension: string, factor: number]>> = {
  '%': ['percent', 1],
  B: ['bytes', 1],
  kB: ['bytes', 1e3],
  MB: ['bytes', 1e6],
  GB: ['bytes', 1e9],
  TB: ['bytes', 1e12],
  KiB: ['bytes', 2 ** 10],
  MiB: ['bytes', 2 ** 20],
  GiB: ['bytes', 2 ** 30],
  TiB: ['bytes', 2 ** 40],
  ms: ['seconds', 1e-3],
  s: ['seconds', 1],
  m: ['seconds', 60],
  min: ['seconds', 60],
  h: ['seconds', 3600],
  d: ['seconds', 86_400],
  W: ['watts', 1],
  C: ['celsius', 1],
  '°C': ['celsius', 1],
  Hz: ['hertz', 1],
  MHz: ['hertz', 1e6],
  GHz: ['hertz', 1e9],
};

/** `90`, `5GiB`, `1.5 MB/s`, `-3`: a number, and what stands behind it. */
const QUANTITY = /^(-?\d+(?:\.\d+)?)\s*(%|°?[A-Za-z]+)?(\/s)?$/;

/** What a unit measures: bytes and bytes a second are both written in bytes. */
const dimensionOf = (unit: ColumnUnit): string => unit.split('/')[0] as string;

/**
 * The number that a text says, in the unit; null when it says none, or one of another kind (`5GiB` where percent are compared).
 * A bare number is in the unit itself.
 */
export function parseQuantity(text: string, unit: ColumnUnit): number | null {
  const parts = QUANTITY.exec(text.trim());
  if (parts === null) return null;
  const [, number, suffix, perSecond] = parts;
  if (perSecond !== undefined && !unit.endsWith('/second')) return null;
  if (suffix === undefined) return Number(number);
  const scale = Object.hasOwn(SCALES, suffix) ? SCALES[suffix] : undefined;
  return scale?.[0] === dimensionOf(unit) ? Number(number) * scale[1] : null;
}

/** Seconds of `90s`, `10m`, `4h`, `2d`; null for anything else, zero included where it is written `0`, `0s`. */
export function parseSpan(text: string): number | null {
  const seconds = /^\d/.test(text) ? parseQuantity(text, 'seconds') : null;
  return seconds !== null && (seconds === 0 || /[a-z]$/.test(text)) ? seconds : null;
}
