import { group } from '../model/field.ts';
import type { Field, Group, OpenFamily } from '../model/field.ts';
import { eachPerSecond, perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';

/** The adaptive replacement cache of ZFS. Null: this version of ZFS does not say, or says what cannot be. */
export interface ZfsArc {
  /** Bytes in the cache. */
  readonly size: number | null;
  /** Bytes that it is to have now. */
  readonly target: number | null;
  /** Bytes that it keeps at least. */
  readonly minimum: number | null;
  /** Bytes that it may grow to. */
  readonly maximum: number | null;
  /** Bytes of metadata. */
  readonly metadata: number | null;
  /** Bytes of what was used recently, and of what is used often. */
  readonly recent: number | null;
  readonly frequent: number | null;
  /** Bytes of content, compressed as they lie in memory, and what that is uncompressed. */
  readonly compressed: number | null;
  readonly uncompressed: number | null;
  /** Lookups that found something, and that did not. */
  readonly hits: number | null;
  readonly misses: number | null;
  readonly demandDataHits: number | null;
  readonly demandDataMisses: number | null;
  readonly demandMetadataHits: number | null;
  readonly demandMetadataMisses: number | null;
  /** The second level, on a device: lookups and bytes. */
  readonly secondHits: number | null;
  readonly secondMisses: number | null;
  readonly secondSize: number | null;
}

/** One named number of ZFS (a kstat). */
export interface ZfsStatistic {
  /** What it is of: `arc`, `dbuf`, `zil`. */
  readonly subject: string;
  /** File that it is in: `arcstats`. */
  readonly file: string;
  readonly name: string;
  readonly value: number;
}

/** What one data set did since it was mounted. */
export interface ZfsDataset {
  /** `tank/home`. */
  readonly dataset: string;
  /** Its counters by name: `nread` and `nwritten` (bytes), `reads`, `writes`, `nunlinks`, `nunlinked`. */
  readonly counters: Readonly<Record<string, number>>;
}

/** One pool that is imported. */
export interface ZfsPool {
  readonly pool: string;
  /** `online`, `degraded`, `faulted`, `offline`, `removed`, `unavail`, `suspended`; null: ZFS is too old to say. */
  readonly state: string | null;
  /** Its counters by name: `nread`, `nwritten` (bytes), `reads`, `writes`, `rtime`, ...; null since OpenZFS 2.0. */
  readonly counters: Readonly<Record<string, number>> | null;
  readonly datasets: readonly ZfsDataset[];
}

/** What ZFS says of itself. */
export interface ZfsReading {
  readonly arc: ZfsArc | null;
  readonly pools: readonly ZfsPool[];
  /** Everything that it counts. */
  readonly statistics: readonly ZfsStatistic[];
}

/** Rates of one pool: those of the pool where it counts them, or the sum over its mounted data sets. */
export interface ZfsPoolRates {
  readonly pool: string;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
  readonly readsPerSecond: number | null;
  readonly writesPerSecond: number | null;
}

/** Rates of ZFS between two readings. */
export interface ZfsRates {
  /** Share of lookups in the cache that found something, 0 to 1; null when there were none. */
  readonly hitRatio: number | null;
  /** The same for data that a program waits for. */
  readonly demandHitRatio: number | null;
  readonly hitsPerSecond: number | null;
  readonly missesPerSecond: number | null;
  readonly pools: readonly ZfsPoolRates[];
}

type Counts = readonly (number | null)[];

/** The share of hits among what was looked up in between; null when nothing was, or a counter went back. */
function ratio(hits: [before: Counts, after: Counts], misses: [before: Counts, after: Counts]): number | null {
  const grown = ([before, after]: [Counts, Counts]): number | null => {
    let sum = 0;
    for (const [index, value] of after.entries()) {
      const was = before[index];
      if (value === null || was === null || was === undefined || value < was) return null;
      sum += value - was;
    }
    return sum;
  };
  const found = grown(hits);
  const missed = grown(misses);
  return found === null || missed === null || found + missed === 0 ? null : found / (found + missed);
}

/** A counter of a pool: its own, or the sum over the data sets that both readings have. */
function poolCounter(before: ZfsPool, after: ZfsPool, name: string, elapsed: number): number | null {
  if (before.counters && after.counters) return counterRate(before.counters[name], after.counters[name], elapsed);
  const earlier = new Map(before.datasets.map(({ dataset, counters }) => [dataset, counters]));
  let sum: number | null = null;
  for (const { dataset, counters } of after.datasets) {
    const rate = counterRate(earlier.get(dataset)?.[name], counters[name], elapsed);
    if (rate !== null) sum = (sum ?? 0) + rate;
  }
  return sum;
}

/** Rates of ZFS, its counters read `elapsed` seconds apart; null on a machine without it. */
export function zfsRates(before: ZfsReading, after: ZfsReading, elapsed: number): ZfsRates | null {
  const [was, is] = [before.arc, after.arc];
  const pools = after.pools.flatMap((pool): ZfsPoolRates[] => {
    const earlier = before.pools.find((candidate) => candidate.pool === pool.pool);
    if (!earlier) return [];
    const rate = (name: string): number | null => poolCounter(earlier, pool, name, elapsed);
    return [
      {
        pool: pool.pool,
        readBytesPerSecond: rate('nread'),
        writeBytesPerSecond: rate('nwritten'),
        readsPerSecond: rate('reads'),
        writesPerSecond: rate('writes'),
      },
    ];
  });
  if (!was || !is)
    return pools.length === 0 ? null : { hitRatio: null, demandHitRatio: null, hitsPerSecond: null, missesPerSecond: null, pools };
  const demand = (arc: ZfsArc, what: 'Hits' | 'Misses'): Counts => [arc[`demandData${what}`], arc[`demandMetadata${what}`]];
  return {
    hitRatio: ratio([[was.hits], [is.hits]], [[was.misses], [is.misses]]),
    demandHitRatio: ratio([demand(was, 'Hits'), demand(is, 'Hits')], [demand(was, 'Misses'), demand(is, 'Misses')]),
    hitsPerSecond: counterRate(was.hits, is.hits, elapsed),
    missesPerSecond: counterRate(was.misses, is.misses, elapsed),
    pools,
  };
}

/** Fields of {@link ZfsRates}. */
export const zfsRateFields = (): readonly RateField[] => [
  { path: 'hitRatio', unit: 'ratio', formula: 'Δ hits / (Δ hits + Δ misses)', nullWhen: 'nothing was looked up' },
  {
    path: 'demandHitRatio',
    unit: 'ratio',
    formula: 'the same for data and metadata that programs wait for',
    nullWhen: 'nothing was looked up',
  },
  ...eachPerSecond('', ['hits', 'misses']),
  perSecond('pools[].readBytesPerSecond', 'nread of the pool, or of its data sets together,', 'bytes/second'),
  perSecond('pools[].writeBytesPerSecond', 'nwritten of the same', 'bytes/second'),
  perSecond('pools[].readsPerSecond', 'reads of the same'),
  perSecond('pools[].writesPerSecond', 'writes of the same'),
];

/** States that a pool can have, as node_exporter lists them. */
export const ZFS_POOL_STATES = ['online', 'degraded', 'faulted', 'offline', 'removed', 'unavail', 'suspended'] as const;

const SILENT = 'this version of ZFS does not say';
const arc = (key: keyof ZfsArc, unit: 'bytes' | 'count', help: string): Field<ZfsArc> => ({
  key,
  kind: unit === 'bytes' ? 'gauge' : 'counter',
  unit,
  help,
  nullWhen: SILENT,
});

/** The parts of names that Prometheus does not allow, as node_exporter replaces them. */
const nameOf = (name: string): string => name.replaceAll('-', '_');

interface NamedRow {
  readonly pool: string;
  readonly dataset: string;
  readonly name: string;
  readonly value: number;
}
const named = (pool: string, dataset: string, counters: Readonly<Record<string, number>>): NamedRow[] =>
  Object.entries(counters).map(([name, value]) => ({ pool, dataset, name, value }));
const open = (prefix: string, file: string): OpenFamily<NamedRow> => ({
  pattern: `${prefix}_<name>`,
  name: (row) => `${prefix}_${nameOf(row.name)}`,
  help: (row) => `kstat.zfs.misc.${file}.${row.name}`,
  value: (row) => row.value,
  kind: 'untyped',
});
const FOLDER = '/proc/spl/kstat/zfs';

/** Fields of the `zfs` collector. */
export const zfsGroups = (): readonly Group<ZfsReading>[] => [
  group<ZfsReading, ZfsArc>({
    name: 'zfs.arc',
    source: `${FOLDER}/arcstats`,
    rows: (reading) => (reading.arc ? [reading.arc] : []),
    fields: [
      arc('size', 'bytes', 'Size of the cache.'),
      arc('target', 'bytes', 'Size that the cache is to have now.'),
      arc('minimum', 'bytes', 'Size that the cache keeps at least.'),
      arc('maximum', 'bytes', 'Size that the cache may grow to.'),
      arc('metadata', 'bytes', 'Metadata in the cache.'),
      arc('recent', 'bytes', 'What was used recently.'),
      arc('frequent', 'bytes', 'What is used often.'),
      arc('compressed', 'bytes', 'Content as it lies in memory, compressed.'),
      arc('uncompressed', 'bytes', 'What the content is uncompressed.'),
      arc('hits', 'count', 'Lookups that found something.'),
      arc('misses', 'count', 'Lookups that found nothing.'),
      arc('demandDataHits', 'count', 'Data that a program waited for and that was there.'),
      arc('demandDataMisses', 'count', 'Data that a program waited for and that was not there.'),
      arc('demandMetadataHits', 'count', 'Metadata that a program waited for and that was there.'),
      arc('demandMetadataMisses', 'count', 'Metadata that a program waited for and that was not there.'),
      arc('secondHits', 'count', 'Lookups that found something on the second level.'),
      arc('secondMisses', 'count', 'Lookups that found nothing on the second level.'),
      arc('secondSize', 'bytes', 'Size of the second level.'),
    ],
  }),
  group<ZfsReading, ZfsStatistic>({
    name: 'zfs.statistics',
    source: FOLDER,
    rows: (reading) => reading.statistics,
    fields: [],
    open: {
      pattern: 'node_zfs_<subject>_<name>',
      name: (row) => `node_zfs_${row.subject}_${nameOf(row.name)}`,
      help: (row) => `kstat.zfs.misc.${row.file}.${row.name}`,
      value: (row) => row.value,
      kind: 'untyped',
    },
  }),
  group<ZfsReading, ZfsPool>({
    name: 'zfs.pools',
    source: `${FOLDER}/<pool>/state`,
    rows: (reading) => reading.pools,
    labels: { zpool: 'pool' },
    fields: ZFS_POOL_STATES.map((state): Field<ZfsPool> => ({
      key: 'state',
      kind: 'gauge',
      unit: 'none',
      help: 'State of the pool.',
      nullWhen: 'ZFS is too old to say',
      prometheus: {
        name: 'node_zfs_zpool_state',
        help: 'State of the pool: one of them is 1.',
        labels: { state },
        value: (row) => (row.state === null ? null : Number(row.state === state)),
      },
    })),
  }),
  group<ZfsReading, NamedRow>({
    name: 'zfs.pools.counters',
    source: `${FOLDER}/<pool>/io`,
    rows: (reading) => reading.pools.flatMap(({ pool, counters }) => (counters ? named(pool, '', counters) : [])),
    labels: { zpool: 'pool' },
    fields: [],
    open: open('node_zfs_zpool', 'io'),
  }),
  group<ZfsReading, NamedRow>({
    name: 'zfs.pools.datasets',
    source: `${FOLDER}/<pool>/objset-*`,
    rows: (reading) =>
      reading.pools.flatMap(({ pool, datasets }) => datasets.flatMap(({ dataset, counters }) => named(pool, dataset, counters))),
    labels: { zpool: 'pool', dataset: 'dataset' },
    fields: [],
    open: open('node_zfs_zpool_dataset', 'objset'),
  }),
];
