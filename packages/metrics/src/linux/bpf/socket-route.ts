import { openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { SocketOwner } from '../../domain/connections.ts';
import type { Sliced } from '../../model/collector.ts';
import { FILE_NAMES, fileProgram } from './file-program.ts';
import { readKernelTypes } from './kernel-types.ts';
import { openIterator } from './pass.ts';
import type { Iterator } from './pass.ts';
import { checkHost, findLevel } from './task-iterator.ts';
import { TCP_NAMES, tcpProgram } from './tcp-program.ts';
import { decodeOwners, decodeTcp } from './socket-records.ts';
import type { TcpSocket } from './socket-records.ts';

/** Sockets and who has them open, from the kernel at once: without a look at each descriptor of each process, and without netlink. */
export interface SocketRoute {
  /** Who has sockets open, by inode: all, or those that are wanted. */
  owners(wanted?: ReadonlySet<number>): ReadonlyMap<number, readonly SocketOwner[]>;
  /** Every TCP socket of our network namespace, with the bytes that went over it and who has it open. */
  tcp(): OwnedTcpSocket[];
  close(): void;
}

/** A TCP socket with its owners. */
export interface OwnedTcpSocket extends TcpSocket {
  /** Empty when nobody has it open, or only a process that the kernel does not show. */
  readonly owners: readonly SocketOwner[];
}

const NOBODY: readonly SocketOwner[] = [];

/**
 * Opens the iterators over files and TCP sockets. As with processes, root is needed to open it and not to use it, and the descriptors
 * must not be passed on. Throws a HecateError that says why it is not there.
 */
export function* openSocketRoute(host: Host): Sliced<SocketRoute> {
  checkHost(host);
  const level = yield* findLevel(host);
  const native = openNative();
  const types = yield* readKernelTypes(host, [...FILE_NAMES, ...TCP_NAMES]);
  let files: Iterator | undefined;
  try {
    files = openIterator(native, fileProgram(types, level));
    yield;
    const tcp = openIterator(native, tcpProgram(types));
    const opened = files;
    files = undefined;
    const owners = (wanted: ReadonlySet<number> | null): Map<number, SocketOwner[]> => decodeOwners(opened.pass(), wanted);
    return {
      owners: (wanted) => owners(wanted ?? null),
      tcp() {
        const sockets = decodeTcp(tcp.pass());
        const byInode = owners(new Set(sockets.map(({ inode }) => inode)));
        return sockets.map((socket) => ({ ...socket, owners: byInode.get(socket.inode) ?? NOBODY }));
      },
      close() {
        opened.close();
        tcp.close();
      },
    };
  } finally {
    files?.close();
    types.release();
  }
}
