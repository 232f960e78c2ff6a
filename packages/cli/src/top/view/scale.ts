/** First digits of the ends of scales. */
const DECIMAL = [1, 2, 3, 5, 10];
const BINARY = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The greatest value that is known; NaN when none is. */
export function greatest(values: Float64Array): number {
  let most = Number.NaN;
  for (const value of values) if (!(value <= most) && !Number.isNaN(value)) most = value;
  return most;
}

/**
 * Where a scale ends that values up to `most` are shown on: a round number, so that it stays where it is while values move a little. `least`
 * is the smallest end: noise near 0 is no mountain. `base` 1024 is for bytes.
 */
export function scaleEnd(most: number, least: number, base: 1000 | 1024 = 1000): number {
  if (!(most > least)) return least;
  if (!Number.isFinite(most)) return Number.MAX_VALUE;
  const root = base === 1024 ? 1024 : 10;
  const power = root ** Math.floor(Math.log(most) / Math.log(root));
  const digit = (base === 1024 ? BINARY : DECIMAL).find((one) => one * power >= most * (1 - 1e-12));
  return Math.max(least, (digit ?? root) * power);
}
