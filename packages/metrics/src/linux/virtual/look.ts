import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** The text of a file; null when it is not there or may not be read. */
export type Look = (path: string) => string | null;

/** A way to look at files without minding those that are not there; a system's refusal is as good as an absence. */
export function createLook(host: Host): Look {
  return (path) => {
    try {
      return host.readText(path);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return null;
    }
  };
}

/** Whether there is such a file or directory, readable or not. */
export function isThere(host: Host, path: string): boolean {
  try {
    host.list(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return errno === 'ENOTDIR' ? isFile(host, path) : errno === 'EACCES' || errno === 'EPERM';
  }
}

/** ENOTDIR is said of a file, and of a path through one. */
function isFile(host: Host, path: string): boolean {
  try {
    host.resolve(path);
    host.readLink(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    // EINVAL: it is there, and no link.
    return errno === 'EINVAL';
  }
}
