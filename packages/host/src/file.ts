import { closeSync, openSync, readSync } from 'node:fs';
import { namePath } from './error.ts';

/**
 * The bytes of the last read. One buffer serves all reads of a host, so what it holds is
 * valid until the next read: parse first, read on later.
 */
export interface Bytes {
  readonly buffer: Buffer;
  readonly length: number;
}

/** A buffer that grows to the longest file it was given; shared by all reads of one host. */
export interface Scratch {
  buffer: Buffer;
  length: number;
}

/** A new, empty scratch. 64 KiB holds every file of a common /proc in one read. */
export function createScratch(size: number = 65_536): Scratch {
  return { buffer: Buffer.allocUnsafeSlow(size), length: 0 };
}

/**
 * Reads an open file from its start into `scratch`. The buffer is large, because kernel files are made per
 * read and a short read can tear a table; when it was filled to the brim, it is doubled and the file read anew.
 * `once` trusts the first `read()` to bring all, which holds for files of one record.
 */
export function readWhole(descriptor: number, scratch: Scratch, once: boolean = false): Bytes {
  for (;;) {
    const length = readSync(descriptor, scratch.buffer, 0, scratch.buffer.length, 0);
    scratch.length = once ? length : readRest(descriptor, scratch.buffer, length);
    if (scratch.length < scratch.buffer.length) return scratch;
    scratch.buffer = Buffer.allocUnsafeSlow(scratch.buffer.length * 2);
  }
}

/** A file of many records (seq_file) answers about a page per read: go on until the end is seen. */
function readRest(descriptor: number, buffer: Buffer, length: number): number {
  if (length === 0) return 0;
  for (;;) {
    const more = readSync(descriptor, buffer, length, buffer.length - length, length);
    length += more;
    if (more === 0 || length === buffer.length) return length;
  }
}

/** A file that stays open between reads: a third of the system calls of opening it each time. */
export interface KeptFile {
  /** The path that was asked for, without the root. */
  readonly path: string;
  /** Reads the whole file. Throws the operating system's error; a file that could not be read is reopened next time. */
  read(): Bytes;
  /** Reads with one system call: for files that are one record, such as /proc/PID/stat. */
  readOnce(): Bytes;
  /** Closes the descriptor. Reading again opens it anew. */
  close(): void;
}

/** Opens `resolved` at the first read and keeps it open. */
export function keepFile(path: string, resolve: (path: string) => string, scratch: Scratch): KeptFile {
  let descriptor = -1;
  const close = (): void => {
    if (descriptor < 0) return;
    const open = descriptor;
    descriptor = -1;
    closeSync(open);
  };
  const read = (once: boolean): Bytes => {
    try {
      if (descriptor < 0) descriptor = openSync(resolve(path), 'r');
      return readWhole(descriptor, scratch, once);
    } catch (error) {
      close();
      namePath(error, path);
      throw error;
    }
  };
  return { path, read: () => read(false), readOnce: () => read(true), close };
}
