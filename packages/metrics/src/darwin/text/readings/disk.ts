import type { DiskReading } from '../../../domain/disk.ts';
import { dictionaryAt, numberAt, textAt } from '../../core-foundation/dictionary.ts';
import type { CfDictionary } from '../../core-foundation/value.ts';
import { childrenOf, entriesOf } from '../ioreg.ts';

/** `Statistics` of a driver counts time in nanoseconds. */
const NANO = 1e9;

/** The media right below a driver that is a whole disk: what APFS makes of it lies deeper. */
const mediaOf = (driver: CfDictionary): CfDictionary | undefined => childrenOf(driver).find(({ Whole: isWhole }) => isWhole === true);

function diskOf(media: CfDictionary, statistics: CfDictionary, physical: boolean): DiskReading[] {
  const count = (name: string): number | null => numberAt(statistics, name);
  const device = textAt(media, 'BSD Name');
  const reads = count('Operations (Read)');
  const writes = count('Operations (Write)');
  const readBytes = count('Bytes (Read)');
  const writeBytes = count('Bytes (Write)');
  if (device === null || reads === null || writes === null || readBytes === null || writeBytes === null) return [];
  const readTime = count('Total Time (Read)');
  const writeTime = count('Total Time (Write)');
  return [
    {
      device,
      major: numberAt(media, 'BSD Major') ?? 0,
      minor: numberAt(media, 'BSD Minor') ?? 0,
      physical,
      reads,
      readBytes,
      readTime: readTime === null ? null : readTime / NANO,
      writes,
      writeBytes,
      writeTime: writeTime === null ? null : writeTime / NANO,
      ...{ readsMerged: null, writesMerged: null, inFlight: null, ioTime: null, weightedIoTime: null },
      ...{ discards: null, discardsMerged: null, discardSectors: null, discardTime: null, flushes: null, flushTime: null },
    },
  ];
}

/**
 * Disks from `ioreg -a -l -r -c IOBlockStorageDevice`. Fills `device`, numbers, `physical` (false for an image), operations, bytes and
 * times of both directions; null stays what macOS does not count. A disk whose driver does not count is left out.
 */
export function disksFromIoreg(devices: readonly CfDictionary[]): DiskReading[] {
  const found = new Map<string, DiskReading>();
  for (const [entry, above] of entriesOf(devices)) {
    const statistics = dictionaryAt(entry, 'Statistics');
    const media = statistics && mediaOf(entry);
    if (!media) continue;
    const isImage = above.some((upper) => dictionaryAt(upper, 'Protocol Characteristics')?.['Physical Interconnect Location'] === 'File');
    for (const disk of diskOf(media, statistics, !isImage)) found.set(disk.device, disk);
  }
  return [...found.values()];
}
