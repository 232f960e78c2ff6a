import { crc32 } from 'node:zlib';
import { BLOCK_ROWS, createByteSink, decodeColumnBlock, encodeColumnBlock } from '../day/column-block.ts';
import type { ByteSink } from '../day/column-block.ts';
import { putVarint, takeVarint, TornBlockError } from '../day/varint.ts';
import type { ByteCursor } from '../day/varint.ts';
import { seriesMeta } from '../serve/series.ts';
import { LONGEST_NAME, MOST_SERIES } from './tier.ts';

/**
 * A block of a tier's file: some buckets of some series. It can be read without the rest of the file, but for the names.
 * Layout: marker (4 bytes) · length of the body · CRC-32 of the body (4 bytes each, low byte first) · body:
 * rows · 0, number of names, names (length, UTF-8) or 1, CRC-32 of a list of names that an earlier block of the file has ·
 * times as numbers of buckets · for each series the length of what follows, then four columns (day/column-block.ts):
 * samples, mean, mean - min, max - mean. Whole numbers are varints. NaN stands where a series has no value in a bucket.
 */
export const MARKER: Buffer = Buffer.from('HTB\n', 'latin1');
/** Bytes before the body. */
export const HEAD: number = 12;
/** A longer body is none: 1,024 series of 360 buckets in full precision have 12 MiB. */
export const LONGEST_BODY: number = 16 * 1024 * 1024;

/** The numbers of one series in a block, a cell a row. */
export interface SeriesColumns {
  readonly id: string;
  readonly count: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** Names that a file has, by their checksum. A block that lists none names an earlier list. */
export type NameLists = Map<number, readonly string[]>;

const INLINE = 0;
const REFERENCE = 1;

const bytesOf = (names: readonly string[]): Buffer => {
  const sink = createByteSink(names.length * 40);
  put(sink, (bytes, at) => putVarint(bytes, at, names.length), 8);
  for (const name of names) {
    const text = Buffer.from(name);
    put(sink, (bytes, at) => putVarint(bytes, at, text.length), 8);
    putBytes(sink, text);
  }
  return Buffer.from(sink.bytes.buffer, sink.bytes.byteOffset, sink.length);
};

function reserve(sink: ByteSink, more: number): void {
  if (sink.length + more <= sink.bytes.length) return;
  const larger = new Uint8Array(Math.max(sink.length + more, sink.bytes.length * 2));
  larger.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = larger;
}

function put(sink: ByteSink, write: (bytes: Uint8Array, at: number) => number, room: number): void {
  reserve(sink, room);
  sink.length = write(sink.bytes, sink.length);
}

function putBytes(sink: ByteSink, bytes: Uint8Array): void {
  reserve(sink, bytes.length);
  sink.bytes.set(bytes, sink.length);
  sink.length += bytes.length;
}

const POWERS = Float64Array.from({ length: 16 }, (_, index) => Number(`1e${index}`));
let middles = new Float64Array(0);
let below = new Float64Array(0);
let above = new Float64Array(0);

function encodeSeries({ id, count, mean, min, max }: SeriesColumns, rows: number, sink: ByteSink): void {
  const decimals = seriesMeta(id)?.decimals ?? 3;
  if (below.length < rows) {
    middles = new Float64Array(rows);
    below = new Float64Array(rows);
    above = new Float64Array(rows);
  }
  const power = POWERS[decimals] ?? 1;
  for (let row = 0; row < rows; row++) {
    // Rounded first, so that what is kept of the least and greatest value is right to the last digit.
    const middle = Math.round(mean[row]! * power);
    middles[row] = middle / power;
    below[row] = (middle - Math.round(min[row]! * power)) / power;
    above[row] = (Math.round(max[row]! * power) - middle) / power;
  }
  encodeColumnBlock(sink, count, 0, rows, 0);
  encodeColumnBlock(sink, middles, 0, rows, decimals);
  encodeColumnBlock(sink, below, 0, rows, decimals);
  encodeColumnBlock(sink, above, 0, rows, decimals);
}

/** Series that are encoded or decoded between two pauses. */
const PIECE = 8;

/**
 * Makes one block, with pauses. `times` are numbers of buckets (seconds / step), in order, at most {@link BLOCK_ROWS}; `columnsOf` brings
 * the columns of each name. Names are written only when `known` has no such list; the block that has them must then be written first.
 */
export function* encodeTierBlock(
  times: Float64Array,
  names: readonly string[],
  columnsOf: (id: string) => SeriesColumns,
  known: NameLists,
): Generator<void, Buffer> {
  const list = bytesOf(names);
  const checksum = crc32(list);
  const sink = createByteSink(HEAD + 1024 + names.length * 128);
  sink.length = HEAD;
  put(sink, (bytes, at) => putVarint(bytes, at, times.length), 8);
  if (known.has(checksum)) {
    const reference = Buffer.alloc(5, REFERENCE);
    reference.writeUInt32LE(checksum, 1);
    putBytes(sink, reference);
  } else {
    putBytes(sink, Uint8Array.of(INLINE));
    putBytes(sink, list);
    known.set(checksum, names);
  }
  encodeColumnBlock(sink, times, 0, times.length, 0);
  const columns = createByteSink(4096);
  for (const [index, id] of names.entries()) {
    columns.length = 0;
    encodeSeries(columnsOf(id), times.length, columns);
    put(sink, (bytes, at) => putVarint(bytes, at, columns.length), 8);
    putBytes(sink, columns.bytes.subarray(0, columns.length));
    if (index % PIECE === PIECE - 1) yield;
  }
  const block = Buffer.from(sink.bytes.buffer, sink.bytes.byteOffset, sink.length);
  MARKER.copy(block, 0);
  block.writeUInt32LE(sink.length - HEAD, 4);
  block.writeUInt32LE(crc32(block.subarray(HEAD)), 8);
  return block;
}

/** What a block holds, to be asked for series by series. */
export interface TierBlock {
  readonly rows: number;
  readonly names: readonly string[];
  /** Numbers of buckets. */
  readonly times: Float64Array;
  /** Reads the series that `wanted` takes, once, with pauses; `extremes` says whether min and max are read too. One set of arrays serves all calls of `take`. */
  read(wanted: (id: string) => boolean, extremes: boolean, take: (columns: SeriesColumns) => void): Generator<void>;
}

/** Reads names; null for a reference to a list that is not there. */
function takeNames(cursor: ByteCursor, known: NameLists): readonly string[] | null {
  const kind = cursor.bytes[cursor.at++];
  if (kind === REFERENCE) {
    const at = cursor.at;
    cursor.at += 4;
    if (cursor.at > cursor.bytes.length) throw new TornBlockError('a reference is cut off');
    return known.get(Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset + at, 4).readUInt32LE()) ?? null;
  }
  if (kind !== INLINE) throw new TornBlockError('a block has an unknown kind of names');
  const start = cursor.at;
  const count = takeVarint(cursor);
  if (count > MOST_SERIES) throw new TornBlockError('a block has too many names');
  const names = Array.from({ length: count }, () => {
    const length = takeVarint(cursor);
    const at = cursor.at;
    cursor.at += length;
    if (length > LONGEST_NAME || cursor.at > cursor.bytes.length) throw new TornBlockError('a name is cut off');
    return Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset + at, length).toString();
  });
  known.set(crc32(cursor.bytes.subarray(start, cursor.at)), names);
  return names;
}

