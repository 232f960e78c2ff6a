import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One side of a device that two machines share. */
export interface DrbdNode {
  readonly node: 'local' | 'remote';
  /** `Primary`, `Secondary`, `Unknown`. */
  readonly role: string | null;
  /** `UpToDate`, `Inconsistent`, `Diskless`, ... */
  readonly disk: string | null;
}

/** One replicated device (DRBD 8, or the 8.4 of the kernel). Null: it does not say. */
export interface DrbdReading {
  /** Kernel name: `drbd1`. */
  readonly device: string;
  /** `Connected`, `SyncSource`, `StandAlone`, ... */
  readonly connection: string | null;
  readonly nodes: readonly DrbdNode[];
  readonly sentBytes: number | null;
  readonly receivedBytes: number | null;
  readonly writtenBytes: number | null;
  readonly readBytes: number | null;
  /** Writes of the activity log and of the bitmap. */
  readonly activityLogWrites: number | null;
  readonly bitmapWrites: number | null;
  /** Requests that wait: for the own disk, for the peer's answer, for ours to the peer, and of programs. */
  readonly localPending: number | null;
  readonly remotePending: number | null;
  readonly unacknowledged: number | null;
  readonly applicationPending: number | null;
  readonly epochs: number | null;
  /** Bytes that differ between the two machines. */
  readonly outOfSync: number | null;
}

const SILENT = 'DRBD does not say';
const field = (
  key: keyof DrbdReading & string,
  kind: 'counter' | 'gauge',
  unit: 'count' | 'bytes',
  name: string,
  help: string,
): Field<DrbdReading> => ({ key, kind, unit, help, nullWhen: SILENT, prometheus: { name: `node_drbd_${name}` } });
type NodeRow = DrbdNode & { readonly device: string };
const nodeState = (key: 'role' | 'disk', good: string, name: string, help: string): Field<NodeRow> => ({
  key,
  kind: 'gauge',
  unit: 'none',
  help,
  nullWhen: SILENT,
  prometheus: { name: `node_drbd_${name}`, value: (row) => (row[key] === null ? null : Number(row[key] === good)) },
});

/** Fields of the `drbd` collector. */
export const drbdGroups = (): readonly Group<readonly DrbdReading[]>[] => [
  group<readonly DrbdReading[], DrbdReading>({
    name: 'drbd',
    source: '/proc/drbd',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'connection',
        kind: 'gauge',
        unit: 'none',
        help: 'State of the connection to the other machine.',
        nullWhen: SILENT,
        prometheus: {
          name: 'node_drbd_connected',
          help: '1 when it is connected to the other machine.',
          value: (row) => (row.connection === null ? null : Number(row.connection === 'Connected')),
        },
      },
      field('sentBytes', 'counter', 'bytes', 'network_sent_bytes_total', 'Bytes sent to the other machine.'),
      {
        ...field('receivedBytes', 'counter', 'bytes', 'network_received_bytes_total', 'Bytes received from the other machine.'),
        prometheus: {
          name: 'node_drbd_network_received_bytes_total',
          help: 'KiB received from the other machine.',
          // node_exporter takes this one for bytes, and it is KiB.
          value: (row) => (row.receivedBytes === null ? null : row.receivedBytes / 1024),
        },
      },
      field('writtenBytes', 'counter', 'bytes', 'disk_written_bytes_total', 'Bytes written to the own disk.'),
      field('readBytes', 'counter', 'bytes', 'disk_read_bytes_total', 'Bytes read from the own disk.'),
      field('activityLogWrites', 'counter', 'count', 'activitylog_writes_total', 'Writes of the activity log.'),
      field('bitmapWrites', 'counter', 'count', 'bitmap_writes_total', 'Writes of the bitmap.'),
      field('localPending', 'gauge', 'count', 'local_pending', 'Requests that wait for the own disk.'),
      field('remotePending', 'gauge', 'count', 'remote_pending', 'Requests that the other machine has not answered yet.'),
      field('unacknowledged', 'gauge', 'count', 'remote_unacknowledged', 'Requests of the other machine that wait for our answer.'),
      field('applicationPending', 'gauge', 'count', 'application_pending', 'Requests of programs that are not answered yet.'),
      field('epochs', 'gauge', 'count', 'epochs', 'Epochs on their way.'),
      field('outOfSync', 'gauge', 'bytes', 'out_of_sync_bytes', 'Bytes that differ between the two machines.'),
    ],
  }),
  group<readonly DrbdReading[], NodeRow>({
    name: 'drbd.nodes',
    json: 'drbd[].nodes[]',
    source: '/proc/drbd',
    rows: (reading) => reading.flatMap(({ device, nodes }) => nodes.map((node) => ({ ...node, device }))),
    labels: { device: 'device', node: 'node' },
    fields: [
      nodeState('role', 'Primary', 'node_role_is_primary', 'Whether this side may be written.'),
      nodeState('disk', 'UpToDate', 'disk_state_is_up_to_date', 'Whether the disk of this side is up to date.'),
    ],
  }),
];
