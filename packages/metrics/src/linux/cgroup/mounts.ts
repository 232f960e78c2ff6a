import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Where a hierarchy of control groups is mounted. */
export interface CgroupMount {
  readonly mountpoint: string;
  /** The group that the mount point shows: `/`, or a deeper one in containers without a cgroup namespace. */
  readonly root: string;
}

/** All hierarchies of a machine. Hybrid ones have both: v1 for the controllers, a v2 tree beside them. */
export interface CgroupMounts {
  readonly unified: CgroupMount | null;
  /** v1 by controller (`memory`, `cpuacct`), a named hierarchy as `name=systemd`. */
  readonly controllers: Readonly<Record<string, CgroupMount>>;
}

/** Options of a v1 mount that are no controllers (kernel: Documentation/admin-guide/cgroup-v1/cgroups.rst). */
const OPTIONS = new Set(['rw', 'ro', 'xattr', 'noprefix', 'clone_children', 'cpuset_v2_mode', 'favordynmods', 'none', 'all', 'seclabel']);

const unescapeMount = (word: string): string =>
  word.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/**
 * The cgroup mounts in the text of mountinfo (kernel: Documentation/filesystems/proc.rst, 3.5); the controllers of a v1 mount
 * are among its super options. Of several mounts of one hierarchy that below /sys/fs/cgroup counts, otherwise the first.
 */
export function parseCgroupMounts(mountinfo: string): CgroupMounts {
  let unified: CgroupMount | null = null;
  const controllers: Record<string, CgroupMount> = {};
  const isUsual = (mount: CgroupMount): boolean => mount.mountpoint.startsWith('/sys/fs/cgroup');
  const better = (was: CgroupMount | null | undefined, is: CgroupMount): CgroupMount => (was && (isUsual(was) || !isUsual(is)) ? was : is);
  for (const line of mountinfo.split('\n')) {
    const dash = line.indexOf(' - cgroup');
    if (dash < 0) continue;
    const [, , , root = '', mountpoint = ''] = line.slice(0, dash).split(' ');
    const [type, , options = ''] = line.slice(dash + 3).split(' ');
    if (!root.startsWith('/') || !mountpoint.startsWith('/')) continue;
    const mount = { mountpoint: unescapeMount(mountpoint), root: unescapeMount(root) };
    if (type === 'cgroup2') unified = better(unified, mount);
    else if (type === 'cgroup') {
      for (const name of options.split(',')) {
        if (name && !OPTIONS.has(name) && !name.startsWith('release_agent=')) controllers[name] = better(controllers[name], mount);
      }
    }
  }
  return { unified, controllers };
}

/**
 * The hierarchies as we reach them. On a machine under `--root` the mounts of its process 1 count.
 * Throws the operating system's error when there is no mountinfo.
 */
export function readCgroupMounts(host: Host): CgroupMounts {
  if (host.kind === 'real') return parseCgroupMounts(host.readText('/proc/self/mountinfo'));
  let text: string;
  try {
    text = host.readText('/proc/1/mountinfo');
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    text = host.readText('/proc/self/mountinfo');
  }
  return parseCgroupMounts(text);
}

/** Whether the v2 tree holds the controllers: there are none in v1 hierarchies. */
export function isUnifiedAlone(mounts: CgroupMounts): boolean {
  return (
    mounts.unified !== null && !('memory' in mounts.controllers) && !('cpu' in mounts.controllers) && !('cpuacct' in mounts.controllers)
  );
}

/**
 * The directories of a group and of all groups above it that we can see, the innermost first. A path outside of what the
 * mount shows (another namespace made the mount) gives the mount point alone: it is the limit of what can be known.
 */
export function directoriesOf(mount: CgroupMount, path: string): string[] {
  const root = mount.root === '/' ? '' : mount.root;
  const isInside = !path.includes('/..') && (path === mount.root || path.startsWith(`${root}/`));
  const names = isInside ? path.slice(root.length).split('/').filter(Boolean) : [];
  const directories: string[] = [];
  for (let depth = names.length; depth >= 0; depth--) directories.push([mount.mountpoint, ...names.slice(0, depth)].join('/'));
  return directories;
}
