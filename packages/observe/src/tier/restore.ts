import type { BucketRow, Cell } from './aggregator.ts';
import { addToTable } from './bucket-table.ts';
import type { BucketTable } from './bucket-table.ts';
import { readTier } from './tier-reader.ts';
import { listSegments, segmentPaths } from './segment.ts';
import { readSegmentFile, withFile } from './segment-reader.ts';
import type { TierWriter } from './tier-writer.ts';

/**
 * Gives coarser tiers what they miss of what the finest one has on disk: after a kill, the buckets that were in work, and rows that
 * waited. Only the open files of the finest tier are looked at: coarser ones are always written before those are sealed. What is there
 * already is known by the number of samples, so nothing counts twice.
 */
export function* restoreCoarser([finest, ...coarser]: readonly [TierWriter, ...TierWriter[]]): Generator<void> {
  const fine: BucketTable = new Map();
  const { directory, tier } = finest;
  for (const segment of listSegments(directory).filter(({ open }) => open.length > 0)) {
    for (const file of segmentPaths(directory, segment)) {
      yield* withFile(file, (opened) =>
        readSegmentFile(
          opened,
          tier,
          () => true,
          true,
          (id, time, cell) => addToTable(fine, id, time, cell),
        ),
      );
    }
  }
  for (const writer of coarser) for (const row of yield* missingRows(fine, writer)) writer.push(row);
}

function* missingRows(fine: BucketTable, { directory, tier }: TierWriter): Generator<void, BucketRow[]> {
  const wanted: BucketTable = new Map();
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const [id, cells] of fine) {
    for (const [time, cell] of cells) {
      const bucket = Math.floor(time / tier.step) * tier.step;
      addToTable(wanted, id, bucket, cell);
      from = Math.min(from, bucket);
      to = Math.max(to, bucket);
    }
    yield;
  }
  if (wanted.size === 0) return [];
  yield* readTier(directory, tier, { from, to, wanted: (id) => wanted.has(id), extremes: false }, (id, time, { count, sum }) => {
    const cell = wanted.get(id)?.get(time);
    if (!cell) return;
    cell.count -= count;
    cell.sum -= sum;
  });
  const rows = new Map<number, { time: number; ids: string[]; cells: Cell[] }>();
  for (const [id, cells] of wanted) {
    for (const [time, cell] of cells) {
      if (cell.count <= 0) continue;
      const row = rows.get(time) ?? { time, ids: [], cells: [] };
      row.ids.push(id);
      row.cells.push(cell);
      rows.set(time, row);
    }
    yield;
  }
  return [...rows.values()].toSorted((a, b) => a.time - b.time);
}
