import { nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';

/** Bytes at which the kernel cuts names. */
const NAME_LENGTH = 16;
const path = nativeBuffer(APPLE.PROC_PIDPATHINFO_MAXSIZE);

/** The path of a process's program; null where it is not told. */
function readProgramPath({ libsystem }: Darwin, pid: number): string | null {
  const length = libsystem.proc_pidpath(pid, path, path.length);
  return length > 0 ? path.toString('utf8', 0, length) : null;
}

/** A name, made whole by the path of the program where it is the beginning of its last part. */
export function wholeName(name: string, program: string | null): string {
  const last = program === null ? '' : program.slice(program.lastIndexOf('/') + 1);
  return last.startsWith(name) ? last : name;
}

/** The name of a process. Only where the kernel may have cut it is the path of its program asked for. */
export function readName(darwin: Darwin, pid: number, name: string): string {
  return Buffer.byteLength(name) < NAME_LENGTH - 1 ? name : wholeName(name, readProgramPath(darwin, pid));
}
