import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** What one mounted XFS file system did since it was mounted. */
export interface XfsReading {
  /** Kernel name of its device: `sda1`. */
  readonly device: string;
  /** Bytes that files read and wrote; null when the kernel does not say. */
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  /** Its counters, by names such as `directory_operation_create`. */
  readonly counters: Readonly<Record<string, number>>;
}

interface CounterRow {
  readonly device: string;
  readonly name: string;
  readonly value: number;
}

const SOURCE = '/sys/fs/xfs/<device>/stats/stats';

/** Fields of the `xfs` collector. */
export const xfsGroups = (): readonly Group<readonly XfsReading[]>[] => [
  group<readonly XfsReading[], XfsReading>({
    name: 'xfs',
    source: SOURCE,
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'readBytes',
        kind: 'counter',
        unit: 'bytes',
        help: 'Bytes that files read.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_xfs_read_bytes_total' },
      },
      {
        key: 'writtenBytes',
        kind: 'counter',
        unit: 'bytes',
        help: 'Bytes that files wrote.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_xfs_written_bytes_total' },
      },
    ],
  }),
  group<readonly XfsReading[], CounterRow>({
    name: 'xfs.counters',
    source: SOURCE,
    rows: (reading) =>
      reading.flatMap(({ device, counters }) => Object.entries(counters).map(([name, value]) => ({ device, name, value }))),
    labels: { device: 'device' },
    fields: [],
    open: {
      pattern: 'node_xfs_<counter>_total',
      name: (row) => `node_xfs_${row.name}_total`,
      help: (row) => `XFS: ${row.name.replaceAll('_', ' ')}.`,
      value: (row) => row.value,
      kind: 'counter',
    },
  }),
];
