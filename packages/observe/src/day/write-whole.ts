import { ftruncateSync, statSync, writeSync } from 'node:fs';

/** Writes all of it: the system may take less at a time. Without a `position` where the descriptor stands. Throws the system's error: then part of it may be there. */
export function writeAll(descriptor: number, bytes: Uint8Array, position: number | null = null): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position === null ? null : position + done);
  }
}

/** Writes all of it behind the `end` bytes that a file has, or nothing: when the system stops in the middle, its error is thrown and the file is as it was. */
export function appendWhole(descriptor: number, bytes: Uint8Array, end: number): void {
  try {
    writeAll(descriptor, bytes, end);
  } catch (error) {
    ftruncateSync(descriptor, end);
    throw error;
  }
}

/** Whether the file that lies at a path is still the one that was opened: it may have been deleted or moved away. */
export function isStillAt(file: string, opened: { readonly dev: number; readonly ino: number }): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now !== undefined && now.ino === opened.ino && now.dev === opened.dev;
}
