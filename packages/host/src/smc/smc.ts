import { IOKIT_PATH, ownTask } from '../apple-libraries.ts';
import { HecateError } from '../error.ts';
import { nativeBuffer } from '../native.ts';
import type { NativeLibraries, NativePrototype } from '../native-library.ts';
import { codeOf, createSmcPacket, smcLetters, SMC_COMMANDS, SMC_RESULTS } from './smc-packet.ts';
import type { SmcPacket } from './smc-packet.ts';
import { decodeSmcNumber } from './smc-value.ts';

/** What is called of IOKit to reach the controller. A test of the metrics holds it against the facts about Apple's headers. */
export const SMC_FUNCTIONS: {
  readonly [
    Name in
      | 'IOServiceMatching'
      | 'IOServiceGetMatchingServices'
      | 'IOIteratorNext'
      | 'IORegistryEntryGetName'
      | 'IOObjectRelease'
      | 'IOServiceOpen'
      | 'IOServiceClose'
      | 'IOConnectCallStructMethod'
  ]: NativePrototype;
} = {
  IOServiceMatching: { gives: 'pointer', takes: ['text'] },
  IOServiceGetMatchingServices: { gives: 'i32', takes: ['u32', 'pointer', 'memory'] },
  IOIteratorNext: { gives: 'u32', takes: ['u32'] },
  IORegistryEntryGetName: { gives: 'i32', takes: ['u32', 'memory'] },
  IOObjectRelease: { gives: 'i32', takes: ['u32'] },
  IOServiceOpen: { gives: 'i32', takes: ['u32', 'u32', 'u32', 'memory'] },
  IOServiceClose: { gives: 'i32', takes: ['u32'] },
  IOConnectCallStructMethod: { gives: 'i32', takes: ['u32', 'u32', 'memory', 'u64', 'memory', 'memory'] },
};

/** `kIOReturnNotPrivileged`, `kIOReturnNotPermitted` of IOReturn.h. */
const REFUSED: ReadonlySet<number> = new Set([0xe000_02c1, 0xe000_02e2]);
/** The class of the service on Intel; on Apple silicon several services are of it, and this one has the keys. */
const CLASS = 'AppleSMC';
const KEYS = 'AppleSMCKeysEndpoint';
/** The method of the service that takes packets. */
const METHOD = 2;
/** io_name_t. */
const NAME_LENGTH = 128;

/** A key: four letters, the type of its value and its bytes. */
export interface SmcKey {
  readonly key: string;
  /** Four letters: `flt `, `ui8 `, `sp78`. */
  readonly type: string;
  readonly size: number;
}

/** An open connection to the controller. Every call waits for it, some tens of microseconds. */
export interface Smc {
  /** How many keys there are. Throws FAILED when it does not say. */
  count(): number;
  /** The name of the key at an index; null when there is none. */
  nameAt(index: number): string | null;
  /** The type of a key; null when there is none of that name. */
  find(name: string): SmcKey | null;
  /** Its value; null when it cannot be read now. */
  read(key: SmcKey): Buffer | null;
  /** Gives a key a value of its size. Throws DENIED without root, UNSUPPORTED for one that cannot be written, FAILED. */
  write(key: SmcKey, bytes: Buffer): void;
  close(): void;
}

/** The value of a key as a number; null without a key, for one that cannot be read now, and for one that holds no number. */
export function readSmcNumber(smc: Pick<Smc, 'read'>, key: SmcKey | null): number | null {
  const bytes = key && smc.read(key);
  return key && bytes ? decodeSmcNumber(key.type, bytes) : null;
}

type Calls = Readonly<Record<keyof typeof SMC_FUNCTIONS, (...given: readonly unknown[]) => unknown>>;

/** Throws UNSUPPORTED where the system lacks one of the functions. */
function bindCalls(libraries: NativeLibraries): Calls {
  const library = libraries.load(IOKIT_PATH);
  if (!library) throw new HecateError('UNSUPPORTED', `This system has no ${IOKIT_PATH}.`);
  return Object.fromEntries(
    Object.entries(SMC_FUNCTIONS).map(([symbol, prototype]) => {
      const call = library.function(symbol, prototype);
      if (!call) throw new HecateError('UNSUPPORTED', `The ${IOKIT_PATH} of this system has no ${symbol}.`);
      return [symbol, call];
    }),
  ) as Calls;
}

