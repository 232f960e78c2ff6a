import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeAll } from '../day/write-whole.ts';
import type { Cell } from './aggregator.ts';
import { readBlocks } from './block-file.ts';
import { addToTable, fullestSeries, seriesColumns } from './bucket-table.ts';
import type { BucketTable } from './bucket-table.ts';
import { readSegmentFile, withFile } from './segment-reader.ts';
import { segmentFile, segmentPaths, UNFINISHED } from './segment.ts';
import type { Segment } from './segment.ts';
import { encodeTierBlock } from './tier-block.ts';
import type { Tier } from './tier.ts';

/** Series that are in memory at once. */
const GROUP = 32;

/**
 * Puts the files of a segment together into one, a block a series, with every bucket once and in order. Each piece of work is short; the
 * last one makes the new file count. Of the segment that is appended to (`isCurrent`) the newest file stays. Throws the error of the system: the segment then stays as it is.
 */
export function* sealSegment(directory: string, tier: Tier, given: Segment, isCurrent = false): Generator<void> {
  const segment = isCurrent ? { ...given, open: given.open.slice(0, -1) } : given;
  const number = Math.max(segment.sealed, ...segment.open);
  const target = path.join(directory, segmentFile(segment.start, number, 'sealed'));
  const temporary = `${target}${UNFINISHED}`;
  const sources = segmentPaths(directory, segment);
  const descriptor = openSync(temporary, 'w', 0o644);
  let isDone = false;
  try {
    try {
      const ids = yield* seriesOf(sources);
      for (let at = 0; at < ids.length; at += GROUP) {
        const group = new Set(ids.slice(at, at + GROUP));
        const table: BucketTable = new Map();
        yield* readInto(table, sources, tier, (id) => group.has(id));
        for (const [id, cells] of table) {
          writeAll(descriptor, yield* encodeSeries(tier, id, cells));
          yield;
        }
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
    isDone = true;
  } finally {
    // Also when the work is left in the middle.
    if (!isDone) rmSync(temporary, { force: true });
  }
  for (const file of sources) rmSync(file, { force: true });
}

function encodeSeries({ step }: Tier, id: string, cells: ReadonlyMap<number, Cell>): Generator<void, Buffer> {
  const buckets = [...cells.keys()].toSorted((a, b) => a - b);
  const times = Float64Array.from(buckets, (time) => Math.round(time / step));
  return encodeTierBlock(times, [id], () => seriesColumns(id, buckets, cells), new Map());
}

function* readInto(table: BucketTable, files: readonly string[], tier: Tier, wanted: (id: string) => boolean): Generator<void> {
  const add = (id: string, time: number, cell: Cell): void => addToTable(table, id, time, cell);
  for (const file of files) yield* withFile(file, (opened) => readSegmentFile(opened, tier, wanted, true, add));
}

/** The series that a segment has, as far as they fit. */
function* seriesOf(files: readonly string[]): Generator<void, string[]> {
  const buckets = new Map<string, number>();
  for (const file of files) {
    yield* withFile(file, function* (opened) {
      for (const { names, rows } of readBlocks(opened.descriptor, opened.size, new Map(), { blocks: 0, end: 0 })) {
        for (const id of names) buckets.set(id, (buckets.get(id) ?? 0) + rows);
        yield;
      }
    });
  }
  return fullestSeries(buckets);
}
