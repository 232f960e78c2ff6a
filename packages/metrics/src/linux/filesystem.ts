import { filesystemGroups } from '../domain/filesystem.ts';
import type { FilesystemReading } from '../domain/filesystem.ts';
import type { Collector, Reader } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Host } from '@hecate/host';
import { listMounts } from './mount-list.ts';
import type { ReachableMount } from './mount-list.ts';
import { createMountProbe } from './mount-probe.ts';
import type { MountAnswer, MountProbe } from './mount-probe.ts';

/**
 * Types that hold no data of users, are always full (images), or act when looked at (autofs);
 * node_exporter leaves out the same. An overlay counts when it is the root: that is how a container sees its disk.
 */
const IGNORED_TYPES = new Set([
  'autofs',
  'binfmt_misc',
  'bpf',
  'cgroup',
  'cgroup2',
  'configfs',
  'debugfs',
  'devpts',
  'devtmpfs',
  'erofs',
  'fusectl',
  'hugetlbfs',
  'iso9660',
  'mqueue',
  'nsfs',
  'overlay',
  'proc',
  'procfs',
  'pstore',
  'rpc_pipefs',
  'securityfs',
  'selinuxfs',
  'squashfs',
  'sysfs',
  'tracefs',
]);

/** Mount points of the system and of container engines, as in node_exporter. */
const IGNORED_MOUNTPOINTS = /^\/(?:dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)(?:$|\/)/;

/** Types whose answer comes from another machine or from a process. */
const REMOTE_TYPES =
  /^(?:nfs|cifs|smb|fuse|9p|ceph|glusterfs|afs|ncp|coda|gfs2?$|ocfs2|lustre|beegfs|gpfs|pvfs|orangefs|davfs|vboxsf|vmhgfs|virtiofs|acfs|panfs|prl_fs)/;

/** Whether a mount is one that people ask about. */
export function isCounted(mount: { readonly fstype: string; readonly mountpoint: string }): boolean {
  if (mount.fstype === 'overlay') return mount.mountpoint === '/';
  return !IGNORED_TYPES.has(mount.fstype) && !IGNORED_MOUNTPOINTS.test(mount.mountpoint);
}

/** Whether another machine or a process answers for a file system of this type; `fuseblk` too: ntfs-3g. */
export function isRemoteType(fstype: string): boolean {
  return REMOTE_TYPES.test(fstype);
}

function toReading(mount: ReachableMount, answer: MountAnswer): FilesystemReading {
  const [major = 0, minor = 0] = mount.number.split(':').map(Number);
  const place = {
    device: mount.device,
    mountpoint: mount.mountpoint,
    fstype: mount.fstype,
    major,
    minor,
    root: mount.root,
    readOnly: mount.readOnly,
  };
  if (!('sizes' in answer)) {
    const error = answer.reason === 'timeout' ? 'mountpoint timeout' : answer.detail;
    return { ...place, error, size: null, free: null, available: null, used: null, files: null, filesFree: null };
  }
  const { size, free, available, files, filesFree } = answer.sizes;
  const isCounting = files > 0;
  return {
    ...place,
    error: null,
    size,
    free,
    available,
    used: Math.max(0, size - free),
    files: isCounting ? files : null,
    filesFree: isCounting ? filesFree : null,
  };
}

const ELSEWHERE: MountAnswer = { reason: 'absent', detail: 'It is not mounted under the root.' };

/** Reads with a probe of its own choice, so that a test can wait for less than five seconds. */
export function openFilesystem(host: Host, probe: MountProbe = createMountProbe()): Reader<readonly FilesystemReading[]> {
  return {
    async read(gaps: GapSink) {
      const mounts = listMounts(host).filter(isCounted);
      const reachable = mounts.filter((mount) => mount.reach !== null);
      const answers = await probe.ask(
        reachable.map((mount) => ({
          key: `${mount.number} ${mount.path.toString('latin1')}`,
          mountpoint: mount.mountpoint,
          path: mount.reach!,
          remote: isRemoteType(mount.fstype),
        })),
      );
      const answerOf = new Map(reachable.map((mount, index) => [mount, answers[index]!]));
      return mounts.map((mount) => {
        const answer = answerOf.get(mount) ?? ELSEWHERE;
        if ('reason' in answer) gaps.add(`filesystem.${mount.mountpoint}`, answer.reason, answer.detail);
        return toReading(mount, answer);
      });
    },
    close: () => {},
  };
}

/** Space of mounted file systems. A dead mount makes a gap and stops nothing. */
export const filesystem: Collector<'filesystem', readonly FilesystemReading[]> = {
  name: 'filesystem',
  lane: 'slow',
  asynchronous: true,
  sources: ['/proc/1/mountinfo', '/proc/self/mountinfo', 'statfs(2)'],
  remedy: 'Mount /proc; unmount file systems that do not answer (umount -l).',
  groups: filesystemGroups,
  open: (host) => openFilesystem(host),
};
