import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { isRefusal } from '../../model/gap.ts';
import { sysctlAllowed, sysctlInteger } from '../libsystem/sysctl.ts';

/** Bytes that arguments and environment of a process can take where the system does not say it (`kern.argmax`), and what is believed. */
const USUAL = 2 ** 20;
const [LEAST, MOST] = [2 ** 12, 2 ** 24];

/**
 * The command line in an answer of KERN_PROCARGS2, its arguments separated by spaces. The answer is how many arguments there are
 * (4 bytes), the path that was executed, NULs, then the arguments, each with its NUL; the environment follows and is left alone.
 * Null when it is cut.
 */
export function parseCommand(answer: Buffer, length: number = answer.length): string | null {
  if (length < 5) return null;
  const count = answer.readInt32LE(0);
  let at = 4;
  while (at < length && answer[at] !== 0) at++;
  if (at === length || count < 0) return null;
  while (at < length && answer[at] === 0) at++;
  const start = at;
  for (let found = 0; found < count; found++) {
    while (at < length && answer[at] !== 0) at++;
    if (at === length) return null;
    at++;
  }
  return answer.toString('utf8', start, Math.max(start, at - 1)).replaceAll('\0', ' ');
}

/** A megabyte on a Mac, of which only what was written is in memory: one for all readers, made when the first one asks. */
let answer: Buffer | undefined;

/** Not filled with zeros: that would take the memory at once. */
function makeRoom(darwin: Darwin): Buffer {
  try {
    return Buffer.allocUnsafeSlow(Math.min(MOST, Math.max(LEAST, sysctlInteger(darwin, 'kern.argmax'))));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return Buffer.allocUnsafeSlow(USUAL);
  }
}

/** The command line of a process; null when it may not be read: those of other users, and of the system. */
export function readCommand(darwin: Darwin, pid: number): string | null {
  // The kernel gives the end of what does not fit, not its beginning: there must be room for all.
  answer ??= makeRoom(darwin);
  const length = sysctlAllowed(darwin, [APPLE.CTL_KERN, APPLE.KERN_PROCARGS2, pid], answer);
  return length === null ? null : parseCommand(answer, length);
}
