import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** One number of a zone, under the kernel's name. */
export interface ZoneStat {
  /** `nr_free_pages`, `min`. */
  readonly name: string;
  readonly value: number;
}

/** One zone of memory. Pages. */
export interface ZoneinfoReading {
  readonly node: number;
  /** `DMA32`, `Normal`, `Movable`. */
  readonly zone: string;
  /** Pages that each higher zone leaves alone when it takes from this one. */
  readonly protection: readonly number[];
  /** All numbers of the zone; those of its node are with the first zone of the node. */
  readonly stats: readonly ZoneStat[];
}

/** Levels, under node_exporter's names. */
const GAUGES: Readonly<Record<string, string>> = {
  nr_free_pages: 'nr_free_pages',
  min: 'min_pages',
  low: 'low_pages',
  high: 'high_pages',
  scanned: 'scanned_pages',
  spanned: 'spanned_pages',
  present: 'present_pages',
  managed: 'managed_pages',
  nr_active_anon: 'nr_active_anon_pages',
  nr_inactive_anon: 'nr_inactive_anon_pages',
  nr_isolated_anon: 'nr_isolated_anon_pages',
  nr_anon_pages: 'nr_anon_pages',
  nr_anon_transparent_hugepages: 'nr_anon_transparent_hugepages',
  nr_active_file: 'nr_active_file_pages',
  nr_inactive_file: 'nr_inactive_file_pages',
  nr_isolated_file: 'nr_isolated_file_pages',
  nr_file_pages: 'nr_file_pages',
  nr_slab_reclaimable: 'nr_slab_reclaimable_pages',
  nr_slab_unreclaimable: 'nr_slab_unreclaimable_pages',
  nr_mlock_stack: 'nr_mlock_stack_pages',
  nr_kernel_stack: 'nr_kernel_stacks',
  nr_mapped: 'nr_mapped_pages',
  nr_dirty: 'nr_dirty_pages',
  nr_writeback: 'nr_writeback_pages',
  nr_unevictable: 'nr_unevictable_pages',
  nr_shmem: 'nr_shmem_pages',
};

/** Counters, under node_exporter's names. */
const COUNTERS: Readonly<Record<string, string>> = {
  nr_dirtied: 'nr_dirtied_total',
  nr_written: 'nr_written_total',
  numa_hit: 'numa_hit_total',
  numa_miss: 'numa_miss_total',
  numa_foreign: 'numa_foreign_total',
  numa_interleave: 'numa_interleave_total',
  numa_local: 'numa_local_total',
  numa_other: 'numa_other_total',
};

interface Row extends ZoneStat {
  readonly node: number;
  readonly zone: string;
}

function* rowsOf(reading: readonly ZoneinfoReading[], names: Readonly<Record<string, string>>): Generator<Row> {
  for (const { node, zone, stats } of reading) {
    for (const { name, value } of stats) if (names[name] !== undefined) yield { node, zone, name: names[name], value };
  }
}

function* protectionOf(reading: readonly ZoneinfoReading[]): Generator<Row> {
  for (const { node, zone, protection } of reading) {
    for (const [index, value] of protection.entries()) yield { node, zone, name: `protection_${index}`, value };
  }
}

const open = (
  name: string,
  pattern: string,
  kind: 'gauge' | 'counter',
  rows: (reading: readonly ZoneinfoReading[]) => Iterable<Row>,
): Group<readonly ZoneinfoReading[]> =>
  group<readonly ZoneinfoReading[], Row>({
    name: `zoneinfo.${name}`,
    source: '/proc/zoneinfo',
    rows,
    labels: { node: 'node', zone: 'zone' },
    fields: [],
    open: {
      pattern: `node_zoneinfo_${pattern}`,
      kind,
      name: (row) => `node_zoneinfo_${row.name}`,
      help: (row) => `The ${row.name} of each zone of memory.`,
      value: (row) => row.value,
    },
  });

/** Fields of the `zoneinfo` collector. */
export const zoneinfoGroups = (): readonly Group<readonly ZoneinfoReading[]>[] => [
  open('levels', '<line>_pages', 'gauge', (reading) => rowsOf(reading, GAUGES)),
  open('counters', '<line>_total', 'counter', (reading) => rowsOf(reading, COUNTERS)),
  open('protection', 'protection_<index>', 'gauge', protectionOf),
];
