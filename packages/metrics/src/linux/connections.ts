import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { connectionsGroups, countConnections } from '../domain/connections.ts';
import type { ConnectionsReading } from '../domain/connections.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { openOwnerFinder } from './bpf/socket-owners.ts';
import { decodeInetDiag, inetDiagRequest, SOCK_DIAG_BY_FAMILY, SOCKET_KINDS } from './connection/inet-diag.ts';
import type { UnownedConnection } from './connection/inet-diag.ts';
import { parseSocketTable, parseUnixSockets } from './connection/socket-table.ts';
import { netDirectory } from './net-directory.ts';
import { readLinkNames } from './netlink/route.ts';
import { NETLINK_ROUTE, NETLINK_SOCK_DIAG, openNetlink } from './netlink/socket.ts';
import type { NetlinkSocket } from './netlink/socket.ts';

type Slices<Result> = Generator<undefined, Result, undefined>;

/** Sockets that are decoded at a stretch: about half a millisecond. */
const SLICE = 100;

/** Names of interfaces, asked for when the first socket is bound to one. */
function createNames(): (index: number) => string | null {
  let names: ReadonlyMap<number, string> | undefined;
  return (index) => {
    if (!names) {
      const socket = openNetlink(NETLINK_ROUTE);
      try {
        names = readLinkNames(socket);
      } finally {
        socket.close();
      }
    }
    return names.get(index) ?? null;
  };
}

/** All sockets from the kernel itself: a fraction of the cost of the files, and more in it. */
function* askKernel(): Slices<UnownedConnection[]> {
  const connections: UnownedConnection[] = [];
  const nameOf = createNames();
  const socket: NetlinkSocket = openNetlink(NETLINK_SOCK_DIAG);
  try {
    for (const kind of SOCKET_KINDS) {
      for (const message of socket.dump(SOCK_DIAG_BY_FAMILY, inetDiagRequest(kind))) {
        const decoded = decodeInetDiag(message, kind);
        if (!decoded) continue;
        if (decoded.interfaceIndex !== 0) decoded.connection.device = nameOf(decoded.interfaceIndex);
        connections.push(decoded.connection);
        if (connections.length % SLICE === 0) yield;
      }
      yield;
    }
  } finally {
    socket.close();
  }
  return connections;
}

/** All sockets from /proc/net. A file that is missing has none: the protocol is not loaded. */
function* readTables(host: Host): Slices<UnownedConnection[]> {
  const connections: UnownedConnection[] = [];
  const directory = netDirectory(host);
  let missing = 0;
  for (const kind of SOCKET_KINDS) {
    try {
      const { buffer, length } = host.read(`${directory}/${kind.protocol}${kind.family === 'ipv6' ? '6' : ''}`);
      // Others read meanwhile, into the same memory.
      const table = yield* parseSocketTable(Buffer.from(buffer.subarray(0, length)), kind);
      for (const connection of table) connections.push(connection);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || ++missing === SOCKET_KINDS.length) throw error;
    }
  }
  return connections;
}

/** All sockets, from the kernel where it answers. */
function* readSockets(host: Host, gaps: GapSink): Slices<UnownedConnection[]> {
  if (host.kind !== 'real') return yield* readTables(host);
  try {
    return yield* askKernel();
  } catch (error) {
    // No native calls here, no such module, or a sandbox that forbids it.
    if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
    gaps.addError('connections.roundTripTime', error);
    return yield* readTables(host);
  }
}

function readUnixSockets(host: Host, gaps: GapSink): number | null {
  try {
    return parseUnixSockets(new ByteCursor().reset(host.read(`${netDirectory(host)}/protocols`)));
  } catch (error) {
    gaps.addError('connections.unixSockets', error);
    return null;
  }
}

/** TCP and UDP sockets with the processes that have them open. Looks at every descriptor of the machine, so only on request. */
export const connections: Collector<'connections', ConnectionsReading> = {
  name: 'connections',
  lane: 'slow',
  onRequest: true,
  sources: ['sock_diag', '/proc/net/{tcp,tcp6,udp,udp6,protocols}', '/proc/*/fd'],
  permission: 'Everyone, but the owners of sockets only for own processes; root for all.',
  remedy: "Mount /proc. Owners of other users' sockets need root or CAP_SYS_PTRACE.",
  groups: connectionsGroups,
  open: (host) => {
    const finder = openOwnerFinder(host);
    return {
      *read(gaps): Slices<ConnectionsReading> {
        const found = yield* readSockets(host, gaps);
        const inodes = new Set<number>();
        for (const { inode } of found) if (inode !== 0) inodes.add(inode);
        const owners = yield* finder.find(inodes, gaps);
        for (const [index, connection] of found.entries()) {
          connection.owners = owners.get(connection.inode) ?? connection.owners;
          if (index % (10 * SLICE) === 0) yield;
        }
        return { connections: found, counts: countConnections(found), unixSockets: readUnixSockets(host, gaps) };
      },
      notes: () => [
        finder.detour === null ? 'Owners come from a BPF iterator over open files.' : `Owners come from /proc: ${finder.detour}`,
      ],
      close: finder.close,
    };
  },
};
