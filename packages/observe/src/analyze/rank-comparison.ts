import { criticalT } from './student.ts';

/** How two samples of a quantity differ. */
export interface RankComparison {
  /** Cliff's delta: how much more often a value of the second is above one of the first than below it, -1 to 1. */
  readonly delta: number;
  /** So many independent values each sample is worth: neighbours in time tell nearly the same. */
  readonly effective: readonly [first: number, second: number];
  /** Whether chance makes such a delta in less than one of a hundred cases. */
  readonly significant: boolean;
}

/**
 * Compares two samples, each in the order of time, by ranks (Mann and Whitney), with as many degrees of freedom as there are
 * independent values in the shorter one. Samples must have a value each, and no NaN. `behind` is how many values each level was taken from that
 * was taken off both samples before (Infinity when none was): what they are worth is less for it.
 */
export function compareByRanks(first: Float64Array, second: Float64Array, behind: number = Number.POSITIVE_INFINITY): RankComparison {
  const [n, m] = [first.length, second.length];
  const { ranks, ties } = rankTogether(first, second);
  let sum = 0;
  for (let index = n; index < n + m; index += 1) sum += ranks[index] as number;
  // U of the second sample as a share of all pairs is the chance that its value is the greater one; ties count half.
  const superiority = (sum - (m * (m + 1)) / 2) / (n * m);
  const delta = Math.min(1, Math.max(-1, 2 * superiority - 1));
  const worth = 1 - 1 / behind;
  const effective = [
    Math.max(1, worth * effectiveCount(ranks.subarray(0, n))),
    Math.max(1, worth * effectiveCount(ranks.subarray(n))),
  ] as const;
  const [a, b] = effective;
  // The variance of delta when there is no difference, less for ties, for samples of the effective sizes.
  const error = Math.sqrt(((a + b + 1) / (3 * a * b)) * (1 - ties));
  // As many degrees of freedom as the shorter one has, the least that Welch's test could have.
  const significant = delta !== 0 && (error === 0 || Math.abs(delta) > criticalT(Math.min(a, b) - 1) * error);
  return { delta, effective, significant };
}

/** Ranks from 1 of both samples together, equal values the mean of theirs; `ties` is what they take from the variance, 0 to 1. */
function rankTogether(first: Float64Array, second: Float64Array): { ranks: Float64Array; ties: number } {
  const count = first.length + second.length;
  const all = new Float64Array(count);
  all.set(first);
  all.set(second, first.length);
  const order = Uint32Array.from(all, (_, index) => index).sort((a, b) => (all[a] as number) - (all[b] as number));
  const ranks = new Float64Array(count);
  let tied = 0;
  for (let start = 0; start < count;) {
    const value = all[order[start] as number];
    let end = start + 1;
    while (end < count && all[order[end] as number] === value) end += 1;
    const rank = (start + 1 + end) / 2;
    for (let at = start; at < end; at += 1) ranks[order[at] as number] = rank;
    const size = end - start;
    tied += size ** 3 - size;
    start = end;
  }
  return { ranks, ties: count < 2 ? 0 : tied / (count ** 3 - count) };
}

/** Lags that are looked at, at most: what is still alike after them is not one series any more but two states. */
const MOST_LAGS = 1000;

/**
 * How many independent values a series in the order of time is worth: its length over its autocorrelation time, which sums pairs of
 * neighbouring lags while they are positive (Geyer's initial sequence). A series that never changes is worth all of its values.
 */
export function effectiveCount(values: Float64Array): number {
  const count = values.length;
  const start = values[0];
  // A mean of equal values is off by its rounding, and that would be all there is.
  if (count < 3 || values.every((value) => value === start)) return count;
  let mean = 0;
  for (const value of values) mean += value / count;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2;
  const lags = Math.min(MOST_LAGS, Math.floor(count / 2));
  const correlation = (lag: number): number => {
    let sum = 0;
    for (let index = lag; index < count; index += 1) sum += ((values[index] as number) - mean) * ((values[index - lag] as number) - mean);
    return sum / variance;
  };
  let time = 1;
  for (let lag = 1; lag + 1 <= lags; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (pair <= 0) break;
    time += 2 * pair;
  }
  // The mean that was taken off is that of the same values: of a short series it hides a part of what is alike.
  const corrected = time * (1 + time / count);
  return Math.max(1, Math.min(count, count / Math.max(1, corrected)));
}
