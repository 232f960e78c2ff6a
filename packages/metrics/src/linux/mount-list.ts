import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { parseMountinfo, visibleMounts } from './mountinfo.ts';
import type { Mount } from './mountinfo.ts';

/** A mount, and the path under which this process reaches it; null when it does not. */
export interface ReachableMount extends Mount {
  readonly reach: Buffer | null;
}

/**
 * The mounts of the machine: those that process 1 sees, since a service manager shows each service others
 * (read-only views, private /tmp); our own where process 1 is hidden from us. Nothing here touches a mount:
 * looking at the directory of a dead one would not come back.
 */
export function listMounts(host: Host): ReachableMount[] {
  return host.kind === 'real' ? listOwn(host) : listRooted(host);
}

function read(host: Host, file: string): Mount[] {
  return visibleMounts(parseMountinfo(host.read(file)));
}

/** The value of `attempt`, or undefined when the system says that there is nothing there for us. */
function ifReadable<Value>(attempt: () => Value): Value | undefined {
  try {
    return attempt();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

function listOwn(host: Host): ReachableMount[] {
  const first = ifReadable(() => host.readLink('/proc/1/ns/mnt'));
  const isElsewhere = first !== undefined && first !== ifReadable(() => host.readLink('/proc/self/ns/mnt'));
  const others = isElsewhere ? ifReadable(() => read(host, '/proc/1/mountinfo')) : undefined;
  // The kernel's door into the file system as another process sees it; who may read its mountinfo may use it.
  if (others) return others.map((mount) => ({ ...mount, reach: Buffer.concat([Buffer.from('/proc/1/root'), mount.path]) }));
  return read(host, '/proc/self/mountinfo').map((mount) => ({ ...mount, reach: mount.path }));
}

/**
 * A mount of a rooted machine counts as reachable when this machine has the same file system mounted at that place
 * under the root: a recorded tree must never be filled with this machine's disks.
 */
function listRooted(host: Host): ReachableMount[] {
  const mounts = ifReadable(() => read(host, '/proc/1/mountinfo')) ?? read(host, '/proc/self/mountinfo');
  const here = new Map(ownMounts().map((mount) => [mount.path.toString('latin1'), mount]));
  return mounts.map((mount) => {
    const inside = mount.path.toString('latin1');
    // Byte for byte: a mount point need not be UTF-8.
    const place = path.posix.join(Buffer.from(host.root).toString('latin1'), inside === '/' ? '' : inside);
    const found = here.get(place);
    return {
      ...mount,
      reach: found && found.number === mount.number && found.fstype === mount.fstype ? Buffer.from(place, 'latin1') : null,
    };
  });
}

/** What is mounted on the machine that we run on; nothing where there is no /proc (macOS). */
function ownMounts(): Mount[] {
  const buffer = ifReadable(() => readFileSync('/proc/self/mountinfo'));
  if (!buffer) return [];
  return visibleMounts(parseMountinfo({ buffer, length: buffer.length }));
}
