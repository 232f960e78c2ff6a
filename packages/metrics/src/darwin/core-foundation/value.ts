import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { mapArray } from './array.ts';

/** What an object of Core Foundation says: integers above 2^53 are bigints, data is bytes, what is of another kind is null. */
export type CfValue = string | number | bigint | boolean | Buffer | null | readonly CfValue[] | CfDictionary;

/** A dictionary whose keys are texts; others are left out. */
export interface CfDictionary {
  readonly [key: string]: CfValue;
}

type Kind = 'text' | 'number' | 'boolean' | 'data' | 'array' | 'dictionary';

/** Property lists are flat; something deeper than this holds itself. */
const DEEPEST = 64;

const kinds = new WeakMap<Darwin, ReadonlyMap<number, Kind>>();

/** The kinds by their type ids, which differ from one system to the next. */
function kindsOf(darwin: Darwin): ReadonlyMap<number, Kind> {
  const known = kinds.get(darwin);
  if (known) return known;
  const cf = darwin.coreFoundation;
  const made = new Map<number, Kind>([
    [cf.CFStringGetTypeID(), 'text'],
    [cf.CFNumberGetTypeID(), 'number'],
    [cf.CFBooleanGetTypeID(), 'boolean'],
    [cf.CFDataGetTypeID(), 'data'],
    [cf.CFArrayGetTypeID(), 'array'],
    [cf.CFDictionaryGetTypeID(), 'dictionary'],
  ]);
  kinds.set(darwin, made);
  return made;
}

const eight = nativeBuffer(8);

function readText({ coreFoundation: cf }: Darwin, object: bigint): string {
  const room = cf.CFStringGetMaximumSizeForEncoding(cf.CFStringGetLength(object), APPLE.kCFStringEncodingUTF8) + 1;
  const bytes = nativeBuffer(room);
  if (!cf.CFStringGetCString(object, bytes, room, APPLE.kCFStringEncodingUTF8))
    throw new HecateError('FAILED', 'A text of Core Foundation could not be read as UTF-8.');
  return bytes.toString('utf8', 0, bytes.indexOf(0));
}

function readNumber({ coreFoundation: cf }: Darwin, object: bigint): number | bigint {
  if (cf.CFNumberIsFloatType(object)) {
    cf.CFNumberGetValue(object, APPLE.kCFNumberFloat64Type, eight);
    return eight.readDoubleLE(0);
  }
  cf.CFNumberGetValue(object, APPLE.kCFNumberSInt64Type, eight);
  const value = eight.readBigInt64LE(0);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readDictionary(darwin: Darwin, object: bigint, depth: number): CfDictionary {
  const cf = darwin.coreFoundation;
  const count = cf.CFDictionaryGetCount(object);
  const keys = nativeBuffer(count * 8);
  const values = nativeBuffer(count * 8);
  if (count > 0) cf.CFDictionaryGetKeysAndValues(object, keys, values);
  const read: Record<string, CfValue> = {};
  for (let at = 0; at < count * 8; at += 8) {
    const key = keys.readBigUInt64LE(at);
    if (kindsOf(darwin).get(cf.CFGetTypeID(key)) !== 'text') continue;
    const name = readText(darwin, key);
    const value = readCfValue(darwin, values.readBigUInt64LE(at), depth);
    // Set plainly, this one would be what the dictionary inherits from.
    if (name === '__proto__') Object.defineProperty(read, name, { value, enumerable: true, configurable: true, writable: true });
    else read[name] = value;
  }
  return read;
}

/** A copy of an object that somebody else owns, with all that is in it. NULL is null. */
export function readCfValue(darwin: Darwin, object: bigint, depth = 0): CfValue {
  if (object === 0n || depth > DEEPEST) return null;
  const cf = darwin.coreFoundation;
  switch (kindsOf(darwin).get(cf.CFGetTypeID(object))) {
    case 'text':
      return readText(darwin, object);
    case 'number':
      return readNumber(darwin, object);
    case 'boolean':
      return cf.CFBooleanGetValue(object) !== 0;
    case 'data':
      return darwin.libraries.copy(cf.CFDataGetBytePtr(object), cf.CFDataGetLength(object));
    case 'array':
      return mapArray(darwin, object, (element) => readCfValue(darwin, element, depth + 1));
    case 'dictionary':
      return readDictionary(darwin, object, depth + 1);
    case undefined:
      return null;
  }
}
