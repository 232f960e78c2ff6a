import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { isRefusal } from '../../model/gap.ts';
import { sysctlBytes } from '../libsystem/sysctl.ts';

/**
 * The arguments in the answer of KERN_PROCARGS2: how many there are (4 bytes), the path that was executed, NULs, then the arguments, each
 * with its NUL; the environment follows and is left alone. Null when it is cut.
 */
export function parseArguments(bytes: Buffer): string[] | null {
  if (bytes.length < 5) return null;
  const count = bytes.readInt32LE(0);
  const pathEnd = bytes.indexOf(0, 4);
  if (pathEnd < 0 || count < 0) return null;
  let at = pathEnd;
  while (at < bytes.length && bytes[at] === 0) at++;
  const found: string[] = [];
  while (found.length < count) {
    const end = bytes.indexOf(0, at);
    if (end < 0) return null;
    found.push(bytes.toString('utf8', at, end));
    at = end + 1;
  }
  return found;
}

/** The command line of a process, its arguments separated by spaces; null when it may not be read: those of other users, and of the system. */
export function readCommand(darwin: Darwin, pid: number): string | null {
  try {
    return parseArguments(sysctlBytes(darwin, [APPLE.CTL_KERN, APPLE.KERN_PROCARGS2, pid]))?.join(' ') ?? null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}
