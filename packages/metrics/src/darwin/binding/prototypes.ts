import type { NativeType } from '@hecate/host';

/**
 * What a function gives. Beside the widths of {@link NativeType}:
 * - `created`: an object that the caller owns (the create rule of Core Foundation). The function takes a scope as its first argument,
 *   which releases the object: nobody can forget to, or do it twice.
 * - `object`: a handle of the I/O registry that the caller owns; the same.
 */
export type Given = Exclude<NativeType, 'memory' | 'text'> | 'created' | 'object';

/**
 * One function, declared as data: what it gives, then what it takes. `...` stands where C has it, for example
 * `['i32', 'i32', 'u64', '...', 'memory']`; behind it is what is given in its place.
 */
export type Prototype = readonly [gives: Given, ...takes: (Exclude<NativeType, 'void'> | '...')[]];

/** The functions that are called of one library, by their symbols. */
export type Prototypes = Readonly<Record<string, Prototype>>;

/** What releases what the functions of a library create. */
export interface Scope {
  /** Releases the object, or the handle, when the scope ends. */
  keep(kind: 'created' | 'object', value: bigint | number): void;
}

interface TakenTypes {
  i32: number;
  u32: number;
  u8: number;
  f64: number;
  i64: number | bigint;
  u64: number | bigint;
  pointer: bigint;
  memory: Buffer | null;
  text: string;
}
interface GivenTypes {
  void: undefined;
  i32: number;
  u32: number;
  u8: number;
  f64: number;
  i64: number;
  u64: number;
  pointer: bigint;
  created: bigint;
  object: number;
}
type Taken<Types extends readonly unknown[]> = Types extends readonly [infer First, ...infer Rest]
  ? [...(First extends keyof TakenTypes ? [TakenTypes[First]] : []), ...Taken<Rest>]
  : Types extends readonly []
    ? []
    : TakenTypes[Extract<Types[number], keyof TakenTypes>][];
type Function<Gives extends Given, Takes extends readonly unknown[]> = Gives extends 'created' | 'object'
  ? (scope: Scope, ...given: Taken<Takes>) => GivenTypes[Gives]
  : (...given: Taken<Takes>) => GivenTypes[Gives];

/**
 * The functions of a table, to be called. Each is looked up at its first call; one that this macOS lacks throws UNSUPPORTED then,
 * which becomes a gap with that reason.
 */
export type Bound<Table extends Prototypes> = {
  readonly [Name in keyof Table]: Table[Name] extends readonly [infer Gives extends Given, ...infer Takes] ? Function<Gives, Takes> : never;
};
