import { HecateError } from '@hecate/host';
import type { NativeLibraries, NativePrototype, NativeType } from '@hecate/host';
import type { Bound, Prototype, Prototypes, Scope } from './prototypes.ts';

/** The prototype as the door to native libraries takes it. */
export function nativePrototype([given, ...taken]: Prototype): NativePrototype {
  const gives = given === 'created' ? 'pointer' : given === 'object' ? 'u32' : given;
  const dots = taken.indexOf('...');
  const types = (part: typeof taken): NativeType[] => part.filter((type) => type !== '...');
  return dots < 0 ? { gives, takes: types(taken) } : { gives, takes: types(taken.slice(0, dots)), varies: types(taken.slice(dots + 1)) };
}

/** Where the symbol is looked up: a library, or what a path of ours is called where it is missing. */
interface Place {
  readonly path: string;
  readonly libraries: NativeLibraries;
}

/** Throws UNSUPPORTED when this macOS has no such library or function. */
function lookUp({ path, libraries }: Place, symbol: string, prototype: Prototype): (...given: readonly unknown[]) => unknown {
  const library = libraries.load(path);
  if (!library) throw new HecateError('UNSUPPORTED', `This system has no ${path}.`);
  const found = library.function(symbol, nativePrototype(prototype));
  if (!found) throw new HecateError('UNSUPPORTED', `The ${path} of this system has no ${symbol}.`);
  return found;
}

/**
 * The functions of `table` in the library at `path`, and the symbols of those that are called by another name than theirs.
 * Nothing is loaded before the first call of one.
 */
export function bind<const Table extends Prototypes>(
  libraries: NativeLibraries,
  path: string,
  table: Table,
  symbols: Readonly<Record<string, string>> = {},
): Bound<Table> {
  const bound: Record<string, (...given: never[]) => unknown> = {};
  for (const [name, prototype] of Object.entries(table)) {
    const symbol = symbols[name] ?? name;
    let call: ((...given: readonly unknown[]) => unknown) | undefined;
    const called = (...given: readonly unknown[]): unknown => (call ??= lookUp({ path, libraries }, symbol, prototype))(...given);
    const kind = prototype[0];
    bound[name] =
      kind === 'created' || kind === 'object'
        ? (scope: Scope, ...given: readonly unknown[]) => {
            const made = called(...given) as bigint | number;
            if (made) scope.keep(kind, made);
            return made;
          }
        : called;
  }
  return bound as Bound<Table>;
}