/** Calls `use` with the service that has the keys. Throws UNAVAILABLE where there is none, as in a virtual machine. */
function withService<Result>(calls: Calls, use: (service: number) => Result): Result {
  const handle = nativeBuffer(4);
  const held: number[] = [];
  try {
    const matching = calls.IOServiceMatching(CLASS);
    const result = Number(calls.IOServiceGetMatchingServices(0, matching, handle)) >>> 0;
    if (result !== 0) throw new HecateError('FAILED', `IOServiceGetMatchingServices answered 0x${result.toString(16)}.`);
    const iterator = handle.readUInt32LE(0);
    if (iterator !== 0) held.push(iterator);
    const services: number[] = [];
    for (let one = iterator && Number(calls.IOIteratorNext(iterator)); one !== 0; one = Number(calls.IOIteratorNext(iterator))) {
      held.push(one);
      services.push(one);
    }
    const name = nativeBuffer(NAME_LENGTH);
    const nameOf = (service: number): string =>
      calls.IORegistryEntryGetName(service, name) === 0 ? name.toString('latin1', 0, Math.max(0, name.indexOf(0))) : '';
    const found = services.find((service) => nameOf(service) === KEYS) ?? services[0];
    if (found === undefined) throw new HecateError('UNAVAILABLE', 'This machine has no system management controller (SMC).');
    return use(found);
  } finally {
    for (const one of held.reverse()) calls.IOObjectRelease(one);
  }
}

const SENTENCES: Readonly<Record<number, string>> = {
  [SMC_RESULTS.badCommand]: 'it does not know the command',
  [SMC_RESULTS.noKey]: 'it has no such key',
  [SMC_RESULTS.notReadable]: 'the key cannot be read',
  [SMC_RESULTS.notWritable]: 'the key cannot be written',
  [SMC_RESULTS.wrongSize]: 'the value has another size',
};

/** Opens the controller. Throws UNSUPPORTED where the system has no way to it, UNAVAILABLE where there is none, DENIED, FAILED. */
export function openSmc(libraries: NativeLibraries): Smc {
  const calls = bindCalls(libraries);
  const task = ownTask(libraries);
  const connection = withService(calls, (service) => {
    const handle = nativeBuffer(4);
    const result = Number(calls.IOServiceOpen(service, task, 0, handle)) >>> 0;
    if (result !== 0) throw refusal(`The system management controller cannot be opened: 0x${result.toString(16)}.`, result);
    return handle.readUInt32LE(0);
  });
  return overConnection(calls, connection);
}

function refusal(sentence: string, result: number): HecateError {
  return new HecateError(REFUSED.has(result) ? 'DENIED' : 'FAILED', sentence);
}

function overConnection(calls: Calls, connection: number): Smc {
  const question = createSmcPacket();
  const answer = createSmcPacket();
  const room = nativeBuffer(8);
  let isOpen = true;
  /** One question; what the controller says of it. The answer lies in `answer`. */
  const ask = (command: keyof typeof SMC_COMMANDS, name: string, fill: (packet: SmcPacket) => void = () => undefined): number => {
    question.clear();
    answer.clear();
    question.set('key', codeOf(name));
    question.set('command', SMC_COMMANDS[command]);
    fill(question);
    room.writeBigUInt64LE(BigInt(answer.memory.length));
    const { length } = question.memory;
    const result = Number(calls.IOConnectCallStructMethod(connection, METHOD, question.memory, length, answer.memory, room)) >>> 0;
    // A right that is missing is told by the call, and everything about the key by the controller.
    if (result !== 0) throw refusal(`The system management controller answered 0x${result.toString(16)} for ${name}.`, result);
    return answer.get('result');
  };
  const trouble = (name: string, result: number): HecateError =>
    new HecateError(
      result === SMC_RESULTS.notWritable ? 'UNSUPPORTED' : 'FAILED',
      `The system management controller refuses ${name}: ${SENTENCES[result] ?? `result 0x${result.toString(16)}`}.`,
    );
  const find = (name: string): SmcKey | null => {
    const result = ask('keyInfo', name);
    if (result === SMC_RESULTS.noKey) return null;
    if (result !== SMC_RESULTS.ok) throw trouble(name, result);
    return { key: name, type: smcLetters(answer.get('valueType')), size: answer.get('valueSize') };
  };
  const read = ({ key, size }: SmcKey): Buffer | null =>
    ask('read', key, (packet) => packet.set('valueSize', size)) === SMC_RESULTS.ok ? answer.value(size) : null;
  return {
    find,
    read,
    count() {
      const key = find('#KEY');
      const bytes = key && read(key);
      if (bytes?.length !== 4) throw new HecateError('FAILED', 'The system management controller does not say how many keys it has.');
      return bytes.readUInt32BE(0);
    },
    nameAt(index) {
      const result = ask('keyAt', '\0\0\0\0', (packet) => packet.set('index', index));
      return result === SMC_RESULTS.ok ? smcLetters(answer.get('key')) : null;
    },
    write({ key, size }, bytes) {
      if (bytes.length !== size) throw new HecateError('INVALID', `${key} holds ${size} bytes, and not ${bytes.length}.`);
      const result = ask('write', key, (packet) => {
        packet.set('valueSize', size);
        packet.setValue(bytes);
      });
      if (result !== SMC_RESULTS.ok) throw trouble(key, result);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      calls.IOServiceClose(connection);
    },
  };
}
