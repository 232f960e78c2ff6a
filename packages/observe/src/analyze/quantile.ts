/**
 * Exact quantiles of `values[0, count)`, which is reordered. Linear interpolation between the two neighbours of rank
 * `p x (count - 1)` (type 7 of Hyndman and Fan; the default of numpy and pandas). `count` must be at least 1 and no value NaN.
 */
export function exactQuantiles(values: Float64Array, count: number, probabilities: readonly number[]): number[] {
  const ranks = new Set<number>();
  for (const probability of probabilities) {
    const rank = probability * (count - 1);
    ranks.add(Math.floor(rank)).add(Math.ceil(rank));
  }
  selectRanks(
    values,
    0,
    count - 1,
    [...ranks].sort((a, b) => a - b),
  );
  return probabilities.map((probability) => {
    const rank = probability * (count - 1);
    const low = values[Math.floor(rank)] as number;
    const high = values[Math.ceil(rank)] as number;
    return interpolate(low, high, rank - Math.floor(rank));
  });
}

/** The value at `share` of the way from `low` to `high`; exact at both ends and between equal values. */
export function interpolate(low: number, high: number, share: number): number {
  const width = high - low;
  return share < 0.5 ? low + width * share : high - width * (1 - share);
}

/**
 * Reorders `values[left, right]` so that each of `ranks` (ascending) holds what it would hold when sorted.
 * Quickselect in three parts, because day files have many equal values; it follows all ranks at once.
 */
function selectRanks(values: Float64Array, left: number, right: number, ranks: readonly number[]): void {
  let low = left;
  let high = right;
  let wanted = ranks;
  while (wanted.length > 0 && high - low > 64) {
    const pivot = choosePivot(values, low, high);
    partition(values, low, high, pivot);
    const { less, more } = middle;
    const below = wanted.filter((rank) => rank < less);
    const above = wanted.filter((rank) => rank > more);
    if (above.length > 0 && below.length > 0) selectRanks(values, low, less - 1, below);
    if (above.length > 0) {
      low = more + 1;
      wanted = above;
    } else {
      high = less - 1;
      wanted = below;
    }
  }
  if (wanted.length > 0) values.subarray(low, high + 1).sort();
}

/** Where {@link partition} put the values that equal the pivot: from `less` to `more`, both inside. */
const middle = { less: 0, more: 0 };

/** Reorders `values[low, high]`: what is less than the pivot, then what equals it, then what is greater. */
function partition(values: Float64Array, low: number, high: number, pivot: number): void {
  let less = low;
  let more = high;
  for (let at = low; at <= more;) {
    const value = values[at] as number;
    if (value < pivot) {
      values[at++] = values[less] as number;
      values[less++] = value;
    } else if (value > pivot) {
      values[at] = values[more] as number;
      values[more--] = value;
    } else at += 1;
  }
  middle.less = less;
  middle.more = more;
}

/** The median of nine values spread over the range. */
function choosePivot(values: Float64Array, low: number, high: number): number {
  const step = (high - low) / 8;
  const nine = Float64Array.from({ length: 9 }, (_, index) => values[Math.floor(low + index * step)] as number).sort();
  return nine[4] as number;
}
