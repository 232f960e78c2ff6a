import type { DiskReading } from '../../../domain/disk.ts';
import { dictionaryAt, numberAt, textAt } from '../../core-foundation/dictionary.ts';
import type { CfDictionary } from '../../core-foundation/value.ts';
import { diskReading } from '../../disk-reading.ts';
import { childrenOf, entriesOf } from '../ioreg.ts';

/** The media right below a driver that is a whole disk: what APFS makes of it lies deeper. */
const mediaOf = (driver: CfDictionary): CfDictionary | undefined => childrenOf(driver).find(({ Whole: isWhole }) => isWhole === true);

/** What a driver must count to be one of a disk. */
const NEEDED = ['Operations (Read)', 'Operations (Write)', 'Bytes (Read)', 'Bytes (Write)'];

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
    const device = textAt(media, 'BSD Name');
    if (device === null || NEEDED.some((name) => numberAt(statistics, name) === null)) continue;
    found.set(device, diskReading(media, device, statistics, !isImage));
  }
  return [...found.values()];
}
