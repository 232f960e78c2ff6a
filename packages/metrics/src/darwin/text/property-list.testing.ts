import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { CfValue } from '../core-foundation/value.ts';

/** A value as tests write it: dates are Date, so that encoders know them. */
export type Sample = string | number | bigint | boolean | Buffer | Date | Sample[] | { [key: string]: Sample };

/** A float, told apart from an integer of the same value. */
const isReal = (value: number): boolean => !Number.isInteger(value) || Object.is(value, -0) || !Number.isSafeInteger(value);

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const realText = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? '+infinity' : value < 0 ? '-infinity' : 'nan';

function element(value: Sample): string {
  if (typeof value === 'string') return `<string>${escape(value)}</string>`;
  if (typeof value === 'bigint') return `<integer>${value}</integer>`;
  if (typeof value === 'number') return isReal(value) ? `<real>${realText(value)}</real>` : `<integer>${value}</integer>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (Buffer.isBuffer(value)) return `<data>\n${value.toString('base64')}\n</data>`;
  if (value instanceof Date) return `<date>${value.toISOString().replace(/\.\d+Z/, 'Z')}</date>`;
  if (Array.isArray(value)) return `<array>${value.map(element).join('\n')}</array>`;
  const members = Object.entries(value).map(([key, member]) => `\t<key>${escape(key)}</key>\n\t${element(member)}`);
  return `<dict>\n${members.join('\n')}\n</dict>`;
}

/** An XML property list of a value. */
export const encodeXml = (value: Sample): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n${element(value)}\n</plist>\n`;

const bytesOf = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - size);
};
const widthOf = (most: number): number => (most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : 4);

function integer(value: bigint): Buffer {
  if (value >= 0n && value < 2n ** 8n) return Buffer.from([0x10, Number(value)]);
  if (value >= 0n && value < 2n ** 16n) return Buffer.concat([Buffer.from([0x11]), bytesOf(Number(value), 2)]);
  if (value >= 0n && value < 2n ** 32n) return Buffer.concat([Buffer.from([0x12]), bytesOf(Number(value), 4)]);
  const wide = value >= 2n ** 63n;
  const bytes = Buffer.alloc(wide ? 16 : 8);
  if (wide) bytes.writeBigUInt64BE(value, 8);
  else bytes.writeBigInt64BE(value);
  return Buffer.concat([Buffer.from([wide ? 0x14 : 0x13]), bytes]);
}

const marked = (kind: number, length: number): Buffer =>
  length < 15 ? Buffer.from([(kind << 4) | length]) : Buffer.concat([Buffer.from([(kind << 4) | 15]), integer(BigInt(length))]);

function scalar(value: Exclude<Sample, Sample[] | { [key: string]: Sample }>): Buffer {
  if (typeof value === 'string') {
    // oxlint-disable-next-line no-control-regex -- ASCII is what this is about
    if (/^[\0-\x7f]*$/.test(value)) return Buffer.concat([marked(5, value.length), Buffer.from(value, 'latin1')]);
    return Buffer.concat([marked(6, value.length), Buffer.from(value, 'utf16le').swap16()]);
  }
  if (typeof value === 'boolean') return Buffer.from([value ? 9 : 8]);
  if (typeof value === 'bigint') return integer(value);
  if (Buffer.isBuffer(value)) return Buffer.concat([marked(4, value.length), value]);
  const bytes = Buffer.alloc(8);
  if (value instanceof Date) {
    bytes.writeDoubleBE(value.getTime() / 1000 - 978_307_200);
    return Buffer.concat([Buffer.from([0x33]), bytes]);
  }
  if (!isReal(value)) return integer(BigInt(value));
  bytes.writeDoubleBE(value);
  return Buffer.concat([Buffer.from([0x23]), bytes]);
}

/** The objects of a value: references are filled in when it is known how many there are. */
function flatten(value: Sample, objects: ((width: number) => Buffer)[]): number {
  const index = objects.length;
  objects.push(() => Buffer.alloc(0));
  if (typeof value !== 'object' || Buffer.isBuffer(value) || value instanceof Date) {
    objects[index] = () => scalar(value);
    return index;
  }
  const isList = Array.isArray(value);
  const keys = isList ? [] : Object.keys(value).map((key) => flatten(key, objects));
  const members = (isList ? value : Object.values(value)).map((member) => flatten(member, objects));
  objects[index] = (width) =>
    Buffer.concat([marked(isList ? 0xa : 0xd, members.length), ...[...keys, ...members].map((reference) => bytesOf(reference, width))]);
  return index;
}

/** Puts objects, as bytes, into a binary property list; the first one is on top. */
export function assemble(
  objects: readonly Buffer[],
  change: { top?: number; count?: number; table?: number; width?: number } = {},
): Buffer {
  const places = objects.map((_, index) => 8 + objects.slice(0, index).reduce((sum, { length }) => sum + length, 0));
  const table = 8 + objects.reduce((sum, { length }) => sum + length, 0);
  const offset = widthOf(table);
  const trailer = Buffer.alloc(32);
  trailer[6] = offset;
  trailer[7] = change.width ?? widthOf(objects.length);
  trailer.writeBigUInt64BE(BigInt(change.count ?? objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(change.top ?? 0), 16);
  trailer.writeBigUInt64BE(BigInt(change.table ?? table), 24);
  return Buffer.concat([Buffer.from('bplist00'), ...objects, ...places.map((place) => bytesOf(place, offset)), trailer]);
}

/** A binary property list of a value. */
export function encodeBinary(value: Sample): Buffer {
  const objects: ((width: number) => Buffer)[] = [];
  flatten(value, objects);
  return assemble(objects.map((object) => object(widthOf(objects.length))));
}

/** What must be read of a value: dates as texts, integers as numbers where that is exact. */
export function expected(value: Sample): CfValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expected(member)]));
}

/** Texts that XML can hold: no control characters, no halves of characters; with what must be escaped. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ0 <>&"\'/]\t\n') }),
  fc.string({ unit: fc.constantFrom('ä', '語', '😀', 'é', '&') }),
);
/** Whole seconds from 1900 to 2100. */
const date = fc.integer({ min: -2_208_988_800, max: 4_102_444_800 }).map((seconds) => new Date(seconds * 1000));
const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n });

/** Any value of a property list. */
export const samples: Arbitrary<Sample> = fc.letrec<{ value: Sample }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    text,
    fc.integer(),
    // Whole numbers are written as integers, which have no -0.
    fc.double({ noNaN: true }).map((real) => real + 0),
    integers,
    fc.boolean(),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    date,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(text, tie('value'), { maxKeys: 20 }),
  ),
})).value;
