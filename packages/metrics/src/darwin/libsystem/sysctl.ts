import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { systemError } from './system-error.ts';

/** What is asked for: a name (`hw.memsize`), or the numbers of a place that has none. */
export type SysctlPlace = string | readonly number[];

const length = nativeBuffer(8);
/** The numbers of a place; no place has more. */
const numbers = nativeBuffer(12 * 4);
/** Answers that grow between two questions are asked for again, so often at most. */
const TRIES = 5;

/** One question; the bytes that were written, or the errno. `length` holds how many are wanted where `into` is null. */
function ask(darwin: Darwin, place: SysctlPlace, into: Buffer | null): number | null {
  // Two halves are ten times quicker than a BigInt, and no Buffer has 4 GiB.
  length.writeUInt32LE(into?.length ?? 0, 0);
  length.writeUInt32LE(0, 4);
  if (typeof place === 'string') {
    return darwin.libsystem.sysctlbyname(place, into, length, 0n, 0) === 0 ? null : darwin.libraries.errno();
  }
  for (let index = 0; index < place.length; index++) numbers.writeInt32LE(place[index]!, index * 4);
  return darwin.libsystem.sysctl(numbers, place.length, into, length, 0n, 0) === 0 ? null : darwin.libraries.errno();
}

const nameOf = (place: SysctlPlace): string => (typeof place === 'string' ? place : place.join('.'));
const answered = (): number => length.readUInt32LE(4) * 2 ** 32 + length.readUInt32LE(0);

/**
 * Asks one place again and again: the bytes of an answer whose length is not known before. They lie in the same memory each time,
 * so they are valid until the next question. Throws the system's error: ENOENT for a name that this system lacks.
 */
export function openSysctl(darwin: Darwin, place: SysctlPlace): () => Buffer {
  let bytes: Buffer | null = null;
  return () => {
    for (let time = 0; time < TRIES; time++) {
      if (!bytes) {
        const refused = ask(darwin, place, null);
        if (refused !== null) throw systemError(refused, `sysctl ${nameOf(place)}`);
        // Lists grow while they are asked for: an eighth more than it says.
        const wanted = answered();
        bytes = nativeBuffer(wanted + (wanted >> 3));
      }
      const errno = ask(darwin, place, bytes);
      if (errno === null) return bytes.subarray(0, answered());
      if (errno !== APPLE.ENOMEM) throw systemError(errno, `sysctl ${nameOf(place)}`);
      bytes = null;
    }
    throw new HecateError('FAILED', `The answer of sysctl ${nameOf(place)} grew ${TRIES} times while it was read.`);
  };
}

/** The bytes of an answer whose length is not known before. Throws the system's error: ENOENT for a name that this system lacks. */
export function sysctlBytes(darwin: Darwin, place: SysctlPlace): Buffer {
  return openSysctl(darwin, place)();
}

/** Reads into `into`. Gives the bytes that were written; null where the system refuses, for what is often refused. */
export function sysctlAllowed(darwin: Darwin, place: SysctlPlace, into: Buffer): number | null {
  return ask(darwin, place, into) === null ? answered() : null;
}

/** Reads into `into`, for structures whose size is known. Gives the bytes that were written. Throws the system's error. */
export function sysctlInto(darwin: Darwin, place: SysctlPlace, into: Buffer): number {
  const errno = ask(darwin, place, into);
  if (errno !== null) throw systemError(errno, `sysctl ${nameOf(place)}`);
  return answered();
}

const number = nativeBuffer(8);

/** An integer of 32 or 64 bits. Throws the system's error, and FAILED when the answer is not an integer. */
export function sysctlInteger(darwin: Darwin, name: string): number {
  const written = sysctlInto(darwin, name, number);
  if (written === 4) return number.readInt32LE(0);
  if (written === 8) return Number(number.readBigInt64LE(0));
  throw new HecateError('FAILED', `sysctl ${name} answered ${written} bytes, which is no integer.`);
}

/** A text, without its NUL. Throws the system's error. */
export function sysctlText(darwin: Darwin, name: string): string {
  const bytes = sysctlBytes(darwin, name);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
