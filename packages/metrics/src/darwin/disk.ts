import { diskGroups } from '../domain/disk.ts';
import type { DiskReading } from '../domain/disk.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { dictionaryAt, isDictionary, numberAt, textAt } from './core-foundation/dictionary.ts';
import { diskReading, lackCounters } from './disk-reading.ts';
import { withPrograms } from './fallback.ts';
import { countRefusals } from './io-registry/refusals.ts';
import { mapServices } from './io-registry/services.ts';
import type { Entry } from './io-registry/services.ts';
import { openReader } from './reader.ts';
import { diskTier } from './text/tiers.ts';

/** Whether the bytes of a device lie in a file: an image, which is read from another disk. */
function isImage(driver: Entry): boolean {
  const protocol = driver.parentOf('IOBlockStorageDevice')?.property('Protocol Characteristics');
  return isDictionary(protocol) && protocol['Physical Interconnect Location'] === 'File';
}

/** What a disk must tell to be one that is counted. */
const NEEDED = ['Operations (Read)', 'Operations (Write)', 'Bytes (Read)', 'Bytes (Write)', 'Total Time (Read)', 'Total Time (Write)'];

function readDisks(darwin: Darwin, gaps: GapSink): readonly DiskReading[] {
  const refusals = countRefusals();
  const read = (entry: Entry): DiskReading | null => {
    // Only a whole disk lies above a driver: its parts lie above a partition scheme, what APFS makes of them above a container. They are
    // most of the media, and are asked for nothing.
    const driver = entry.parentOf('IOBlockStorageDriver');
    if (!driver) return null;
    const media = entry.properties();
    const name = textAt(media, 'BSD Name');
    if (name === null) return null;
    const statistics = dictionaryAt(driver.properties(), 'Statistics');
    const missing = NEEDED.find((key) => !statistics || numberAt(statistics, key) === null);
    if (!statistics || missing !== undefined) {
      gaps.add(`disk.${name}`, 'unsupported', `Its driver does not count ${missing ?? 'anything'}.`);
      return null;
    }
    return diskReading(media, name, statistics, !isImage(driver));
  };
  const disks = mapServices(darwin, 'IOMedia', (entry) => refusals.ask(() => read(entry)));
  refusals.settle(gaps, 'disk');
  lackCounters(gaps);
  return disks.filter((disk) => disk !== null);
}

/** I/O of the disks. */
export const disk: Collector<'disk', readonly DiskReading[]> = {
  name: 'disk',
  lane: 'fast',
  sources: ['IOMedia and IOBlockStorageDriver of the I/O registry', 'else ioreg(8)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: diskGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(machine, (darwin) => (gaps) => readDisks(darwin, gaps)),
      diskTier,
    ),
};
