import { HecateError } from '@hecate/host';

/** A moment at which a comparison may be decided. */
export interface Look {
  /** Rounds that have been measured by then. */
  readonly rounds: number;
  /** The probability of a wrong verdict that this look may use. */
  readonly alpha: number;
}

/** The most rounds of one comparison; the exact distributions are computed for every count up to it. */
export const MOST_ROUNDS = 100;

/** Between two looks there are half as many rounds again: looks cost certainty, and few runs are saved by looking more often. */
const GROWTH = 1.5;

/** The fewest rounds that can decide anything at `alpha`: if all of them agree, chance does that in 2 of 2^rounds experiments. */
export function leastRounds(alpha: number): number {
  let rounds = 1;
  while (2 ** (1 - rounds) > alpha) rounds++;
  return rounds;
}

/**
 * When a comparison of at most `rounds` rounds is looked at. Whoever looks after every round and stops when he likes what he sees is
 * fooled far more often than in `alpha` of all experiments. So the looks are fixed before, and each uses an equal share of `alpha`:
 * however they depend on each other, the chance that any of them is wrong is at most the sum (Bonferroni).
 * Throws INVALID when so few rounds cannot decide anything.
 */
export function planLooks(rounds: number, alpha: number): Look[] {
  if (!(alpha > 0 && alpha < 1)) throw new HecateError('INVALID', `The confidence must lie between 0 and 1, and is ${1 - alpha}.`);
  const least = leastRounds(alpha);
  if (!Number.isInteger(rounds) || rounds < least || rounds > MOST_ROUNDS) {
    throw new HecateError(
      'INVALID',
      `${rounds} rounds cannot be measured: with a confidence of ${1 - alpha} it takes ${least} to ${MOST_ROUNDS}.`,
    );
  }
  const sizes = [rounds];
  for (;;) {
    const earlier = Math.floor(sizes[0]! / GROWTH);
    if (earlier < leastRounds(alpha / (sizes.length + 1))) break;
    sizes.unshift(earlier);
  }
  return sizes.map((size) => ({ rounds: size, alpha: alpha / sizes.length }));
}
