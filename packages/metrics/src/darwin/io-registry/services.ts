import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import type { Scope } from '../binding/prototypes.ts';
import { createText } from '../core-foundation/create.ts';
import { isDictionary } from '../core-foundation/dictionary.ts';
import { withScope } from '../core-foundation/scope.ts';
import { readCfValue } from '../core-foundation/value.ts';
import type { CfDictionary, CfValue } from '../core-foundation/value.ts';
import { APPLE } from '../apple-numbers.ts';

/** `kIOMainPortDefault`. */
const MAIN_PORT = 0;
/** Entries are named in this plane when their parents are asked for. */
const SERVICE_PLANE = 'IOService';
const handle = nativeBuffer(4);
const pointer = nativeBuffer(8);
/** `io_name_t`. */
const nameRoom = nativeBuffer(128);

/** Throws what a result of the I/O registry says: DENIED or FAILED. 0 is success. */
function requireSuccess(result: number, call: string): void {
  if (result === 0) return;
  const code = result >>> 0;
  const refused = code === APPLE.kIOReturnNotPrivileged || code === APPLE.kIOReturnNotPermitted;
  throw new HecateError(refused ? 'DENIED' : 'FAILED', `${call} answered 0x${code.toString(16)}.`);
}

/** An entry of the I/O registry while it is visited. */
export interface Entry {
  /** Its name; null when the registry does not say. */
  name(): string | null;
  /** One of its properties; null when it has none of that name. Cheaper than all of them, which are large of some. */
  property(key: string): CfValue;
  /** All of its properties. Throws what the registry says. */
  properties(): CfDictionary;
  /** Its parent, if it is of that class: null otherwise. Valid as long as the entry. */
  parentOf(className: string): Entry | null;
  /** Calls `visit` for each of its children. Throws what the registry says. */
  mapChildren<Result>(visit: (child: Entry) => Result): Result[];
}

function entryOf(darwin: Darwin, scope: Scope, entry: number): Entry {
  const { iokit } = darwin;
  return {
    name: () => (iokit.IORegistryEntryGetName(entry, nameRoom) === 0 ? nameRoom.toString('utf8', 0, nameRoom.indexOf(0)) : null),
    property: (key) =>
      withScope(darwin, (own) => {
        return readCfValue(darwin, iokit.IORegistryEntryCreateCFProperty(own, entry, createText(darwin, own, key), 0n, 0));
      }),
    properties: () =>
      withScope(darwin, (own) => {
        requireSuccess(iokit.IORegistryEntryCreateCFProperties(entry, pointer, 0n, 0), 'IORegistryEntryCreateCFProperties');
        const made = pointer.readBigUInt64LE(0);
        own.keep('created', made);
        const value = readCfValue(darwin, made);
        return isDictionary(value) ? value : {};
      }),
    parentOf(className) {
      if (iokit.IORegistryEntryGetParentEntry(entry, SERVICE_PLANE, handle) !== 0) return null;
      const parent = handle.readUInt32LE(0);
      scope.keep('object', parent);
      return iokit.IOObjectConformsTo(parent, className) === 0 ? null : entryOf(darwin, scope, parent);
    },
    mapChildren: (visit) =>
      withScope(darwin, (own) => {
        requireSuccess(iokit.IORegistryEntryGetChildIterator(entry, SERVICE_PLANE, handle), 'IORegistryEntryGetChildIterator');
        const iterator = handle.readUInt32LE(0);
        if (iterator === 0) return [];
        own.keep('object', iterator);
        return mapIterator(darwin, iterator, visit);
      }),
  };
}

/** Calls `visit` for each entry that an iterator has left. */
function mapIterator<Result>(darwin: Darwin, iterator: number, visit: (entry: Entry) => Result): Result[] {
  const results: Result[] = [];
  for (;;) {
    const result = withScope(darwin, (own) => {
      const entry = darwin.iokit.IOIteratorNext(own, iterator);
      return entry === 0 ? null : { value: visit(entryOf(darwin, own, entry)) };
    });
    if (!result) return results;
    results.push(result.value);
  }
}

/** Calls `visit` for each service of a class; an empty list when there is none. Throws what the registry says. */
export function mapServices<Result>(darwin: Darwin, className: string, visit: (entry: Entry) => Result): Result[] {
  const { iokit } = darwin;
  return withScope(darwin, (scope) => {
    const matching = iokit.IOServiceMatching(className);
    if (matching === 0n) throw new HecateError('FAILED', `IOServiceMatching gave nothing for ${className}.`);
    let status: number;
    try {
      status = iokit.IOServiceGetMatchingServices(MAIN_PORT, matching, handle);
    } catch (error) {
      // This macOS has no such function, so nobody took the dictionary.
      scope.keep('created', matching);
      throw error;
    }
    requireSuccess(status, 'IOServiceGetMatchingServices');
    const iterator = handle.readUInt32LE(0);
    if (iterator === 0) return [];
    scope.keep('object', iterator);
    return mapIterator(darwin, iterator, visit);
  });
}
