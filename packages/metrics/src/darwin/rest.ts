import type { Clock } from '@hecate/host';

/** Seconds that somebody who refused is left alone: the first time, and at most. */
const FIRST = 10;
const LONGEST = 600;

/** Who refuses is asked seldom: ten seconds after the first refusal, twice as long after each further one, at most ten minutes. */
export interface Rest {
  /** The last refusal; null before the first, and since there was an answer. */
  refusal(): unknown;
  /** Whether it is too early to ask again. */
  lasts(): boolean;
  /** Begins after a refusal. */
  begin(refusal: unknown): void;
  /** There was an answer: the next rest is a first one. */
  end(): void;
}

/** A rest that nobody has begun. */
export function openRest(clock: Clock): Rest {
  let last: { readonly refusal: unknown; readonly seconds: number; readonly until: number } | null = null;
  return {
    refusal: () => last && last.refusal,
    lasts: () => last !== null && clock.monotonic() < last.until,
    begin(refusal) {
      const seconds = Math.min(LONGEST, last ? last.seconds * 2 : FIRST);
      last = { refusal, seconds, until: clock.monotonic() + seconds };
    },
    end() {
      last = null;
    },
  };
}
