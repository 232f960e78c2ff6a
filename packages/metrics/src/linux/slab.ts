import { errnoOf } from '@hecate/host';
import { slabGroups } from '../domain/slab.ts';
import type { SlabReading } from '../domain/slab.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';

/**
 * /proc/slabinfo, version 2.1 (slabinfo(5)): name, active objects, objects, bytes of one, objects of a slab, pages of a slab.
 * The two lines of the header, and lines that are cut short, are left out.
 */
export function parseSlabinfo(cursor: ByteCursor): SlabReading[] {
  const slabs: SlabReading[] = [];
  const numbers: number[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const slab = cursor.word();
    numbers.length = 0;
    while (numbers.length < 5 && cursor.numberNext) numbers.push(cursor.integer());
    if (slab === '' || numbers.length < 5) continue;
    const [active, objects, objectSize, objectsPerSlab, pagesPerSlab] = numbers as [number, number, number, number, number];
    slabs.push({ slab, active, objects, objectSize, objectsPerSlab, pagesPerSlab });
  }
  return slabs;
}

/** Caches of kernel objects. Reading them takes locks of the allocator, so it is done on request only. */
export const slab: Collector<'slab', readonly SlabReading[]> = {
  name: 'slab',
  lane: 'rare',
  onRequest: true,
  sources: ['/proc/slabinfo'],
  permission: 'Root alone.',
  remedy: 'Only root may read this.',
  groups: slabGroups,
  open: (host) => ({
    read(gaps) {
      try {
        return parseSlabinfo(new ByteCursor().reset(host.read('/proc/slabinfo')));
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        gaps.addError('slab', error);
        return [];
      }
    },
    close: () => {},
  }),
};
