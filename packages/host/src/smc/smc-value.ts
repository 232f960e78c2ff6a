import { HecateError } from '../error.ts';

/** Integers of the controller by their type: how many bytes, and whether there is a sign. They are big-endian on all Macs. */
const INTEGERS: Readonly<Record<string, readonly [bytes: number, isSigned: boolean]>> = {
  'ui8 ': [1, false],
  ui16: [2, false],
  ui32: [4, false],
  'si8 ': [1, true],
  si16: [2, true],
  si32: [4, true],
  flag: [1, false],
};

/** `fpe2`, `sp78`: 16 bits of which so many, the last letter, are behind the point. */
const FIXED = /^(?<sign>fp|sp)[\da-f](?<fraction>[\da-f])$/;
/** `ioft`: 64 bits of which 16 are behind the point. */
const IOFT = 65_536;

/** How a 16-bit number with a point is laid out; null for another type. */
function fixedOf(type: string): { readonly isSigned: boolean; readonly scale: number } | null {
  const { sign, fraction } = FIXED.exec(type)?.groups ?? {};
  return fraction === undefined ? null : { isSigned: sign === 'sp', scale: 2 ** parseInt(fraction, 16) };
}

/** The bytes that a number of a type has; null for a type that holds no number. */
function widthOf(type: string): number | null {
  if (type === 'flt ') return 4;
  if (type === 'ioft') return 8;
  return INTEGERS[type]?.[0] ?? (fixedOf(type) ? 2 : null);
}

/**
 * A value as a number: floats and `ioft` are little-endian, all others big-endian. Null for a type that holds no number (texts, structures),
 * for bytes that are not of that type's length, and for what is no finite number.
 */
export function decodeSmcNumber(type: string, bytes: Buffer): number | null {
  if (widthOf(type) !== bytes.length) return null;
  if (type === 'flt ') {
    const value = bytes.readFloatLE(0);
    return Number.isFinite(value) ? value : null;
  }
  if (type === 'ioft') return Number(bytes.readBigInt64LE(0)) / IOFT;
  const integer = INTEGERS[type];
  if (integer) return integer[1] ? bytes.readIntBE(0, bytes.length) : bytes.readUIntBE(0, bytes.length);
  const fixed = fixedOf(type)!;
  return (fixed.isSigned ? bytes.readInt16BE(0) : bytes.readUInt16BE(0)) / fixed.scale;
}

/** A number as a key of that type takes it. Throws UNSUPPORTED for a type that holds no number, INVALID for one that it cannot hold. */
export function encodeSmcNumber(type: string, value: number): Buffer {
  const width = widthOf(type);
  if (width === null) throw new HecateError('UNSUPPORTED', `The SMC keeps ${JSON.stringify(type)} there, which is no number.`);
  const bytes = Buffer.alloc(width);
  try {
    if (type === 'flt ') bytes.writeFloatLE(value);
    else if (type === 'ioft') bytes.writeBigInt64LE(BigInt(Math.round(value * IOFT)));
    else {
      const integer = INTEGERS[type];
      const fixed = fixedOf(type);
      const whole = Math.round(value * (fixed?.scale ?? 1));
      if (integer?.[1] ?? fixed?.isSigned) bytes.writeIntBE(whole, 0, width);
      else bytes.writeUIntBE(whole, 0, width);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HecateError('INVALID', `The SMC cannot hold ${value} as ${JSON.stringify(type)}.`, { cause: error });
  }
  return bytes;
}
