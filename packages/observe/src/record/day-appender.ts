import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { HecateError } from '@hecate/host';
import { dayFileName } from '../day/day-file.ts';
import { isStillAt } from '../day/write-whole.ts';
import { encodeDayHeader, foreignFile, readDayHeader } from './day-header.ts';
import { widenDayFile } from './day-widen.ts';

const NEWLINE = 10;

/** A day file that is open for appending. */
export interface DayAppender {
  readonly day: string;
  readonly path: string;
  /** For each column of the file, the index of ours that goes there, or -1 for one that we do not know. */
  readonly layout: Int16Array;
  /** Whether the file that lies at `path` is still this one: it may have been deleted or moved away. */
  isInPlace(): boolean;
  /**
   * Appends whole lines. When the system stops in the middle, the file is cut back to its last whole line;
   * `kept` says how many of our bytes stay, `error` what happened.
   */
  append(bytes: Uint8Array): { readonly kept: number; readonly error?: unknown };
  /** Puts everything on the disk. */
  sync(): void;
  close(): void;
}

/**
 * Opens the file of a day and makes it ready: creates it with its header, cuts off a line that a crash tore,
 * and adds columns that an older version did not have. Throws the system's error, or INVALID when it is no day file.
 */
export function openDayAppender(dataDir: string, day: string, columns: readonly string[]): DayAppender {
  const file = path.join(dataDir, dayFileName(day));
  let descriptor = open(file);
  try {
    let size = fstatSync(descriptor).size;
    let names = columns;
    if (size > 0) size = cutTornLine(descriptor, size, file);
    if (size === 0) writeHeader(descriptor, columns);
    else {
      const header = readDayHeader(descriptor, file);
      const added = columns.filter((name) => !header.names.includes(name));
      if (added.length > 0) {
        widenDayFile(file, header, added);
        closeSync(descriptor);
        descriptor = -1;
        descriptor = open(file);
      }
      names = [...header.names, ...added];
    }
    const own = fstatSync(descriptor);
    const opened = descriptor;
    return {
      day,
      path: file,
      layout: Int16Array.from(names, (name) => columns.indexOf(name)),
      isInPlace: () => isStillAt(file, own),
      append: (bytes) => append(opened, bytes),
      sync: () => fsyncSync(opened),
      close: () => closeSync(opened),
    };
  } catch (error) {
    if (descriptor >= 0) closeSync(descriptor);
    throw error;
  }
}

function open(file: string): number {
  // Not blocking: a FIFO or a device in this place must not hang the daemon.
  const descriptor = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK, 0o644);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new HecateError('INVALID', `${file} is not a regular file.`, { hint: 'Move it away, or choose another place with --data-dir.' });
}

function writeHeader(descriptor: number, columns: readonly string[]): void {
  const { error } = append(descriptor, Buffer.from(encodeDayHeader(columns)));
  if (error !== undefined) throw error;
}

function append(descriptor: number, bytes: Uint8Array): { kept: number; error?: unknown } {
  const before = fstatSync(descriptor).size;
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done);
    return { kept: done };
  } catch (error) {
    const kept = done === 0 ? 0 : bytes.lastIndexOf(NEWLINE, done - 1) + 1;
    if (kept < done) ftruncateSync(descriptor, before + kept);
    return { kept, error };
  }
}

/** Cuts off what stands after the last newline and answers the new size. */
function cutTornLine(descriptor: number, size: number, file: string): number {
  const chunk = Buffer.allocUnsafe(65_536);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunk.length);
    const count = readSync(descriptor, chunk, 0, end - start, start);
    const newline = chunk.subarray(0, count).lastIndexOf(NEWLINE);
    if (newline >= 0) {
      const whole = start + newline + 1;
      if (whole < size) {
        // Not our file? Then nothing of it may be lost.
        readDayHeader(descriptor, file);
        ftruncateSync(descriptor, whole);
      }
      return whole;
    }
    end = start;
  }
  // One line without an end: a header that was torn, or a file that is not ours.
  const length = readSync(descriptor, chunk, 0, chunk.length, 0);
  const text = chunk.toString('latin1', 0, length).replace(/\0+$/, '');
  if (size > chunk.length || !'timestamp,'.startsWith(text.slice(0, 10)) || !/^[\w,]*$/.test(text)) throw foreignFile(file);
  ftruncateSync(descriptor, 0);
  return 0;
}
