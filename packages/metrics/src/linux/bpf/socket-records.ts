import { HecateError } from '@hecate/host';
import { CONNECTION_STATES } from '../../domain/connections.ts';
import type { Connection, SocketOwner } from '../../domain/connections.ts';
import { formatIpv4, formatIpv6 } from '../ip-address.ts';
import { FILE_AT, FILE_BYTES } from './file-program.ts';
import type { Records } from './pass.ts';
import { TCP_AT, TCP_BYTES } from './tcp-program.ts';

/** A TCP socket as the iterator shows it. */
export interface TcpSocket extends Omit<Connection, 'device' | 'owners'> {
  /** Number of the interface that the socket is bound to; 0 for none. */
  readonly interfaceIndex: number;
}

const HIGH = 0x1_0000_0000;
const IPV6 = 10;

function check({ length }: Records, bytes: number): void {
  if (length % bytes !== 0) throw new HecateError('FAILED', 'The records of a BPF iterator over sockets are damaged.');
}

/** Who has which socket open, by the socket's inode: of all sockets, or of those that are `wanted`. A process stands once for a socket. */
export function decodeOwners(records: Records, wanted: ReadonlySet<number> | null): Map<number, SocketOwner[]> {
  check(records, FILE_BYTES);
  const { words, bytes } = records;
  const owners = new Map<number, SocketOwner[]>();
  const processes = new Map<number, SocketOwner>();
  for (let word = 0; word < records.length / 4; word += FILE_BYTES / 4) {
    const inode = words[word + FILE_AT.inode]! + words[word + FILE_AT.inode + 1]! * HIGH;
    if (wanted && !wanted.has(inode)) continue;
    const pid = words[word + FILE_AT.process]!;
    let owner = processes.get(pid);
    if (!owner) {
      const from = (word + FILE_AT.name) * 4;
      let end = from;
      while (end < from + 16 && bytes[end] !== 0) end++;
      owner = { pid, name: bytes.toString('utf8', from, end) };
      processes.set(pid, owner);
    }
    const known = owners.get(inode);
    if (!known) owners.set(inode, [owner]);
    else if (!known.includes(owner)) known.push(owner);
  }
  return owners;
}

/** The TCP sockets of a pass. */
export function decodeTcp(records: Records): TcpSocket[] {
  check(records, TCP_BYTES);
  const sockets: TcpSocket[] = [];
  for (let word = 0; word < records.length / 4; word += TCP_BYTES / 4) sockets.push(tcpAt(records, word));
  return sockets;
}

function tcpAt({ words, bytes }: Records, at: number): TcpSocket {
  const number = (place: number): number => words[at + place]!;
  const long = (place: number): number => number(place) + number(place + 1) * HIGH;
  const isIpv6 = number(TCP_AT.family) === IPV6;
  const format = isIpv6 ? formatIpv6 : formatIpv4;
  const state = CONNECTION_STATES[number(TCP_AT.state)] ?? 'unknown';
  const isWhole = number(TCP_AT.isWhole) === 1;
  const isStream = isWhole && state !== 'listen';
  const bigEndian = number(TCP_AT.remotePort);
  const remotePort = ((bigEndian & 0xff) << 8) | ((bigEndian >>> 8) & 0xff);
  const isConnected = state !== 'listen' && remotePort !== 0;
  const roundTrip = number(TCP_AT.roundTripTime) >>> 3;
  // Places in the stream are numbers of 32 bits that go round; one behind the other is nothing waiting.
  const between = (later: number, earlier: number): number => Math.max(0, (number(later) - number(earlier)) | 0);
  return {
    protocol: 'tcp',
    family: isIpv6 ? 'ipv6' : 'ipv4',
    localAddress: format(bytes, (at + TCP_AT.localAddress) * 4),
    localPort: number(TCP_AT.localPort) & 0xffff,
    remoteAddress: isConnected ? format(bytes, (at + TCP_AT.remoteAddress) * 4) : null,
    remotePort: isConnected ? remotePort : null,
    state,
    receiveQueue: state === 'listen' ? number(TCP_AT.backlog) : between(TCP_AT.receiveNext, TCP_AT.copied),
    transmitQueue: state === 'listen' ? number(TCP_AT.mostBacklog) : between(TCP_AT.written, TCP_AT.acknowledged),
    uid: number(TCP_AT.uid),
    inode: long(TCP_AT.inode),
    interfaceIndex: number(TCP_AT.device),
    bytesAcked: isStream ? long(TCP_AT.bytesAcked) : null,
    bytesReceived: isStream ? long(TCP_AT.bytesReceived) : null,
    roundTripTime: isStream && roundTrip > 0 ? roundTrip / 1e6 : null,
    retransmits: isStream ? number(TCP_AT.retransmits) : null,
    cgroup: isWhole && long(TCP_AT.cgroup) !== 0 ? long(TCP_AT.cgroup) : null,
  };
}
