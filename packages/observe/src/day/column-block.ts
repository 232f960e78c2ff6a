import { GROUP, GROUP_BYTES, putGroup, takeGroup } from './bit-pack.ts';
import { putVarint, takeVarint, TornBlockError } from './varint.ts';
import type { ByteCursor } from './varint.ts';

/**
 * One column of up to {@link BLOCK_ROWS} rows as bytes. Values of a day file are decimals with few digits, so they are
 * kept as whole numbers (value x 10^decimals / the divisor that all share) and as differences from row to row: a fifth
 * of the CSV, exact, and read back several times faster than text. Unknown values are NaN outside and runs inside.
 *
 * A block is a kind byte, then:
 * EMPTY nothing · CONSTANT the value (8 bytes) · SCALED decimals (1 byte), the first value and the divisor (varints; the
 * first as zigzag), [runs], groups of differences (see bit-pack.ts) · RAW [runs], 8 bytes a value.
 * `runs` stand there when HAS_UNKNOWN is set: their number, then lengths of known and unknown stretches by turns.
 */
export const BLOCK_ROWS = 3600;

const EMPTY = 0;
const CONSTANT = 1;
const SCALED = 2;
const RAW = 3;
const HAS_UNKNOWN = 0x80;

/** Decimals of a column that has numbers no scale makes whole (`1e-7`, 17 digits): it is kept as RAW. */
export const NO_SCALE = 255;
/** Scaled values stay below this, so that twice a difference is still a whole number in a double. */
const LARGEST_SCALED = 2 ** 50;
const POWERS = Float64Array.from({ length: 16 }, (_, index) => Number(`1e${index}`));

/** Bytes that grow at the end. */
export interface ByteSink {
  bytes: Uint8Array;
  length: number;
}

/** An empty sink. */
export function createByteSink(capacity: number = 32 * 1024): ByteSink {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

function reserve(sink: ByteSink, more: number): void {
  if (sink.length + more <= sink.bytes.length) return;
  const grown = new Uint8Array(Math.max(sink.length + more, sink.bytes.length * 2));
  grown.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = grown;
}

/** A double as bytes, low byte first whatever the machine. */
const word = new DataView(new ArrayBuffer(8));

function putDouble(bytes: Uint8Array, from: number, value: number): number {
  word.setFloat64(0, value, true);
  for (let index = 0; index < 8; index += 1) bytes[from + index] = word.getUint8(index);
  return from + 8;
}

/** The stretches of known and unknown values by turns, starting with known. */
function stretches(values: Float64Array, start: number, rows: number): number[] {
  const lengths: number[] = [];
  let known = true;
  let since = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = values[start + row] as number;
    if ((value === value) === known) continue;
    lengths.push(row - since);
    since = row;
    known = !known;
  }
  lengths.push(rows - since);
  return lengths;
}

/** Differences of the block at work; blocks are packed and read one after another. */
const differences = new Float64Array(BLOCK_ROWS);

/**
 * Appends `values[start, start + rows)` to the sink. `decimals` is the most decimals that any of them was written with, at
 * most 15 digits in all; {@link NO_SCALE} when there is one that was written otherwise.
 */
export function encodeColumnBlock(sink: ByteSink, values: Float64Array, start: number, rows: number, decimals: number): void {
  const power = POWERS[decimals];
  const scaled = power !== undefined && scale(values, start, rows, power);
  if (!scaled) keepRaw(values, start, rows);
  const { known, divisor } = block;
  const lengths = known > 0 && known < rows ? stretches(values, start, rows) : null;
  reserve(sink, 64 + Math.ceil(known / GROUP) * GROUP_BYTES + known + (lengths?.length ?? 0) * 2);
  const { bytes } = sink;
  let at = sink.length;
  if (known === 0) {
    bytes[at++] = EMPTY;
  } else if (scaled && lengths === null && divisor === 0) {
    bytes[at++] = CONSTANT;
    at = putDouble(bytes, at, values[start] as number);
  } else {
    bytes[at++] = (scaled ? SCALED : RAW) | (lengths === null ? 0 : HAS_UNKNOWN);
    if (scaled) {
      bytes[at++] = decimals;
      at = putVarint(bytes, at, block.first < 0 ? -2 * block.first - 1 : 2 * block.first);
      at = putVarint(bytes, at, divisor);
    }
    if (lengths !== null) {
      at = putVarint(bytes, at, lengths.length);
      for (const length of lengths) at = putVarint(bytes, at, length);
    }
    if (scaled) {
      for (let group = 1; group < known; group += GROUP) at = putGroup(bytes, at, differences, group, Math.min(GROUP, known - group));
    } else {
      for (let index = 0; index < known; index += 1) at = putDouble(bytes, at, differences[index] as number);
    }
  }
  sink.length = at;
}

/** What {@link scale} and {@link keepRaw} found in the block at work. */
const block = { known: 0, first: 0, divisor: 0 };

/** Puts the known values into `differences` as they are. */
function keepRaw(values: Float64Array, start: number, rows: number): void {
  let known = 0;
  for (let row = start; row < start + rows; row += 1) {
    const value = values[row] as number;
    if (value === value) differences[known++] = value;
  }
  block.known = known;
}

