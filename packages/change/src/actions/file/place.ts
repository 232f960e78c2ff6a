import { isUtf8 } from 'node:buffer';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Json } from '../../action.ts';

/** The most bytes of a file that is changed: its content goes into the journal. */
export const MOST_FILE_BYTES: number = 1024 * 1024;

/** What lies at a path: nothing, a file, or a symbolic link. The state of the kinds `file` and `link`. */
export type Place = NoPlace | FilePlace | LinkPlace;

type NoPlace = {
  readonly kind: 'none';
  /** The directories above it that are not there either, from the top: an `apply` makes them, a `restore` removes them. */
  readonly missing: readonly string[];
};

type FilePlace = {
  readonly kind: 'file';
  readonly encoding: 'utf8' | 'base64';
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
};

type LinkPlace = {
  readonly kind: 'link';
  /** As it is written there. */
  readonly target: string;
};

/** Mode of directories that are made on the way to a file. */
const DIRECTORY_MODE = 0o755;

/** What lies there now; a link itself, never what it leads to. Throws UNSUPPORTED for what is neither, or too large. */
export function readPlace(host: WritableHost, file: string): Place {
  const missing = missingDirectories(host, file);
  if (missing.length > 0) return { kind: 'none', missing };
  const status = host.status(file);
  if (status === null) return { kind: 'none', missing };
  if (status.kind === 'link') return { kind: 'link', target: host.readLink(file) };
  if (status.kind !== 'file') {
    const what = status.kind === 'directory' ? 'a directory' : 'a device, a socket or a pipe';
    throw new HecateError('UNSUPPORTED', `${file} is ${what}: only files and symbolic links are changed.`);
  }
  if (status.size > MOST_FILE_BYTES) {
    throw new HecateError('UNSUPPORTED', `${file} has ${status.size} bytes: files of more than ${MOST_FILE_BYTES} are not changed.`);
  }
  const { buffer, length } = host.read(file);
  const bytes = Buffer.from(buffer.subarray(0, length));
  const after = host.status(file);
  // What was read must be that file, and not one behind a link that took its place meanwhile.
  if (after?.kind !== 'file' || after.inode !== status.inode || after.device !== status.device) {
    throw new HecateError('CONFLICT', `${file} was replaced while it was read.`, { hint: 'Try again.' });
  }
  const encoding = isUtf8(bytes) ? 'utf8' : 'base64';
  const { mode, uid, gid } = status;
  return { kind: 'file', encoding, content: bytes.toString(encoding), mode, uid, gid };
}

/**
 * Directories on the way to a file that are not there, from the top. Throws UNSUPPORTED where one is no directory,
 * and where the way leads into a file system of the kernel.
 */
function missingDirectories(host: WritableHost, file: string): string[] {
  const missing: string[] = [];
  let directory = path.posix.dirname(file);
  for (; directory !== '/' && host.status(directory) === null; directory = path.posix.dirname(directory)) missing.unshift(directory);
  // With a dot behind it a link to a directory is followed.
  if (directory !== '/' && host.status(`${directory}/.`)?.kind !== 'directory') {
    throw new HecateError('UNSUPPORTED', `${file} cannot be there: ${directory} is no directory.`);
  }
  const real = path.posix.join('/', path.relative(host.root, realpathSync(host.resolve(directory))));
  if (isKernels(path.posix.join(real, file.slice(directory.length)))) {
    throw new HecateError('UNSUPPORTED', `${file} lies in ${real}, where nothing can be put in place.`);
  }
  return missing;
}

/** Whether a path lies in a file system of the kernel, where nothing can be put in place. */
export const isKernels = (file: string): boolean => /^\/(?:proc|sys|dev)(?:\/|$)/.test(file);

/** Makes a place as it shall be. It may be done already, wholly or in part. */
export function makePlace(host: WritableHost, file: string, wanted: Place): void {
  if (wanted.kind === 'none') {
    host.removeFile(file);
    for (const directory of [...wanted.missing].reverse()) removeIfEmpty(host, directory);
    return;
  }
  for (const directory of missingDirectories(host, file)) host.makeDirectory(directory, DIRECTORY_MODE);
  if (wanted.kind === 'link') host.placeLink(file, wanted.target);
  else host.placeFile(file, Buffer.from(wanted.content, wanted.encoding), wanted);
}

/** Removes a directory of ours. One in which others have put something by now is theirs, and stays. */
function removeIfEmpty(host: WritableHost, directory: string): void {
  try {
    host.removeDirectory(directory);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOENT' && errno !== 'ENOTEMPTY' && errno !== 'EEXIST' && errno !== 'ENOTDIR') throw error;
  }
}

/**
 * Whether what is there came from us: as wanted, or nothing where we were killed between making a directory and the file in it,
 * or where we removed a file whose directory is gone since.
 */
export function isOurPlace(now: Json, wanted: Json, was: Json): boolean {
  if (JSON.stringify(now) === JSON.stringify(wanted)) return true;
  return isNone(now) && (isNone(was) || isNone(wanted));
}

/** Whether a restore is done: as it was before, or without the file in a directory that others use by now. */
export const isPlaceRestored = (now: Json, was: Json): boolean =>
  JSON.stringify(now) === JSON.stringify(was) || (isNone(now) && isNone(was));

const isNone = (state: Json): boolean => (state as unknown as Place).kind === 'none';
