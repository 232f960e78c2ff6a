import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import type { NfsProcedure } from './nfs-procedures.ts';

/** What this machine did as a server of NFS since its server started. Null: it is none, or this kernel does not say. */
export interface NfsdReading {
  /** Answers from the cache of replies, answers that were put into it, and those that need none. */
  readonly replyCacheHits: number | null;
  readonly replyCacheMisses: number | null;
  readonly replyCacheUncached: number | null;
  /** Requests for files that are gone. */
  readonly staleHandles: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  readonly threads: number | null;
  /** Read-ahead cache: its size, and look-ups that found nothing; kernels since 5.4 have none. */
  readonly readAheadSize: number | null;
  readonly readAheadMisses: number | null;
  readonly udpPackets: number | null;
  readonly tcpPackets: number | null;
  readonly tcpConnections: number | null;
  readonly calls: number | null;
  /** Calls that were refused: wrong format, not allowed, from a client that may not. */
  readonly badFormat: number | null;
  readonly badAuthentication: number | null;
  readonly badClient: number | null;
  readonly procedures: readonly NfsProcedure[];
}

const ABSENT = 'the machine is no NFS server, or this kernel does not say';
const number = (
  key: keyof NfsdReading & string,
  kind: 'counter' | 'gauge',
  unit: 'count' | 'bytes',
  name: string,
  help: string,
  labels?: Readonly<Record<string, string>>,
  family?: string,
): Field<NfsdReading> => ({
  key,
  kind,
  unit,
  help,
  nullWhen: ABSENT,
  prometheus: { name, ...(labels ? { labels } : {}), ...(family ? { help: family } : {}) },
});
const error = (key: keyof NfsdReading & string, type: string, help: string): Field<NfsdReading> =>
  number(key, 'counter', 'count', 'node_nfsd_rpc_errors_total', help, { error: type }, 'Calls that were refused, by the reason.');
const packets = (key: keyof NfsdReading & string, proto: string, help: string): Field<NfsdReading> =>
  number(key, 'counter', 'count', 'node_nfsd_packets_total', help, { proto }, 'Packets of the NFS server by protocol.');
const SOURCE = '/proc/net/rpc/nfsd';

/** Fields of the `nfsd` collector. */
export const nfsdGroups = (): readonly Group<NfsdReading>[] => [
  group<NfsdReading, NfsdReading>({
    name: 'nfsd',
    source: SOURCE,
    rows: (reading) => [reading],
    fields: [
      number('replyCacheHits', 'counter', 'count', 'node_nfsd_reply_cache_hits_total', 'Answers from the cache of replies.'),
      number(
        'replyCacheMisses',
        'counter',
        'count',
        'node_nfsd_reply_cache_misses_total',
        'Answers that were put into the cache of replies.',
      ),
      number('replyCacheUncached', 'counter', 'count', 'node_nfsd_reply_cache_nocache_total', 'Answers that need no cache.'),
      number('staleHandles', 'counter', 'count', 'node_nfsd_file_handles_stale_total', 'Requests for files that are gone.'),
      number('readBytes', 'counter', 'bytes', 'node_nfsd_disk_bytes_read_total', 'Bytes read for clients.'),
      number('writtenBytes', 'counter', 'bytes', 'node_nfsd_disk_bytes_written_total', 'Bytes written for clients.'),
      number('threads', 'gauge', 'count', 'node_nfsd_server_threads', 'Threads of the server.'),
      number('readAheadSize', 'gauge', 'count', 'node_nfsd_read_ahead_cache_size_blocks', 'Entries of the read-ahead cache.'),
      number('readAheadMisses', 'counter', 'count', 'node_nfsd_read_ahead_cache_not_found_total', 'Look-ups in it that found nothing.'),
      packets('udpPackets', 'udp', 'Packets over UDP.'),
      packets('tcpPackets', 'tcp', 'Packets over TCP.'),
      number('tcpConnections', 'counter', 'count', 'node_nfsd_connections_total', 'Connections over TCP.'),
      number('calls', 'counter', 'count', 'node_nfsd_server_rpcs_total', 'Calls that came.'),
      error('badFormat', 'fmt', 'Calls of a wrong format.'),
      error('badAuthentication', 'auth', 'Calls without the right identity.'),
      error('badClient', 'cInt', 'Calls of clients that may not call.'),
    ],
  }),
  group<NfsdReading, NfsProcedure>({
    name: 'nfsd.procedures',
    source: SOURCE,
    rows: (reading) => reading.procedures,
    labels: { proto: 'version', method: 'method' },
    fields: [
      {
        key: 'count',
        kind: 'counter',
        unit: 'count',
        help: 'Calls of the procedure, or of the operation of version 4.',
        nullWhen: 'this kernel does not count it',
        // node_exporter leaves the empty procedure of the server out, and says 0 for what a kernel does not count.
        prometheus: { name: 'node_nfsd_requests_total', value: (row) => (row.method === 'Null' ? null : (row.count ?? 0)) },
      },
    ],
  }),
];
