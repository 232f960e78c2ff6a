import { encode } from './abi.testing.ts';

/** What an object of Core Foundation is made of. `{$other: 1}` is one of a kind that nobody knows. */
export type CfTree = string | number | bigint | boolean | Buffer | readonly CfTree[] | { readonly [key: string]: CfTree };

/** An answer that is refused: what the function gives back, and the errno. Some answers carry a number of their own in `error`. */
export interface Refusal {
  readonly bytes?: Buffer;
  readonly result?: number;
  readonly error?: number;
}

/** An entry of the I/O registry. */
export interface RegistryEntry {
  readonly name: string;
  /** Its class, then those that this is made from. */
  readonly classes: readonly string[];
  /** The index of its parent in the list of entries. */
  readonly parent?: number;
  readonly properties: CfTree;
  /** What reading its properties gives back; 0 is success. */
  readonly result?: number;
}

/**
 * What a machine answers. Keys of `answers` are a function's name and what it is asked: `sysctl:hw.ncpu`, `sysctl:4.17.0.0.6.0`,
 * `host_processor_info:2`, `proc_pidinfo:41:4`. Keys of `trees` are the names of functions that give objects.
 */
export interface FakeMachine {
  readonly answers?: Readonly<Record<string, Buffer | Refusal>>;
  readonly trees?: Readonly<Record<string, CfTree>>;
  readonly registry?: readonly RegistryEntry[];
  /** Seconds since the epoch. */
  readonly time?: number;
}

/** An integer of 4 bytes. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** An integer of 8 bytes. */
export function long(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

/** A text with its NUL. */
export const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** Doubles, one after the other. */
export function doubles(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeDoubleLE(value, index * 8);
  return bytes;
}

/** Ticks of each CPU: user, system, idle, nice. */
export const processorTicks = (cpus: readonly (readonly [number, number, number, number])[]): Buffer =>
  Buffer.concat(cpus.map((ticks) => encode('processor_cpu_load_info', { cpu_ticks: ticks })));

/** Several machines as one: later ones hold. Registry entries keep their order; parents are counted within their own list. */
export function merge(...machines: readonly FakeMachine[]): FakeMachine {
  const registry: RegistryEntry[] = [];
  for (const machine of machines) {
    const base = registry.length;
    registry.push(...(machine.registry ?? []).map((one) => (one.parent === undefined ? one : { ...one, parent: one.parent + base })));
  }
  const time = machines.findLast((machine) => machine.time !== undefined)?.time;
  return {
    answers: Object.assign({}, ...machines.map(({ answers }) => answers)) as NonNullable<FakeMachine['answers']>,
    trees: Object.assign({}, ...machines.map(({ trees }) => trees)) as NonNullable<FakeMachine['trees']>,
    registry,
    ...(time === undefined ? {} : { time }),
  };
}
