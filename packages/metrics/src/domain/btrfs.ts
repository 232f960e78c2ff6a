import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** The block groups of one type in one layout. */
export interface BtrfsLayout {
  /** `single`, `dup`, `raid0`, `raid1`, `raid1c3`, `raid5`, ... */
  readonly mode: string;
  /** Bytes that its block groups hold, each counted once. Null: the kernel does not say; so for all nulls here. */
  readonly size: number | null;
  readonly used: number | null;
  /** Bytes on devices for each byte of content: 1 for single, 2 for raid1; null for a mode that we do not know. */
  readonly ratio: number | null;
}

/** What is allocated for one type of content. */
export interface BtrfsAllocation {
  /** `data`, `metadata`, `system`, or `mixed` (data and metadata together). */
  readonly type: string;
  /** Bytes of all its layouts. */
  readonly size: number | null;
  readonly used: number | null;
  /** Bytes on devices. */
  readonly diskSize: number | null;
  readonly diskUsed: number | null;
  /** Bytes promised to what is being written. */
  readonly reserved: number | null;
  readonly mayUse: number | null;
  /** Bytes freed in a transaction that is not on disk yet. */
  readonly pinned: number | null;
  readonly readOnly: number | null;
  readonly layouts: readonly BtrfsLayout[];
}

/** A device of the file system by its kernel name. */
export interface BtrfsDevice {
  readonly device: string;
  /** Bytes of the device. */
  readonly size: number | null;
}

/** A device of the file system by its number in it: the kernel does not say which name it has. */
export interface BtrfsMember {
  readonly id: string;
  readonly missing: boolean | null;
  readonly writable: boolean | null;
  /** Errors since they were last reset, kept on disk; null before Linux 5.14 and for a missing device. */
  readonly writeErrors: number | null;
  readonly readErrors: number | null;
  readonly flushErrors: number | null;
  readonly corruptionErrors: number | null;
  readonly generationErrors: number | null;
}

/** One mounted btrfs file system. */
export interface BtrfsReading {
  readonly uuid: string;
  /** Empty when it has none. */
  readonly label: string;
  /** Bytes kept for metadata when all else is full, and those of them in use. */
  readonly globalReserve: number | null;
  readonly globalReserveUsed: number | null;
  /** Transactions since it was mounted, and seconds that they took; null before Linux 6.0. */
  readonly commits: number | null;
  readonly commitTime: number | null;
  readonly lastCommitTime: number | null;
  readonly longestCommitTime: number | null;
  /** What runs that nothing else may run beside: `none`, `balance`, `device add`, ... */
  readonly exclusiveOperation: string | null;
  readonly allocations: readonly BtrfsAllocation[];
  readonly devices: readonly BtrfsDevice[];
  readonly members: readonly BtrfsMember[];
}

type Inside<Part> = Part & { readonly uuid: string };
type LayoutRow = Inside<BtrfsLayout> & { readonly type: string };
const SILENT = 'the kernel does not say';
const OLD = 'the kernel is older than 6.0';

/** Parts of all file systems, each with the UUID of its own. */
const parts =
  <Part extends object>(pick: (row: BtrfsReading) => readonly Part[]) =>
  (reading: readonly BtrfsReading[]): Inside<Part>[] =>
    reading.flatMap((row) => pick(row).map((part) => ({ ...part, uuid: row.uuid })));

const bytes = <Row>(key: keyof Row & string, help: string, name?: string): Field<Row> => ({
  key,
  kind: 'gauge',
  unit: 'bytes',
  help,
  nullWhen: SILENT,
  ...(name ? { prometheus: { name } } : {}),
});
/** node_exporter says 0 where the kernel does not count commits. */
const commit = (
  key: 'commits' | 'commitTime' | 'lastCommitTime' | 'longestCommitTime',
  kind: 'counter' | 'gauge',
  name: string,
  help: string,
): Field<BtrfsReading> => ({
  key,
  kind,
  unit: key === 'commits' ? 'count' : 'seconds',
  help,
  nullWhen: OLD,
  prometheus: { name, value: (row) => row[key] ?? 0 },
});
const ERRORS = ['write', 'read', 'flush', 'corruption', 'generation'] as const;

