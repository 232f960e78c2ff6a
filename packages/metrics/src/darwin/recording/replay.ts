import { HecateError } from '@hecate/host';
import type { NativeLibraries, NativeLibrary } from '@hecate/host';
import { CALLED, VARIABLES } from './called.ts';
import type { DarwinAnswers, DarwinRecording } from './format.ts';
import type { Replayed } from './lesson.ts';
import { LESSONS } from './lessons/index.ts';
import { openObjects } from './objects.ts';

/** Libraries that answer what was recorded. */
export interface ReplayedLibraries extends NativeLibraries {
  /** Objects of Core Foundation that nobody has released. */
  held(): number;
}

/** Memory by its addresses, which nobody else has. */
interface Memory {
  map(bytes: Buffer): bigint;
  unmap(address: bigint): void;
  copy(address: bigint, length: number): Buffer;
}

/** Where memory begins, and what it is given in: what is behind the end of it reads as zeros, up to a page that nobody has. */
const FIRST = 0x2_0000_0000n;
const PAGE = 0x1_0000n;

function openMemory(): Memory {
  const regions = new Map<bigint, Buffer>();
  let next = FIRST;
  return {
    map(bytes) {
      const at = next;
      next += (BigInt(bytes.length) / PAGE + 2n) * PAGE;
      regions.set(at, bytes);
      return at;
    },
    unmap: (address) => void regions.delete(address),
    copy(address, length) {
      const own = regions.get(address);
      if (own && length <= own.length) return Buffer.from(own.subarray(0, length));
      for (const [start, bytes] of regions) {
        const offset = Number(address - start);
        if (offset < 0 || offset >= bytes.length + Number(PAGE)) continue;
        const copy = Buffer.alloc(length);
        bytes.copy(copy, 0, Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));
        return copy;
      }
      if (length === 0) return Buffer.alloc(0);
      throw new HecateError('FAILED', `The recording holds nothing at 0x${address.toString(16)}.`);
    },
  };
}

/** The port of the task, which is asked for as a variable. */
const TASK_PORT = 0x103;

/** `moment` says which of the recorded ones is answered from, by its place. */
export function replayLibraries({ lacks, moments }: DarwinRecording, moment: () => number = () => 0): ReplayedLibraries {
  const memory = openMemory();
  const objects = openObjects(memory.map, memory.unmap);
  const memos = new Map<object, unknown>();
  const missing = new Set(lacks);
  const now = (): Required<DarwinAnswers> => moments[Math.min(Math.max(0, moment()), moments.length - 1)]!;
  let errno = 0;
  const machine: Replayed = {
    objects,
    answer(key) {
      const { answers } = now();
      const given = Object.hasOwn(answers, key) ? answers[key] : undefined;
      if (given === undefined) return null;
      const { bytes = Buffer.alloc(0), result = 0, error = 0 } = Buffer.isBuffer(given) ? { bytes: given } : given;
      return { bytes, result, error };
    },
    tree(key) {
      const { trees } = now();
      return Object.hasOwn(trees, key) ? trees[key] : undefined;
    },
    get registry() {
      return now().registry;
    },
    refuse(code, result) {
      errno = code;
      return result;
    },
    map: memory.map,
    unmap: memory.unmap,
    memo<Value>(of: object, make: () => Value): Value {
      if (!memos.has(of)) memos.set(of, make());
      return memos.get(of) as Value;
    },
  };
  const variables = new Map<string, bigint>();
  const libraryOf = (path: string): NativeLibrary => ({
    function(symbol, prototype) {
      const lesson = Object.hasOwn(LESSONS, symbol) ? LESSONS[symbol] : undefined;
      if (!lesson || missing.has(symbol) || !Object.hasOwn(CALLED[path]!, symbol)) return null;
      return (...given) => lesson.answer(machine, given, prototype);
    },
    address(symbol) {
      const known = variables.get(symbol);
      if (known !== undefined) return known;
      if (!VARIABLES[path]?.includes(symbol) || missing.has(symbol)) return null;
      // Of the others only the address counts.
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32LE(TASK_PORT);
      const at = memory.map(bytes);
      variables.set(symbol, at);
      return at;
    },
  });
  const libraries = new Map(
    Object.keys(CALLED)
      .filter((path) => !missing.has(path))
      .map((path) => [path, libraryOf(path)]),
  );
  return {
    load: (path) => libraries.get(path) ?? null,
    copy: memory.copy,
    errno: () => errno,
    watch() {
      throw new HecateError('UNAVAILABLE', 'Nothing happens to a machine that was recorded.');
    },
    held: () => objects.count(),
  };
}
