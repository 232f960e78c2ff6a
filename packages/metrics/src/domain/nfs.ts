import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import type { NfsProcedure } from './nfs-procedures.ts';

/** What this machine did as a client of NFS since boot. Null: it has no NFS. */
export interface NfsReading {
  readonly udpPackets: number | null;
  readonly tcpPackets: number | null;
  readonly tcpConnections: number | null;
  /** Calls that were sent. */
  readonly calls: number | null;
  /** Calls that were sent again, because no answer came. */
  readonly retransmissions: number | null;
  readonly authenticationRefreshes: number | null;
  readonly procedures: readonly NfsProcedure[];
}

/** Rates of the client between two readings. */
export interface NfsRates {
  readonly callsPerSecond: number | null;
  /** Share of the calls that were sent again, 0 to 1; null when there were none. */
  readonly retransmissionRatio: number | null;
}

/** Rates of the client, its counters read `elapsed` seconds apart; null on a machine without NFS. */
export function nfsRates(before: NfsReading, after: NfsReading, elapsed: number): NfsRates | null {
  const callsPerSecond = counterRate(before.calls, after.calls, elapsed);
  if (callsPerSecond === null) return null;
  const again = counterRate(before.retransmissions, after.retransmissions, elapsed);
  return { callsPerSecond, retransmissionRatio: again === null || callsPerSecond === 0 ? null : again / callsPerSecond };
}

/** Fields of {@link NfsRates}. */
export const nfsRateFields = (): readonly RateField[] => [
  perSecond('callsPerSecond', 'calls'),
  { path: 'retransmissionRatio', unit: 'ratio', formula: 'Δ retransmissions / Δ calls', nullWhen: 'nothing was called' },
];

const ABSENT = 'the machine has no NFS';
const counter = (
  key: keyof NfsReading & string,
  name: string,
  help: string,
  labels?: Readonly<Record<string, string>>,
): Field<NfsReading> => ({
  key,
  kind: 'counter',
  unit: 'count',
  help,
  nullWhen: ABSENT,
  prometheus: { name, ...(labels ? { labels, help: 'Packets of NFS by protocol.' } : {}) },
});
const SOURCE = '/proc/net/rpc/nfs';

/** Fields of the `nfs` collector. */
export const nfsGroups = (): readonly Group<NfsReading>[] => [
  group<NfsReading, NfsReading>({
    name: 'nfs',
    source: SOURCE,
    rows: (reading) => [reading],
    fields: [
      counter('udpPackets', 'node_nfs_packets_total', 'Packets over UDP.', { protocol: 'udp' }),
      counter('tcpPackets', 'node_nfs_packets_total', 'Packets over TCP.', { protocol: 'tcp' }),
      counter('tcpConnections', 'node_nfs_connections_total', 'Connections over TCP.'),
      counter('calls', 'node_nfs_rpcs_total', 'Calls that were sent.'),
      counter('retransmissions', 'node_nfs_rpc_retransmissions_total', 'Calls that were sent again.'),
      counter('authenticationRefreshes', 'node_nfs_rpc_authentication_refreshes_total', 'Times that the identity was renewed.'),
    ],
  }),
  group<NfsReading, NfsProcedure>({
    name: 'nfs.procedures',
    source: SOURCE,
    rows: (reading) => reading.procedures,
    labels: { proto: 'version', method: 'method' },
    fields: [
      {
        key: 'count',
        kind: 'counter',
        unit: 'count',
        help: 'Calls of the procedure.',
        nullWhen: 'this kernel does not count it',
        // node_exporter says 0 for what a kernel does not count.
        prometheus: { name: 'node_nfs_requests_total', value: (row) => row.count ?? 0 },
      },
    ],
  }),
];
