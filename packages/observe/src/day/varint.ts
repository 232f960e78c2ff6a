/** Thrown for bytes that no encoder wrote. The caller knows the file and makes a message of it. */
export class TornBlockError extends Error {
  override readonly name = 'TornBlockError';
}

/** Bytes and where to read on. */
export interface ByteCursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Writes a whole number from 0 to 2^53 in groups of 7 bits, low group first (LEB128), and returns the end: at most 8 bytes. */
export function putVarint(bytes: Uint8Array, from: number, value: number): number {
  let at = from;
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

/** Reads such a number. Throws {@link TornBlockError} when it is cut off or longer than any that is written. */
export function takeVarint(cursor: ByteCursor): number {
  const { bytes } = cursor;
  let value = 0;
  let unit = 1;
  for (let at = cursor.at; at < cursor.at + 8; at += 1) {
    const byte = bytes[at] ?? 0x80;
    value += (byte & 127) * unit;
    if (byte < 128) {
      cursor.at = at + 1;
      return value;
    }
    unit *= 128;
  }
  throw new TornBlockError('a number is cut off');
}
