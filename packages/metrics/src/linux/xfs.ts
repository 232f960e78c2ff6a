import type { Host } from '@hecate/host';
import { xfsGroups } from '../domain/xfs.ts';
import type { XfsReading } from '../domain/xfs.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { listMatching, readOptional } from './attribute.ts';

const FOLDER = '/sys/fs/xfs';

const BTREE = ['lookups', 'compares', 'records_inserted', 'records_deleted'] as const;

/**
 * The lines that count, by their first word: what node_exporter calls it, and what each of its numbers is
 * (kernel: fs/xfs/xfs_stats.h; the numbers of a line are never reordered, only added to).
 */
const LINES: Readonly<Record<string, readonly [prefix: string, names: readonly string[]]>> = {
  extent_alloc: ['extent_allocation', ['extents_allocated', 'blocks_allocated', 'extents_freed', 'blocks_freed']],
  abt: ['allocation_btree', BTREE],
  blk_map: [
    'block_mapping',
    ['reads', 'writes', 'unmaps', 'extent_list_insertions', 'extent_list_deletions', 'extent_list_lookups', 'extent_list_compares'],
  ],
  bmbt: ['block_map_btree', BTREE],
  dir: ['directory_operation', ['lookup', 'create', 'remove', 'getdents']],
  ig: ['inode_operation', ['attempts', 'found', 'recycled', 'missed', 'duplicates', 'reclaims', 'attribute_changes']],
  rw: ['', ['write_calls', 'read_calls']],
  vnodes: ['vnode', ['active', 'allocate', 'get', 'hold', 'release', 'reclaim', 'remove']],
};

/** Bytes: what was allocated late, what files wrote, what they read. */
const BYTES = 'xpc';

/** A file of counters: a word and its numbers a line. Lines that are not known are left out, and so is what is no number. */
export function parseXfsStats(device: string, content: string): XfsReading {
  const counters: Record<string, number> = {};
  let bytes: (number | undefined)[] = [];
  for (const line of content.split('\n')) {
    const [word = '', ...texts] = line.trim().split(/\s+/);
    const numbers = texts.map((text) => (/^\d{1,20}$/.test(text) ? Number(text) : undefined));
    if (word === BYTES) bytes = numbers;
    const [prefix, names] = (Object.hasOwn(LINES, word) ? LINES[word] : undefined) ?? ['', []];
    for (const [index, name] of names.entries()) {
      const value = numbers[index];
      if (value !== undefined) counters[prefix === '' ? name : `${prefix}_${name}`] = value;
    }
  }
  return { device, readBytes: bytes[2] ?? null, writtenBytes: bytes[1] ?? null, counters };
}

function readDevice(host: Host, device: string, gaps: GapSink): XfsReading | null {
  // Null: it was unmounted since it was listed.
  const text = readOptional(host, `${FOLDER}/${device}/stats/stats`, `xfs.${device}`, gaps);
  return text === null ? null : parseXfsStats(device, text);
}

/** Mounted XFS file systems: what they did. */
export const xfs: Collector<'xfs', readonly XfsReading[]> = {
  name: 'xfs',
  lane: 'slow',
  sources: [`${FOLDER}/*/stats/stats`],
  remedy: 'Mount /sys.',
  groups: xfsGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: XfsReading[] = [];
      // `stats` is the sum over all of them, and `debug` is for developers.
      for (const device of listMatching(host, FOLDER, /^(?!(?:stats|debug)$)./)) {
        const reading = readDevice(host, device, gaps);
        if (reading) readings.push(reading);
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
