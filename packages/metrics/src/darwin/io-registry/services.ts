import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import type { Scope } from '../binding/prototypes.ts';
import { isDictionary } from '../core-foundation/dictionary.ts';
import { withScope } from '../core-foundation/scope.ts';
import { readCfValue } from '../core-foundation/value.ts';
import type { CfDictionary } from '../core-foundation/value.ts';
import { APPLE } from '../apple-numbers.ts';

/** `kIOMainPortDefault`. */
const MAIN_PORT = 0;
/** Entries are named in this plane when their parents are asked for. */
const SERVICE_PLANE = 'IOService';
const handle = nativeBuffer(4);
const pointer = nativeBuffer(8);

/** Throws what a result of the I/O registry says: DENIED or FAILED. 0 is success. */
function requireSuccess(result: number, call: string): void {
  if (result === 0) return;
  const code = result >>> 0;
  const refused = code === APPLE.kIOReturnNotPrivileged || code === APPLE.kIOReturnNotPermitted;
  throw new HecateError(refused ? 'DENIED' : 'FAILED', `${call} answered 0x${code.toString(16)}.`);
}

/** An entry of the I/O registry while it is visited. */
export interface Entry {
  /** All of its properties. Throws what the registry says. */
  properties(): CfDictionary;
  /** Its parent, if it is of that class: null otherwise. Valid as long as the entry. */
  parentOf(className: string): Entry | null;
}

function entryOf(darwin: Darwin, scope: Scope, entry: number): Entry {
  const { iokit } = darwin;
  return {
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
  };
}

/** Calls `visit` for each service of a class; an empty list when there is none. Throws what the registry says. */
export function mapServices<Result>(darwin: Darwin, className: string, visit: (entry: Entry) => Result): Result[] {
  const { iokit } = darwin;
  return withScope(darwin, (scope) => {
    const matching = iokit.IOServiceMatching(className);
    if (matching === 0n) throw new HecateError('FAILED', `IOServiceMatching gave nothing for ${className}.`);
    requireSuccess(iokit.IOServiceGetMatchingServices(MAIN_PORT, matching, handle), 'IOServiceGetMatchingServices');
    const iterator = handle.readUInt32LE(0);
    if (iterator === 0) return [];
    scope.keep('object', iterator);
    const results: Result[] = [];
    for (;;) {
      const result = withScope(darwin, (own) => {
        const entry = iokit.IOIteratorNext(own, iterator);
        return entry === 0 ? null : { value: visit(entryOf(darwin, own, entry)) };
      });
      if (!result) return results;
      results.push(result.value);
    }
  });
}
