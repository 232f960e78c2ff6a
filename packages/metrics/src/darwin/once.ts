import { isRefusal } from '../model/gap.ts';

/**
 * A function that makes its value at its first call and keeps it, and keeps a refusal too: what a machine has not now it will not have at
 * the next tick, and asking costs.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | { readonly refusal: unknown } | undefined;
  return () => {
    if (!made) {
      try {
        made = { value: make() };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        made = { refusal: error };
      }
    }
    if ('refusal' in made) throw made.refusal;
    return made.value;
  };
}
