import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** How a cache was used since it was set up. Null: the kernel does not say; so for all nulls here. */
export interface BcacheUse {
  readonly hits: number | null;
  readonly misses: number | null;
  /** I/O that was meant to go past the cache, and found or did not find something in it. */
  readonly bypassHits: number | null;
  readonly bypassMisses: number | null;
  /** Data that changed while it was put into the cache. */
  readonly collisions: number | null;
  /** Reads ahead; kernels since 5.18 have none. */
  readonly readaheads: number | null;
  /** Bytes that went past the cache. */
  readonly bypassedBytes: number | null;
}

/** A disk that is cached. The kernel rounds sizes that it writes with a letter, such as 20.4G. */
export interface BcacheBacking extends BcacheUse {
  /** `bdev0`. */
  readonly backing: string;
  /** Bytes in the cache that the disk does not have yet, and how many it is to be at most. */
  readonly dirtyBytes: number | null;
  readonly dirtyTarget: number | null;
  /** Bytes per second written back, and what that is made of. */
  readonly writebackRate: number | null;
  readonly writebackProportional: number | null;
  readonly writebackIntegral: number | null;
  readonly writebackChange: number | null;
}

/** A disk that caches. */
export interface BcacheCache {
  /** `cache0`. */
  readonly cache: string;
  readonly errors: number | null;
  /** Bytes. */
  readonly metadataWritten: number | null;
  readonly written: number | null;
}

/** One set of caches and what they cache. */
export interface BcacheReading {
  readonly uuid: string;
  /** Sectors of 512 bytes. */
  readonly averageKeySize: number | null;
  /** Bytes. */
  readonly treeCacheSize: number | null;
  /** Share of the cache that is not dirty, 0 to 1. */
  readonly available: number | null;
  /** Whether it is so busy that I/O goes past it. */
  readonly congested: number | null;
  /** Share of the root node that is used, 0 to 1. */
  readonly rootUsage: number | null;
  readonly treeDepth: number | null;
  readonly journalEntries: number | null;
  readonly treeNodes: number | null;
  /** Seconds of a read of the index on average. */
  readonly treeReadTime: number | null;
  readonly readRaces: number | null;
  readonly backings: readonly BcacheBacking[];
  readonly caches: readonly BcacheCache[];
}

type Of<Part> = Part & { readonly uuid: string };
const field = <Row>(
  key: keyof Row & string,
  kind: 'counter' | 'gauge',
  unit: Field<Row>['unit'],
  name: string,
  help: string,
  value?: (row: Row) => number | null,
): Field<Row> => ({
  key,
  kind,
  unit,
  help,
  nullWhen: 'the kernel does not say',
  prometheus: { name: `node_bcache_${name}`, ...(value ? { value } : {}) },
});
const percent = (share: number | null): number | null => (share === null ? null : share * 100);
const SOURCE = '/sys/fs/bcache';

/** Fields of the `bcache` collector. */
export const bcacheGroups = (): readonly Group<readonly BcacheReading[]>[] => [
  group<readonly BcacheReading[], BcacheReading>({
    name: 'bcache',
    source: SOURCE,
    rows: (reading) => reading,
    labels: { uuid: 'uuid' },
    fields: [
      field('averageKeySize', 'gauge', 'count', 'average_key_size_sectors', 'Sectors of 512 bytes of data for each key.'),
      field('treeCacheSize', 'gauge', 'bytes', 'btree_cache_size_bytes', 'Memory of the index.'),
      field('available', 'gauge', 'ratio', 'cache_available_percent', 'Share of the cache that is not dirty.', (row) =>
        percent(row.available),
      ),
      field('congested', 'gauge', 'none', 'congested', 'Whether it is so busy that I/O goes past it.'),
      field('rootUsage', 'gauge', 'ratio', 'root_usage_percent', 'Share of the root node that is used.', (row) => percent(row.rootUsage)),
      field('treeDepth', 'gauge', 'count', 'tree_depth', 'Depth of the index.'),
      field('journalEntries', 'gauge', 'count', 'active_journal_entries', 'Entries of the journal that are newer than the index.'),
      field('treeNodes', 'gauge', 'count', 'btree_nodes', 'Nodes of the index.'),
      // node_exporter takes the kernel's microseconds for nanoseconds.
      field('treeReadTime', 'gauge', 'seconds', 'btree_read_average_duration_seconds', 'Time of a read of the index on average.', (row) =>
        row.treeReadTime === null ? null : row.treeReadTime / 1000,
      ),
      field('readRaces', 'counter', 'count', 'cache_read_races_total', 'Reads whose data was thrown out meanwhile.'),
    ],
  }),
  group<readonly BcacheReading[], Of<BcacheBacking>>({
    name: 'bcache.backings',
    json: 'bcache[].backings[]',
    source: `${SOURCE}/<uuid>/bdev*`,
    rows: (reading) => reading.flatMap(({ uuid, backings }) => backings.map((part) => ({ ...part, uuid }))),
    labels: { uuid: 'uuid', backing_device: 'backing' },
    fields: [
      field('hits', 'counter', 'count', 'cache_hits_total', 'I/O that found its data in the cache.'),
      field('misses', 'counter', 'count', 'cache_misses_total', 'I/O that did not find its data in the cache.'),
      field('bypassHits', 'counter', 'count', 'cache_bypass_hits_total', 'I/O meant to go past the cache that found its data there.'),
      field('bypassMisses', 'counter', 'count', 'cache_bypass_misses_total', 'I/O meant to go past the cache that did not.'),
      field('collisions', 'counter', 'count', 'cache_miss_collisions_total', 'Data that changed while it was put into the cache.'),
      field('readaheads', 'counter', 'count', 'cache_readaheads_total', 'Reads ahead.', (row) => row.readaheads || null),
      field('bypassedBytes', 'counter', 'bytes', 'bypassed_bytes_total', 'Bytes that went past the cache.'),
      field('dirtyBytes', 'gauge', 'bytes', 'dirty_data_bytes', 'Bytes that the disk does not have yet.'),
      field('dirtyTarget', 'gauge', 'bytes', 'dirty_target_bytes', 'What those are to be at most.'),
      field('writebackRate', 'gauge', 'bytes/second', 'writeback_rate', 'Bytes per second written back.'),
      field('writebackProportional', 'gauge', 'bytes/second', 'writeback_rate_proportional_term', 'The proportional part of that.'),
      field('writebackIntegral', 'gauge', 'bytes/second', 'writeback_rate_integral_term', 'The integral part of that.'),
      field('writebackChange', 'gauge', 'bytes/second', 'writeback_change', 'The last change of that.'),
    ],
  }),
  group<readonly BcacheReading[], Of<BcacheCache>>({
    name: 'bcache.caches',
    json: 'bcache[].caches[]',
    source: `${SOURCE}/<uuid>/cache*`,
    rows: (reading) => reading.flatMap(({ uuid, caches }) => caches.map((part) => ({ ...part, uuid }))),
    labels: { uuid: 'uuid', cache_device: 'cache' },
    fields: [
      field('errors', 'gauge', 'count', 'io_errors', 'Errors, of which old ones count less and less.'),
      field('metadataWritten', 'counter', 'bytes', 'metadata_written_bytes_total', 'Bytes of metadata written.'),
      field('written', 'counter', 'bytes', 'written_bytes_total', 'Bytes of data written.'),
    ],
  }),
];
