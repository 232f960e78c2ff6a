import { HecateError } from '@hecate/host';
import type { Bytes } from '@hecate/host';
import { parseCgroupPath } from './owner.ts';
import type { CgroupOwner } from './owner.ts';

/** The control groups of a process: /proc/PID/cgroup (kernel: cgroups(7), "/proc files"). */
export interface CgroupMembership {
  /** Its path in the v2 tree; null where there is none (no `0::` line). */
  readonly unified: string | null;
  /** Its path in each v1 hierarchy by controller: `memory`, `cpuacct`; a named one as `name=systemd`. */
  readonly controllers: Readonly<Record<string, string>>;
}

/**
 * Lines `hierarchy:controllers:path`. The kernel allows no newline in a path, and colons only after the second one count
 * as part of it. Lines that are not so are skipped; throws FAILED when none is.
 */
export function parseMembership(source: Bytes): CgroupMembership {
  let unified: string | null = null;
  const controllers: Record<string, string> = {};
  let found = 0;
  for (const line of source.buffer.toString('utf8', 0, source.length).split('\n')) {
    const [, hierarchy, names, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    found++;
    if (hierarchy === '0' && names === '') unified = path;
    else for (const name of names!.split(',')) if (name) controllers[name] = path;
  }
  if (found === 0) throw new HecateError('FAILED', 'A cgroup file has no line of a hierarchy.');
  return { unified, controllers };
}

/** Hierarchies in the order in which they are believed. */
const BELIEVED = ['name=systemd', 'memory', 'pids', 'cpuacct', 'cpu', 'devices', 'freezer', 'cpuset', 'blkio'];

/** How much a path says: a container more than a unit, a unit more than a slice. */
function weigh(path: string, owner: CgroupOwner): number {
  if (owner.container) return 5;
  if (owner.pod ?? owner.guest) return 4;
  if (owner.unit) return 3;
  if (owner.slice) return 2;
  return path === '/' ? 0 : 1;
}

/**
 * The path that says most about a process. With v2 alone there is one; otherwise systemd and engines need not have
 * made their groups in every hierarchy.
 */
export function mostTellingPath(membership: CgroupMembership): string {
  let best = membership.unified ?? '/';
  let weight = weigh(best, parseCgroupPath(best));
  for (const name of BELIEVED) {
    const path = membership.controllers[name];
    if (path === undefined || path === best) continue;
    const is = weigh(path, parseCgroupPath(path));
    if (is > weight) {
      best = path;
      weight = is;
    }
  }
  return best;
}

/**
 * The path of a process in bytes of its /proc/PID/cgroup that says most. Quick where there is only v2 (one line `0::/path`).
 * Throws FAILED when the file holds no line of a hierarchy.
 */
export function readOwnerPath(source: Bytes): string {
  const { buffer, length } = source;
  const isOneLine = length > 4 && buffer[0] === 48 && buffer[1] === 58 && buffer[2] === 58 && buffer.indexOf(10) === length - 1;
  return isOneLine ? buffer.toString('utf8', 3, length - 1) : mostTellingPath(parseMembership(source));
}
