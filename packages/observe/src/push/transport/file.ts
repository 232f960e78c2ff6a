import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { HecateError } from '@hecate/host';
import { dayOf } from '../../day/day-file.ts';
import { appendWhole, writeAll } from '../../day/write-whole.ts';
import { writeError } from '../../record/write-error.ts';
import { SENT } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** A file that samples are appended to, or that holds the newest. */
export interface FileTarget {
  readonly path: string;
  /** When a new file is begun, beside the bound on bytes. A day is one of the local time. */
  readonly rotate: 'never' | 'day';
  /** Bytes from which on a new file is begun; null: none. */
  readonly mostBytes: number | null;
  /** Files that are kept beside the one that is written; older ones are removed. */
  readonly keep: number;
}

const NEWLINE = 10;
const STAMP = /^\d{4}-\d{2}-\d{2}(?:T\d{6})?(?:-\d+)?$/;

const pad = (value: number): string => String(value).padStart(2, '0');
const localDay = (time: Date): string => dayOf(time.getTime() / 1000);
const secondOf = (time: Date): string => `${localDay(time)}T${pad(time.getHours())}${pad(time.getMinutes())}${pad(time.getSeconds())}`;

/** Appends what is delivered, or puts it in the place of the file where the format says so. The directory must be there. */
export function createFileTransport(target: FileTarget): Transport {
  const file = path.resolve(target.path);
  return {
    place: file,
    send({ chunks, format, header }) {
      try {
        const body = format.join(chunks);
        if (format.replaces) replace(file, body);
        else append(target, file, body, header);
        return Promise.resolve(SENT);
      } catch (error) {
        return Promise.resolve({
          kind: 'failed',
          why: writeError(error, file)
            .message.slice(file.length + 1)
            .replace(/\.$/, ''),
        });
      }
    },
    close: () => undefined,
  };
}

/** The file appears whole: whoever reads it sees the old one or the new one. */
function replace(file: string, body: Buffer): void {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  rmSync(beside, { force: true });
  // wx: in a directory of everybody's, another user may have put a link there that leads to a file of ours.
  const descriptor = openSync(beside, 'wx', 0o644);
  try {
    try {
      writeAll(descriptor, body);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function append(target: FileTarget, file: string, body: Buffer, header: Buffer | null): void {
  let descriptor = open(file);
  try {
    if (isOver(target, descriptor, body.length) || !beginsWith(descriptor, header)) {
      closeSync(descriptor);
      descriptor = -1;
      putAside(file, target);
      descriptor = open(file);
    }
    const before = fstatSync(descriptor).size;
    // What a crash tore is a line of its own: the sample comes again as a whole.
    const isTorn = before > 0 && lastByte(descriptor, before) !== NEWLINE;
    const start = before === 0 ? header : isTorn ? Buffer.of(NEWLINE) : null;
    appendWhole(descriptor, start ? Buffer.concat([start, body]) : body, before);
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

function open(file: string): number {
  // Not blocking: a FIFO in this place must not hang the daemon.
  const descriptor = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK, 0o644);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new HecateError('INVALID', `${file} is not a regular file.`);
}

function isOver({ rotate, mostBytes }: FileTarget, descriptor: number, more: number): boolean {
  const { size, mtime } = fstatSync(descriptor);
  if (size === 0) return false;
  return (mostBytes !== null && size + more > mostBytes) || (rotate === 'day' && localDay(mtime) !== localDay(new Date()));
}

/** Whether lines may be added below the header that is there: one of other columns would make them lie. */
function beginsWith(descriptor: number, header: Buffer | null): boolean {
  if (header === null || fstatSync(descriptor).size === 0) return true;
  const start = Buffer.alloc(header.length);
  return readSync(descriptor, start, 0, start.length, 0) === start.length && start.equals(header);
}

function lastByte(descriptor: number, size: number): number {
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, size - 1);
  return byte[0]!;
}

/** Gives the file the name of the time of its last line, and removes the oldest such files. */
function putAside(file: string, { rotate, mostBytes, keep }: FileTarget): void {
  const { dir, name, ext } = path.parse(file);
  const written = statSync(file).mtime;
  const stamp = rotate === 'day' && mostBytes === null ? localDay(written) : secondOf(written);
  let aside = path.join(dir, `${name}.${stamp}${ext}`);
  for (let more = 1; statSync(aside, { throwIfNoEntry: false }); more++) aside = path.join(dir, `${name}.${stamp}-${more}${ext}`);
  renameSync(file, aside);
  const old = readdirSync(dir).filter(
    (other) => other.startsWith(`${name}.`) && other.endsWith(ext) && STAMP.test(other.slice(name.length + 1, other.length - ext.length)),
  );
  const age = (other: string): number => statSync(path.join(dir, other), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const byAge = old.map((other) => ({ other, time: age(other) })).toSorted((a, b) => b.time - a.time);
  for (const { other } of byAge.slice(keep)) rmSync(path.join(dir, other), { force: true });
}
