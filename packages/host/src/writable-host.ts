import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from './error.ts';
import type { Host } from './host.ts';

/** What lies at a path, itself: links are not followed. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** Device and inode: the same as long as it is the same thing. */
  readonly device: number;
  readonly inode: number;
}

/** Owner and permissions of a file that is made. */
export interface FileAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * A host that can be written to. Only the change engine is given one: whoever has a `Host` can only read.
 * Everything is synchronous, and when a call returns the file system has been told to keep it (fsync of file and directory),
 * except for `setValue`: files of /proc and /sys are no storage. Throws the operating system's errors.
 */
export interface WritableHost extends Host {
  /** Gives a file that exists a new content with one write(2), as files of /proc and /sys want it. Nothing is created. */
  setValue(path: string, text: string): void;
  /** Puts a file in place whole: written beside it, flushed, and renamed over it. Owner and mode are those given. */
  placeFile(path: string, content: Uint8Array, attributes: FileAttributes): void;
  /** Puts a symbolic link in place, over a file or link that is there. */
  placeLink(path: string, target: string): void;
  /** Removes what a `placeFile` or `placeLink` of this path left when it was cut short. */
  tidy(path: string): void;
  /** Removes a file or link. That it is not there is no error. */
  removeFile(path: string): void;
  /** Makes one directory; its parent must be there. */
  makeDirectory(path: string, mode: number): void;
  /** Removes an empty directory. */
  removeDirectory(path: string): void;
  /** What lies there; null when there is nothing. */
  status(path: string): FileStatus | null;
}

const KIND_BITS = 0o170_000;
const KINDS: Readonly<Record<number, FileStatus['kind']>> = { 0o100_000: 'file', 0o040_000: 'directory', 0o120_000: 'link' };

/** Gives a host its pen. On a rooted host everything is written under its root; links that lead out of it are not followed. */
export function openWritableHost(host: Host): WritableHost {
  /** Where a path lies, itself not followed when it is a link: its directory is resolved. */
  const place = (file: string): string => {
    const name = path.basename(file);
    // Two dots at the end would lead out of the directory, and out of the root. One dot follows a link to a directory.
    if (!path.isAbsolute(file) || name === '' || name === '..') {
      throw new HecateError('INVALID', `${file} is no path of a file that can be changed.`, {
        hint: 'Give an absolute path with a name at its end.',
      });
    }
    return path.join(realpathSync(host.resolve(path.dirname(file))), name);
  };
  /** The same, or null when the directory is not there, and so nothing in it. */
  const placeIfThere = (file: string): string | null => {
    try {
      return place(file);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  };
  /** Makes something beside `target` and moves it over it; leaves nothing behind when that fails. */
  const replace = (target: string, make: (beside: string) => void): void => {
    const beside = besideOf(target);
    rmSync(beside, { force: true });
    try {
      make(beside);
      renameSync(beside, target);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
    flushDirectory(path.dirname(target));
  };

  return {
    ...host,
    setValue(file, text) {
      const descriptor = openSync(host.resolve(file), constants.O_WRONLY | constants.O_TRUNC);
      try {
        const bytes = Buffer.from(text);
        const written = writeSync(descriptor, bytes);
        if (written !== bytes.length) throw new HecateError('FAILED', `${file} took ${written} of ${bytes.length} bytes.`);
      } finally {
        closeSync(descriptor);
      }
    },
    placeFile(file, content, { mode, uid, gid }) {
      replace(place(file), (beside) => {
        const descriptor = openSync(beside, 'wx', 0o600);
        try {
          writeFileSync(descriptor, content);
          fchownSync(descriptor, uid, gid);
          fchmodSync(descriptor, mode);
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
      });
    },
    placeLink(file, target) {
      replace(place(file), (beside) => symlinkSync(target, beside));
    },
    tidy(file) {
      const found = placeIfThere(file);
      if (found !== null) rmSync(besideOf(found), { force: true });
    },
    removeFile(file) {
      const found = placeIfThere(file);
      if (found === null) return;
      try {
        unlinkSync(found);
      } catch (error) {
        if (isAbsent(error)) return;
        throw error;
      }
      flushDirectory(path.dirname(found));
    },
    makeDirectory(directory, mode) {
      const made = place(directory);
      // Never more open than wanted, not even for a moment; then what the umask took away.
      mkdirSync(made, mode);
      chmodSync(made, mode);
      flushDirectory(path.dirname(made));
    },
    removeDirectory(directory) {
      const found = place(directory);
      rmdirSync(found);
      flushDirectory(path.dirname(found));
    },
    status(file) {
      try {
        const { mode, uid, gid, size, dev, ino } = lstatSync(file === '/' ? host.resolve('/') : place(file));
        return { kind: KINDS[mode & KIND_BITS] ?? 'other', mode: mode & 0o7777, uid, gid, size, device: dev, inode: ino };
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
  };
}

/** Whether an error says that there is nothing at a path. */
const isAbsent = (error: unknown): boolean => errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR';

/** Where a file is made before it is moved in place. One name, so that what a kill left is found and removed. */
const besideOf = (target: string): string => path.join(path.dirname(target), `.${path.basename(target)}.hecate`);

/** Makes what was created, renamed or removed in a directory survive a power cut. */
export function flushDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a directory and those above it that are missing, for the owner only, so that a power cut does not take them back. */
export function makeDirectories(directory: string): void {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path.resolve(directory); made.length >= first.length; made = path.dirname(made)) flushDirectory(path.dirname(made));
}
