import type { Host } from '@hecate/host';
import { zfsGroups } from '../domain/zfs.ts';
import type { ZfsArc, ZfsDataset, ZfsPool, ZfsReading, ZfsStatistic } from '../domain/zfs.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { listMatching, readOptional } from './attribute.ts';
import { parseIoKstat, parseNamedKstat } from './storage/kstat.ts';
import type { Kstat } from './storage/kstat.ts';

const FOLDER = '/proc/spl/kstat/zfs';

/** Files of counters, and what node_exporter calls them. Which there are depends on the version of ZFS. */
const FILES: readonly (readonly [file: string, subject: string])[] = [
  ['abdstats', 'abd'],
  ['arcstats', 'arc'],
  ['dbufstats', 'dbuf'],
  ['dmu_tx', 'dmu_tx'],
  ['dnodestats', 'dnode'],
  ['fm', 'fm'],
  ['vdev_cache_stats', 'vdev_cache'],
  ['vdev_mirror_stats', 'vdev_mirror'],
  ['xuio_stats', 'xuio'],
  ['zfetchstats', 'zfetch'],
  ['zil', 'zil'],
];

/** A 64 bit counter above this went below zero: that is a fault of ZFS, and no size. */
const WRAPPED = 2 ** 63;

/** The named properties of the cache from its file; the first name that this version of ZFS has counts. */
export function toArc({ numbers }: Kstat): ZfsArc {
  const say = (...names: string[]): number | null => {
    const value = names.map((name) => numbers.get(name)).find((found) => found !== undefined);
    return value === undefined || value >= WRAPPED || value < 0 ? null : value;
  };
  return {
    size: say('size'),
    target: say('c'),
    minimum: say('c_min'),
    maximum: say('c_max'),
    metadata: say('arc_meta_used', 'metadata_size'),
    recent: say('mru_size'),
    frequent: say('mfu_size'),
    compressed: say('compressed_size'),
    uncompressed: say('uncompressed_size'),
    hits: say('hits'),
    misses: say('misses'),
    demandDataHits: say('demand_data_hits'),
    demandDataMisses: say('demand_data_misses'),
    demandMetadataHits: say('demand_metadata_hits'),
    demandMetadataMisses: say('demand_metadata_misses'),
    secondHits: say('l2_hits'),
    secondMisses: say('l2_misses'),
    secondSize: say('l2_size'),
  };
}

function toDataset(kstat: Kstat): ZfsDataset | null {
  const dataset = kstat.texts.get('dataset_name');
  return dataset === undefined ? null : { dataset, counters: Object.fromEntries(kstat.numbers) };
}

/** What a directory of the folder says of a pool; null when it is none. */
function* readPool(host: Host, pool: string, gaps: GapSink): Generator<undefined, ZfsPool | null, undefined> {
  const folder = `${FOLDER}/${pool}`;
  const files = listMatching(host, folder, /^(?:io|state|objset-\S+)$/);
  if (files.length === 0) return null;
  const text = (file: string): string | null =>
    files.includes(file) ? readOptional(host, `${folder}/${file}`, `zfs.${pool}.${file}`, gaps) : null;
  const state = text('state')?.trim().toLowerCase() || null;
  const io = text('io');
  const datasets: ZfsDataset[] = [];
  for (const file of files.filter((name) => name.startsWith('objset-'))) {
    const dataset = toDataset(parseNamedKstat(text(file) ?? ''));
    if (dataset) datasets.push(dataset);
    yield;
  }
  return { pool, state, counters: io === null ? null : parseIoKstat(io), datasets };
}

/** What ZFS says of its cache, its pools and itself. A machine without ZFS has an empty reading. */
export const zfs: Collector<'zfs', ZfsReading> = {
  name: 'zfs',
  lane: 'slow',
  sources: [FOLDER],
  remedy: 'Mount /proc.',
  groups: zfsGroups,
  open: (host) => ({
    *read(gaps) {
      const entries = listMatching(host, FOLDER, /./);
      const statistics: ZfsStatistic[] = [];
      let arc: ZfsArc | null = null;
      for (const [file, subject] of FILES) {
        const text = entries.includes(file) ? readOptional(host, `${FOLDER}/${file}`, `zfs.${file}`, gaps) : null;
        if (text === null) continue;
        const kstat = parseNamedKstat(text);
        for (const [name, value] of kstat.numbers) statistics.push({ subject, file, name, value });
        if (subject === 'arc' && kstat.numbers.size > 0) arc = toArc(kstat);
        yield;
      }
      const pools: ZfsPool[] = [];
      const known = new Set(FILES.map(([file]) => file));
      for (const entry of entries) {
        const pool = known.has(entry) ? null : yield* readPool(host, entry, gaps);
        if (pool) pools.push(pool);
      }
      return { arc, pools, statistics };
    },
    close: () => {},
  }),
};
