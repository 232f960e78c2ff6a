/** A number of digits with at most one point or comma in it. */
const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)$/;

/** The number that a program printed, in whose manner ever: `0.42`, `0,42`. Null for anything else, also for `-` and for nothing. */
export function decimalOf(text: string | undefined): number | null {
  return text !== undefined && DECIMAL.test(text) ? Number(text.replace(',', '.')) : null;
}

/** The whole number that a program printed, not below zero; null for anything else. Beyond 2^53 it loses its last digits. */
export function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : null;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40, P: 2 ** 50 };

/** Bytes of a size with a binary unit: `512.00M`, `8 GB`, `1,5 TB`. Null for anything else. */
export function bytesOf(text: string | null | undefined): number | null {
  const [, digits, unit] = /^\s*([\d.,]+)\s*([BKMGTP])i?B?\s*$/.exec(text ?? '') ?? [];
  const number = decimalOf(digits);
  return number === null || unit === undefined ? null : number * UNITS[unit]!;
}
