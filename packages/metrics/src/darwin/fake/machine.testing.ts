import type { CfTree, DarwinAnswers, Refusal, RegistryEntry } from '../recording/format.ts';
import { encode } from './abi.testing.ts';

export type { CfTree, Refusal, RegistryEntry };

/** What a machine answers: what a recording of one holds, too. */
export type FakeMachine = DarwinAnswers;

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
