import { IOKIT_PATH, librariesOf, LIBSYSTEM_PATH } from '@hecate/host';
import type { Host, NativeLibraries } from '@hecate/host';
import { bind } from './bind.ts';
import { CORE_FOUNDATION, CORE_FOUNDATION_PATH } from './core-foundation.ts';
import { IOKIT } from './iokit.ts';
import { IOREPORT, IOREPORT_PATH } from './ioreport.ts';
import { LIBSYSTEM } from './libsystem.ts';
import { OBJECTIVE_C, OBJECTIVE_C_PATH, OBJECTIVE_C_SYMBOLS } from './objective-c.ts';
import type { Bound, Prototypes } from './prototypes.ts';

/** What is called of each of Apple's libraries. A library is a line here, a line below and a file beside this one. */
interface Tables {
  readonly libsystem: typeof LIBSYSTEM;
  readonly coreFoundation: typeof CORE_FOUNDATION;
  readonly iokit: typeof IOKIT;
  readonly ioReport: typeof IOREPORT;
  readonly objectiveC: typeof OBJECTIVE_C;
}

/** Where a library lies, what is called of it, and the symbols of what is called by another name than its own. */
interface Library<Table> {
  readonly path: string;
  readonly table: Table;
  readonly symbols?: Readonly<Record<string, string>>;
}

/** Apple's libraries that are called: where each lies, and what is called of it. */
export const DARWIN_LIBRARIES: { readonly [Name in keyof Tables]: Library<Tables[Name]> } = {
  libsystem: { path: LIBSYSTEM_PATH, table: LIBSYSTEM },
  coreFoundation: { path: CORE_FOUNDATION_PATH, table: CORE_FOUNDATION },
  iokit: { path: IOKIT_PATH, table: IOKIT },
  ioReport: { path: IOREPORT_PATH, table: IOREPORT },
  objectiveC: { path: OBJECTIVE_C_PATH, table: OBJECTIVE_C, symbols: OBJECTIVE_C_SYMBOLS },
};

/** The functions of each library by their own names. */
type BoundLibraries = { readonly [Name in keyof Tables]: Bound<Tables[Name]> };

/** macOS as a collector sees it: the functions of each library by their own names. */
export interface Darwin extends BoundLibraries {
  readonly libraries: NativeLibraries;
}

const opened = new WeakMap<Host, Darwin>();

/** Seconds after which libraries that could not be opened are tried again: looking for a package costs reads of the disk each time. */
const REFUSED_FOR = 600;

const refused = new WeakMap<Host, { readonly error: unknown; readonly until: number }>();

/** The same, and a refusal of theirs for ten minutes. */
function librariesOnceOf(host: Host): NativeLibraries {
  const before = refused.get(host);
  if (before && host.clock.monotonic() < before.until) throw before.error;
  try {
    return librariesOf(host);
  } catch (error) {
    refused.set(host, { error, until: host.clock.monotonic() + REFUSED_FOR });
    throw error;
  }
}

/**
 * The macOS of a host, the same for all of its collectors. Nothing is loaded before the first call.
 * Throws UNAVAILABLE for a machine that is only files.
 */
export function openDarwin(host: Host): Darwin {
  const known = opened.get(host);
  if (known) return known;
  const libraries = librariesOnceOf(host);
  const bound = Object.entries<Library<Prototypes>>(DARWIN_LIBRARIES).map(([name, { path, table, symbols }]) => [
    name,
    bind<Prototypes>(libraries, path, table, symbols),
  ]);
  const darwin: Darwin = { libraries, ...(Object.fromEntries(bound) as BoundLibraries) };
  opened.set(host, darwin);
  return darwin;
}
