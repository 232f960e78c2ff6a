import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BucketRow, Cell } from './aggregator.ts';
import { openBlockFile } from './block-file.ts';
import type { BlockFile } from './block-file.ts';
import { addToTable, fullestSeries, seriesColumns } from './bucket-table.ts';
import type { BucketTable } from './bucket-table.ts';
import { listSegments, segmentFile, segmentStart } from './segment.ts';
import { encodeTierBlock } from './tier-block.ts';
import type { Tier } from './tier.ts';

/** Appends the rows of one tier to its segments. */
export interface TierWriter {
  readonly directory: string;
  readonly tier: Tier;
  /** Rows that are in no file yet, oldest first. */
  readonly waiting: readonly BucketRow[];
  /** Rows that were lost because nothing could be written for so long. */
  readonly dropped: number;
  /** Adds a row, which then waits. */
  push(row: BucketRow): void;
  /** Writes what waits, with pauses. Throws the error of the system; what could not be written goes on waiting. */
  flush(): Generator<void>;
  /** Gives the open file back: the next block opens one anew. */
  release(): void;
}

/** Cells that wait while nothing can be written: an hour of a small machine, some two megabytes of memory. */
const MOST_CELLS = 20_000;
/** Blocks from one list of names to the next: so much is lost with a list. */
const BLOCKS_A_LIST = 60;
/** An open file that is larger is sealed before its time. */
const LARGEST_OPEN = 8 * 1024 * 1024;
/** Rows in one block. */
const MOST_ROWS = 60;

/** A writer of one tier. Nothing is made before there is something to write. */
export function createTierWriter(directory: string, tier: Tier): TierWriter {
  let waiting: BucketRow[] = [];
  let cells = 0;
  let dropped = 0;
  let blocks = 0;
  let file: (BlockFile & { readonly start: number }) | null = null;

  const release = (): void => {
    file?.close();
    file = null;
  };

  /** The open file of a segment. One that was moved away or deleted is made anew. */
  const fileOf = (start: number): BlockFile => {
    if (file && (file.start !== start || file.size > LARGEST_OPEN || !file.isInPlace())) release();
    if (!file) {
      mkdirSync(directory, { recursive: true });
      const segment = listSegments(directory).find((one) => one.start === start);
      const last = segment?.open.at(-1) ?? 0;
      const isFull = last > 0 && statSync(path.join(directory, segmentFile(start, last, 'open'))).size > LARGEST_OPEN;
      const number = last > 0 && !isFull ? last : Math.max(last, segment?.sealed ?? 0) + 1;
      file = Object.assign(openBlockFile(path.join(directory, segmentFile(start, number, 'open'))), { start });
      blocks = 0;
    }
    if (blocks++ % BLOCKS_A_LIST === 0) file.names.clear();
    return file;
  };

  return {
    directory,
    tier,
    get waiting() {
      return waiting;
    },
    get dropped() {
      return dropped;
    },
    push(row) {
      waiting.push(row);
      cells += row.ids.length;
      while (cells > MOST_CELLS && waiting.length > 1) {
        cells -= waiting.shift()!.ids.length;
        dropped++;
      }
    },
    *flush() {
      while (waiting.length > 0) {
        const start = segmentStart(tier, waiting[0]!.time);
        const other = waiting.findIndex(({ time }) => segmentStart(tier, time) !== start);
        const rows = waiting.slice(0, Math.min(other < 0 ? waiting.length : other, MOST_ROWS));
        const target = fileOf(start);
        try {
          const block = yield* encodeRows(rows, tier, target);
          target.append(block);
        } catch (error) {
          release();
          throw error;
        }
        // Others may have come, and the oldest may have been dropped meanwhile.
        const written = new Set(rows);
        waiting = waiting.filter((row) => !written.has(row));
        cells = waiting.reduce((sum, { ids }) => sum + ids.length, 0);
      }
    },
    release,
  };
}

function* encodeRows(rows: readonly BucketRow[], { step }: Tier, { names }: BlockFile): Generator<void, Buffer> {
  const table: BucketTable = new Map();
  for (const { time, ids, cells } of rows) {
    for (const [index, id] of ids.entries()) addToTable(table, id, time, cells[index]!);
    yield;
  }
  const buckets = [...new Set(rows.map(({ time }) => time))].toSorted((a, b) => a - b);
  const ids = fullestSeries(new Map([...table].map(([id, found]): [string, number] => [id, found.size])));
  const none: ReadonlyMap<number, Cell> = new Map();
  const times = Float64Array.from(buckets, (time) => Math.round(time / step));
  return yield* encodeTierBlock(times, ids, (id) => seriesColumns(id, buckets, table.get(id) ?? none), names);
}
