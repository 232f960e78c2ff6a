import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';

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

/** How fast one file system fills between two readings. */
export interface FilesystemRates {
  readonly mountpoint: string;
  /** Bytes taken per second, less those that came free; below zero while it empties. */
  readonly growth: number | null;
  /** Seconds until no user can write any more, if it goes on like this; null when it does not fill. */
  readonly full: number | null;
}

/** How fast file systems fill: those that answered both times and are the same ones. */
export function filesystemRates(
  before: readonly FilesystemReading[],
  after: readonly FilesystemReading[],
  elapsed: number,
): readonly FilesystemRates[] | null {
  if (elapsed <= 0) return null;
  const earlier = new Map(before.map((row) => [row.mountpoint, row]));
  return after.flatMap((row): FilesystemRates[] => {
    const was = earlier.get(row.mountpoint);
    if (!was || was.major !== row.major || was.minor !== row.minor) return [];
    const growth = was.used === null || row.used === null ? null : (row.used - was.used) / elapsed;
    return [
      {
        mountpoint: row.mountpoint,
        growth,
        full: growth === null || growth <= 0 || row.available === null ? null : row.available / growth,
      },
    ];
  });
}

/** Fields of {@link FilesystemRates}. */
export const filesystemRateFields = (): readonly RateField[] => [
  { path: '[].growth', unit: 'bytes/second', formula: 'Δ used / elapsed; below zero while it empties', nullWhen: 'it did not answer' },
  { path: '[].full', unit: 'seconds', formula: 'available / growth', nullWhen: 'it does not fill, or did not answer' },
];

/** When a file system is full. */
export interface FillForecast {
  /** Bytes per second, from the line through all points. */
  readonly growth: number;
  /** Seconds after the last point until nothing is available; null when it does not fill. */
  readonly full: number | null;
  /** How well a line describes the points, 0 to 1: below 0.5 the forecast is worth little. */
  readonly fit: number;
}

/**
 * When a file system is full, from what was available at several times (seconds, bytes): the line of least squares.
 * Hours of points say more than the rate of two readings. Null with less than three points, or when no time passes.
 */
export function fillForecast(points: readonly { readonly time: number; readonly available: number }[]): FillForecast | null {
  const last = points.at(-1);
  if (!last || points.length < 3) return null;
  const mean = (value: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + value(point), 0) / points.length;
  const time = mean((point) => point.time);
  const level = mean((point) => point.available);
  const variance = mean((point) => (point.time - time) ** 2);
  const spread = mean((point) => (point.available - level) ** 2);
  const together = mean((point) => (point.time - time) * (point.available - level));
  if (variance === 0) return null;
  const slope = together / variance;
  const atLast = Math.max(0, level + slope * (last.time - time));
  // Points on a level line are described by it without any error.
  const fit = spread === 0 ? 1 : together ** 2 / (variance * spread);
  return { growth: slope === 0 ? 0 : -slope, full: slope < 0 ? atLast / -slope : null, fit };
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
export const filesystemGroups = (): readonly Group<readonly FilesystemReading[]>[] => [
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
    json: 'filesystem[]',
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
