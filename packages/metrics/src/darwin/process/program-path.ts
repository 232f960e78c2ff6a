import { nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';

/** Bytes at which the kernel cuts names. */
const NAME_LENGTH = 16;
const path = nativeBuffer(APPLE.PROC_PIDPATHINFO_MAXSIZE);

/** The path of a process's program; null where it is not told. */
export function readProgramPath({ libsystem }: Darwin, pid: number): string | null {
  const length = libsystem.proc_pidpath(pid, path, path.length);
  return length > 0 ? path.toString('utf8', 0, length) : null;
}

/** The whole name of a process whose name the kernel cut, from the path of its program. */
export function wholeName(name: string, program: string | null): string {
  if (program === null || Buffer.byteLength(name) < NAME_LENGTH - 1) return name;
  const last = program.slice(program.lastIndexOf('/') + 1);
  return last.startsWith(name) ? last : name;
}
