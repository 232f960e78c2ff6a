import { NOT_COUNTED } from '../domain/disk.ts';
import type { DiskReading } from '../domain/disk.ts';
import type { GapSink } from '../model/gap.ts';
import { numberAt } from './core-foundation/dictionary.ts';
import type { CfDictionary } from './core-foundation/value.ts';
import { lacks } from './reader.ts';

/** `Statistics` of a driver counts time in nanoseconds (IOBlockStorageDriver.h). */
const NANO = 1e9;

/** Says of what macOS does not count of a disk that it has no such thing. */
export function lackCounters(gaps: GapSink): void {
  lacks(
    gaps,
    Object.keys(NOT_COUNTED).map((key) => `disk.${key}`),
    'macOS does not count this.',
  );
}

/**
 * A disk of its entries in the I/O registry: `media` is its IOMedia, `statistics` what its driver counts, which has operations and bytes
 * of both directions. Times that are not in it are null.
 */
export function diskReading(media: CfDictionary, device: string, statistics: CfDictionary, physical: boolean): DiskReading {
  const count = (key: string): number => numberAt(statistics, key) ?? 0;
  const seconds = (key: string): number | null => {
    const time = numberAt(statistics, key);
    return time === null ? null : time / NANO;
  };
  return {
    device,
    major: numberAt(media, 'BSD Major') ?? 0,
    minor: numberAt(media, 'BSD Minor') ?? 0,
    physical,
    reads: count('Operations (Read)'),
    readBytes: count('Bytes (Read)'),
    readTime: seconds('Total Time (Read)'),
    writes: count('Operations (Write)'),
    writeBytes: count('Bytes (Write)'),
    writeTime: seconds('Total Time (Write)'),
    ...NOT_COUNTED,
  };
}
