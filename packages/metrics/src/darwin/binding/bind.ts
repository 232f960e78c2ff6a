import { HecateError } from '@hecate/host';
import type { NativeLibraries, NativePrototype } from '@hecate/host';
import type { Bound, Prototype, Prototypes, Scope } from './prototypes.ts';

/** The prototype as the door to native libraries takes it. */
export function nativePrototype([gives, ...takes]: Prototype): NativePrototype {
  return { gives: gives === 'created' ? 'pointer' : gives === 'object' ? 'u32' : gives, takes };
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

/** The functions of `table` in the library at `path`. Nothing is loaded before the first call of one. */
export function bind<const Table extends Prototypes>(libraries: NativeLibraries, path: string, table: Table): Bound<Table> {
  const bound: Record<string, (...given: never[]) => unknown> = {};
  for (const [symbol, prototype] of Object.entries(table)) {
    let call: ((...given: readonly unknown[]) => unknown) | undefined;
    const called = (...given: readonly unknown[]): unknown => (call ??= lookUp({ path, libraries }, symbol, prototype))(...given);
    const kind = prototype[0];
    bound[symbol] =
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
