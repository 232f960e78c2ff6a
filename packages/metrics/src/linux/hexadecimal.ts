import { HecateError } from '@hecate/host';
import type { ByteCursor } from '../model/cursor.ts';

/** The value of a hexadecimal digit's byte, or -1. */
function digitOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The next number of hexadecimal digits, spaces skipped before. Throws FAILED when there is none, or more than 64 bits. */
export function readHexadecimal(cursor: ByteCursor): number {
  cursor.skipSpaces();
  const start = cursor.at;
  let value = 0;
  for (let digit = digitOf(cursor.peek()); digit >= 0; digit = digitOf(cursor.peek())) {
    value = value * 16 + digit;
    cursor.at++;
  }
  if (cursor.at === start || cursor.at - start > 16) throw new HecateError('FAILED', `A hexadecimal number was expected at byte ${start}.`);
  return value;
}
