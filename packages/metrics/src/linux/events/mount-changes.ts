import type { MountEvent } from '../../events/event.ts';
import { mountChanges } from '../../events/mount-changes.ts';
import type { MountIdentity } from '../../events/mount-changes.ts';
import type { Mount } from '../mountinfo.ts';

/**
 * One is the same as long as it has its number, which the kernel gives to another one only after it is gone; its device and type must
 * agree too, because the number may have been given anew between two looks.
 */
const IDENTITY: MountIdentity<Mount> = {
  key: ({ id }) => id,
  isSame: (one, other) => one.number === other.number && one.fstype === other.fstype && one.root === other.root,
  hasMoved: (before, after) => !before.path.equals(after.path),
};

/** What lies between two lists of mounts. */
export const mountinfoChanges = (before: readonly Mount[], after: readonly Mount[]): MountEvent[] => mountChanges(before, after, IDENTITY);
