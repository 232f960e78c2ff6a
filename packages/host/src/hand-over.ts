import { closeSync, constants, fchownSync, fstatSync, lstatSync, openSync, readdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { Account } from './account.ts';
import { errnoOf } from './error.ts';

/**
 * Gives to a user what lies in that user's directory and belongs to root, because root made it there. The user may change the directory
 * meanwhile: it is walked by descriptors, no link is followed, and a file with a second name stays root's, since the other name may be
 * anywhere. Linux only.
 */
export function handOver(directory: string, { uid, gid }: Account): void {
  let descriptor: number;
  try {
    descriptor = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    // Gone, or no directory any more: there is nothing of ours in it.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return;
    throw error;
  }
  try {
    // By the descriptor: whatever stands under the name by now, this is the directory that was looked at.
    const inside = `/proc/self/fd/${descriptor}`;
    for (const name of readdirSync(inside)) {
      const path = `${inside}/${name}`;
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.uid !== 0) continue;
      if (found.isDirectory()) handOver(path, { name, uid, gid });
      else if (isGivable(found)) giveFile(path, uid, gid);
    }
    if (fstatSync(descriptor).uid === 0) fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}

const isGivable = (found: Stats): boolean => found.uid === 0 && found.isFile() && found.nlink === 1;

/** Gives one file, unless it has become another one since somebody looked. */
function giveFile(path: string, uid: number, gid: number): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(errnoOf(error) ?? '')) return;
    throw error;
  }
  try {
    if (isGivable(fstatSync(descriptor))) fchownSync(descriptor, uid, gid);
  } finally {
    closeSync(descriptor);
  }
}
