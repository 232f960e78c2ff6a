import { HecateError } from '@hecate/host';
import { parseQuantity } from './quantity.ts';
import type { ColumnUnit } from '../record/columns.ts';

/** How two numbers are compared. */
const COMPARE = {
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
} as const;

/** One comparison. */
interface Term {
  /** Another reading of the same object; null: the value of the rule. */
  readonly reading: string | null;
  readonly holds: (a: number, b: number) => boolean;
  readonly bound: number;
}

/** A condition that was read: one of the alternatives must hold, each with all its terms. */
export interface Condition {
  /** As it was written. */
  readonly text: string;
  readonly alternatives: readonly (readonly Term[])[];
}

/** What is compared: the unit of the value, and the units of the readings that may stand beside it. */
export interface Comparable {
  readonly unit: ColumnUnit;
  readonly readings: ReadonlyMap<string, ColumnUnit>;
}

const TERM = /^(?:([a-z][a-z0-9_]*)\s*)?(>=|<=|==|!=|>|<)\s*(\S.*)$/;

/**
 * Reads `> 90`, `< 5GiB`, `> 98 and available < 5GiB`, `> 3 or errors_per_second > 1`; `and` binds closer than `or`.
 * It is data, and never run as a program. Throws INVALID with the end of a sentence whose subject is the setting.
 */
export function parseCondition(text: string, { unit, readings }: Comparable): Condition {
  const alternatives = text.split(/\s+or\s+/).map((all) => all.split(/\s+and\s+/).map((term) => parseTerm(term.trim(), unit, readings)));
  return { text, alternatives };
}

function parseTerm(text: string, unit: ColumnUnit, readings: Comparable['readings']): Term {
  const [, reading, sign, number] = TERM.exec(text) ?? [];
  if (sign === undefined || number === undefined) {
    throw new HecateError('INVALID', `must be a comparison such as "> 90" or "> 98 and available < 5GiB", not ${JSON.stringify(text)}`);
  }
  const compared = reading === undefined ? unit : readings.get(reading);
  if (compared === undefined) {
    const known = readings.size === 0 ? 'there is none beside its value' : `there are ${[...readings.keys()].join(', ')}`;
    throw new HecateError('INVALID', `compares "${reading}", which it does not know: ${known}`);
  }
  const bound = parseQuantity(number, compared);
  if (bound === null) throw new HecateError('INVALID', `compares with ${JSON.stringify(number)}, which is no number of ${compared}`);
  return { reading: reading ?? null, holds: COMPARE[sign as keyof typeof COMPARE], bound };
}

/**
 * Whether a condition holds; null when that depends on a number that is not known. `other` gives the readings beside the value.
 */
export function holds({ alternatives }: Condition, value: number, other: (reading: string) => number | null): boolean | null {
  let answer: boolean | null = false;
  for (const terms of alternatives) {
    let all: boolean | null = true;
    for (const { reading, holds: compare, bound } of terms) {
      const number = reading === null ? value : other(reading);
      if (number === null) all = all === false ? false : null;
      else if (!compare(number, bound)) all = false;
    }
    if (all === true) return true;
    if (all === null) answer = null;
  }
  return answer;
}
