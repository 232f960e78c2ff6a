import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { CORE_FOUNDATION_PATH, CORE_FOUNDATION_VARIABLES } from '../binding/core-foundation.ts';
import type { Scope } from '../binding/prototypes.ts';
import { APPLE } from '../apple-numbers.ts';

/** A text of Core Foundation, until the scope ends. */
export const createText = (darwin: Darwin, scope: Scope, text: string): bigint =>
  darwin.coreFoundation.CFStringCreateWithCString(scope, 0n, text, APPLE.kCFStringEncodingUTF8);

function createInteger(darwin: Darwin, scope: Scope, value: number): bigint {
  const bytes = nativeBuffer(4);
  bytes.writeInt32LE(value);
  return darwin.coreFoundation.CFNumberCreate(scope, 0n, APPLE.kCFNumberSInt32Type, bytes);
}

/** Addresses of the callbacks with which a dictionary keeps its keys and values. Throws UNSUPPORTED where they are missing. */
function callbacks({ libraries }: Darwin): readonly bigint[] {
  const library = libraries.load(CORE_FOUNDATION_PATH);
  return CORE_FOUNDATION_VARIABLES.map((name) => {
    const address = library?.address(name) ?? null;
    if (address === null) throw new HecateError('UNSUPPORTED', `The ${CORE_FOUNDATION_PATH} of this system has no ${name}.`);
    return address;
  });
}

/** A dictionary of integers of 32 bits, until the scope ends. */
export function createIntegers(darwin: Darwin, scope: Scope, entries: Readonly<Record<string, number>>): bigint {
  const pairs = Object.entries(entries);
  const keys = nativeBuffer(pairs.length * 8);
  const values = nativeBuffer(pairs.length * 8);
  for (const [index, [name, value]] of pairs.entries()) {
    keys.writeBigUInt64LE(createText(darwin, scope, name), index * 8);
    values.writeBigUInt64LE(createInteger(darwin, scope, value), index * 8);
  }
  const [ofKeys, ofValues] = callbacks(darwin) as [bigint, bigint];
  return darwin.coreFoundation.CFDictionaryCreate(scope, 0n, keys, values, pairs.length, ofKeys, ofValues);
}