/**
 * Opens the body of a block whose checksum was right; null when its names were in a block that is lost.
 * Throws TornBlockError for bytes that no encoder wrote.
 */
export function openTierBlock(body: Uint8Array, known: NameLists): TierBlock | null {
  const cursor: ByteCursor = { bytes: body, at: 0 };
  const rows = takeVarint(cursor);
  if (rows < 1 || rows > BLOCK_ROWS) throw new TornBlockError('a block has too many rows');
  const names = takeNames(cursor, known);
  if (names === null) return null;
  const times = new Float64Array(rows);
  decodeColumnBlock(cursor, rows, times);
  return {
    rows,
    names,
    times,
    *read(wanted, extremes, take) {
      const count = new Float64Array(rows);
      const mean = new Float64Array(rows);
      const min = new Float64Array(rows);
      const max = new Float64Array(rows);
      for (const [index, id] of names.entries()) {
        const length = takeVarint(cursor);
        const end = cursor.at + length;
        if (end > body.length) throw new TornBlockError('a series is cut off');
        if (wanted(id)) {
          decodeColumnBlock(cursor, rows, count);
          decodeColumnBlock(cursor, rows, mean);
          if (extremes) {
            decodeColumnBlock(cursor, rows, min);
            decodeColumnBlock(cursor, rows, max);
            for (let row = 0; row < rows; row++) {
              min[row] = mean[row]! - min[row]!;
              max[row]! += mean[row]!;
            }
          }
          take({ id, count, mean, min, max });
        }
        cursor.at = end;
        if (index % PIECE === PIECE - 1) yield;
      }
    },
  };
}
