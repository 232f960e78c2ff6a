import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** Free memory of one zone, by how long its pieces are. */
export interface BuddyinfoReading {
  readonly node: number;
  /** `DMA32`, `Normal`, `Movable`. */
  readonly zone: string;
  /** Free blocks of 2^index pages. */
  readonly blocks: readonly number[];
}

interface Size {
  readonly node: number;
  readonly zone: string;
  /** Order: 2^size pages. */
  readonly size: number;
  readonly blocks: number;
}

/**
 * How broken up the free memory of a zone is for a block of 2^order pages, 0 to 1: the share of its free pages that lie in blocks
 * too small for it. Null when nothing is free.
 */
export function fragmentation({ blocks }: BuddyinfoReading, order: number): number | null {
  let free = 0;
  let usable = 0;
  for (const [index, count] of blocks.entries()) {
    free += count * 2 ** index;
    if (index >= order) usable += count * 2 ** index;
  }
  return free === 0 ? null : 1 - usable / free;
}

/** Fields of the `buddyinfo` collector. */
export const buddyinfoGroups = (): readonly Group<readonly BuddyinfoReading[]>[] => [
  group<readonly BuddyinfoReading[], Size>({
    name: 'buddyinfo',
    json: null,
    source: '/proc/buddyinfo',
    rows: (reading) => reading.flatMap(({ node, zone, blocks }) => blocks.map((count, size) => ({ node, zone, size, blocks: count }))),
    labels: { node: 'node', zone: 'zone', size: 'size' },
    fields: [
      {
        key: 'blocks',
        kind: 'gauge',
        unit: 'count',
        help: 'Free blocks of 2^size pages.',
        prometheus: { name: 'node_buddyinfo_blocks' },
      },
    ],
  }),
];
