/** Where the middle of differences lies, and between which bounds. */
export interface Shift {
  /** The estimate of Hodges and Lehmann: the median of the means of all pairs. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** How many standard errors lie between the estimate and a bound, as Wilcoxon's distribution for this count has it. */
  readonly deviates: number;
}

/**
 * The middle of `differences`, with the interval that Wilcoxon's signed-rank test gives when it is turned round. It is exact for any
 * count: it misses the true middle in at most `alpha` of all experiments if a difference is as likely to be off to one side as to the
 * other, whatever its distribution (a bootstrap interval is right for many rounds only, and we have ten). Because ranks decide, a wild
 * value weighs no more than the greatest of the others would, so none is ever thrown away. With ties the interval is too wide rather than too narrow.
 * The bounds are infinite when there are too few differences for that `alpha`. Source: Hollander, Wolfe and Chicken, Nonparametric
 * Statistical Methods, chapter 3.
 */
export function shiftOf(differences: readonly number[], alpha: number): Shift {
  const count = differences.length;
  const means = pairMeans(differences);
  const critical = criticalSum(count, alpha);
  const middle = (count * (count + 1)) / 4;
  const spread = Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24);
  return {
    estimate: medianOfSorted(means),
    low: critical < 0 ? -Infinity : means[critical]!,
    high: critical < 0 ? Infinity : means[means.length - 1 - critical]!,
    deviates: (middle - critical) / spread,
  };
}

/** The means of all pairs of values, each with itself too, in order. */
function pairMeans(values: readonly number[]): Float64Array {
  const means = new Float64Array((values.length * (values.length + 1)) / 2);
  let at = 0;
  for (let one = 0; one < values.length; one++) {
    for (let other = one; other < values.length; other++) means[at++] = (values[one]! + values[other]!) / 2;
  }
  return means.sort();
}

/** The largest sum of ranks that is reached, or fallen below, with a probability of at most `alpha / 2`; -1 when there is none. */
export function criticalSum(count: number, alpha: number): number {
  const chances = rankSumChances(count);
  let tail = 0;
  for (let sum = 0; sum < chances.length; sum++) {
    tail += chances[sum]!;
    if (tail > alpha / 2) return sum - 1;
  }
  return chances.length - 1;
}

/** The probability of every sum of the ranks 1 to `count` when a coin decides of each whether it counts. */
function rankSumChances(count: number): Float64Array {
  const chances = new Float64Array((count * (count + 1)) / 2 + 1);
  chances[0] = 1;
  for (let rank = 1; rank <= count; rank++) {
    for (let sum = chances.length - 1; sum >= 0; sum--) chances[sum] = (chances[sum]! + (chances[sum - rank] ?? 0)) / 2;
  }
  return chances;
}

/** The middle of values, or the mean of the two in the middle. Not a number when there are none. */
export function medianOf(values: readonly number[]): number {
  return medianOfSorted(Float64Array.from(values).sort());
}

function medianOfSorted(values: Float64Array): number {
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}
