import { encodeSmcNumber } from '@hecate/host';
import { layoutOf } from './abi.testing.ts';
import type { CfTree, FakeMachine, Refusal, RegistryEntry } from './machine.testing.ts';

/** A value of a key: its type, and its bytes or the number that they stand for. */
export type FakeSmcValue = readonly [type: string, value: number | Buffer];

/** A controller of a machine: its keys by their names, and how its firmware behaves. */
export interface FakeSmc {
  readonly keys: Readonly<Record<string, FakeSmcValue>>;
  /** Turns that the firmware gives each fan while it decides. */
  readonly automatic?: readonly FakeSmcValue[];
  /** The firmware lets go of fans only after `Ftst` is 1, and after so many tries; before that it answers `refuses` (0: it says nothing). */
  readonly unlock?: { readonly tries: number; readonly refuses: number };
  /** Whether writes come from root. */
  readonly root?: boolean;
  /** Keys that cannot be read: what the controller answers. */
  readonly unreadable?: Readonly<Record<string, number>>;
  /** Class name of the services: on Apple silicon several are of it. */
  readonly services?: readonly string[];
}

const codeOf = (letters: string): number => Buffer.from(letters, 'latin1').readInt32BE(0);
const bytesOf = ([type, value]: FakeSmcValue): Buffer => (typeof value === 'number' ? encodeSmcNumber(type, value) : value);

/** Where the fields of a packet lie, of the facts. */
function layoutAnswer(): Buffer {
  const { size, leaves } = layoutOf('SMCParamStruct');
  const names = ['key', 'keyInfo.dataSize', 'keyInfo.dataType', 'result', 'data8', 'data32', 'bytes'];
  const numbers = [...names.map((name) => leaves.get(name)!.offset), size];
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, index * 4);
  return bytes;
}

/** What a machine with a controller answers. */
export function smcOf({ keys, automatic = [], unlock, root = false, unreadable = {}, services = ['AppleSMC'] }: FakeSmc): FakeMachine {
  const answers: Record<string, Buffer | Refusal> = {
    'smc-layout': layoutAnswer(),
    'smc-keys': Buffer.from(Object.keys(keys).join(''), 'latin1'),
  };
  for (const [name, value] of Object.entries(keys))
    answers[`smc:${name}`] = { bytes: bytesOf(value), error: codeOf(value[0]), result: unreadable[name] ?? 0 };
  for (const [fan, value] of automatic.entries()) answers[`smc-auto:F${fan}`] = bytesOf(value);
  if (unlock) answers['smc-unlock'] = { result: unlock.tries, error: unlock.refuses };
  if (root) answers['smc-root'] = Buffer.alloc(0);
  return { answers, registry: services.map((name): RegistryEntry => ({ name, classes: ['AppleSMC', 'IOService'], properties: {} })) };
}

/** Numbers as values of a type. */
export const smcValues = (type: string, numbers: Readonly<Record<string, number>>): Record<string, FakeSmcValue> =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, [type, value]]));

/** A sensor behind the HID event system; without a temperature it has no event. */
export interface FakeHidSensor {
  readonly Product?: string;
  readonly temperature?: number;
}

/** What a machine with such sensors answers. Whole numbers get a point: temperatures are floats. */
export const hidOf = (sensors: readonly FakeHidSensor[]): FakeMachine => ({
  trees: { IOHIDEventSystemClientCopyServices: sensors.map((one) => ({ ...one, PrimaryUsage: 5, PrimaryUsagePage: 0xff00 })) as CfTree },
});
