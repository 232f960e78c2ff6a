import { loadKoffi } from './native.ts';
import type { LibraryHandle } from 'koffi';

/**
 * What a function of a native library takes or gives, by its width:
 * - `i32`, `u32`, `u8`, `f64`: numbers
 * - `i64`, `u64`: given as numbers or bigints, and given back as numbers; above 2^53 to the nearest double
 * - `pointer`: an address as a bigint; 0n is NULL
 * - `memory`: a Buffer that the function reads or writes while it runs, or null; only taken
 * - `text`: a string that the function reads as UTF-8 with its NUL, while it runs; only taken
 * - `void`: nothing; only given
 */
export type NativeType = 'i32' | 'u32' | 'u8' | 'f64' | 'i64' | 'u64' | 'pointer' | 'memory' | 'text' | 'void';

/** A function: what it gives, and what it takes. */
export interface NativePrototype {
  readonly gives: NativeType;
  readonly takes: readonly NativeType[];
  /**
   * What is given in the place of the `...` that C declares the function with: on Apple silicon that goes another way than what is
   * declared. Without it the function has none.
   */
  readonly varies?: readonly NativeType[];
}

/** A loaded library. It is never unloaded: some of Apple's do not survive that. */
export interface NativeLibrary {
  /** A function by its symbol; null when the library has none of that name. */
  function(symbol: string, prototype: NativePrototype): ((...given: readonly unknown[]) => unknown) | null;
  /** The address of a variable or a function; null when the library has none of that name. */
  address(symbol: string): bigint | null;
}

/** Native libraries of a machine, behind five functions, so that another way of calling them can take koffi's place. */
export interface NativeLibraries {
  /** A library by its path; null when it does not load. Apple's have no file: only loading tells whether they are there. */
  load(path: string): NativeLibrary | null;
  /** A copy of what lies at an address. The caller says how much of it there is. */
  copy(address: bigint, length: number): Buffer;
  /** The errno that the last call left. Ask at once: Node makes calls too. */
  errno(): number;
  /** Calls `ready` each time that there is something to read from a descriptor, until the function that it gives back is called. */
  watch(descriptor: number, ready: () => void): () => void;
}

const KOFFI_TYPES: Readonly<Record<NativeType, string>> = {
  i32: 'int32_t',
  u32: 'uint32_t',
  u8: 'uint8_t',
  f64: 'double',
  i64: 'int64_t',
  u64: 'uint64_t',
  pointer: 'uintptr_t',
  memory: 'void *',
  text: 'const char *',
  void: 'void',
};

/** A result as {@link NativeType} promises it; koffi gives 64 bits as a number or a bigint, by their size. */
function resultOf(type: NativeType): ((result: unknown) => unknown) | null {
  if (type === 'pointer') return (result) => BigInt(result as number | bigint);
  if (type === 'i64' || type === 'u64') return Number;
  return null;
}

/**
 * The libraries of the machine we run on. `whereIs` says where the library of a path lies: tests of one operating system on another
 * answer with a stand-in. Throws UNAVAILABLE where the library for native calls (koffi) does not load.
 */
export function openNativeLibraries(whereIs: (path: string) => string = (path) => path): NativeLibraries {
  const koffi = loadKoffi();
  const copyMemory = koffi.load(null).func('void *memcpy(void *to, uintptr_t from, size_t length)') as (
    to: Buffer,
    from: bigint,
    length: number,
  ) => unknown;
  const loaded = new Map<string, NativeLibrary | null>();
  return {
    load(path) {
      const known = loaded.get(path);
      if (known !== undefined) return known;
      const library = tryTo(() => koffi.load(whereIs(path)));
      const opened = library && wrap(library);
      loaded.set(path, opened);
      return opened;
    },
    copy(address, length) {
      const bytes = Buffer.allocUnsafeSlow(length);
      if (length > 0) copyMemory(bytes, address, length);
      return bytes;
    },
    errno: () => koffi.errno(),
    watch(descriptor, ready) {
      const watch = koffi.node.poll(descriptor, { readable: true }, ready);
      return () => watch.close();
    },
  };
}

function wrap(library: LibraryHandle): NativeLibrary {
  return {
    function(symbol, { gives, takes, varies }) {
      const declared = takes.map((type) => KOFFI_TYPES[type]);
      const found = tryTo(() => library.func(symbol, KOFFI_TYPES[gives], varies ? [...declared, '...'] : declared));
      if (!found) return null;
      const types = varies?.map((type) => KOFFI_TYPES[type]);
      // koffi wants the type of each before it, since the function does not say.
      const called = types
        ? (...given: readonly unknown[]): unknown =>
            found(...given.slice(0, takes.length), ...types.flatMap((type, index) => [type, given[takes.length + index]]))
        : found;
      const convert = resultOf(gives);
      return convert ? (...given) => convert(called(...given)) : called;
    },
    address: (symbol) => tryTo(() => library.symbol(symbol) as bigint),
  };
}

/** Null where koffi says that a library or a symbol is missing. Other errors are ours: a type that it does not know. */
function tryTo<Result>(act: () => Result): Result | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && /^(?:Failed to load|Cannot find)/.test(error.message)) return null;
    throw error;
  }
}
