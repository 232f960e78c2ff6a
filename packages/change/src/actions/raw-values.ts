import { HecateError } from '@hecate/host';
import type { ActionKind } from '../action.ts';
import { lineOf, quote } from './raw-action.ts';
import type { RawAction } from './raw-action.ts';

/** The most entries of a list, and the most bytes of one. */
const MOST_ENTRIES = 64;

/** A line that must look like `form`; `rule` says how, for people: `a name that begins with "hecate"`. Throws INVALID. */
export function wordOf(raw: RawAction, name: string, kind: ActionKind, form: RegExp, rule: string): string {
  const value = lineOf(raw, name, kind);
  if (form.test(value)) return value;
  throw new HecateError('INVALID', `The ${name} of a change of kind ${kind} must be ${rule}, and is ${quote(value)}.`);
}

/** True or false; undefined when it is not there. Throws INVALID. */
export function flagOf(raw: RawAction, name: string, kind: ActionKind): boolean | undefined {
  const value = raw[name];
  if (typeof value === 'boolean' || (value === undefined && !(name in raw))) return value;
  throw new HecateError('INVALID', `The ${name} of a change of kind ${kind} must be true or false, and is ${quote(value)}.`);
}

/** A whole number from `least` to `most`. Throws INVALID. */
export function wholeNumberOf(raw: RawAction, name: string, kind: ActionKind, [least, most]: readonly [number, number]): number {
  const value = raw[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new HecateError(
    'INVALID',
    `The ${name} of a change of kind ${kind} must be a whole number from ${least} to ${most}, and is ${quote(value)}.`,
  );
}

/** A list of lines, not empty. Throws INVALID. */
export function linesOf(raw: RawAction, name: string, kind: ActionKind): [string, ...string[]] {
  const value: unknown = raw[name];
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_ENTRIES) {
    throw new HecateError('INVALID', `The ${name} of a change of kind ${kind} must be a list of 1 to ${MOST_ENTRIES} texts.`);
  }
  return value.map((entry: unknown) => lineOf({ [name]: entry }, name, kind)) as [string, ...string[]];
}
