import type { EventSource } from '../../events/event-source.ts';
import { mountChanges } from '../../events/mount-changes.ts';
import type { MountedVolume, MountIdentity } from '../../events/mount-changes.ts';
import { APPLE } from '../apple-numbers.ts';
import { openDarwin } from '../binding/darwin.ts';
import type { Darwin } from '../binding/darwin.ts';
import { readField, readText } from '../layout/layout.ts';
import { MOUNT } from '../layout/mount.ts';
import { readMounts } from '../libsystem/mount-list.ts';
import { openKernelQueue } from './kernel-queue.ts';
import { READABLE } from './waiter.ts';

/** What the list of mounts changes by. Others tell of disks that are full, and of servers that do not answer. */
const NOTES = APPLE.VQ_MOUNT | APPLE.VQ_UNMOUNT | APPLE.VQ_DEAD | APPLE.VQ_UPDATE;

interface Volume extends MountedVolume {
  /** Its number, which is given anew after it is gone. */
  readonly number: number;
}

const IDENTITY: MountIdentity<Volume> = {
  key: ({ number, mountpoint }) => `${number} ${mountpoint}`,
  isSame: (one, other) => one.fstype === other.fstype && one.device === other.device,
  // A volume stays where it was mounted.
  hasMoved: () => false,
};

function listVolumes(darwin: Darwin): Volume[] {
  const { bytes, count } = readMounts(darwin);
  return Array.from({ length: count }, (_, index) => {
    const base = index * MOUNT.size;
    return {
      number: readField(bytes, MOUNT.fields.device, base),
      mountpoint: readText(bytes, MOUNT.texts.mountpoint, base),
      device: readText(bytes, MOUNT.texts.source, base),
      fstype: readText(bytes, MOUNT.texts.type, base),
      readOnly: (readField(bytes, MOUNT.fields.flags, base) & APPLE.MNT_RDONLY) !== 0,
    };
  });
}

/** Mounts: a queue of the kernel says that they changed, and the list says how. */
export const mount: EventSource = {
  kinds: ['mount'],
  open({ host, emit, watch }) {
    const darwin = openDarwin(host);
    const queue = openKernelQueue(darwin);
    try {
      queue.ask({ identity: 0, filter: APPLE.EVFILT_FS, flags: APPLE.EV_ADD | APPLE.EV_CLEAR, notes: NOTES });
      // Only now: a change between the two is looked for once more rather than never.
      let volumes = listVolumes(darwin);
      watch(queue.descriptor, READABLE, () => {
        queue.take();
        const now = listVolumes(darwin);
        const changes = mountChanges(volumes, now, IDENTITY);
        volumes = now;
        changes.forEach(emit);
      });
    } catch (error) {
      queue.close();
      throw error;
    }
    return queue.close;
  },
};
