import { CONNECTION_STATES } from '../../domain/connections.ts';
import type { Connection } from '../../domain/connections.ts';
import { formatIpv4, formatIpv6 } from '../ip-address.ts';
import { attributeNumber, parseAttributes } from '../netlink/message.ts';
import type { NetlinkMessage } from '../netlink/message.ts';
import type { Mutable } from '../../model/mutable.ts';

/** Message type of a question about sockets (linux/sock_diag.h). */
export const SOCK_DIAG_BY_FAMILY = 20;

/** Families and protocols that are asked for, by their numbers (linux/socket.h, linux/in.h). */
export const SOCKET_KINDS = [
  { protocol: 'tcp', family: 'ipv4', numbers: [2, 6] },
  { protocol: 'tcp', family: 'ipv6', numbers: [10, 6] },
  { protocol: 'udp', family: 'ipv4', numbers: [2, 17] },
  { protocol: 'udp', family: 'ipv6', numbers: [10, 17] },
] as const;

/** One of {@link SOCKET_KINDS}. */
export type SocketKind = (typeof SOCKET_KINDS)[number];

/** A socket, before it is known who has it open. */
export type UnownedConnection = Mutable<Connection>;

/** A socket that is bound to an interface; its number is all that the kernel says. */
export interface BoundConnection {
  readonly connection: UnownedConnection;
  /** 0 when it is bound to none. */
  readonly interfaceIndex: number;
}

/** Bytes of `struct inet_diag_req_v2` and `struct inet_diag_msg` (linux/inet_diag.h). */
const REQUEST_LENGTH = 56;
const MESSAGE_LENGTH = 72;
const INET_DIAG_INFO = 2;
const INET_DIAG_CGROUP_ID = 21;
const ALL_STATES = 0xffffffff;

/** Places in `struct tcp_info` (linux/tcp.h), which has grown with the kernels. */
const INFO = { roundTripTime: 68, retransmits: 100, bytesAcked: 120, bytesReceived: 128 } as const;

/** What nobody has open, or nobody is known to have. */
const NO_OWNERS: Connection['owners'] = [];

/** Asks for all sockets of a kind; for TCP with what the kernel knows of the connection. */
export function inetDiagRequest({ numbers: [family, protocol] }: SocketKind): Buffer {
  const request = Buffer.alloc(REQUEST_LENGTH);
  request[0] = family;
  request[1] = protocol;
  request[2] = protocol === 6 ? 1 << (INET_DIAG_INFO - 1) : 0;
  request.writeUInt32LE(ALL_STATES, 4);
  return request;
}

/** A figure of a `tcp_info` that may be too short to have it. */
const wordOf = (info: Buffer | undefined, at: number): number | null => (info && info.length >= at + 4 ? info.readUInt32LE(at) : null);
const longOf = (info: Buffer | undefined, at: number): number | null =>
  info && info.length >= at + 8 ? info.readUInt32LE(at) + info.readUInt32LE(at + 4) * 2 ** 32 : null;

/** A socket from a message; null when it is cut short. */
export function decodeInetDiag({ payload }: NetlinkMessage, { protocol, family }: SocketKind): BoundConnection | null {
  if (payload.length < MESSAGE_LENGTH) return null;
  const state = CONNECTION_STATES[payload[1]!] ?? 'unknown';
  const format = family === 'ipv4' ? formatIpv4 : formatIpv6;
  const attributes = parseAttributes(payload, MESSAGE_LENGTH);
  // A listener has such a structure too, with other things in it.
  const info = state === 'listen' ? undefined : attributes.get(INET_DIAG_INFO);
  const remotePort = payload.readUInt16BE(6);
  const isConnected = state !== 'listen' && remotePort !== 0;
  const microseconds = wordOf(info, INFO.roundTripTime);
  return {
    interfaceIndex: payload.readUInt32LE(40),
    connection: {
      protocol,
      family,
      localAddress: format(payload, 8),
      localPort: payload.readUInt16BE(4),
      remoteAddress: isConnected ? format(payload, 24) : null,
      remotePort: isConnected ? remotePort : null,
      state,
      receiveQueue: payload.readUInt32LE(56),
      transmitQueue: payload.readUInt32LE(60),
      uid: payload.readUInt32LE(64),
      inode: payload.readUInt32LE(68),
      device: null,
      bytesAcked: longOf(info, INFO.bytesAcked),
      bytesReceived: longOf(info, INFO.bytesReceived),
      // 0: no answer has come yet.
      roundTripTime: microseconds === null || microseconds === 0 ? null : microseconds / 1e6,
      retransmits: wordOf(info, INFO.retransmits),
      cgroup: attributeNumber(attributes.get(INET_DIAG_CGROUP_ID)),
      owners: NO_OWNERS,
    },
  };
}
