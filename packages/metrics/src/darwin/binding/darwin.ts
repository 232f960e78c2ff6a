import { HecateError, openNativeLibraries } from '@hecate/host';
import type { Host, NativeLibraries } from '@hecate/host';
import { bind } from './bind.ts';
import { CORE_FOUNDATION, CORE_FOUNDATION_PATH } from './core-foundation.ts';
import { IOKIT, IOKIT_PATH } from './iokit.ts';
import { LIBSYSTEM, LIBSYSTEM_PATH } from './libsystem.ts';
import type { Bound, Prototypes } from './prototypes.ts';

/** What is called of each of Apple's libraries. A library is a line here, a line below and a file beside this one. */
interface Tables {
  readonly libsystem: typeof LIBSYSTEM;
  readonly coreFoundation: typeof CORE_FOUNDATION;
  readonly iokit: typeof IOKIT;
}

/** Apple's libraries that are called: where each lies, and what is called of it. */
export const DARWIN_LIBRARIES: { readonly [Name in keyof Tables]: { readonly path: string; readonly table: Tables[Name] } } = {
  libsystem: { path: LIBSYSTEM_PATH, table: LIBSYSTEM },
  coreFoundation: { path: CORE_FOUNDATION_PATH, table: CORE_FOUNDATION },
  iokit: { path: IOKIT_PATH, table: IOKIT },
};

/** The functions of each library by their own names. */
type BoundLibraries = { readonly [Name in keyof Tables]: Bound<Tables[Name]> };

/** macOS as a collector sees it: the functions of each library by their own names. */
export interface Darwin extends BoundLibraries {
  readonly libraries: NativeLibraries;
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
  const bound = Object.entries(DARWIN_LIBRARIES).map(([name, { path, table }]) => [name, bind<Prototypes>(libraries, path, table)]);
  const darwin: Darwin = { libraries, ...(Object.fromEntries(bound) as BoundLibraries) };
  opened.set(host, darwin);
  return darwin;
}
