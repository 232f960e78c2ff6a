import type { Darwin } from '../binding/darwin.ts';
import type { Scope } from '../binding/prototypes.ts';

/**
 * Calls `use` with a scope, and releases what was created in it when `use` ends, the last first. Everything that Core Foundation and the
 * I/O registry give away passes through here: the functions that create take the scope, and nothing else can release.
 */
export function withScope<Result>(darwin: Darwin, use: (scope: Scope) => Result): Result {
  const objects: bigint[] = [];
  const handles: number[] = [];
  const scope: Scope = {
    keep(kind, value) {
      if (kind === 'created') objects.push(BigInt(value));
      else handles.push(Number(value));
    },
  };
  try {
    return use(scope);
  } finally {
    for (const object of objects.reverse()) darwin.coreFoundation.CFRelease(object);
    for (const handle of handles.reverse()) darwin.iokit.IOObjectRelease(handle);
  }
}
