import { nativeBuffer } from '@hecate/host';
import { APPLE } from '../apple-numbers.ts';
import type { Darwin } from '../binding/darwin.ts';
import { MOUNT } from '../layout/mount.ts';
import { systemError } from './system-error.ts';

/** Volumes that may come between the two questions. */
const ROOM = 8;

/** Types of volumes that hold no data of users, or act when looked at. */
export const IGNORED_TYPES: ReadonlySet<string> = new Set(['autofs', 'devfs']);

/**
 * All mounted volumes, {@link MOUNT} each. MNT_NOWAIT answers with what the kernel knows, so a server that does not answer holds nobody up.
 * Throws the system's error.
 */
export function readMounts({ libsystem, libraries }: Darwin): { bytes: Buffer; count: number } {
  const wanted = libsystem.getfsstat64(null, 0, APPLE.MNT_NOWAIT);
  if (wanted < 0) throw systemError(libraries.errno(), 'getfsstat64');
  const bytes = nativeBuffer((wanted + ROOM) * MOUNT.size);
  const count = libsystem.getfsstat64(bytes, bytes.length, APPLE.MNT_NOWAIT);
  if (count < 0) throw systemError(libraries.errno(), 'getfsstat64');
  return { bytes, count };
}
