import { sentenceOf } from '@hecate/host';
import { isRefusal } from '../../model/gap.ts';
import type { GapSink } from '../../model/gap.ts';

/** Keeps who refuses in a list from taking the others with it: an entry may be gone since the list was made. */
export interface Refusals {
  /** What `read` gives; null where it is refused. Mistakes of this program stay errors. */
  ask<Value>(read: () => Value): Value | null;
  /** To be called at the end. Throws the first refusal where nobody answered; else a gap of `field` says how many did not. */
  settle(gaps: GapSink, field: string): void;
}

/** Counts who answers and who refuses in one list. */
export function countRefusals(): Refusals {
  let answered = 0;
  let refused = 0;
  let first: unknown;
  return {
    ask(read) {
      try {
        const value = read();
        answered++;
        return value;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        first ??= error;
        refused++;
        return null;
      }
    },
    settle(gaps, field) {
      if (refused === 0) return;
      if (answered === 0) throw first;
      gaps.add(field, 'error', `${refused} of ${answered + refused} did not answer, and may be gone: ${sentenceOf(first)}`);
    },
  };
}
