import type { Cell } from './aggregator.ts';
import type { Damage } from './block-file.ts';
import { listSegments, segmentPaths } from './segment.ts';
import { readSegmentFile, withFile } from './segment-reader.ts';
import type { Tier } from './tier.ts';

/** What is wanted of a tier. */
export interface TierQuery {
  /** Seconds since the epoch: buckets that begin between the two, both included. */
  readonly from: number;
  readonly to: number;
  readonly wanted: (id: string) => boolean;
  /** Whether min and max are wanted; without them they are the mean. */
  readonly extremes: boolean;
}

/**
 * Calls back for the buckets that a tier has on disk, with one cell that is used again at each call; a bucket may come in several parts,
 * and buckets come in no order. Works in pieces. Throws the error of the system.
 */
export function* readTier(
  directory: string,
  tier: Tier,
  { from, to, wanted, extremes }: TierQuery,
  take: (id: string, time: number, cell: Cell) => void,
  damage: Damage = { blocks: 0, end: 0 },
): Generator<void> {
  const inside = (id: string, time: number, cell: Cell): void => {
    if (time >= from && time <= to) take(id, time, cell);
  };
  for (const segment of listSegments(directory, from - tier.span + 1, to)) {
    for (const file of segmentPaths(directory, segment))
      yield* withFile(file, (opened) => readSegmentFile(opened, tier, wanted, extremes, inside, damage));
  }
}

/** Time of about the first bucket that a tier has on disk; null when it has none. Throws the error of the system. */
export function firstBucket(directory: string, tier: Tier): number | null {
  for (const segment of listSegments(directory)) {
    let first = Number.POSITIVE_INFINITY;
    const look = (_: string, time: number): void => {
      first = Math.min(first, time);
    };
    for (const file of segmentPaths(directory, segment)) {
      const pieces = withFile(file, (opened) => readSegmentFile(opened, tier, () => true, false, look));
      // The first block is enough: of an open file it has all series, of a sealed one the first series.
      while (first === Number.POSITIVE_INFINITY && !pieces.next().done);
      pieces.return(undefined);
    }
    if (first < Number.POSITIVE_INFINITY) return first;
  }
  return null;
}
