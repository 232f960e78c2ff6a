import { interpolate } from './quantile.ts';

/** The largest relative error of a quantile from a sketch: half a bucket is 1/512, stated with room to spare. */
export const SKETCH_ERROR = 0.005;

/** Bits of the mantissa that tell buckets apart: a bucket is at most 1/256 wide, relative to its value. */
const MANTISSA_BITS = 8;
const SHIFT = 20 - MANTISSA_BITS;
/** Smaller magnitudes count as 0. */
const SMALLEST = 2 ** -64;

/**
 * A histogram with buckets of equal relative width: the leading bits of the double itself are the bucket's number.
 * Memory is bounded by the range of the values, not by their number.
 */
export interface Sketch {
  /** Counts a value, which may not be NaN. */
  add(value: number): void;
  /** Quantiles within {@link SKETCH_ERROR}, between `min` and `max`; at least one value must have been added. */
  quantiles(probabilities: readonly number[], min: number, max: number): number[];
}

/** Counts of one sign by bucket, kept from the lowest bucket seen to the highest. */
interface Side {
  counts: Uint32Array;
  base: number;
}

/** An empty sketch. */
export function createSketch(): Sketch {
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  // The high word of a double, whichever end this machine puts first.
  double[0] = 1;
  const high = words[0] === 0 ? 1 : 0;
  const sides: Record<'below' | 'above', Side> = {
    below: { counts: new Uint32Array(0), base: 0 },
    above: { counts: new Uint32Array(0), base: 0 },
  };
  let zeros = 0;
  let total = 0;

  const grow = (side: Side, bucket: number): void => {
    const { counts, base } = side;
    const from = counts.length === 0 ? bucket : Math.min(base, bucket);
    const to = counts.length === 0 ? bucket + 1 : Math.max(base + counts.length, bucket + 1);
    const start = from & ~255;
    const grown = new Uint32Array(((to + 255) & ~255) - start);
    if (counts.length > 0) grown.set(counts, base - start);
    side.counts = grown;
    side.base = start;
  };
  const middle = (bucket: number): number => {
    words[1 - high] = 0;
    words[high] = (bucket << SHIFT) | (1 << (SHIFT - 1));
    return double[0] as number;
  };

  return {
    add(value) {
      total += 1;
      const size = value < 0 ? -value : value;
      if (size < SMALLEST) {
        zeros += 1;
        return;
      }
      double[0] = size;
      const bucket = (words[high] as number) >>> SHIFT;
      const side = value < 0 ? sides.below : sides.above;
      if (bucket < side.base || bucket >= side.base + side.counts.length) grow(side, bucket);
      const at = bucket - side.base;
      side.counts[at] = (side.counts[at] as number) + 1;
    },
    quantiles(probabilities, min, max) {
      const steps: { value: number; count: number }[] = [];
      const { below, above } = sides;
      for (let at = below.counts.length - 1; at >= 0; at -= 1) {
        const count = below.counts[at] as number;
        if (count > 0) steps.push({ value: -middle(below.base + at), count });
      }
      if (zeros > 0) steps.push({ value: 0, count: zeros });
      for (const [at, count] of above.counts.entries()) if (count > 0) steps.push({ value: middle(above.base + at), count });
      const valueAt = (rank: number): number => {
        if (rank === 0) return min;
        if (rank === total - 1) return max;
        let seen = 0;
        for (const { value, count } of steps) {
          seen += count;
          if (rank < seen) return Math.min(max, Math.max(min, value));
        }
        return max;
      };
      return probabilities.map((probability) => {
        const rank = probability * (total - 1);
        return interpolate(valueAt(Math.floor(rank)), valueAt(Math.ceil(rank)), rank - Math.floor(rank));
      });
    },
  };
}
