import { readSmcField, SMC_COMMANDS, SMC_PACKET, SMC_RESULTS, smcLetters, writeSmcField } from '@hecate/host';
import { APPLE } from '../../apple-numbers.ts';
import { memoryAt } from '../lesson.ts';
import type { Lessons, Notebook, Replayed } from '../lesson.ts';
import type { Refusal } from '../format.ts';

const KEYS = 'smc-keys';
const COUNT_KEY = '#KEY';
/** Type of the number of keys: `ui32`. */
const COUNT_TYPE = 0x7569_3332;
/** What is answered where nothing that is known was recorded, as for whoever is not root. */
const NOT_PRIVILEGED = APPLE.kIOReturnNotPrivileged | 0;
/** The one connection that a replay gives. */
const CONNECTION = 0x7000;

const [, START, ROOM] = SMC_PACKET.bytes;

/** Where the fields of a packet lie, for the stand-in of the tests, which knows no structure. */
function layoutBytes(): Buffer {
  const { key, valueSize, valueType, result, command, index } = SMC_PACKET.fields;
  const numbers = [...[key, valueSize, valueType, result, command, index].map(([, offset]) => offset), START, SMC_PACKET.size];
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [place, number] of numbers.entries()) bytes.writeUInt32LE(number, place * 4);
  return bytes;
}

/** A value that is known so far: without bytes, its own are zeros. */
function noted(book: Notebook, name: string): { bytes: Buffer; result: number; error: number } {
  const { bytes = Buffer.alloc(0), result = 0, error = 0 } = (book.answers.get(`smc:${name}`) ?? {}) as Refusal;
  return { bytes, result, error };
}

/** All names, as many as the controller says it has. */
function keysOf(book: Notebook, count: number): Buffer {
  const known = book.answers.get(KEYS);
  const before = Buffer.isBuffer(known) ? known : Buffer.alloc(0);
  if (before.length >= count * 4) return before;
  const longer = Buffer.alloc(count * 4);
  before.copy(longer);
  book.answers.set(KEYS, longer);
  return longer;
}

/** Most keys that a controller is believed to have. */
const MOST_KEYS = 20_000;

function noteAnswer(book: Notebook, asked: string, packet: Buffer): void {
  const question = Buffer.from(asked, 'hex');
  const name = smcLetters(readSmcField(question, 'key'));
  const result = readSmcField(packet, 'result');
  const bytes = Buffer.from(packet.subarray(START, START + ROOM));
  switch (readSmcField(question, 'command')) {
    case SMC_COMMANDS.keyAt: {
      const index = readSmcField(question, 'index');
      if (result === SMC_RESULTS.ok && index < MOST_KEYS) keysOf(book, index + 1).writeUInt32BE(readSmcField(packet, 'key'), index * 4);
      return;
    }
    case SMC_COMMANDS.keyInfo: {
      if (result !== SMC_RESULTS.ok || name === COUNT_KEY) return;
      const size = Math.min(ROOM, readSmcField(packet, 'valueSize'));
      const before = noted(book, name);
      book.answers.set(`smc:${name}`, {
        ...{ bytes: before.bytes.length === size ? before.bytes : Buffer.alloc(size), result: before.result },
        error: readSmcField(packet, 'valueType') | 0,
      });
      return;
    }
    case SMC_COMMANDS.read:
      if (name === COUNT_KEY) {
        if (result === SMC_RESULTS.ok) keysOf(book, Math.min(MOST_KEYS, bytes.readUInt32BE(0)));
      } else
        book.answers.set(`smc:${name}`, {
          bytes: bytes.subarray(0, readSmcField(question, 'valueSize')),
          result,
          error: noted(book, name).error,
        });
      return;
    default:
  }
}

/** What the controller answers to a packet; its fields in `packet` are set. */
function answerTo(machine: Replayed, asked: Buffer, packet: Buffer): number {
  const name = smcLetters(readSmcField(asked, 'key'));
  const keys = machine.answer(KEYS)?.bytes ?? Buffer.alloc(0);
  const found = machine.answer(`smc:${name}`);
  const isCount = name === COUNT_KEY;
  switch (readSmcField(asked, 'command')) {
    case SMC_COMMANDS.keyAt: {
      const index = readSmcField(asked, 'index');
      if (index * 4 + 4 > keys.length) return SMC_RESULTS.noKey;
      writeSmcField(packet, 'key', keys.readUInt32BE(index * 4));
      return SMC_RESULTS.ok;
    }
    case SMC_COMMANDS.keyInfo:
      if (!found && !isCount) return SMC_RESULTS.noKey;
      writeSmcField(packet, 'valueSize', isCount ? 4 : found!.bytes.length);
      writeSmcField(packet, 'valueType', isCount ? COUNT_TYPE : found!.error);
      return SMC_RESULTS.ok;
    case SMC_COMMANDS.read:
      if (isCount) {
        packet.writeUInt32BE(Math.floor(keys.length / 4), START);
        return SMC_RESULTS.ok;
      }
      if (!found) return SMC_RESULTS.noKey;
      if (readSmcField(asked, 'valueSize') !== found.bytes.length) return SMC_RESULTS.wrongSize;
      found.bytes.copy(packet, START, 0, ROOM);
      return found.result;
    default:
      return SMC_RESULTS.badCommand;
  }
}

/** The system management controller: keys and values. Nothing is written to a recording. */
export const SMC_LESSONS: Lessons = {
  IOServiceOpen: {
    note({ answers }, { gave }) {
      if (gave !== 0) answers.set('IOServiceOpen', { result: gave as number });
      else answers.set('smc-layout', layoutBytes());
    },
    answer(machine, given) {
      const refused = machine.answer('IOServiceOpen');
      if (refused) return refused.result;
      memoryAt(given, 3)!.writeUInt32LE(CONNECTION, 0);
      return 0;
    },
  },
  IOServiceClose: { answer: () => 0 },
  IOConnectCallStructMethod: {
    // The question and the answer may be one packet.
    key: (given) => memoryAt(given, 2)!.toString('hex', 0, SMC_PACKET.size),
    note(book, { key, given, gave }) {
      if (gave === 0) noteAnswer(book, key, memoryAt(given, 4)!);
    },
    answer(machine, given) {
      const asked = Buffer.from(memoryAt(given, 2)!.subarray(0, SMC_PACKET.size));
      if (readSmcField(asked, 'command') === SMC_COMMANDS.write) return NOT_PRIVILEGED;
      const packet = memoryAt(given, 4)!;
      packet.fill(0, 0, SMC_PACKET.size);
      writeSmcField(packet, 'result', answerTo(machine, asked, packet));
      return 0;
    },
  },
};
