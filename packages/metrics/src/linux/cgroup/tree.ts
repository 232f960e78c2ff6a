import { statSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import type { CgroupMount } from './mounts.ts';
import { parseCgroupPath } from './owner.ts';
import type { CgroupOwner } from './owner.ts';

/** One control group of a hierarchy. */
export interface CgroupNode {
  /** From the mount point, without a slash at its end; empty for the mount point itself. */
  readonly relative: string;
  /** As /proc/PID/cgroup would show it: with what the mount does not show before it. */
  readonly path: string;
  readonly owner: CgroupOwner;
  readonly parent: CgroupNode | null;
}

/** Files that the kernel puts into a directory: `memory.max`, `cgroup.procs`. systemd gives units that look so a `_`. */
const KERNEL_FILE =
  /^(?:(?:cgroup|cpu|cpuset|cpuacct|memory|io|blkio|pids|hugetlb|rdma|misc|dmem|devices|freezer|net_cls|net_prio|perf_event|irq|debug)\..*|tasks|notify_on_release|release_agent)$/;

/** Groups that are looked at, at most; more are a runaway, not a machine. */
const MOST_GROUPS = 5000;
const DEEPEST = 40;
/** Seconds in which a list counts as fresh: two collectors that are read together share it. */
const FRESH = 5;
/** Every so many scans all directories are listed, whatever their link counts say. */
const FULL_EVERY = 6;
/** Give way after so many directories: about a millisecond. */
const SLICE = 24;

interface Known extends CgroupNode {
  children: string[];
  /** Subdirectories and two, where the file system counts so (kernfs does); 0 before the first look. */
  links: number;
  seen: number;
}

/** The groups of one hierarchy, kept up to date. */
export interface CgroupTree {
  /**
   * All groups, parents before their children. A directory is listed again only when its number of subdirectories changed,
   * or a group in it vanished, and all of them every minute: one that goes while another comes changes no number.
   */
  scan(): Sliced<readonly CgroupNode[]>;
  /** Says that a group was found to be gone: the next scan lists everything. */
  doubt(): void;
}

const gone = (error: unknown): boolean => {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return true;
};

function openCgroupTree(host: Host, mount: CgroupMount): CgroupTree {
  const known = new Map<string, Known>();
  let list: readonly CgroupNode[] = [];
  let listedAt = -Infinity;
  let round = 0;
  let doubtful = false;

  const node = (relative: string, parent: Known | null): Known => {
    const found = known.get(relative);
    if (found) return found;
    const path = (mount.root === '/' ? '' : mount.root) + relative || '/';
    const made: Known = { relative, path, owner: parseCgroupPath(path), parent, children: [], links: 0, seen: 0 };
    known.set(relative, made);
    return made;
  };

  const linksOf = (directory: string): number => statSync(host.resolve(directory)).nlink;

  /** Looks at one directory; false when it is gone. */
  const look = (group: Known, isFull: boolean): boolean => {
    const directory = mount.mountpoint + group.relative;
    try {
      const links = linksOf(directory);
      if (links === group.links && !isFull) return true;
      group.links = links;
      // Two links are none below, except on file systems that do not count (1 link).
      group.children = links === 2 ? [] : host.list(directory).filter((name) => !KERNEL_FILE.test(name) && !/^\.{0,2}$|\//.test(name));
      return true;
    } catch (error) {
      return !gone(error);
    }
  };

  function* walk(): Sliced<readonly CgroupNode[]> {
    const isFull = doubtful || round % FULL_EVERY === 0;
    const mine = ++round;
    doubtful = false;
    const found: Known[] = [];
    const open: Known[] = [node('', null)];
    for (let count = 1; open.length > 0 && found.length < MOST_GROUPS; count++) {
      const group = open.pop()!;
      if (look(group, isFull)) {
        group.seen = mine;
        found.push(group);
        if (group.relative.split('/').length <= DEEPEST)
          for (let index = group.children.length - 1; index >= 0; index--)
            open.push(node(`${group.relative}/${group.children[index]!}`, group));
      }
      if (count % SLICE === 0) yield;
    }
    for (const [relative, group] of known) if (group.seen < mine) known.delete(relative);
    listedAt = host.clock.monotonic();
    list = found;
    return list;
  }

  return {
    *scan() {
      const isFresh = !doubtful && host.clock.monotonic() - listedAt < FRESH && host.kind === 'real';
      return isFresh ? list : yield* walk();
    },
    doubt: () => {
      doubtful = true;
    },
  };
}

const trees = new WeakMap<Host, Map<string, CgroupTree>>();

/** The tree of a hierarchy: one a host, shared by all collectors. It keeps nothing open. */
export function cgroupTreeOf(host: Host, mount: CgroupMount): CgroupTree {
  let mine = trees.get(host);
  if (!mine) trees.set(host, (mine = new Map()));
  const key = `${mount.mountpoint} ${mount.root}`;
  let tree = mine.get(key);
  if (!tree) mine.set(key, (tree = openCgroupTree(host, mount)));
  return tree;
}
