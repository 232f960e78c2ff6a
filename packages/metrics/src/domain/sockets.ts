import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** A figure of /proc/net/sockstat, under the kernel's names (kernel: net/ipv4/proc.c, sockstat_seq_show). */
export interface SocketCount {
  /** `TCP`, `UDP6`, `FRAG`, …, or `sockets`. */
  readonly protocol: string;
  /** `inuse`, `orphan`, `tw`, `alloc`, `mem` (pages), `memory` (bytes), `used`. */
  readonly name: string;
  readonly value: number;
}

/** Bytes that wait in the queues of UDP sockets of one IP version. */
export interface UdpQueues {
  readonly version: 'v4' | 'v6';
  readonly receive: number;
  readonly transmit: number;
}

/** How many sockets there are. Null where the kernel does not say. */
export interface SocketsReading {
  /** Sockets of all kinds, of our network namespace. */
  readonly used: number | null;
  /** TCP connections and listeners of IPv4. */
  readonly tcp: number | null;
  /** The same of IPv6. */
  readonly tcp6: number | null;
  /** TCP sockets that no process has open any more, but that have not ended; of the whole machine. */
  readonly tcpOrphans: number | null;
  /** TCP connections that ended and wait for late segments. */
  readonly tcpTimeWait: number | null;
  /** TCP sockets that were allocated, in whatever state; of the whole machine. */
  readonly tcpAllocated: number | null;
  /** Bytes of memory that TCP uses for its queues; of the whole machine. */
  readonly tcpMemory: number | null;
  readonly udp: number | null;
  readonly udp6: number | null;
  /** Bytes of memory that UDP uses for its queues; of the whole machine. */
  readonly udpMemory: number | null;
  readonly counts: readonly SocketCount[];
  /** Empty when there are too many UDP sockets to look through. */
  readonly udpQueues: readonly UdpQueues[];
}

const UNSAID = 'the kernel does not say';
const plain = (
  key: keyof SocketsReading & string,
  help: string,
  unit: 'count' | 'bytes' = 'count',
  otel?: Field<SocketsReading>['otel'],
): Field<SocketsReading> => ({ key, kind: 'gauge', unit, help, nullWhen: UNSAID, ...(otel ? { otel } : {}) });

/** Fields of {@link SocketsReading}. */
export const socketsGroups = (): readonly Group<SocketsReading>[] => [
  group<SocketsReading, SocketsReading>({
    name: 'sockets',
    source: '/proc/net/sockstat, /proc/net/sockstat6',
    rows: (reading) => [reading],
    fields: [
      plain('used', 'Sockets of all kinds.'),
      plain('tcp', 'TCP sockets of IPv4.'),
      plain('tcp6', 'TCP sockets of IPv6.'),
      plain('tcpOrphans', 'TCP sockets that no process has open.'),
      plain('tcpTimeWait', 'TCP connections that ended and wait for late segments.'),
      plain('tcpAllocated', 'TCP sockets in whatever state.'),
      plain('tcpMemory', 'Memory of the queues of TCP.', 'bytes'),
      plain('udp', 'UDP sockets of IPv4.'),
      plain('udp6', 'UDP sockets of IPv6.'),
      plain('udpMemory', 'Memory of the queues of UDP.', 'bytes'),
    ],
  }),
  group<SocketsReading, SocketCount>({
    name: 'sockets.counts',
    source: '/proc/net/sockstat, /proc/net/sockstat6',
    rows: (reading) => reading.counts,
    fields: [],
    open: {
      pattern: 'node_sockstat_<protocol>_<name>',
      kind: 'gauge',
      name: (row) => `node_sockstat_${row.protocol}_${row.name}`,
      help: (row) => `Number of ${row.protocol} sockets in state ${row.name}.`,
      value: (row) => row.value,
    },
  }),
  ...(['receive', 'transmit'] as const).map((key) =>
    group<SocketsReading, UdpQueues & { readonly queue: string }>({
      name: `sockets.udpQueues.${key}`,
      json: 'sockets.udpQueues[]',
      source: '/proc/net/udp, /proc/net/udp6',
      rows: (reading) => reading.udpQueues.map((row) => ({ ...row, queue: key === 'receive' ? 'rx' : 'tx' })),
      labels: { queue: 'queue', ip: 'version' },
      fields: [
        {
          key,
          kind: 'gauge',
          unit: 'bytes',
          help: `Bytes that wait in the ${key} queues of UDP sockets.`,
          prometheus: { name: 'node_udp_queues', help: 'Bytes that wait in the queues of UDP sockets.' },
        },
      ],
    }),
  ),
];
