import { putVarint, takeVarint, TornBlockError } from '../day/varint.ts';
import type { ByteCursor } from '../day/varint.ts';

/** Bytes that grow while numbers and texts are put at their end. `length` may be set back to use the memory again. */
export interface ByteWriter {
  /** Valid up to `length`; another buffer after it grew. */
  readonly bytes: Buffer;
  length: number;
  /** A whole number from 0 to 2^53. */
  number(value: number): void;
  /** A whole number between -2^52 and 2^52: small ones of either sign are short. */
  signed(value: number): void;
  /** A double, 8 bytes. */
  double(value: number): void;
  /** A text or null. */
  text(value: string | null): void;
}

/** A number takes no more. */
const MOST_BYTES = 8;

/** A writer with memory for a few small records. */
export function createByteWriter(): ByteWriter {
  let bytes = Buffer.allocUnsafeSlow(4096);
  const reserve = (count: number): void => {
    if (writer.length + count <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, writer.length + count));
    bytes.copy(larger, 0, 0, writer.length);
    bytes = larger;
  };
  const writer: ByteWriter = {
    get bytes() {
      return bytes;
    },
    length: 0,
    number(value) {
      reserve(MOST_BYTES);
      writer.length = putVarint(bytes, writer.length, value);
    },
    signed(value) {
      writer.number(value < 0 ? -2 * value - 1 : 2 * value);
    },
    double(value) {
      reserve(8);
      writer.length = bytes.writeDoubleLE(value, writer.length);
    },
    text(value) {
      if (value === null) return writer.number(0);
      const length = Buffer.byteLength(value);
      writer.number(length + 1);
      reserve(length);
      writer.length += bytes.write(value, writer.length);
    },
  };
  return writer;
}

/** Reads what {@link ByteWriter.signed} wrote. Throws {@link TornBlockError} when it is cut off. */
export function takeSigned(cursor: ByteCursor): number {
  const code = takeVarint(cursor);
  return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
}

/** Reads what {@link ByteWriter.double} wrote. Throws {@link TornBlockError} when it is cut off or no number. */
export function takeDouble(cursor: ByteCursor): number {
  const { bytes, at } = cursor;
  if (at + 8 > bytes.length) throw new TornBlockError('a number is cut off');
  cursor.at = at + 8;
  const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readDoubleLE(at);
  if (!Number.isFinite(value)) throw new TornBlockError('a number is none');
  return value;
}

/** Reads what {@link ByteWriter.text} wrote. Throws {@link TornBlockError} when it is cut off. */
export function takeText(cursor: ByteCursor): string | null {
  const length = takeVarint(cursor) - 1;
  if (length < 0) return null;
  const { bytes, at } = cursor;
  if (length > bytes.length - at) throw new TornBlockError('a text is cut off');
  cursor.at = at + length;
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf8');
}
