import type { Darwin } from '../binding/darwin.ts';
import type { Scope } from '../binding/prototypes.ts';

/** A scope that lasts until it is closed: for what is kept between reads. */
export interface OpenScope extends Scope {
  /** Releases what was created in it, the last first. The second time it does nothing. */
  close(): void;
}

/** Opens a scope that somebody must close: in the `close` of a reader. */
export function openScope(darwin: Darwin): OpenScope {
  const objects: bigint[] = [];
  const handles: number[] = [];
  return {
    keep(kind, value) {
      if (kind === 'created') objects.push(BigInt(value));
      else handles.push(Number(value));
    },
    close() {
      for (const object of objects.splice(0).reverse()) darwin.coreFoundation.CFRelease(object);
      for (const handle of handles.splice(0).reverse()) darwin.iokit.IOObjectRelease(handle);
    },
  };
}

/**
 * Calls `use` with a scope, and releases what was created in it when `use` ends, the last first. Everything that Core Foundation and the
 * I/O registry give away passes through a scope: the functions that create take one, and nothing else can release.
 */
export function withScope<Result>(darwin: Darwin, use: (scope: Scope) => Result): Result {
  const scope = openScope(darwin);
  try {
    return use(scope);
  } finally {
    scope.close();
  }
}
