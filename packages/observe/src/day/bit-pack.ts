import { putVarint, takeVarint, TornBlockError } from './varint.ts';
import type { ByteCursor } from './varint.ts';

/**
 * Whole numbers as differences, 32 to a group: the least difference of the group, then what each is above it in as few
 * bits as the largest needs. It is the idea of Parquet's DELTA_BINARY_PACKED. Against varints and deflate it took the same
 * room on random walks, needs no inflate, and a stretch that does not change costs two bytes.
 */
export const GROUP: number = 32;

/** The most bytes that a group can take: a varint, a width, 53 bits a number. */
export const GROUP_BYTES: number = 8 + 1 + (GROUP * 53) / 8 + 1;

/** Pieces of a number that are shifted in whole 32-bit arithmetic. */
const PIECE = 24;
const PIECE_SIZE = 2 ** PIECE;

/** Appends `numbers[start, start + count)`, at most {@link GROUP}, and returns the end. All differences are below 2^52. */
export function putGroup(bytes: Uint8Array, from: number, numbers: Float64Array, start: number, count: number): number {
  let least = numbers[start] as number;
  let most = least;
  for (let index = start + 1; index < start + count; index += 1) {
    const number = numbers[index] as number;
    if (number < least) least = number;
    else if (number > most) most = number;
  }
  let at = putVarint(bytes, from, least < 0 ? -2 * least - 1 : 2 * least);
  const range = most - least;
  const bits = range < 2 ** 31 ? 32 - Math.clz32(range) : 64 - Math.clz32(Math.floor(range / 2 ** 32));
  bytes[at++] = bits;
  if (bits === 0) return at;
  let held = 0;
  let waiting = 0;
  if (bits <= PIECE) {
    for (let index = start; index < start + count; index += 1) {
      held |= ((numbers[index] as number) - least) << waiting;
      for (waiting += bits; waiting >= 8; waiting -= 8) {
        bytes[at++] = held;
        held >>>= 8;
      }
    }
    if (waiting > 0) bytes[at++] = held;
    return at;
  }
  for (let index = start; index < start + count; index += 1) {
    let rest = (numbers[index] as number) - least;
    for (let left = bits; left > 0; left -= PIECE) {
      held |= (left > PIECE ? rest % PIECE_SIZE : rest) << waiting;
      waiting += left > PIECE ? PIECE : left;
      if (left > PIECE) rest = Math.floor(rest / PIECE_SIZE);
      for (; waiting >= 8; waiting -= 8) {
        bytes[at++] = held;
        held >>>= 8;
      }
    }
  }
  if (waiting > 0) bytes[at++] = held;
  return at;
}

/** Reads a group into `numbers[start, start + count)`. Throws {@link TornBlockError} when it is cut off. */
export function takeGroup(cursor: ByteCursor, numbers: Float64Array, start: number, count: number): void {
  const code = takeVarint(cursor);
  const least = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
  const { bytes } = cursor;
  let { at } = cursor;
  const bits = bytes[at++] ?? 64;
  const end = at + Math.ceil((bits * count) / 8);
  if (bits > 53 || end > bytes.length) throw new TornBlockError('a group is cut off');
  cursor.at = end;
  if (bits === 0) {
    numbers.fill(least, start, start + count);
    return;
  }
  let held = 0;
  let waiting = 0;
  if (bits <= PIECE) {
    const mask = (1 << bits) - 1;
    for (let index = start; index < start + count; index += 1) {
      for (; waiting < bits; waiting += 8) held |= (bytes[at++] as number) << waiting;
      numbers[index] = least + (held & mask);
      held >>>= bits;
      waiting -= bits;
    }
    return;
  }
  for (let index = start; index < start + count; index += 1) {
    let number = 0;
    let unit = 1;
    for (let left = bits; left > 0; left -= PIECE) {
      const piece = left > PIECE ? PIECE : left;
      for (; waiting < piece; waiting += 8) held |= (bytes[at++] as number) << waiting;
      number += (held & ((1 << piece) - 1)) * unit;
      held >>>= piece;
      waiting -= piece;
      unit *= PIECE_SIZE;
    }
    numbers[index] = least + number;
  }
}
