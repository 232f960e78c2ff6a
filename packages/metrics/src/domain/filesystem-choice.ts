import type { FilesystemReading } from './filesystem.ts';

/** File systems in which parts of one device number are things of their own: a subvolume is seen apart, as by df. */
const HAS_SUBVOLUMES: ReadonlySet<string> = new Set(['btrfs']);

const isBelow = (path: string, other: string): boolean => path === other || path.startsWith(other.endsWith('/') ? other : `${other}/`);

/**
 * Each file system once, as df lists them: what is mounted a second time, whole or in part (bind mounts), holds nothing new.
 * Of several mounts stays the one of the largest part, then the one with the shortest path, then the first.
 */
export function eachFilesystemOnce(rows: readonly FilesystemReading[]): FilesystemReading[] {
  const kept: FilesystemReading[] = [];
  const order = [...rows].sort((a, b) => a.root.length - b.root.length || a.mountpoint.length - b.mountpoint.length);
  for (const row of order) {
    const isThere = kept.some(
      (other) =>
        other.major === row.major &&
        other.minor === row.minor &&
        other.fstype === row.fstype &&
        // Exports of one server share a number.
        other.device === row.device &&
        (!HAS_SUBVOLUMES.has(row.fstype) || isBelow(row.root, other.root)),
    );
    if (!isThere) kept.push(row);
  }
  return rows.filter((row) => kept.includes(row));
}
