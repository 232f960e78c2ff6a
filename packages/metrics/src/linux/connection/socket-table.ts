import { HecateError } from '@hecate/host';
import { CONNECTION_STATES } from '../../domain/connections.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { parseWordAddress } from '../ip-address.ts';
import type { SocketKind, UnownedConnection } from './inet-diag.ts';

/** Lines that are parsed at a stretch: about half a millisecond. */
const SLICE = 100;

const isEmptyAddress = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** `0100007F:1F90`. Throws FAILED for anything else. */
function parseEndpoint(text: string): { address: string; port: number } {
  const [digits = '', port = ''] = text.split(':');
  const address = parseWordAddress(digits);
  if (address === null || !/^[\dA-F]{4}$/i.test(port)) throw new HecateError('FAILED', 'An address of a table of sockets is malformed.');
  return { address, port: Number.parseInt(port, 16) };
}

/** One line: number, local, remote, state, `transmit:receive`, timer, retransmits, uid, timeout, inode, … */
function parseSocket(cursor: ByteCursor, { protocol, family }: SocketKind): UnownedConnection {
  cursor.skipWords(1);
  const local = parseEndpoint(cursor.word());
  const remote = parseEndpoint(cursor.word());
  const state = CONNECTION_STATES[Number.parseInt(cursor.word(), 16)] ?? 'unknown';
  const [transmit = '', receive = ''] = cursor.word().split(':');
  cursor.skipWords(2);
  const uid = cursor.integer();
  cursor.skipWords(1);
  const isConnected = state !== 'listen' && !(remote.port === 0 && isEmptyAddress(remote.address));
  return {
    protocol,
    family,
    localAddress: local.address,
    localPort: local.port,
    remoteAddress: isConnected ? remote.address : null,
    remotePort: isConnected ? remote.port : null,
    state,
    receiveQueue: Number.parseInt(receive, 16) || 0,
    transmitQueue: Number.parseInt(transmit, 16) || 0,
    uid,
    inode: cursor.integer(),
    device: null,
    bytesAcked: null,
    bytesReceived: null,
    roundTripTime: null,
    retransmits: null,
    cgroup: null,
    owners: [],
  };
}

/**
 * /proc/net/{tcp,tcp6,udp,udp6} (kernel: Documentation/networking/proc_net_tcp.rst, net/ipv4/udp.c): a heading, then a line a socket.
 * `bytes` must stay as they are while this gives way. Throws FAILED when a line is malformed.
 */
export function* parseSocketTable(bytes: Buffer, kind: SocketKind): Generator<undefined, UnownedConnection[], undefined> {
  const cursor = new ByteCursor().reset({ buffer: bytes, length: bytes.length });
  const connections: UnownedConnection[] = [];
  for (cursor.nextLine(); !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    connections.push(parseSocket(cursor, kind));
    if (connections.length % SLICE === 0) yield;
  }
  return connections;
}

/** /proc/net/protocols: how many sockets there are within the machine, in the third column of its `UNIX` lines; null when it has none. */
export function parseUnixSockets(cursor: ByteCursor): number | null {
  let count: number | null = null;
  for (; !cursor.done; cursor.nextLine()) {
    const name = cursor.word();
    if (name !== 'UNIX' && name !== 'UNIX-STREAM') continue;
    cursor.skipWords(1);
    count = (count ?? 0) + cursor.integer();
  }
  return count;
}
