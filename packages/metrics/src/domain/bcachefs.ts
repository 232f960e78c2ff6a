import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What one way to compress saves. */
export interface BcachefsCompression {
  readonly algorithm: string;
  /** Bytes, rounded by the kernel to three digits. */
  readonly compressed: number;
  readonly uncompressed: number;
}

/** Faults of one kind that were found in the file system. */
export interface BcachefsError {
  readonly error: string;
  readonly count: number;
}

/** Writes of the index for one reason. */
export interface BcachefsWrites {
  readonly type: string;
  readonly count: number;
  /** Bytes on average. */
  readonly size: number;
}

/** What one device did for one type of data. */
export interface BcachefsIo {
  readonly operation: 'read' | 'write';
  /** `user`, `btree`, `journal`, ... */
  readonly data: string;
  readonly bytes: number;
}

/** One device of a file system. Null: the kernel does not say. */
export interface BcachefsDevice {
  /** Its number in the file system: `4`. */
  readonly device: string;
  readonly label: string | null;
  /** States that there are, the present one in brackets: `[rw] ro evacuating spare`. */
  readonly state: string | null;
  /** Bytes. */
  readonly bucketSize: number | null;
  readonly buckets: number | null;
  /** How many copies one on this device counts for. */
  readonly durability: number | null;
  readonly io: readonly BcachefsIo[];
  /** Errors since the file system was made, by `read`, `write`, `checksum`. */
  readonly errors: Readonly<Record<string, number>>;
}

/** One mounted bcachefs file system. */
export interface BcachefsReading {
  readonly uuid: string;
  /** Bytes of memory of the index. */
  readonly indexCacheSize: number | null;
  /** Counters since the file system was made, by name. Large ones are rounded by the kernel to three digits. */
  readonly counters: Readonly<Record<string, number>>;
  readonly compression: readonly BcachefsCompression[];
  readonly errors: readonly BcachefsError[];
  readonly writes: readonly BcachefsWrites[];
  readonly devices: readonly BcachefsDevice[];
}

type Of<Part> = Part & { readonly uuid: string };
const parts =
  <Part extends object>(pick: (row: BcachefsReading) => readonly Part[]) =>
  (reading: readonly BcachefsReading[]): Of<Part>[] =>
    reading.flatMap((row) => pick(row).map((part) => ({ ...part, uuid: row.uuid })));
const field = <Row>(
  key: keyof Row & string,
  kind: 'counter' | 'gauge',
  unit: 'count' | 'bytes',
  name: string,
  help: string,
  nullWhen?: string,
): Field<Row> => ({ key, kind, unit, help, ...(nullWhen ? { nullWhen } : {}), prometheus: { name: `node_bcachefs_${name}` } });

const SILENT = 'the kernel does not say';
const FOLDER = '/sys/fs/bcachefs/<uuid>';
interface CounterRow {
  readonly name: string;
  readonly value: number;
}

