import { errnoOf } from '@hecate/host';
import { buddyinfoGroups } from '../domain/buddyinfo.ts';
import type { BuddyinfoReading } from '../domain/buddyinfo.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';

/** /proc/buddyinfo (kernel: Documentation/filesystems/proc.rst, 1.2): `Node 0, zone Normal 4381 1093 …`. Other lines are left out. */
export function parseBuddyinfo(cursor: ByteCursor): BuddyinfoReading[] {
  const zones: BuddyinfoReading[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (!cursor.match('Node ') || !cursor.numberNext) continue;
    const node = cursor.integer();
    if (!cursor.match(', zone ')) continue;
    const zone = cursor.word();
    const blocks: number[] = [];
    while (cursor.numberNext) blocks.push(cursor.integer());
    zones.push({ node, zone, blocks });
  }
  return zones;
}

/** Free blocks of memory by zone and size. */
export const buddyinfo: Collector<'buddyinfo', readonly BuddyinfoReading[]> = {
  name: 'buddyinfo',
  lane: 'rare',
  sources: ['/proc/buddyinfo'],
  remedy: 'Mount /proc.',
  groups: buddyinfoGroups,
  open: (host) => ({
    read(gaps) {
      try {
        return parseBuddyinfo(new ByteCursor().reset(host.read('/proc/buddyinfo')));
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        gaps.addError('buddyinfo', error);
        return [];
      }
    },
    close: () => {},
  }),
};
