import type { NativePrototype } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import type { CfTree, Refusal, RegistryEntry } from './format.ts';
import type { ReplayedObjects } from './objects.ts';

/** A call of a function that was made: what it was given, what it gave back, and the errno that it left. */
export interface Call {
  /** What the lesson made of the arguments before the call: what a function reads may be overwritten by what it writes. */
  readonly key: string;
  readonly given: readonly unknown[];
  readonly gave: unknown;
  readonly errno: number;
  readonly prototype: NativePrototype;
}

/** An entry of the I/O registry that is being recorded. */
export interface NotedEntry {
  name: string;
  readonly classes: string[];
  parent: number | undefined;
  properties: CfTree;
  result: number;
}

/** What is written down of one moment. */
export interface Notebook {
  /** The machine itself: what is asked through it is not written down. */
  readonly darwin: Darwin;
  readonly answers: Map<string, Buffer | Refusal>;
  readonly trees: Map<string, CfTree>;
  readonly registry: NotedEntry[];
  /** What a lesson keeps between calls, made at its first. */
  memo<Value>(of: object, make: () => Value): Value;
  /** Does something once, under this key, when the moment is over. */
  atEnd(of: object, work: () => void): void;
}

/** A machine that answers from what was written down. */
export interface Replayed {
  readonly objects: ReplayedObjects;
  /** What was answered at this moment; null when it was not asked. */
  answer(key: string): { readonly bytes: Buffer; readonly result: number; readonly error: number } | null;
  tree(key: string): CfTree | undefined;
  readonly registry: readonly RegistryEntry[];
  /** Sets the errno, and gives `result`. */
  refuse(errno: number, result: number): number;
  /** An address where these bytes can be read, until it is taken back with {@link unmap}. */
  map(bytes: Buffer): bigint;
  unmap(address: bigint): void;
  memo<Value>(of: object, make: () => Value): Value;
}

/** What the recorder and the replay must know of one function. */
export interface Lesson {
  /** The key of the answer, where memory that is read is written to as well. */
  key?(given: readonly unknown[]): string;
  /** Writes down what a call answered. A function without it answers from what others wrote down. */
  note?(book: Notebook, call: Call): void;
  /** Answers a call from what was written down. */
  answer(machine: Replayed, given: readonly unknown[], prototype: NativePrototype): unknown;
}

/** Lessons by the symbols of their functions. */
export type Lessons = Readonly<Record<string, Lesson>>;

/** What was given in a place, as the prototype promises it. */
export const memoryAt = (given: readonly unknown[], place: number): Buffer | null => given[place] as Buffer | null;
/** A number that was given; 64 bits to the nearest double. */
export const numberAt = (given: readonly unknown[], place: number): number => Number(given[place]);
/** A text that was given. */
export const textAt = (given: readonly unknown[], place: number): string => given[place] as string;
/** An address that was given. */
export const addressAt = (given: readonly unknown[], place: number): bigint => BigInt(given[place] as bigint | number);
