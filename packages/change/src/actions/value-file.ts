import { accessSync, constants } from 'node:fs';
import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import { realMachinePath } from '../machine-path.ts';
import { missing, readError, refused, writeError } from './value-error.ts';

/** A file of /proc or /sys that holds one value, by what people call it. */
export interface ValueFile {
  readonly path: string;
  /** For sentences: `vm.swappiness`, `/sys/block/sda/queue/scheduler`. */
  readonly name: string;
}

/** The choices of a file like `always [madvise] never`. */
export interface Choice {
  readonly chosen: string;
  /** In the order of the file, the chosen one among them. */
  readonly offered: readonly string[];
}

/** Reads `[chosen]` lists as the kernel writes them for schedulers, huge pages and compression; null for any other text. */
export function parseChoice(text: string): Choice | null {
  const words = text.trim().split(/\s+/);
  const marked = words.filter((word) => /^\[[^[\]]+\]$/.test(word));
  if (marked.length !== 1 || words.some((word) => word !== marked[0] && /[[\]]/.test(word))) return null;
  return { chosen: marked[0]!.slice(1, -1), offered: words.map((word) => (word === marked[0] ? word.slice(1, -1) : word)) };
}

/**
 * A value in one form: numbers with one space between (the kernel puts tabs there), any other text without white space at its ends.
 * Inside a text white space stays: it may mean something.
 */
export function normaliseValue(text: string): string {
  const value = text.trim();
  return /^[-+\d\s]*$/.test(value) ? value.replace(/\s+/g, ' ') : value;
}

/** The value in the text of a file: the chosen word of a list, or all of it, in the form of {@link normaliseValue}. */
export const valueIn = (text: string): string => parseChoice(text)?.chosen ?? normaliseValue(text);

/** The text of a file, of one line or more. Throws UNAVAILABLE where there is none, UNSUPPORTED for what has no value, DENIED. */
export function readLines(host: WritableHost, { path, name }: ValueFile): string {
  try {
    const mode = modeOf(host, path, name);
    // Root may open it all the same, and a few of them act when they are read (zram-control/hot_add makes a device).
    if ((mode & 0o444) === 0) throw new HecateError('INVALID', `${name} can only be written: it has no value that could be brought back.`);
    return host.readText(path);
  } catch (error) {
    throw readError(error, name);
  }
}

/** The text of a value file. Throws as {@link readLines}, and INVALID for a file that holds more than one value. */
export function readValueText(host: WritableHost, file: ValueFile): string {
  const text = readLines(host, file);
  if (text.trimEnd().includes('\n')) throw new HecateError('INVALID', `${file.name} holds more than one line: it is a table and no value.`);
  return text;
}

/** Looks whether a value file can be written: throws UNSUPPORTED for one that is read only, DENIED. */
export function checkValueFile(host: WritableHost, { path, name }: ValueFile): void {
  try {
    // Root may open files that nobody may write, and the kernel refuses only the write: the bits say it before.
    if ((modeOf(host, path, name) & 0o222) === 0) throw new HecateError('UNSUPPORTED', `${name} is read only on this kernel.`);
    accessSync(host.resolve(path), constants.W_OK);
  } catch (error) {
    throw writeError(error, name);
  }
}

/** Writes a value with one write. Throws INVALID for a value that the kernel refuses, CONFLICT where it is busy, DENIED. */
export function writeValue(host: WritableHost, { path, name }: ValueFile, value: string): void {
  try {
    host.setValue(path, `${value}\n`);
  } catch (error) {
    // The file is there: what is missing is what the value names, a module of the kernel (tcp_congestion_control, default_qdisc).
    if (errnoOf(error) === 'ENOENT' && host.status(path) !== null) throw refused(name, value, error);
    throw writeError(error, name, value);
  }
}

/** Throws INVALID for a path that leads out of `top` (`/sys`) by a symbolic link, or by dots. A path that is not there leads nowhere. */
export function expectInside(host: WritableHost, path: string, top: string): void {
  let place: string;
  let root: string;
  try {
    place = realMachinePath(host, path);
    root = realMachinePath(host, top);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return;
  }
  if (place.startsWith(`${root}/`)) return;
  throw new HecateError('INVALID', `${path} leads out of ${top}, to ${place}: it is not written.`);
}

/** Permission bits of a regular file, links followed. */
function modeOf(host: WritableHost, path: string, name: string): number {
  const followed = host.status(realMachinePath(host, path));
  if (followed?.kind === 'directory') throw new HecateError('INVALID', `${name} is a directory.`);
  if (followed === null || followed.kind !== 'file') throw missing(name);
  return followed.mode;
}
