import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One way to the server of a mount. Null: this kind of transport does not count it. */
export interface NfsTransport {
  /** Its place in the list: `0`. */
  readonly transport: string;
  /** `tcp`, `udp`, `rdma`. */
  readonly protocol: string;
  readonly binds: number;
  readonly connects: number | null;
  /** Seconds since something was sent. */
  readonly idleTime: number | null;
  readonly sends: number;
  readonly receives: number;
  /** Answers that nobody had asked for. */
  readonly badAnswers: number;
  /** Sums over the calls of how many waited: for a slot, to be sent, for the answer. */
  readonly backlog: number;
  readonly sendingQueue: number | null;
  readonly pendingQueue: number | null;
  /** Most calls that were on their way at once. */
  readonly maximumSlots: number | null;
}

/** How often one operation was done on a mount, and how long that took. */
export interface NfsOperation {
  /** As the kernel writes it: `READ`. */
  readonly operation: string;
  readonly requests: number;
  readonly transmissions: number;
  readonly majorTimeouts: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Seconds that requests waited to be sent, were away, and took in all; null when the kernel's counter went below zero. */
  readonly queueTime: number | null;
  readonly responseTime: number | null;
  readonly requestTime: number | null;
  /** Requests that ended in an error; null before Linux 5.4. */
  readonly errors: number | null;
}

