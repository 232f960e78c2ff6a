import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError, nativeBuffer, openNative } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Place } from './place.ts';

/** The label of SELinux. A file that is made beside gets that of its directory, as for every program that saves by renaming. */
const LABEL = 'security.selinux';

/**
 * Throws DENIED when a place may not be written, and UNSUPPORTED when a file there would lose what cannot be kept:
 * set-user-ID bits, and extended attributes (capabilities, access control lists, user attributes; xattr(7)).
 * Hard links are not followed: other names of the file keep the old content.
 */
export function checkPlace(host: WritableHost, file: string, was: Place): void {
  const directory = path.posix.dirname(was.kind === 'none' ? (was.missing[0] ?? file) : file);
  try {
    accessSync(host.resolve(directory), constants.W_OK | constants.X_OK);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'EACCES' && errno !== 'EPERM' && errno !== 'EROFS') throw error;
    const why =
      errno === 'EROFS' ? `${directory} is on a file system that is mounted read-only` : `this user may not write to ${directory}`;
    throw new HecateError('DENIED', `${file} cannot be changed: ${why}.`, { cause: error });
  }
  if (was.kind !== 'file') return;
  if ((was.mode & 0o6000) !== 0) {
    throw new HecateError('UNSUPPORTED', `${file} runs with the rights of its owner or group: such files are left to the package manager.`);
  }
  const local = path.join(host.resolve(directory), path.posix.basename(file));
  const lost = extendedAttributes(local, (was.mode & 0o111) !== 0).filter((name) => name !== LABEL);
  if (lost.length > 0) throw new HecateError('UNSUPPORTED', `${file} would lose its attribute ${lost.join(', ')} when it is replaced.`);
}

type ListAttributes = (file: string, names: Buffer, size: number) => number | bigint;
let listAttributes: ListAttributes | undefined;

/**
 * Names of the extended attributes of a file (listxattr(2)). Where the native library does not load, nobody can say:
 * for a program that is an error, because capabilities would be lost in silence; other files are taken to have none.
 */
function extendedAttributes(file: string, isProgram: boolean): string[] {
  try {
    listAttributes ??= openNative().libraryFunction('long llistxattr(const char *file, void *names, size_t size)') as ListAttributes;
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    if (!isProgram) return [];
    throw new HecateError('UNSUPPORTED', `Whether ${file} has capabilities is not known here, so it is not replaced.`, { cause: error });
  }
  // 64 KiB is the most that listxattr(2) gives. Less than zero: this file system has none (ENOTSUP).
  const names = nativeBuffer(65_536);
  const length = Number(listAttributes(file, names, names.length));
  return length <= 0 ? [] : names.toString('utf8', 0, length).split('\0').filter(Boolean);
}
