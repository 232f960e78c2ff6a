import { readSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import { APPLE } from '../apple-numbers.ts';
import type { Darwin } from '../binding/darwin.ts';
import { systemError } from '../libsystem/system-error.ts';

/** Makes reading a descriptor never wait, and keeps it from the programs that this one starts. Throws the system's error. */
export function prepareDescriptor({ libsystem, libraries }: Darwin, descriptor: number): void {
  for (const [command, value] of [
    [APPLE.F_SETFD, APPLE.FD_CLOEXEC],
    [APPLE.F_SETFL, APPLE.O_NONBLOCK],
  ] as const)
    if (libsystem.fcntl(descriptor, command, value) < 0) throw systemError(libraries.errno(), 'fcntl');
}

/** Reads once; the number of bytes, 0 at the end, null when there is nothing to read now. Throws the system's error. */
export function readNow(descriptor: number, into: Buffer): number | null {
  try {
    return readSync(descriptor, into);
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return null;
    throw error;
  }
}
