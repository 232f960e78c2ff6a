import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { SocketOwner } from '../../domain/connections.ts';
import type { GapSink } from '../../model/gap.ts';

/** Who has which socket open, by the socket's inode. */
export type SocketOwners = ReadonlyMap<number, readonly SocketOwner[]>;

/** Descriptors that are looked at before giving way: about half a millisecond. */
const SLICE = 100;
/** Descriptors that are looked at in all: about two seconds. */
const MOST_DESCRIPTORS = 400_000;

const SOCKET = /^socket:\[(\d{1,15})\]$/;

/** Errors that say a process or descriptor has gone, which they do all the time. */
const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH', 'ENOTDIR', 'EINVAL'].includes(errnoOf(error) ?? '');

/** The short name of a process; `?` when it has gone. */
function readName(host: Host, pid: number): string {
  try {
    return host.readText(`/proc/${pid}/comm`).replace(/\n$/, '');
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return '?';
  }
}

/** The sockets of `wanted` that a process has open, by their inodes; yields now and then. */
function* socketsOf(host: Host, pid: number, wanted: ReadonlySet<number>): Generator<undefined, { found: Set<number>; seen: number }> {
  const found = new Set<number>();
  const directory = `/proc/${pid}/fd`;
  let seen = 0;
  for (const descriptor of host.list(directory)) {
    if (++seen % SLICE === 0) yield;
    try {
      const inode = Number(SOCKET.exec(host.readLink(`${directory}/${descriptor}`))?.[1] ?? -1);
      if (wanted.has(inode)) found.add(inode);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return { found, seen };
}

/**
 * Finds who has sockets open, by looking at every descriptor of every process that this user may look at: some microseconds each,
 * so it gives way often and ends after {@link MOST_DESCRIPTORS}. A socket may have several owners.
 * There is a gap when sockets are left whose owner could not be seen.
 */
export function* findOwners(host: Host, wanted: ReadonlySet<number>, gaps: GapSink): Generator<undefined, SocketOwners, undefined> {
  const owners = new Map<number, SocketOwner[]>();
  let hidden = 0;
  let seen = 0;
  if (wanted.size === 0) return owners;
  for (const entry of host.list('/proc')) {
    if (!/^[1-9]\d{0,9}$/.test(entry)) continue;
    const pid = Number(entry);
    try {
      const sockets = yield* socketsOf(host, pid, wanted);
      seen += sockets.seen;
      if (sockets.found.size > 0) {
        const owner = { pid, name: readName(host, pid) };
        for (const inode of sockets.found) {
          const known = owners.get(inode);
          if (known) known.push(owner);
          else owners.set(inode, [owner]);
        }
      }
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      if (code === 'EACCES' || code === 'EPERM') hidden++;
      else if (!isGone(error)) gaps.addError('connections.owners', error);
    }
    if (seen > MOST_DESCRIPTORS) {
      gaps.add('connections.owners', 'timeout', `Owners were not looked for any further after ${seen} descriptors.`);
      break;
    }
    yield;
  }
  if (hidden > 0 && owners.size < wanted.size) {
    gaps.add(
      'connections.owners',
      'permission',
      `This user may not read the descriptors of ${hidden} ${hidden === 1 ? 'process' : 'processes'}.`,
    );
  }
  return owners;
}
