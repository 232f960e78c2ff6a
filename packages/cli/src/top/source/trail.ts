import type { TopSource, Trail } from '../source.ts';
import { createRecordedChunks } from './recorded-chunks.ts';
import { createSampleRing } from './sample-ring.ts';
import type { ColumnSums } from './sample-ring.ts';

/** What a trail is made of. */
export interface TrailOptions {
  readonly source: Pick<TopSource, 'interval' | 'stretch'>;
  /** Samples that are kept. Default 3600. */
  readonly capacity?: number;
  /** Called when older values came that were asked for: it is time to draw anew. */
  readonly changed: () => void;
  /** Called when they could not be had; once, until it goes well again. Default: nobody hears of it, and graphs have a gap. */
  readonly failed?: (error: unknown) => void;
}

/** An answer that holds for as long as nothing new came. */
interface Known {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  readonly version: number;
  readonly points: Float64Array;
}

/** Answers that are kept for a series: a graph and a small one beside it. */
const MOST_KNOWN = 2;
/** Series whose answers are kept. */
const MOST_SERIES = 2048;

/** A trail that asks the source for what lies before its first scene, and for gaps. */
export function createTrail({ source, capacity = 3600, changed, failed = () => undefined }: TrailOptions): Trail {
  const ring = createSampleRing(capacity);
  const known = new Map<string, Known[]>();
  let sums: ColumnSums = { sum: new Float64Array(0), count: new Uint32Array(0) };
  let version = 0;
  let hasFailed = false;
  /** The latest moment that was ever asked about: a recording has no newer sample than the one that is looked at. */
  let newest = 0;
  const chunks = createRecordedChunks({
    ask: (query) => source.stretch(query),
    changed: () => {
      version++;
      hasFailed = false;
      changed();
    },
    failed: (error) => {
      if (!hasFailed) failed(error);
      hasFailed = true;
    },
  });

  const make = (id: string, from: number, to: number, columns: number): Float64Array => {
    const points = new Float64Array(columns);
    const step = (to - from) / columns;
    if (!(step > 0) || !Number.isFinite(step)) return points.fill(Number.NaN);
    if (sums.sum.length < columns) sums = { sum: new Float64Array(columns), count: new Uint32Array(columns) };
    const { sum, count } = sums;
    sum.fill(0, 0, columns);
    count.fill(0, 0, columns);
    const grid = { first: Math.floor(to / step + 1e-6) - columns + 1, step, columns };
    ring.addTo(id, grid, sums);
    chunks.addTo(id, grid, sums, Number.isNaN(ring.newest) ? newest : Math.max(ring.newest, newest));
    for (let column = 0; column < columns; column++) points[column] = count[column] === 0 ? Number.NaN : sum[column]! / count[column]!;
    return points;
  };

  return {
    add(scene) {
      ring.add(scene, source.interval);
      version++;
    },
    points(id, from, to, columns) {
      const answers = known.get(id);
      const same = answers?.find((one) => one.from === from && one.to === to && one.columns === columns && one.version === version);
      if (same) return same.points;
      if (to > newest) newest = to;
      const points = make(id, from, to, Math.max(0, Math.floor(columns)));
      const kept = (answers ?? []).filter((one) => one.version === version).slice(1 - MOST_KNOWN);
      if (known.size >= MOST_SERIES) known.clear();
      known.set(id, [...kept, { from, to, columns, version, points }]);
      return points;
    },
  };
}
