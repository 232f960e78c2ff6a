import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { Mutable } from '../model/mutable.ts';

/** States of TCP by the kernel's number (include/net/tcp_states.h), in node_exporter's words. UDP has `established` and `close` only. */
export const CONNECTION_STATES = [
  'unknown',
  'established',
  'syn_sent',
  'syn_recv',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'close',
  'close_wait',
  'last_ack',
  'listen',
  'closing',
  // A connection that is not accepted yet; other programs do not tell it from syn_recv.
  'syn_recv',
] as const;

/** One of {@link CONNECTION_STATES}. */
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A process that has a socket open. */
export interface SocketOwner {
  readonly pid: number;
  /** Its short name. */
  readonly name: string;
}

/** A TCP or UDP socket. */
export interface Connection {
  readonly protocol: 'tcp' | 'udp';
  /** Family of the socket; one of IPv6 may speak IPv4 as `::ffff:192.0.2.1`. */
  readonly family: 'ipv4' | 'ipv6';
  readonly localAddress: string;
  readonly localPort: number;
  /** Null where there is no other end: listeners, and UDP that is not connected. */
  readonly remoteAddress: string | null;
  readonly remotePort: number | null;
  readonly state: ConnectionState;
  /** Bytes that the process has not read; of a listener, connections that it has not accepted. */
  readonly receiveQueue: number;
  /** Bytes that the other end has not acknowledged; of a listener, the most that may wait, where the kernel says so. */
  readonly transmitQueue: number;
  /** User that the socket belongs to. */
  readonly uid: number;
  /** Number of the socket, as in /proc/PID/fd; 0 when no process has it open any more. */
  readonly inode: number;
  /** Interface that the socket is bound to; null when it is to none. */
  readonly device: string | null;
  /** Bytes sent that were acknowledged. Null for UDP, listeners, and where only files could be read. */
  readonly bytesAcked: number | null;
  /** Bytes received; null as above. */
  readonly bytesReceived: number | null;
  /** Seconds that an answer takes, smoothed; null as above. */
  readonly roundTripTime: number | null;
  /** Segments that were sent again; null as above. */
  readonly retransmits: number | null;
  /** Number of the control group that made it: the inode of its directory. Null where the kernel does not say. */
  readonly cgroup: number | null;
  /** Who has it open. Empty when nobody has, or this user may not know. */
  readonly owners: readonly SocketOwner[];
}

/** Sockets of one kind. */
export interface ConnectionCount {
  readonly protocol: 'tcp' | 'udp';
  readonly family: 'ipv4' | 'ipv6';
  readonly state: ConnectionState;
  readonly count: number;
}

/** Every TCP and UDP socket of our network namespace. */
export interface ConnectionsReading {
  readonly connections: readonly Connection[];
  /** How many there are of each kind. */
  readonly counts: readonly ConnectionCount[];
  /** Sockets within the machine; null where the kernel does not say. */
  readonly unixSockets: number | null;
}

/** Counts sockets by protocol, family and state. */
export function countConnections(connections: readonly Connection[]): ConnectionCount[] {
  const counts = new Map<string, Mutable<ConnectionCount>>();
  for (const { protocol, family, state } of connections) {
    const key = `${protocol} ${family} ${state}`;
    const row = counts.get(key);
    if (row) row.count++;
    else counts.set(key, { protocol, family, state, count: 1 });
  }
  return [...counts.values()];
}

/** node_exporter's states of TCP: how many, of both families, and what waits in all queues. */
function* tcpStates({ connections, counts }: ConnectionsReading): Generator<{ state: string; count: number }> {
  const byState = new Map<string, number>();
  for (const row of counts) if (row.protocol === 'tcp') byState.set(row.state, (byState.get(row.state) ?? 0) + row.count);
  for (const [state, count] of byState) yield { state, count };
  let receive = 0;
  let transmit = 0;
  for (const row of connections) {
    if (row.protocol !== 'tcp') continue;
    receive += row.receiveQueue;
    transmit += row.transmitQueue;
  }
  yield { state: 'rx_queued_bytes', count: receive };
  yield { state: 'tx_queued_bytes', count: transmit };
}

/** Fields of {@link ConnectionsReading}. The sockets themselves have no series: there would be one for each stranger's address. */
export const connectionsGroups = (): readonly Group<ConnectionsReading>[] => [
  group<ConnectionsReading, ConnectionsReading>({
    name: 'connections',
    source: '/proc/net/protocols',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'unixSockets',
        kind: 'gauge',
        unit: 'count',
        help: 'Sockets within the machine.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_unix_sockets' },
      },
    ],
  }),
  group<ConnectionsReading, ConnectionCount>({
    name: 'connections.counts',
    source: 'sock_diag, /proc/net/{tcp,tcp6,udp,udp6}',
    rows: (reading) => reading.counts,
    labels: { protocol: 'protocol', family: 'family', state: 'state' },
    fields: [
      {
        key: 'count',
        kind: 'gauge',
        unit: 'count',
        help: 'TCP and UDP sockets.',
        prometheus: { name: 'hecate_connections' },
        otel: { name: 'system.network.connection.count' },
      },
    ],
  }),
  group<ConnectionsReading, { readonly state: string; readonly count: number }>({
    name: 'connections.tcp',
    json: null,
    source: 'sock_diag, /proc/net/{tcp,tcp6}',
    rows: tcpStates,
    labels: { state: 'state' },
    fields: [
      {
        key: 'count',
        kind: 'gauge',
        unit: 'none',
        help: 'TCP sockets by state, and bytes in their queues.',
        prometheus: { name: 'node_tcp_connection_states' },
      },
    ],
  }),
];
