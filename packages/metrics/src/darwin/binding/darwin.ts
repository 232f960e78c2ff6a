import { HecateError, openNativeLibraries } from '@hecate/host';
import type { Host, NativeLibraries } from '@hecate/host';
import { bind } from './bind.ts';
import { CORE_FOUNDATION, CORE_FOUNDATION_PATH } from './core-foundation.ts';
import { IOKIT, IOKIT_PATH } from './iokit.ts';
import { LIBSYSTEM, LIBSYSTEM_PATH } from './libsystem.ts';
import type { Bound } from './prototypes.ts';

/** macOS as a collector sees it: the functions of each library by their own names. */
export interface Darwin {
  readonly libraries: NativeLibraries;
  readonly libsystem: Bound<typeof LIBSYSTEM>;
  readonly coreFoundation: Bound<typeof CORE_FOUNDATION>;
  readonly iokit: Bound<typeof IOKIT>;
}

const opened = new WeakMap<Host, Darwin>();

function librariesOf(host: Host): NativeLibraries {
  if (host.libraries) return host.libraries();
  if (host.kind === 'real') return openNativeLibraries();
  throw new HecateError('UNAVAILABLE', `No library can be called on a machine that is only files under ${host.root}.`);
}

/**
 * The macOS of a host, the same for all of its collectors. Nothing is loaded before the first call.
 * Throws UNAVAILABLE for a machine that is only files.
 */
export function openDarwin(host: Host): Darwin {
  const known = opened.get(host);
  if (known) return known;
  const libraries = librariesOf(host);
  const darwin: Darwin = {
    libraries,
    libsystem: bind(libraries, LIBSYSTEM_PATH, LIBSYSTEM),
    coreFoundation: bind(libraries, CORE_FOUNDATION_PATH, CORE_FOUNDATION),
    iokit: bind(libraries, IOKIT_PATH, IOKIT),
  };
  opened.set(host, darwin);
  return darwin;
}
