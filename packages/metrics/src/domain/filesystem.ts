import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One mounted file system. Sizes are null when it did not answer; a gap `filesystem.<mountpoint>` says why. */
export interface FilesystemReading {
  /** What is mounted: `/dev/sda1`, `server:/export`. */
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  /** Device number of the file system: rows with the same one share their space (bind mounts, subvolumes). */
  readonly major: number;
  readonly minor: number;
  /** The directory of the file system that is mounted here; not `/` for a bind mount of a part. */
  readonly root: string;
  readonly readOnly: boolean;
  /** Why it did not answer: the system's message, or `mountpoint timeout`. Null when it did. */
  readonly error: string | null;
  /** Bytes in all. */
  readonly size: number | null;
  /** Bytes free, those reserved for root included. */
  readonly free: number | null;
  /** Bytes that any user can get. */
  readonly available: number | null;
  /** Bytes taken: size less free, as df says it. */
  readonly used: number | null;
  /** Inodes in all; null too where the file system does not count them. */
  readonly files: number | null;
  readonly filesFree: number | null;
}

const UNANSWERED = 'the file system did not answer';
const space = (
  key: 'size' | 'free' | 'available' | 'used',
  help: string,
  name?: string,
  otel?: Field<FilesystemReading>['otel'],
): Field<FilesystemReading> => ({
  key,
  kind: 'gauge',
  unit: 'bytes',
  help,
  nullWhen: UNANSWERED,
  ...(name ? { prometheus: { name } } : {}),
  ...(otel ? { otel } : {}),
});
const state = (name: string): Field<FilesystemReading>['otel'] => ({
  name: 'system.filesystem.usage',
  attributes: { 'system.filesystem.state': name },
});
/** node_exporter says 0 where the file system does not count inodes. */
const inodes = (key: 'files' | 'filesFree', name: string, help: string): Field<FilesystemReading> => ({
  key,
  kind: 'gauge',
  unit: 'count',
  help,
  nullWhen: `${UNANSWERED}, or it does not count inodes`,
  prometheus: { name, value: (row) => (row.error === null ? (row[key] ?? 0) : null) },
});

/** Fields of the `filesystem` collector. */
export const filesystemGroups: readonly Group<readonly FilesystemReading[]>[] = [
  group<readonly FilesystemReading[], FilesystemReading>({
    name: 'filesystem',
    source: '/proc/1/mountinfo, statfs(2)',
    rows: (reading) => reading,
    labels: { device: 'device', mountpoint: 'mountpoint', fstype: 'fstype', device_error: 'error' },
    fields: [
      space('size', 'Size of the file system.', 'node_filesystem_size_bytes', { name: 'system.filesystem.limit' }),
      space('free', 'Free space, that reserved for root included.', 'node_filesystem_free_bytes'),
      space('available', 'Free space for any user.', 'node_filesystem_avail_bytes', state('free')),
      space('used', 'Space that is taken: size less free.', undefined, state('used')),
      inodes('files', 'node_filesystem_files', 'Inodes of the file system.'),
      inodes('filesFree', 'node_filesystem_files_free', 'Free inodes.'),
      {
        key: 'readOnly',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether it is mounted read-only.',
        prometheus: { name: 'node_filesystem_readonly', help: '1 when mounted read-only.', value: (row) => Number(row.readOnly) },
      },
      {
        key: 'error',
        kind: 'gauge',
        unit: 'none',
        help: 'Why the file system did not answer.',
        nullWhen: 'it did answer',
        prometheus: {
          name: 'node_filesystem_device_error',
          help: '1 when the file system did not answer.',
          value: (row) => Number(row.error !== null),
        },
      },
    ],
  }),
  group<readonly FilesystemReading[], FilesystemReading>({
    name: 'filesystem.mount',
    source: '/proc/1/mountinfo',
    rows: (reading) => reading,
    labels: { device: 'device', mountpoint: 'mountpoint' },
    fields: [
      {
        key: 'root',
        kind: 'info',
        unit: 'none',
        help: 'The directory of the file system that is mounted; not / for bind mounts.',
        prometheus: {
          name: 'node_filesystem_mount_info',
          help: 'Device number of each mounted file system.',
          value: (row) => (row.error === null ? 1 : null),
          properties: { major: 'major', minor: 'minor' },
        },
      },
    ],
  }),
];