/**
 * Puts the differences of the scaled known values into `differences` (from the second on) and divides them by what divides
 * them all: memory comes in pages. The divisor is 0 when all values are equal. False when a value is too large: below 2^50
 * rounding brings back exactly the digits that were read, because value and product are off by 2^-53 of their size each,
 * together less than a quarter.
 */
function scale(values: Float64Array, start: number, rows: number, power: number): boolean {
  let known = 0;
  let first = 0;
  let before = 0;
  let divisor = 0;
  for (let row = start; row < start + rows; row += 1) {
    const value = values[row] as number;
    if (value !== value) continue;
    const scaled = Math.round(value * power);
    if (!(scaled < LARGEST_SCALED && scaled > -LARGEST_SCALED)) return false;
    if (known === 0) first = before = scaled;
    const difference = scaled - before;
    before = scaled;
    differences[known++] = difference;
    if (divisor !== 1 && difference !== 0 && (divisor === 0 || difference % divisor !== 0))
      divisor = commonDivisor(Math.abs(difference), divisor);
  }
  if (divisor > 1) for (let index = 1; index < known; index += 1) differences[index] = (differences[index] as number) / divisor;
  block.known = known;
  block.first = first;
  block.divisor = divisor;
  return true;
}

function commonDivisor(first: number, second: number): number {
  let a = first;
  let b = second;
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/**
 * Decodes the blocks of a column into `target[0, rows)`; NaN is unknown.
 * Throws {@link TornBlockError} when the bytes do not hold exactly that many rows.
 */
export function decodeColumn(bytes: Uint8Array, rows: number, target: Float64Array): void {
  const cursor: ByteCursor = { bytes, at: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let row = 0; row < rows; row += BLOCK_ROWS) decodeBlock(cursor, view, target, row, Math.min(BLOCK_ROWS, rows - row));
  if (cursor.at !== bytes.length) throw new TornBlockError('the column has bytes after its last row');
}

/**
 * Decodes one block of `rows` rows, at most {@link BLOCK_ROWS}, where the cursor stands into `target[0, rows)`, and moves the cursor behind it.
 * Throws {@link TornBlockError} for bytes that no encoder wrote.
 */
export function decodeColumnBlock(cursor: ByteCursor, rows: number, target: Float64Array): void {
  decodeBlock(cursor, new DataView(cursor.bytes.buffer, cursor.bytes.byteOffset, cursor.bytes.byteLength), target, 0, rows);
}

function takeByte(cursor: ByteCursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw new TornBlockError('a block is cut off');
  cursor.at += 1;
  return byte;
}

function takeDouble(cursor: ByteCursor, view: DataView): number {
  if (cursor.at + 8 > view.byteLength) throw new TornBlockError('a value is cut off');
  cursor.at += 8;
  return view.getFloat64(cursor.at - 8, true);
}

function decodeBlock(cursor: ByteCursor, view: DataView, target: Float64Array, row: number, rows: number): void {
  const kind = takeByte(cursor);
  if (kind === EMPTY) {
    target.fill(Number.NaN, row, row + rows);
    return;
  }
  if (kind === CONSTANT) {
    target.fill(takeDouble(cursor, view), row, row + rows);
    return;
  }
  const base = kind & 0x7f;
  if (base !== SCALED && base !== RAW) throw new TornBlockError('a block has an unknown kind');
  const power = base === SCALED ? POWERS[takeByte(cursor)] : 1;
  if (power === undefined) throw new TornBlockError('a block has an unknown scale');
  const firstCode = base === SCALED ? takeVarint(cursor) : 0;
  const divisor = base === SCALED ? takeVarint(cursor) : 1;
  const lengths = kind & HAS_UNKNOWN ? takeRuns(cursor, rows) : [rows];
  let known = 0;
  for (let index = 0; index < lengths.length; index += 2) known += lengths[index] as number;
  if (base === RAW) {
    for (let index = 0; index < known; index += 1) differences[index] = takeDouble(cursor, view);
  } else {
    differences[0] = 0;
    for (let group = 1; group < known; group += GROUP) takeGroup(cursor, differences, group, Math.min(GROUP, known - group));
    sumUp(known, firstCode % 2 === 0 ? firstCode / 2 : -(firstCode + 1) / 2, divisor, power);
  }
  let from = 0;
  let to = row;
  for (const [index, length] of lengths.entries()) {
    if (index % 2 === 1) target.fill(Number.NaN, to, to + length);
    else {
      target.set(differences.subarray(from, from + length), to);
      from += length;
    }
    to += length;
  }
}

/** Turns `differences` into values again. */
function sumUp(known: number, first: number, divisor: number, power: number): void {
  let sum = first;
  for (let index = 0; index < known; index += 1) {
    sum += (differences[index] as number) * divisor;
    differences[index] = sum / power;
  }
}

function takeRuns(cursor: ByteCursor, rows: number): number[] {
  const count = takeVarint(cursor);
  if (count > rows + 1) throw new TornBlockError('a block has too many runs');
  const lengths: number[] = [];
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const length = takeVarint(cursor);
    lengths.push(length);
    sum += length;
  }
  if (sum !== rows) throw new TornBlockError('the runs of a block do not add up');
  return lengths;
}
