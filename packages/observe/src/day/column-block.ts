/**
 * One column of up to {@link BLOCK_ROWS} rows as bytes. Values of a day file are decimals with few digits, so they are
 * kept as whole numbers (value x 10^decimals) and as differences from row to row, zigzag and varint coded: a seventh of
 * the CSV after deflate, exact, and read back faster than text. Unknown values are NaN outside and runs inside.
 *
 * A block is a kind byte, then:
 * EMPTY nothing · CONSTANT the value (8 bytes) · SCALED decimals (1 byte), [runs], varints · RAW [runs], 8 bytes a value.
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
/** Scaled values stay below this, so that a doubled difference is still a whole number in a double. */
const LARGEST_SCALED = 2 ** 50;
const POWERS = Float64Array.from({ length: 16 }, (_, index) => Number(`1e${index}`));

/** Bytes that grow at the end. */
export interface ByteSink {
  bytes: Uint8Array;
  length: number;
}

/** An empty sink. */
export function createByteSink(capacity: number = 1024): ByteSink {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

function reserve(sink: ByteSink, more: number): void {
  if (sink.length + more <= sink.bytes.length) return;
  const grown = new Uint8Array(Math.max(sink.length + more, sink.bytes.length + (sink.bytes.length >> 1)));
  grown.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = grown;
}

function putVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x8000_0000) {
    bytes[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  let small = rest | 0;
  while (small >= 128) {
    bytes[at++] = (small & 127) | 0x80;
    small >>>= 7;
  }
  bytes[at++] = small;
  return at;
}

/** The doubles of a block as bytes, low byte first whatever the machine. */
const word = new DataView(new ArrayBuffer(8));

function putDouble(bytes: Uint8Array, start: number, value: number): number {
  word.setFloat64(0, value, true);
  for (let index = 0; index < 8; index += 1) bytes[start + index] = word.getUint8(index);
  return start + 8;
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

/** Appends `values[start, start + rows)` to the sink. `decimals` is the most decimals that any of them was written with. */
export function encodeColumnBlock(sink: ByteSink, values: Float64Array, start: number, rows: number, decimals: number): void {
  let known = 0;
  let first = Number.NaN;
  let same = true;
  for (let row = start; row < start + rows; row += 1) {
    const value = values[row] as number;
    if (value !== value) continue;
    if (known === 0) first = value;
    else if (value !== first) same = false;
    known += 1;
  }
  const lengths = known > 0 && known < rows ? stretches(values, start, rows) : null;
  reserve(sink, 32 + known * 8 + (lengths?.length ?? 0) * 3);
  const { bytes } = sink;
  let at = sink.length;
  if (known === 0) {
    bytes[at++] = EMPTY;
    sink.length = at;
    return;
  }
  if (lengths === null && same) {
    bytes[at++] = CONSTANT;
    sink.length = putDouble(bytes, at, first);
    return;
  }
  const putRuns = (): void => {
    if (lengths === null) return;
    at = putVarint(bytes, at, lengths.length);
    for (const length of lengths) at = putVarint(bytes, at, length);
  };
  const flag = lengths === null ? 0 : HAS_UNKNOWN;
  if (decimals < POWERS.length) {
    bytes[at++] = SCALED | flag;
    bytes[at++] = decimals;
    putRuns();
    const end = putScaled(bytes, at, values, start, rows, POWERS[decimals] as number);
    if (end >= 0) {
      sink.length = end;
      return;
    }
    at = sink.length;
  }
  bytes[at++] = RAW | flag;
  putRuns();
  for (let row = start; row < start + rows; row += 1) {
    const value = values[row] as number;
    if (value === value) at = putDouble(bytes, at, value);
  }
  sink.length = at;
}

/** Where the varints end, or -1 when a value is not exactly a whole number of that scale. Eight bytes a value were reserved. */
function putScaled(bytes: Uint8Array, from: number, values: Float64Array, start: number, rows: number, scale: number): number {
  let at = from;
  let before = 0;
  for (let row = start; row < start + rows; row += 1) {
    const value = values[row] as number;
    if (value !== value) continue;
    const scaled = scale === 1 ? value : Math.round(value * scale);
    if (!(scaled / scale === value && scaled < LARGEST_SCALED && scaled > -LARGEST_SCALED) || scaled !== Math.floor(scaled)) return -1;
    const step = scaled - before;
    before = scaled;
    const zigzag = step < 0 ? -2 * step - 1 : 2 * step;
    if (zigzag < 128) bytes[at++] = zigzag;
    else at = putVarint(bytes, at, zigzag);
  }
  return at;
}

/** Thrown for bytes that no encoder wrote. The caller knows the file and makes a message of it. */
export class TornBlockError extends Error {
  override readonly name = 'TornBlockError';
}

/**
 * Decodes the blocks of a column into `target[0, rows)`; NaN is unknown.
 * Throws {@link TornBlockError} when the bytes do not hold exactly that many rows.
 */
export function decodeColumn(bytes: Uint8Array, rows: number, target: Float64Array): void {
  let at = 0;
  for (let row = 0; row < rows; row += BLOCK_ROWS) at = decodeBlock(bytes, at, target, row, Math.min(BLOCK_ROWS, rows - row));
  if (at !== bytes.length) throw new TornBlockError('the column has bytes after its last row');
}

/** The position after the varint of the last {@link takeVarint}. */
let taken = 0;

function takeVarint(bytes: Uint8Array, start: number): number {
  let value = 0;
  let unit = 1;
  for (let at = start; at < bytes.length && at < start + 8; at += 1) {
    const byte = bytes[at] as number;
    value += (byte & 127) * unit;
    if (byte < 128) {
      taken = at + 1;
      return value;
    }
    unit *= 128;
  }
  throw new TornBlockError('a number is cut off');
}

function decodeBlock(bytes: Uint8Array, start: number, target: Float64Array, row: number, rows: number): number {
  let at = start;
  const kind = bytes[at++] ?? -1;
  if (kind === EMPTY) {
    target.fill(Number.NaN, row, row + rows);
    return at;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === CONSTANT) {
    if (at + 8 > bytes.length) throw new TornBlockError('a value is cut off');
    target.fill(view.getFloat64(at, true), row, row + rows);
    return at + 8;
  }
  const base = kind & 0x7f;
  if (base !== SCALED && base !== RAW) throw new TornBlockError('a block has an unknown kind');
  const scale = base === SCALED ? POWERS[bytes[at++] ?? NO_SCALE] : 1;
  if (scale === undefined) throw new TornBlockError('a block has an unknown scale');
  let lengths = [rows];
  if (kind & HAS_UNKNOWN) {
    const count = takeVarint(bytes, at);
    at = taken;
    if (count > rows + 1) throw new TornBlockError('a block has too many runs');
    lengths = [];
    for (let index = 0; index < count; index += 1) {
      lengths.push(takeVarint(bytes, at));
      at = taken;
    }
    if (lengths.reduce((sum, length) => sum + length, 0) !== rows) throw new TornBlockError('the runs of a block do not add up');
  }
  let to = row;
  let before = 0;
  for (const [index, length] of lengths.entries()) {
    const end = to + length;
    if (index % 2 === 1) target.fill(Number.NaN, to, end);
    else if (base === RAW) {
      if (at + length * 8 > bytes.length) throw new TornBlockError('a value is cut off');
      for (; to < end; to += 1, at += 8) target[to] = view.getFloat64(at, true);
    } else {
      // Differences of up to three bytes are nearly all of them; they stay in whole 32-bit arithmetic.
      for (; to < end; to += 1) {
        const low = bytes[at] ?? 0x80;
        const middle = low < 128 ? 0 : (bytes[at + 1] ?? 0x80);
        const high = low < 128 || middle < 128 ? 0 : (bytes[at + 2] ?? 0x80);
        if (high < 128) {
          const code = low < 128 ? low : (low & 127) | ((middle & 127) << 7) | (high << 14);
          at += low < 128 ? 1 : middle < 128 ? 2 : 3;
          before += (code >>> 1) ^ -(code & 1);
        } else {
          const code = takeVarint(bytes, at);
          at = taken;
          before += code % 2 === 0 ? code / 2 : -(code + 1) / 2;
        }
        target[to] = before / scale;
      }
    }
    to = end;
  }
  return at;
}