/** Fields of the `btrfs` collector. */
export const btrfsGroups = (): readonly Group<readonly BtrfsReading[]>[] => [
  group<readonly BtrfsReading[], BtrfsReading>({
    name: 'btrfs',
    source: '/sys/fs/btrfs',
    rows: (reading) => reading,
    labels: { uuid: 'uuid' },
    fields: [
      {
        key: 'label',
        kind: 'info',
        unit: 'none',
        help: 'Label of the file system.',
        prometheus: { name: 'node_btrfs_info', help: 'What each file system is.', properties: { label: 'label' } },
      },
      bytes('globalReserve', 'Space kept for metadata when all else is full.', 'node_btrfs_global_rsv_size_bytes'),
      bytes('globalReserveUsed', 'The part of that space that is reserved now.', 'hecate_btrfs_global_reserve_reserved_bytes'),
      commit('commits', 'counter', 'node_btrfs_commits_total', 'Transactions since it was mounted.'),
      commit('commitTime', 'counter', 'node_btrfs_commit_seconds_total', 'Time that transactions took.'),
      commit('lastCommitTime', 'gauge', 'node_btrfs_last_commit_seconds', 'Time that the last transaction took.'),
      commit('longestCommitTime', 'gauge', 'node_btrfs_max_commit_seconds', 'Time that the longest transaction took.'),
      {
        key: 'exclusiveOperation',
        kind: 'info',
        unit: 'none',
        help: 'What runs that nothing else may run beside, such as balance.',
        nullWhen: 'the kernel is older than 5.10',
      },
    ],
  }),
  group<readonly BtrfsReading[], Inside<BtrfsAllocation>>({
    name: 'btrfs.allocations',
    json: 'btrfs[].allocations[]',
    source: '/sys/fs/btrfs/<uuid>/allocation',
    rows: parts((row) => row.allocations),
    labels: { uuid: 'uuid', block_group_type: 'type' },
    fields: [
      bytes('size', 'Space for this type of content.'),
      bytes('used', 'Space that content takes.'),
      bytes('diskSize', 'Space on devices for this type of content.', 'hecate_btrfs_disk_size_bytes'),
      bytes('diskUsed', 'Space on devices that content takes.', 'hecate_btrfs_disk_used_bytes'),
      bytes('reserved', 'Space promised to what is being written.', 'node_btrfs_reserved_bytes'),
      bytes('mayUse', 'Space that what is in memory may take.', 'hecate_btrfs_may_use_bytes'),
      bytes('pinned', 'Space that is free after the transaction.', 'hecate_btrfs_pinned_bytes'),
      bytes('readOnly', 'Space in block groups that are read-only.', 'hecate_btrfs_read_only_bytes'),
    ],
  }),
  group<readonly BtrfsReading[], LayoutRow>({
    name: 'btrfs.layouts',
    json: 'btrfs[].allocations[].layouts[]',
    source: '/sys/fs/btrfs/<uuid>/allocation/<type>/<mode>',
    rows: parts((row) => row.allocations.flatMap(({ type, layouts }) => layouts.map((layout) => ({ ...layout, type })))),
    labels: { uuid: 'uuid', block_group_type: 'type', mode: 'mode' },
    fields: [
      bytes('size', 'Space of block groups of this layout.', 'node_btrfs_size_bytes'),
      bytes('used', 'Space that content takes in them.', 'node_btrfs_used_bytes'),
      {
        key: 'ratio',
        kind: 'gauge',
        unit: 'ratio',
        help: 'Bytes on devices for each byte of content.',
        nullWhen: 'the mode is not known',
        prometheus: { name: 'node_btrfs_allocation_ratio', value: (row) => row.ratio ?? 0 },
      },
    ],
  }),
  group<readonly BtrfsReading[], Inside<BtrfsDevice>>({
    name: 'btrfs.devices',
    json: 'btrfs[].devices[]',
    source: '/sys/fs/btrfs/<uuid>/devices',
    rows: parts((row) => row.devices),
    labels: { uuid: 'uuid', device: 'device' },
    fields: [bytes('size', 'Size of the device.', 'node_btrfs_device_size_bytes')],
  }),
  group<readonly BtrfsReading[], Inside<BtrfsMember>>({
    name: 'btrfs.members',
    json: 'btrfs[].members[]',
    source: '/sys/fs/btrfs/<uuid>/devinfo',
    rows: parts((row) => row.members),
    labels: { uuid: 'uuid', id: 'id' },
    fields: [
      {
        key: 'missing',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the device is missing.',
        nullWhen: SILENT,
        prometheus: { name: 'hecate_btrfs_device_missing' },
      },
      {
        key: 'writable',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the device can be written.',
        nullWhen: SILENT,
        prometheus: { name: 'hecate_btrfs_device_writable' },
      },
      ...ERRORS.map((type): Field<Inside<BtrfsMember>> => ({
        key: `${type}Errors`,
        kind: 'counter',
        unit: 'count',
        help: `Errors of the device: ${type}.`,
        nullWhen: 'the kernel is older than 5.14, or the device is missing',
        prometheus: {
          name: 'hecate_btrfs_device_errors_total',
          labels: { type },
          help: 'Errors since they were last reset, kept on disk.',
        },
      })),
    ],
  }),
];
