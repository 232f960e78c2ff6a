import type { Cell } from '../tier/aggregator.ts';
import { MOST_SERIES } from '../tier/tier.ts';
import { encodeSeries, UNKNOWN } from './series-json.ts';
import type { Point } from './series-json.ts';

/** The points of an answer while values come in, in any order. */
export interface PointSums {
  /** Seconds that a point stands for. It grows when there are so many series that the answer would be too large. */
  readonly step: number;
  /** Whether nothing came in. */
  readonly isEmpty: boolean;
  /** Adds what is known of a series at a time; times outside of the stretch are left out. */
  add(id: string, time: number, cell: Cell): void;
  /** Says that there was a sample at a time, whatever is known of it. */
  see(time: number): void;
  /** Adds a value to every point from `from` on and before `to` that there was a sample at: what is known of coarser steps than the points'. */
  spread(id: string, from: number, to: number, cell: Cell): void;
  /** The answer as pieces of JSON. Points without any sample are left out. */
  encode(): Generator<string>;
}

interface Sums {
  /** Whether any point has a value. */
  used: boolean;
  sum: Float64Array;
  count: Float32Array;
  /** Empty arrays without a band. */
  min: Float32Array;
  max: Float32Array;
}

/** Points of an answer, whoever asks. */
const MOST_POINTS = 50_000;
/** Numbers that an answer is made of in memory: 24 MB with a band. */
const MOST_CELLS = 1_200_000;

const halved = <Numbers extends Float64Array | Float32Array>(
  from: Numbers,
  into: Numbers,
  odd: number,
  put: (a: number, b: number) => number,
): Numbers => {
  for (let index = 0; index < from.length; index++) {
    const point = (index + odd) >> 1;
    into[point] = put(into[point]!, from[index]!);
  }
  return into;
};

/** Sums for the points of a stretch. With `band` least and greatest values are kept too. */
export function createPointSums(from: number, to: number, step: number, band: boolean): PointSums {
  let width = step;
  while ((to - from) / width > MOST_POINTS) width *= 2;
  let first = Math.floor(from / width);
  let points = Math.floor(to / width) - first + 1;
  let seen = new Uint8Array(points);
  const series = new Map<string, Sums>();

  /** Makes one point of two. */
  const coarsen = (): void => {
    const odd = first & 1;
    const length = (points + odd + 1) >> 1;
    for (const sums of series.values()) {
      sums.sum = halved(sums.sum, new Float64Array(length), odd, (a, b) => a + b);
      sums.count = halved(sums.count, new Float32Array(length), odd, (a, b) => a + b);
      if (!band) continue;
      sums.min = halved(sums.min, new Float32Array(length).fill(Number.POSITIVE_INFINITY), odd, Math.min);
      sums.max = halved(sums.max, new Float32Array(length).fill(Number.NEGATIVE_INFINITY), odd, Math.max);
    }
    const before = seen;
    seen = new Uint8Array(length);
    for (let index = 0; index < points; index++) seen[(index + odd) >> 1]! |= before[index]!;
    first = (first - odd) / 2;
    points = length;
    width *= 2;
  };

  const sumsOf = (id: string): Sums | null => {
    let sums = series.get(id);
    if (!sums) {
      if (series.size >= MOST_SERIES) return null;
      while ((series.size + 1) * points > MOST_CELLS) coarsen();
      const size = band ? points : 0;
      sums = {
        used: false,
        sum: new Float64Array(points),
        count: new Float32Array(points),
        min: new Float32Array(size).fill(Number.POSITIVE_INFINITY),
        max: new Float32Array(size).fill(Number.NEGATIVE_INFINITY),
      };
      series.set(id, sums);
    }
    return sums;
  };

  const put = (sums: Sums, point: number, count: number, sum: number, min: number, max: number): void => {
    sums.used = true;
    sums.sum[point]! += sum;
    sums.count[point]! += count;
    if (!band) return;
    if (min < sums.min[point]!) sums.min[point] = min;
    if (max > sums.max[point]!) sums.max[point] = max;
  };

  return {
    get step() {
      return width;
    },
    get isEmpty() {
      return !seen.includes(1);
    },
    add(id, time, { count, sum, min, max }) {
      if (time < first * width) return;
      const sums = sumsOf(id);
      const point = Math.floor(time / width) - first;
      if (sums === null || point >= points) return;
      seen[point] = 1;
      put(sums, point, count, sum, min, max);
    },
    see(time) {
      const point = Math.floor(time / width) - first;
      if (point >= 0 && point < points) seen[point] = 1;
    },
    spread(id, start, end, { count, sum, min, max }) {
      const sums = sumsOf(id);
      if (sums === null) return;
      const last = Math.min(points, Math.ceil(end / width) - first);
      for (let point = Math.max(0, Math.ceil(start / width) - first); point < last; point++)
        if (seen[point] === 1) put(sums, point, 1, sum / count, min, max);
    },
    *encode() {
      const known = [...seen.keys()].filter((point) => seen[point] === 1);
      const ids = [...series].flatMap(([id, { used }]) => (used ? [id] : []));
      yield `{"step":${width},"time":[${known.map((point) => (first + point) * width).join(',')}]`;
      yield* encodeSeries(
        ids,
        function* (id): Generator<Point> {
          const { sum, count, min, max } = series.get(id)!;
          for (const point of known) yield count[point] ? [sum[point]! / count[point], min[point] ?? 0, max[point] ?? 0] : UNKNOWN;
        },
        band,
      );
    },
  };
}