/** Fields of the `bcachefs` collector. */
export const bcachefsGroups = (): readonly Group<readonly BcachefsReading[]>[] => [
  group<readonly BcachefsReading[], BcachefsReading>({
    name: 'bcachefs',
    source: FOLDER,
    rows: (reading) => reading,
    labels: { uuid: 'uuid' },
    fields: [
      { key: 'uuid', kind: 'info', unit: 'none', help: 'UUID of the file system.', prometheus: { name: 'node_bcachefs_info' } },
      field('indexCacheSize', 'gauge', 'bytes', 'btree_cache_size_bytes', 'Memory of the index.', SILENT),
    ],
  }),
  group<readonly BcachefsReading[], Of<CounterRow>>({
    name: 'bcachefs.counters',
    source: `${FOLDER}/counters`,
    rows: parts((row) => Object.entries(row.counters).map(([name, value]) => ({ name, value }))),
    labels: { uuid: 'uuid' },
    fields: [],
    open: {
      pattern: 'node_bcachefs_<counter>_total',
      name: (row) => `node_bcachefs_${row.name}_total`,
      help: (row) => `bcachefs: ${row.name.replaceAll('_', ' ')}, since the file system was made.`,
      value: (row) => row.value,
      kind: 'counter',
    },
  }),
  group<readonly BcachefsReading[], Of<BcachefsCompression>>({
    name: 'bcachefs.compression',
    json: 'bcachefs[].compression[]',
    source: `${FOLDER}/compression_stats`,
    rows: parts((row) => row.compression),
    labels: { uuid: 'uuid', algorithm: 'algorithm' },
    fields: [
      field('compressed', 'gauge', 'bytes', 'compression_compressed_bytes', 'Bytes that compressed content takes.'),
      field('uncompressed', 'gauge', 'bytes', 'compression_uncompressed_bytes', 'Bytes that it has uncompressed.'),
    ],
  }),
  group<readonly BcachefsReading[], Of<BcachefsError>>({
    name: 'bcachefs.errors',
    json: 'bcachefs[].errors[]',
    source: `${FOLDER}/errors`,
    rows: parts((row) => row.errors),
    labels: { uuid: 'uuid', error_type: 'error' },
    fields: [field('count', 'counter', 'count', 'errors_total', 'Faults of this kind that were found.')],
  }),
  group<readonly BcachefsReading[], Of<BcachefsWrites>>({
    name: 'bcachefs.writes',
    json: 'bcachefs[].writes[]',
    source: `${FOLDER}/btree_write_stats`,
    rows: parts((row) => row.writes),
    labels: { uuid: 'uuid', type: 'type' },
    fields: [
      field('count', 'counter', 'count', 'btree_writes_total', 'Writes of the index for this reason.'),
      field('size', 'gauge', 'bytes', 'btree_write_average_size_bytes', 'Size of such a write on average.'),
    ],
  }),
  group<readonly BcachefsReading[], Of<BcachefsDevice>>({
    name: 'bcachefs.devices',
    json: 'bcachefs[].devices[]',
    source: `${FOLDER}/dev-*`,
    rows: parts((row) => row.devices),
    labels: { uuid: 'uuid', device: 'device' },
    fields: [
      {
        key: 'state',
        kind: 'info',
        unit: 'none',
        help: 'State of the device, in brackets.',
        nullWhen: SILENT,
        prometheus: {
          name: 'node_bcachefs_device_info',
          help: 'What each device is.',
          value: () => 1,
          properties: { label: 'label', state: 'state' },
        },
      },
      field('bucketSize', 'gauge', 'bytes', 'device_bucket_size_bytes', 'Size of a bucket.', SILENT),
      field('buckets', 'gauge', 'count', 'device_buckets', 'Buckets of the device.', SILENT),
      field('durability', 'gauge', 'count', 'device_durability', 'Copies that one on this device counts for.', SILENT),
    ],
  }),
  group<readonly BcachefsReading[], Of<BcachefsIo> & { readonly device: string }>({
    name: 'bcachefs.devices.io',
    json: 'bcachefs[].devices[].io[]',
    source: `${FOLDER}/dev-*/io_done`,
    rows: parts((row) => row.devices.flatMap(({ device, io }) => io.map((part) => ({ ...part, device })))),
    labels: { uuid: 'uuid', device: 'device', operation: 'operation', data_type: 'data' },
    fields: [field('bytes', 'counter', 'bytes', 'device_io_done_bytes_total', 'Bytes that were moved.')],
  }),
  group<readonly BcachefsReading[], Of<BcachefsError> & { readonly device: string }>({
    name: 'bcachefs.devices.errors',
    json: null,
    source: `${FOLDER}/dev-*/io_errors`,
    rows: parts((row) =>
      row.devices.flatMap(({ device, errors }) => Object.entries(errors).map(([error, count]) => ({ device, error, count }))),
    ),
    labels: { uuid: 'uuid', device: 'device', type: 'error' },
    fields: [field('count', 'counter', 'count', 'device_io_errors_total', 'Errors of the device since the file system was made.')],
  }),
];
