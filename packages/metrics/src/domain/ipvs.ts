import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** A server behind a virtual service of IPVS, the kernel's load balancer. */
export interface IpvsBackend {
  /** `TCP`, `UDP`, `SCTP`, or `FWM` for services by firewall mark. */
  readonly protocol: string;
  /** Address of the service; null for services by firewall mark. */
  readonly localAddress: string | null;
  /** Port of the service; 0 for services by firewall mark. */
  readonly localPort: number;
  /** The firewall mark, hexadecimal; null for other services. */
  readonly localMark: string | null;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

/** IPVS of our network namespace. Null and empty where it is not loaded. */
export interface IpvsReading {
  readonly connections: number | null;
  readonly incomingPackets: number | null;
  readonly outgoingPackets: number | null;
  readonly incomingBytes: number | null;
  readonly outgoingBytes: number | null;
  readonly backends: readonly IpvsBackend[];
}

/** The row that labels are taken from: Prometheus has no null. */
interface LabelledBackend extends Omit<IpvsBackend, 'localAddress' | 'localMark'> {
  readonly localAddress: string;
  readonly localMark: string;
}

const NOT_LOADED = 'IPVS is not loaded';
const total = (key: keyof IpvsReading & string, name: string, unit: 'count' | 'bytes', help: string): Field<IpvsReading> => ({
  key,
  kind: 'counter',
  unit,
  help,
  nullWhen: NOT_LOADED,
  prometheus: { name: `node_ipvs_${name}_total` },
});
const backend = (key: keyof IpvsBackend & string, name: string, help: string): Field<LabelledBackend> => ({
  key,
  kind: 'gauge',
  unit: 'count',
  help,
  prometheus: { name: `node_ipvs_backend_${name}` },
});

/** Fields of {@link IpvsReading}. */
export const ipvsGroups = (): readonly Group<IpvsReading>[] => [
  group<IpvsReading, IpvsReading>({
    name: 'ipvs',
    source: '/proc/net/ip_vs_stats',
    rows: (reading) => [reading],
    fields: [
      total('connections', 'connections', 'count', 'Connections that were scheduled.'),
      total('incomingPackets', 'incoming_packets', 'count', 'Packets to the servers.'),
      total('outgoingPackets', 'outgoing_packets', 'count', 'Packets from the servers.'),
      total('incomingBytes', 'incoming_bytes', 'bytes', 'Bytes to the servers.'),
      total('outgoingBytes', 'outgoing_bytes', 'bytes', 'Bytes from the servers.'),
    ],
  }),
  group<IpvsReading, LabelledBackend>({
    name: 'ipvs.backends',
    json: 'ipvs.backends[]',
    source: '/proc/net/ip_vs',
    rows: (reading) => reading.backends.map((row) => ({ ...row, localAddress: row.localAddress ?? '', localMark: row.localMark ?? '' })),
    labels: {
      local_address: 'localAddress',
      local_port: 'localPort',
      remote_address: 'remoteAddress',
      remote_port: 'remotePort',
      proto: 'protocol',
      local_mark: 'localMark',
    },
    fields: [
      backend('activeConnections', 'connections_active', 'Connections of the server that are active.'),
      backend('inactiveConnections', 'connections_inactive', 'Connections of the server that are ending.'),
      backend('weight', 'weight', 'Weight of the server.'),
    ],
  }),
];