/** What the kernel counts of one NFS mount. */
export interface MountstatsReading {
  /** `server:/export`. */
  readonly device: string;
  readonly mountpoint: string;
  /** `nfs`, `nfs4`. */
  readonly fstype: string;
  /** Address of the server; null when the mount options do not say. */
  readonly address: string | null;
  /** Seconds since it was mounted. */
  readonly age: number | null;
  /** Bytes and pages by name, and events by name. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
  readonly transports: readonly NfsTransport[];
  readonly operations: readonly NfsOperation[];
}

/** A row with the labels that all series of a mount have. */
type Of<Part> = Part & { readonly device: string; readonly protocol: string; readonly address: string | null };

/**
 * The mounts of which series are made, with the protocol of each: mounts of one export from one server share
 * their counters, so node_exporter takes the first of them.
 */
function* distinct(reading: readonly MountstatsReading[]): Generator<Of<MountstatsReading>> {
  const seen = new Set<string>();
  for (const mount of reading) {
    const protocol = mount.transports[0]?.protocol;
    const key = `${mount.device} ${protocol} ${mount.address}`;
    if (protocol === undefined || seen.has(key)) continue;
    seen.add(key);
    yield { ...mount, protocol };
  }
}
const parts =
  <Part extends object>(pick: (row: MountstatsReading) => readonly Part[]) =>
  (reading: readonly MountstatsReading[]): Of<Part>[] =>
    [...distinct(reading)].flatMap(({ device, protocol, address, ...rest }) =>
      pick({ device, address, ...rest }).map((part) => ({ ...part, device, protocol, address })),
    );

interface NamedRow {
  readonly name: string;
  readonly value: number;
}
const named = (values: Readonly<Record<string, number>>, prefix: string): NamedRow[] =>
  Object.entries(values).map(([name, value]) => ({ name: `${prefix}${name}`, value }));

const LABELS = { export: 'device', protocol: 'protocol', mountaddr: 'address' } as const;
const SOURCE = '/proc/self/mountstats';
const PREFIX = 'node_mountstats_nfs_';
const field = <Row>(
  key: keyof Row & string,
  kind: 'counter' | 'gauge',
  unit: Field<Row>['unit'],
  name: string,
  help: string,
  nullWhen?: string,
): Field<Row> => ({ key, kind, unit, help, ...(nullWhen ? { nullWhen } : {}), prometheus: { name: `${PREFIX}${name}` } });

const OTHER_KIND = 'this kind of transport does not count it';
const WRAPPED = "the kernel's counter went below zero";

/** Fields of the `mountstats` collector. */
export const mountstatsGroups = (): readonly Group<readonly MountstatsReading[]>[] => [
  group<readonly MountstatsReading[], Of<MountstatsReading>>({
    name: 'mountstats',
    json: 'mountstats[]',
    source: SOURCE,
    rows: (reading) => [...distinct(reading)],
    labels: LABELS,
    fields: [field('age', 'counter', 'seconds', 'age_seconds_total', 'Time since it was mounted.', 'the kernel does not say')],
  }),
  group<readonly MountstatsReading[], Of<{ mountpoint: string }>>({
    name: 'mountstats.mountpoints',
    json: 'mountstats[]',
    source: SOURCE,
    rows: (reading) =>
      reading.flatMap(({ device, mountpoint, address, transports }) =>
        transports.map(({ protocol }) => ({ device, mountpoint, address, protocol })),
      ),
    labels: { ...LABELS, mountpoint: 'mountpoint' },
    fields: [
      {
        key: 'mountpoint',
        kind: 'info',
        unit: 'none',
        help: 'Where it is mounted.',
        prometheus: { name: `${PREFIX}mountpoint_info`, help: 'Where each NFS export is mounted.' },
      },
    ],
  }),
  group<readonly MountstatsReading[], Of<NamedRow>>({
    name: 'mountstats.counters',
    source: SOURCE,
    rows: parts((row) => [...named(row.bytes, ''), ...named(row.events, 'event_')]),
    labels: LABELS,
    fields: [],
    open: {
      pattern: `${PREFIX}<counter>_total`,
      name: (row) => `${PREFIX}${row.name}_total`,
      help: (row) => `NFS mounts: ${row.name.replaceAll('_', ' ')}.`,
      value: (row) => row.value,
      kind: 'counter',
    },
  }),
  group<readonly MountstatsReading[], Of<NfsTransport>>({
    name: 'mountstats.transports',
    json: 'mountstats[].transports[]',
    source: SOURCE,
    rows: parts((row) => row.transports),
    labels: { ...LABELS, transport: 'transport' },
    fields: [
      field('binds', 'counter', 'count', 'transport_bind_total', 'Times that a port was taken.'),
      field('connects', 'counter', 'count', 'transport_connect_total', 'Times that it connected.', OTHER_KIND),
      field('idleTime', 'gauge', 'seconds', 'transport_idle_time_seconds', 'Time since something was sent.', OTHER_KIND),
      field('sends', 'counter', 'count', 'transport_sends_total', 'Calls that were sent.'),
      field('receives', 'counter', 'count', 'transport_receives_total', 'Answers that came.'),
      field('badAnswers', 'counter', 'count', 'transport_bad_transaction_ids_total', 'Answers that nobody had asked for.'),
      field('backlog', 'counter', 'count', 'transport_backlog_queue_total', 'Sum over the calls of those that waited for a slot.'),
      field('maximumSlots', 'gauge', 'count', 'transport_maximum_rpc_slots', 'Most calls on their way at once.', OTHER_KIND),
      field(
        'sendingQueue',
        'counter',
        'count',
        'transport_sending_queue_total',
        'Sum over the calls of those that waited to be sent.',
        OTHER_KIND,
      ),
      field(
        'pendingQueue',
        'counter',
        'count',
        'transport_pending_queue_total',
        'Sum over the calls of those that waited for an answer.',
        OTHER_KIND,
      ),
    ].map((one) => withZero(one)),
  }),
  group<readonly MountstatsReading[], Of<NfsOperation>>({
    name: 'mountstats.operations',
    json: 'mountstats[].operations[]',
    source: SOURCE,
    rows: parts((row) => row.operations),
    labels: { ...LABELS, operation: 'operation' },
    fields: [
      field('requests', 'counter', 'count', 'operations_requests_total', 'Requests.'),
      field('transmissions', 'counter', 'count', 'operations_transmissions_total', 'Times that requests were sent.'),
      field('majorTimeouts', 'counter', 'count', 'operations_major_timeouts_total', 'Requests that were given up or begun anew.'),
      field('sentBytes', 'counter', 'bytes', 'operations_sent_bytes_total', 'Bytes sent.'),
      field('receivedBytes', 'counter', 'bytes', 'operations_received_bytes_total', 'Bytes received.'),
      field('queueTime', 'counter', 'seconds', 'operations_queue_time_seconds_total', 'Time that requests waited to be sent.', WRAPPED),
      field('responseTime', 'counter', 'seconds', 'operations_response_time_seconds_total', 'Time that requests were away.', WRAPPED),
      field('requestTime', 'counter', 'seconds', 'operations_request_time_seconds_total', 'Time that requests took in all.', WRAPPED),
      {
        key: 'errors',
        kind: 'counter',
        unit: 'count',
        help: 'Requests that ended in an error.',
        nullWhen: 'the kernel is older than 5.4',
        prometheus: { name: 'hecate_mountstats_nfs_operations_errors_total' },
      },
    ],
  }),
];

/** node_exporter says 0 for what a kind of transport does not count. */
function withZero(one: Field<Of<NfsTransport>>): Field<Of<NfsTransport>> {
  if (!one.nullWhen || !one.prometheus) return one;
  return { ...one, prometheus: { ...one.prometheus, value: (row) => Number(row[one.key] ?? 0) } };
}
