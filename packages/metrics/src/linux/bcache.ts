import type { Host } from '@hecate/host';
import { bcacheGroups } from '../domain/bcache.ts';
import type { BcacheBacking, BcacheCache, BcacheReading, BcacheUse } from '../domain/bcache.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching, readOptional } from './attribute.ts';
import type { Attributes } from './attribute.ts';
import { parseRoundedSize } from './storage/rounded-size.ts';

const FOLDER = '/sys/fs/bcache';

/** A set is named by its UUID; `register` and others are files beside them. */
const SET = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

function readUse(file: Attributes): BcacheUse {
  const size = (name: string): number | null => parseRoundedSize(file.text(`stats_total/${name}`));
  return {
    hits: size('cache_hits'),
    misses: size('cache_misses'),
    bypassHits: size('cache_bypass_hits'),
    bypassMisses: size('cache_bypass_misses'),
    collisions: size('cache_miss_collisions'),
    readaheads: size('cache_readaheads'),
    bypassedBytes: size('bypassed'),
  };
}

/** Lines `rate: 1.1M/sec` of writeback_rate_debug. */
export function parseWriteback(content: string): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const line of content.split('\n')) {
    const [, name, text] = /^([a-z]+):\s+(\S+?)(?:\/sec)?$/.exec(line.trim()) ?? [];
    const size = parseRoundedSize(text);
    if (name !== undefined && size !== null) sizes.set(name, size);
  }
  return sizes;
}

function readBacking(host: Host, folder: string, field: string, backing: string, gaps: GapSink): BcacheBacking {
  const file = attributesOf(host, folder, field, gaps);
  const writeback = parseWriteback(readOptional(host, `${folder}/writeback_rate_debug`, `${field}.writeback_rate_debug`, gaps) ?? '');
  return {
    backing,
    ...readUse(file),
    dirtyBytes: parseRoundedSize(file.text('dirty_data')),
    dirtyTarget: writeback.get('target') ?? null,
    writebackRate: writeback.get('rate') ?? null,
    writebackProportional: writeback.get('proportional') ?? null,
    writebackIntegral: writeback.get('integral') ?? null,
    writebackChange: writeback.get('change') ?? null,
  };
}

function readCache(host: Host, folder: string, field: string, cache: string, gaps: GapSink): BcacheCache {
  const file = attributesOf(host, folder, field, gaps);
  const size = (name: string): number | null => parseRoundedSize(file.text(name));
  return { cache, errors: size('io_errors'), metadataWritten: size('metadata_written'), written: size('written') };
}

function* readSet(host: Host, uuid: string, gaps: GapSink): Sliced<BcacheReading> {
  const folder = `${FOLDER}/${uuid}`;
  const field = `bcache.${uuid}`;
  const file = attributesOf(host, folder, field, gaps);
  const size = (name: string): number | null => parseRoundedSize(file.text(name));
  const scaled = (name: string, by: number): number | null => {
    const value = size(name);
    return value === null ? null : value / by;
  };
  const backings: BcacheBacking[] = [];
  for (const name of listMatching(host, folder, /^bdev\d+$/)) {
    backings.push(readBacking(host, `${folder}/${name}`, `${field}.${name}`, name, gaps));
    yield;
  }
  const caches = listMatching(host, folder, /^cache\d+$/).map((name) =>
    readCache(host, `${folder}/${name}`, `${field}.${name}`, name, gaps),
  );
  yield;
  return {
    uuid,
    averageKeySize: size('average_key_size'),
    treeCacheSize: size('btree_cache_size'),
    available: scaled('cache_available_percent', 100),
    congested: size('congested'),
    rootUsage: scaled('root_usage_percent', 100),
    treeDepth: size('tree_depth'),
    journalEntries: size('internal/active_journal_entries'),
    treeNodes: size('internal/btree_nodes'),
    treeReadTime: scaled('internal/btree_read_average_duration_us', 1e6),
    readRaces: size('internal/cache_read_races'),
    backings,
    caches,
  };
}

/** Disks that are cached on faster ones (bcache). What costs the kernel a walk over all buckets (priority_stats) is not read. */
export const bcache: Collector<'bcache', readonly BcacheReading[]> = {
  name: 'bcache',
  lane: 'slow',
  sources: [FOLDER],
  remedy: 'Mount /sys.',
  groups: bcacheGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: BcacheReading[] = [];
      for (const uuid of listMatching(host, FOLDER, SET)) readings.push(yield* readSet(host, uuid, gaps));
      return readings;
    },
    close: () => {},
  }),
};
