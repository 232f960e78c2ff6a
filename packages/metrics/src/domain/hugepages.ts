import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** Huge pages of one size, of the machine or of one node (kernel: Documentation/admin-guide/mm/hugetlbpage.rst). Counts of pages. */
export interface HugepagePool {
  /** Bytes of a page. */
  readonly size: number;
  /** Null: the whole machine. */
  readonly node: number | null;
  readonly total: number | null;
  readonly free: number | null;
  /** Promised to programs and not yet used; null for nodes. */
  readonly reserved: number | null;
  /** Pages beyond the pool, made because it was empty. */
  readonly surplus: number | null;
  /** The most surplus pages that there may be; null for nodes. */
  readonly overcommit: number | null;
}

/** Settings of transparent huge pages of one size. */
export interface TransparentSize {
  /** Bytes. */
  readonly size: number;
  /** `always`, `inherit`, `madvise` or `never`. */
  readonly enabled: string | null;
  /** Of this size now in use for memory of programs; null before Linux 6.13. */
  readonly anonymous: number | null;
  /** Faults that got such a page, and that could not, since boot; null before Linux 6.9. */
  readonly faults: number | null;
  readonly fallbacks: number | null;
}

/** Transparent huge pages (kernel: Documentation/admin-guide/mm/transhuge.rst). Null where the kernel has none. */
export interface TransparentHugepages {
  /** `always`, `madvise` or `never`. */
  readonly enabled: string | null;
  /** What a fault does for a huge page: `always`, `defer`, `defer+madvise`, `madvise`, `never`. */
  readonly defrag: string | null;
  /** The same as `enabled` for shared memory: `always`, `within_size`, `advise`, `never`, `deny`, `force`. */
  readonly shared: string | null;
  /** Bytes of the usual huge page. */
  readonly size: number | null;
  /** Whether khugepaged may defragment memory. */
  readonly backgroundDefrag: boolean | null;
  /** Pages that khugepaged looks at in a round, and seconds that it sleeps between rounds. */
  readonly pagesToScan: number | null;
  readonly scanSleep: number | null;
  readonly sizes: readonly TransparentSize[];
}

/** Huge pages, reserved and transparent. */
export interface HugepagesReading {
  readonly pools: readonly HugepagePool[];
  readonly transparent: TransparentHugepages | null;
}

type Pages = 'total' | 'free' | 'reserved' | 'surplus' | 'overcommit';
const pages = (key: Pages, help: string, name: string, otel?: Field<HugepagePool>['otel']): Field<HugepagePool> => ({
  key,
  kind: 'gauge',
  unit: 'count',
  help,
  nullWhen: key === 'reserved' || key === 'overcommit' ? 'it is a node' : 'the kernel does not tell',
  prometheus: { name },
  ...(otel ? { otel } : {}),
});

const fieldsOf = (prefix: string): readonly Field<HugepagePool>[] => [
  pages('total', 'Huge pages.', `${prefix}_pages`, { name: 'system.memory.linux.hugepages.limit' }),
  pages('free', 'Huge pages that nobody uses.', `${prefix}_free_pages`, {
    name: 'system.memory.linux.hugepages.usage',
    attributes: { 'system.memory.linux.hugepages.state': 'free' },
  }),
  pages('reserved', 'Huge pages promised and not yet used.', `${prefix}_reserved_pages`, {
    name: 'system.memory.linux.hugepages.reserved',
  }),
  pages('surplus', 'Huge pages beyond the pool.', `${prefix}_surplus_pages`, { name: 'system.memory.linux.hugepages.surplus' }),
  pages('overcommit', 'The most huge pages beyond the pool that there may be.', `${prefix}_overcommit_pages`),
];

const setting = (key: keyof TransparentHugepages & string, help: string): Field<TransparentHugepages> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen: 'the kernel has no such setting',
});

/** Fields of the `hugepages` collector. */
export const hugepagesGroups = (): readonly Group<HugepagesReading>[] => [
  group<HugepagesReading, HugepagePool>({
    name: 'hugepages.pools',
    json: 'hugepages.pools[]',
    source: '/sys/kernel/mm/hugepages',
    rows: (reading) => reading.pools.filter(({ node }) => node === null),
    labels: { size: 'size' },
    fields: fieldsOf('hecate_hugepages'),
  }),
  group<HugepagesReading, HugepagePool>({
    name: 'hugepages.nodes',
    json: 'hugepages.pools[]',
    source: '/sys/devices/system/node/node*/hugepages',
    rows: (reading) => reading.pools.filter(({ node }) => node !== null),
    labels: { node: 'node', size: 'size' },
    fields: fieldsOf('hecate_hugepages_node'),
  }),
  group<HugepagesReading, TransparentHugepages>({
    name: 'hugepages.transparent',
    source: '/sys/kernel/mm/transparent_hugepage',
    rows: ({ transparent }) => (transparent ? [transparent] : []),
    labels: { enabled: 'enabled', defrag: 'defrag', shared: 'shared' },
    fields: [
      {
        ...setting('enabled', 'Settings of transparent huge pages.'),
        prometheus: { name: 'hecate_transparent_hugepages_info' },
      },
      setting('defrag', 'What a fault does for a huge page.'),
      setting('shared', 'Whether shared memory gets huge pages.'),
      { ...setting('size', 'Size of the usual huge page.'), kind: 'gauge', unit: 'bytes' },
      { ...setting('backgroundDefrag', 'Whether khugepaged may defragment memory.'), kind: 'gauge' },
      { ...setting('pagesToScan', 'Pages that khugepaged looks at in a round.'), kind: 'gauge', unit: 'count' },
      { ...setting('scanSleep', 'Time that khugepaged sleeps between rounds.'), kind: 'gauge', unit: 'seconds' },
    ],
  }),
  group<HugepagesReading, TransparentSize>({
    name: 'hugepages.transparent.sizes',
    json: 'hugepages.transparent.sizes[]',
    source: '/sys/kernel/mm/transparent_hugepage/hugepages-*',
    rows: ({ transparent }) => transparent?.sizes ?? [],
    labels: { size: 'size' },
    fields: [
      { key: 'enabled', kind: 'info', unit: 'none', help: 'Whether pages of this size are used.', nullWhen: 'the kernel does not tell' },
      {
        key: 'anonymous',
        kind: 'gauge',
        unit: 'count',
        help: 'Transparent huge pages of this size in programs.',
        nullWhen: 'the kernel is older than 6.13',
        prometheus: { name: 'hecate_transparent_hugepages_anonymous' },
      },
      {
        key: 'faults',
        kind: 'counter',
        unit: 'count',
        help: 'Faults that got a page of this size.',
        nullWhen: 'the kernel is older than 6.9',
        prometheus: { name: 'hecate_transparent_hugepages_faults_total' },
      },
      {
        key: 'fallbacks',
        kind: 'counter',
        unit: 'count',
        help: 'Faults that could not get a page of this size.',
        nullWhen: 'the kernel is older than 6.9',
        prometheus: { name: 'hecate_transparent_hugepages_fallbacks_total' },
      },
    ],
  }),
];
