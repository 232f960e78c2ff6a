import { HecateError } from '@hecate/host';
import { isRefusal } from '../model/gap.ts';

/** Calls for which a refusal that may pass is kept: after the first, and at most. */
const FIRST_REST = 10;
const LONGEST_REST = 600;

/** Whether a refusal is for good: what a machine has not now it will not have at the next tick. */
const isForGood = (error: unknown): boolean => error instanceof HecateError && error.code === 'UNSUPPORTED';

/**
 * A function that makes its value at its first call and keeps it, and keeps a refusal too, because asking costs: for good where the machine
 * has no such thing, otherwise for ten calls, then for twenty, at most for six hundred.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | { readonly refusal: unknown } | undefined;
  let rest = FIRST_REST;
  let left = 0;
  return () => {
    if (made && 'refusal' in made && !isForGood(made.refusal) && left-- === 0) made = undefined;
    if (!made) {
      try {
        made = { value: make() };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        made = { refusal: error };
        left = rest;
        rest = Math.min(rest * 2, LONGEST_REST);
      }
    }
    if ('refusal' in made) throw made.refusal;
    return made.value;
  };
}
