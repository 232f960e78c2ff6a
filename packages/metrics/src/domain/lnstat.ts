import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** One counter of a network cache on one CPU, as `lnstat` of iproute2 shows it. */
export interface CacheCounter {
  /** The cache: `arp_cache`, `ndisc_cache`, `rt_cache`, `nf_conntrack`, … */
  readonly subsystem: string;
  /** The counter, as the kernel calls it. */
  readonly name: string;
  /** Position of the CPU among the possible ones. */
  readonly cpu: number;
  readonly value: number;
}

/** Fields of the `lnstat` collector. */
export const lnstatGroups = (): readonly Group<readonly CacheCounter[]>[] => [
  group<readonly CacheCounter[], CacheCounter>({
    name: 'lnstat',
    source: '/proc/net/stat/*',
    rows: (reading) => reading,
    labels: { subsystem: 'subsystem', cpu: 'cpu' },
    fields: [],
    open: {
      pattern: 'node_lnstat_<name>_total',
      kind: 'counter',
      name: (row) => `node_lnstat_${row.name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}_total`,
      help: () => 'A counter of a network cache.',
      value: (row) => row.value,
    },
  }),
];
