import { HecateError } from '@hecate/host';

/** The most bytes of a property list: `ioreg -a -l` of a whole registry has about ten million. */
export const MOST_BYTES: number = 64 * 1024 * 1024;
/** The most values in one, each use of a shared one counted. */
export const MOST_VALUES = 2_000_000;
/** How deep one may be: each level of the I/O registry takes two. */
export const DEEPEST = 512;

/** The error of a property list that is none: FAILED, with the place where that shows. */
export function malformed(what: string, place: string, cause?: unknown): HecateError {
  return new HecateError('FAILED', `The property list is malformed at ${place}: ${what}.`, cause === undefined ? {} : { cause });
}

/** An integer of 64 bits as a number where that is exact, else as a bigint; null where it has more bits. */
export function integerOf(value: bigint): number | bigint | null {
  if (value < -(2n ** 63n) || value >= 2n ** 64n) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A moment as property lists write it: `2026-11-22T01:04:44Z`, with milliseconds only where there are some; null where there is no such day. */
export function momentOf(milliseconds: number): string | null {
  const moment = new Date(milliseconds);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString().replace('.000Z', 'Z');
}
