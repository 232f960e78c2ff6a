import type { CfValue } from '../../core-foundation/value.ts';
import { DEEPEST, integerOf, malformed, momentOf, MOST_VALUES } from './limits.ts';

/** What a binary property list begins with. */
export const BINARY_MAGIC = 'bplist00';
const TRAILER = 32;
/** Seconds from 1970 to 2001, when Apple's time begins. */
const APPLE_EPOCH = 978_307_200;

interface Read {
  readonly value: CfValue;
  /** How many values it has, itself included. */
  readonly size: number;
}

interface Trailer {
  readonly offsetSize: number;
  readonly referenceSize: number;
  readonly count: number;
  readonly top: number;
  readonly table: number;
}

/** Reads one binary property list (CFBinaryPList.c tells the format); {@link parsePropertyList} says how values come out. */
export function parseBinaryPropertyList(bytes: Buffer): CfValue {
  const fail = (what: string, where: number): never => {
    throw malformed(what, `byte ${where}`);
  };
  const unsigned = (from: number, size: number): number => {
    if (size < 1 || size > 8 || from < 0 || from + size > bytes.length) fail('a number does not fit', from);
    let value = 0;
    for (let index = 0; index < size; index++) value = value * 256 + bytes[from + index]!;
    return Number.isSafeInteger(value) ? value : fail('a place lies beyond all files', from);
  };
  const { offsetSize, referenceSize, count, top, table } = readTrailer();

  function readTrailer(): Trailer {
    const start = bytes.length - TRAILER;
    if (bytes.toString('latin1', 0, BINARY_MAGIC.length) !== BINARY_MAGIC) fail(`it does not begin with ${BINARY_MAGIC}`, 0);
    if (start < BINARY_MAGIC.length) fail('it has no trailer', bytes.length);
    const trailer: Trailer = {
      offsetSize: bytes[start + 6]!,
      referenceSize: bytes[start + 7]!,
      count: unsigned(start + 8, 8),
      top: unsigned(start + 16, 8),
      table: unsigned(start + 24, 8),
    };
    const { offsetSize: wide, referenceSize: short } = trailer;
    if (wide < 1 || wide > 8 || short < 1 || short > 8) fail('its numbers have no size', start + 6);
    if (trailer.count < 1 || trailer.count > MOST_VALUES) fail(`it has ${trailer.count} objects`, start + 8);
    if (trailer.table < BINARY_MAGIC.length || trailer.table + trailer.count * wide > start) fail('its table does not fit', start + 24);
    return trailer;
  }

  const known: (Read | undefined)[] = Array.from({ length: count });
  const open = new Uint8Array(count);

  /** Where the bytes of an object begin, and how many things it has: the low four bits say, or an integer after them. */
  const extent = (from: number): { from: number; length: number } => {
    const low = bytes[from]! & 0x0f;
    if (low !== 0x0f) return { from: from + 1, length: low };
    const marker = from + 1 < table ? bytes[from + 1]! : fail('it is cut off', from);
    if (marker >> 4 !== 1) fail('a length is no integer', from + 1);
    const size = 2 ** (marker & 0x0f);
    return { from: from + 2 + size, length: unsigned(from + 2, size) };
  };
  const span = (from: number, length: number): Buffer =>
    from + length <= table ? bytes.subarray(from, from + length) : fail('an object does not fit', from);
  const references = (from: number, length: number): number[] => {
    span(from, length * referenceSize);
    return Array.from({ length }, (_, index) => unsigned(from + index * referenceSize, referenceSize));
  };

  const integer = (from: number, bits: number): number | bigint => {
    if (bits > 4) fail('an integer is too wide', from);
    const size = 2 ** bits;
    const found = span(from + 1, size);
    // One, two and four bytes have no sign; eight have one; sixteen hold what needs more than 63 bits.
    if (size <= 4) return found.readUIntBE(0, size);
    const value = size === 8 ? found.readBigInt64BE(0) : (found.readBigInt64BE(0) << 64n) + found.readBigUInt64BE(8);
    return integerOf(value) ?? fail('an integer has more than 64 bits', from);
  };
  const real = (from: number, bits: number): number => {
    if (bits === 2) return span(from + 1, 4).readFloatBE(0);
    return bits === 3 ? span(from + 1, 8).readDoubleBE(0) : fail('a real has an unknown size', from);
  };
  const date = (from: number): string =>
    momentOf(Math.round((span(from + 1, 8).readDoubleBE(0) + APPLE_EPOCH) * 1000)) ?? fail('a date is no date', from);
  const ascii = (from: number): string => {
    const { from: start, length } = extent(from);
    const said = span(start, length);
    for (const byte of said) if (byte > 0x7f) fail('an ASCII text is none', from);
    return said.toString('latin1');
  };
  const utf16 = (from: number): string => {
    const { from: start, length } = extent(from);
    return Buffer.from(span(start, length * 2))
      .swap16()
      .toString('utf16le');
  };
  const simple = (from: number): CfValue => {
    const marker = bytes[from]!;
    if (marker === 0) return null;
    return marker === 8 || marker === 9 ? marker === 9 : fail('an object is of no kind', from);
  };

  const list = (from: number, depth: number): Read => {
    const { from: start, length } = extent(from);
    const items = references(start, length).map((reference) => object(reference, depth + 1));
    return { value: items.map((item) => item.value), size: items.reduce((sum, item) => sum + item.size, 1) };
  };
  const dictionary = (from: number, depth: number): Read => {
    const { from: start, length } = extent(from);
    const found = Object.create(null) as Record<string, CfValue>;
    const keys = references(start, length);
    const values = references(start + length * referenceSize, length);
    let size = 1;
    for (const [index, reference] of keys.entries()) {
      const { value: key } = object(reference, depth + 1);
      const item = object(values[index]!, depth + 1);
      found[typeof key === 'string' ? key : fail('a key is no text', from)] = item.value;
      size += item.size;
    }
    return { value: found, size };
  };
  const one = (value: CfValue): Read => ({ value, size: 1 });
  const decode = (from: number, depth: number): Read => {
    const marker = bytes[from]!;
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0x0:
        return one(simple(from));
      case 0x1:
        return one(integer(from, low));
      case 0x2:
        return one(real(from, low));
      case 0x3:
        return one(low === 3 ? date(from) : fail('a date has an unknown size', from));
      case 0x4: {
        const { from: start, length } = extent(from);
        return one(Buffer.from(span(start, length)));
      }
      case 0x5:
        return one(ascii(from));
      case 0x6:
        return one(utf16(from));
      case 0x8:
        // As XML writes it.
        span(from + 1, low + 1);
        return { value: { CF$UID: unsigned(from + 1, low + 1) }, size: 2 };
      case 0xa:
      case 0xc:
        return list(from, depth);
      case 0xd:
        return dictionary(from, depth);
      default:
        return fail('an object is of no kind', from);
    }
  };
  const object = (reference: number, depth: number): Read => {
    if (reference >= count) fail(`there is no object ${reference}`, table);
    const place = table + reference * offsetSize;
    const before = known[reference];
    if (before) return before;
    const from = unsigned(place, offsetSize);
    if (from < BINARY_MAGIC.length || from >= table) fail('an object lies outside', place);
    if (open[reference] === 1) fail('an object holds itself', from);
    if (depth > DEEPEST) fail(`it is deeper than ${DEEPEST}`, from);
    open[reference] = 1;
    const read = decode(from, depth);
    if (read.size > MOST_VALUES) fail(`it has more than ${MOST_VALUES} values`, from);
    open[reference] = 0;
    known[reference] = read;
    return read;
  };
  return object(top, 0).value;
}
