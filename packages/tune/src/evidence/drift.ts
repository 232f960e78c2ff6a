import { medianOf } from './signed-rank.ts';

/** How much the second half of a run differs from the first. */
export interface Drift {
  /** Median of the differences between a value of the second half and one of the first. */
  readonly shift: number;
  /** The probability of a difference as great as this when nothing drifts (rank-sum test of Mann, Whitney and Wilcoxon, exact). */
  readonly chance: number;
}

/** Compares the halves of a run, given in the order in which it was measured; of an odd count the one in the middle is left out. */
export function driftOf(values: readonly number[]): Drift {
  const half = values.length >> 1;
  const first = values.slice(0, half);
  const second = values.slice(values.length - half);
  return { shift: medianOf(second.flatMap((late) => first.map((early) => late - early))), chance: rankSumChance(first, second) };
}

/** The two-sided probability of the ranks of two groups, exact with ties too: of all ways to choose the first group, how many are as extreme. */
export function rankSumChance(one: readonly number[], other: readonly number[]): number {
  const scores = doubledRanks([...one, ...other]);
  const found = scores.slice(0, one.length).reduce((sum, score) => sum + score, 0);
  const ways = choiceSums(scores, one.length);
  let below = 0;
  let above = 0;
  let all = 0;
  for (const [sum, count] of ways.entries()) {
    all += count;
    if (sum <= found) below += count;
    if (sum >= found) above += count;
  }
  return Math.min(1, (2 * Math.min(below, above)) / all);
}

/** Twice the rank of each value, so that those that share a rank have a whole number too. */
function doubledRanks(values: readonly number[]): number[] {
  return values.map((value) => values.reduce((rank, other) => rank + (other < value ? 2 : other === value ? 1 : 0), 1));
}

/** In how many ways `chosen` of the scores have each sum. */
function choiceSums(scores: readonly number[], chosen: number): Float64Array {
  const total = scores.reduce((sum, score) => sum + score, 0);
  const ways = Array.from({ length: chosen + 1 }, () => new Float64Array(total + 1));
  ways[0]![0] = 1;
  let reached = 0;
  for (const [index, score] of scores.entries()) {
    reached += score;
    for (let size = Math.min(chosen, index + 1); size > 0; size--) {
      const smaller = ways[size - 1]!;
      const these = ways[size]!;
      for (let sum = reached; sum >= score; sum--) these[sum]! += smaller[sum - score]!;
    }
  }
  return ways[chosen]!;
}
