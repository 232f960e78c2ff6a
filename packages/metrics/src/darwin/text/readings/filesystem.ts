import type { FilesystemReading } from '../../../domain/filesystem.ts';
import { IGNORED_TYPES } from '../../libsystem/mount-list.ts';
import type { DfVolume } from '../df.ts';
import type { MountedVolume } from '../mount.ts';

/** On APFS df calls used what the one volume holds; its container's other volumes have taken the rest of what is not free. */
const freeOf = ({ size, used, available }: DfVolume, fstype: string): number =>
  fstype === 'apfs' ? Math.max(0, available) : Math.max(0, size - used);

/**
 * Volumes from `df -k` and `mount`. Fills space, inodes, `fstype`, `readOnly`; `used` is size less free, as everywhere here.
 * The programs do not tell device numbers: `major` is 0 and `minor` counts the devices, so that rows of one device share it.
 * A volume that mount does not name came between the two, and is left out.
 */
export function filesystemsFromDf(volumes: readonly DfVolume[], mounts: readonly MountedVolume[]): FilesystemReading[] {
  const mounted = new Map(mounts.map((mount) => [mount.mountpoint, mount]));
  const devices = [...new Set(volumes.map(({ device }) => device))];
  return volumes.flatMap((volume) => {
    const mount = mounted.get(volume.mountpoint);
    if (!mount || IGNORED_TYPES.has(mount.fstype)) return [];
    const { device, mountpoint, size, available, filesUsed, filesFree } = volume;
    const free = freeOf(volume, mount.fstype);
    const files = filesUsed === null || filesFree === null ? null : filesUsed + filesFree || null;
    return {
      device,
      mountpoint,
      fstype: mount.fstype,
      major: 0,
      minor: devices.indexOf(device),
      root: '/',
      readOnly: mount.options.includes('read-only'),
      error: null,
      size,
      free,
      available: Math.max(0, available),
      used: Math.max(0, size - free),
      files,
      filesFree: files === null ? null : filesFree,
    };
  });
}
