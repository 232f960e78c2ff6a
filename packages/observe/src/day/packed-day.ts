import { BLOCK_ROWS, createByteSink, decodeColumn, encodeColumnBlock } from './column-block.ts';
import type { ByteSink } from './column-block.ts';
import type { RowBlock } from './csv-row.ts';

/** What was wrong with a day's file; none of it stops a report, all of it is told. */
export interface DayFlaws {
  /** Lines that were left out: another number of cells than the header, or no timestamp. */
  readonly malformedLines: number;
  /** Cells that were neither empty nor a number; their row counts with the value unknown. */
  readonly malformedCells: number;
  /** True when the file ends without a newline: its last line was left out. */
  readonly torn: boolean;
}

/** The rows of one day, a column at a time. */
export interface Day {
  /** `2026-11-21` */
  readonly day: string;
  readonly rows: number;
  /** Names of the columns, without `timestamp`, in the file's order. */
  readonly columns: readonly string[];
  readonly flaws: DayFlaws;
  /** The least and greatest wall clock (ms, as if it were UTC) of its rows; null when it has none. */
  readonly wallRange: readonly [number, number] | null;
  /** Fills `target[0, rows)` with milliseconds since 1970, UTC. */
  readTimes(target: Float64Array): void;
  /** Fills `target[0, rows)` with minutes from UTC to the wall clock as written. */
  readOffsets(target: Float64Array): void;
  /** Fills `target[0, rows)` with the values of a column; NaN is unknown. */
  readColumn(column: number, target: Float64Array): void;
  /** Bytes of memory that its packed columns take; 0 when they stay in a file. */
  readonly heldBytes: number;
}

/** A day packed in memory: a fifth of its CSV. `packs` are the columns as `encodeColumnBlock` wrote them: times, offsets, then values. */
export interface PackedDay extends Day {
  readonly packs: readonly Uint8Array[];
}

/** Collects blocks of rows into packed days, one day after another in the same memory. */
export interface DayPacker {
  /** Begins a day: what was packed before is overwritten. */
  begin(): void;
  /** Adds a column; the rows before have no value for it. Returns its index. */
  addColumn(name: string): number;
  /** Packs the rows of a block. */
  add(block: RowBlock): void;
  /** The day, valid until `begin`. */
  finish(day: string, flaws: DayFlaws): PackedDay;
  /** Leaves the memory to the day that was finished last: it stays valid, and the next one gets its own. */
  release(): void;
}

const NOTHING = new Float64Array(BLOCK_ROWS).fill(Number.NaN);

/** A packer. */
export function createDayPacker(): DayPacker {
  let sinks: ByteSink[] = [];
  let names: string[] = [];
  let rows = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return {
    begin() {
      for (const sink of sinks) sink.length = 0;
      sinks[0] ??= createByteSink();
      sinks[1] ??= createByteSink();
      names = [];
      rows = 0;
      first = Number.POSITIVE_INFINITY;
      last = Number.NEGATIVE_INFINITY;
    },
    addColumn(name) {
      const index = names.push(name) - 1;
      const sink = (sinks[index + 2] ??= createByteSink());
      for (let row = 0; row < rows; row += BLOCK_ROWS) encodeColumnBlock(sink, NOTHING, 0, Math.min(BLOCK_ROWS, rows - row), 0);
      return index;
    },
    add(block) {
      // All blocks but the last are full, so that a reader knows where each begins.
      if (rows % BLOCK_ROWS !== 0) throw new RangeError('a block follows one that was not full');
      for (let row = 0; row < block.rows; row += 1) {
        const wall = (block.times[row] as number) + (block.offsets[row] as number) * 60_000;
        if (wall < first) first = wall;
        if (wall > last) last = wall;
      }
      encodeColumnBlock(sinks[0] as ByteSink, block.times, 0, block.rows, 0);
      encodeColumnBlock(sinks[1] as ByteSink, block.offsets, 0, block.rows, 0);
      for (let column = 0; column < names.length; column += 1) {
        encodeColumnBlock(sinks[column + 2] as ByteSink, block.values, column * BLOCK_ROWS, block.rows, block.decimals[column] ?? 0);
      }
      rows += block.rows;
    },
    finish(day, flaws) {
      const packs = sinks.slice(0, names.length + 2).map(({ bytes, length }) => bytes.subarray(0, length));
      return createPackedDay({ day, rows, columns: names, flaws, wallRange: rows === 0 ? null : [first, last] }, packs);
    },
    release() {
      sinks = [];
    },
  };
}

function createPackedDay(facts: Omit<DayFacts, 'heldBytes'>, packs: readonly Uint8Array[]): PackedDay {
  const heldBytes = packs.reduce((sum, { length }) => sum + length, 0);
  return { ...createDay({ ...facts, heldBytes }, (index) => packs[index] as Uint8Array), packs };
}

/** What is known of a day without its columns. */
export type DayFacts = Pick<Day, 'day' | 'rows' | 'columns' | 'flaws' | 'wallRange' | 'heldBytes'>;

/** A day whose packed columns `pack` brings: index 0 is the times, 1 the offsets, 2 the first column. */
export function createDay(facts: DayFacts, pack: (index: number) => Uint8Array): Day {
  const read = (index: number, target: Float64Array): void => decodeColumn(pack(index), facts.rows, target);
  return {
    ...facts,
    readTimes: (target) => read(0, target),
    readOffsets: (target) => read(1, target),
    readColumn: (column, target) => read(column + 2, target),
  };
}
