import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** One mounted file system. Sizes are null when it did not answer; a gap `filesystem.<mountpoint>` says why. */
export interface FilesystemReading {
  /** What is mounted: `/dev/sda1`, `server:/export`. */
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly readOnly: boolean;
  /** Bytes in all. */
  readonly size: number | null;
  /** Bytes free, those reserved for root included. */
  readonly free: number | null;
  /** Bytes that any user can get. */
  readonly available: number | null;
  /** Inodes in all; null too where the file system does not count them. */
  readonly files: number | null;
  readonly filesFree: number | null;
}

const UNANSWERED = 'the file system did not answer';

/** Fields of the `filesystem` collector. */
export const filesystemGroups: readonly Group<readonly FilesystemReading[]>[] = [
  group<readonly FilesystemReading[], FilesystemReading>({
    name: 'filesystem', source: '/proc/self/mountinfo, statfs(2)', rows: (reading) => reading,
    labels: { device: 'device', mountpoint: 'mountpoint', fstype: 'fstype' },
    fields: [
      { key: 'size', kind: 'gauge', unit: 'bytes', help: 'Size of the file system.', nullWhen: UNANSWERED, prometheus: { name: 'node_filesystem_size_bytes' }, otel: { name: 'system.filesystem.limit' } },
      { key: 'free', kind: 'gauge', unit: 'bytes', help: 'Free space, that reserved for root included.', nullWhen: UNANSWERED, prometheus: { name: 'node_filesystem_free_bytes' } },
      { key: 'available', kind: 'gauge', unit: 'bytes', help: 'Free space for any user.', nullWhen: UNANSWERED, prometheus: { name: 'node_filesystem_avail_bytes' }, otel: { name: 'system.filesystem.usage', attributes: { 'system.filesystem.state': 'free' } } },
      { key: 'files', kind: 'gauge', unit: 'count', help: 'Inodes of the file system.', nullWhen: UNANSWERED, prometheus: { name: 'node_filesystem_files' } },
      { key: 'filesFree', kind: 'gauge', unit: 'count', help: 'Free inodes.', nullWhen: UNANSWERED, prometheus: { name: 'node_filesystem_files_free' } },
      { key: 'readOnly', kind: 'gauge', unit: 'none', help: '1 when mounted read-only.', prometheus: { name: 'node_filesystem_readonly', value: (row) => Number(row.readOnly) } },
      { key: 'mountpoint', kind: 'gauge', unit: 'none', help: '1 when the file system did not answer.', prometheus: { name: 'node_filesystem_device_error', value: (row) => Number(row.size === null) } },
    ],
  }),
];
