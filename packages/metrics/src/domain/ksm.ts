import { group } from '../model/field.ts';
import type { Field, FieldKind, Group, Unit } from '../model/field.ts';

/** Merging of equal pages (kernel: Documentation/admin-guide/mm/ksm.rst). Null where the kernel has no such file. */
export interface KsmReading {
  /** 0 stopped, 1 running, 2 stopped and all merged pages split again. */
  readonly run: number | null;
  /** Times that all memory was looked through. */
  readonly fullScans: number | null;
  /** Pages that several places share, and how many more places share them: what is saved. */
  readonly pagesShared: number | null;
  readonly pagesSharing: number | null;
  /** Pages that are like no other, and that change too fast to be looked at. */
  readonly pagesUnshared: number | null;
  readonly pagesVolatile: number | null;
  /** Pages of zeroes that were given back. */
  readonly zeroPages: number | null;
  /** Pages skipped because they were not worth a look before. */
  readonly pagesSkipped: number | null;
  readonly pagesScanned: number | null;
  /** Bytes saved, less what keeping the books costs; can be negative. */
  readonly profit: number | null;
  /** Pages that are looked at in a round, and seconds between rounds. */
  readonly pagesToScan: number | null;
  readonly sleep: number | null;
  /** Whether pages of different NUMA nodes are merged. */
  readonly mergesAcrossNodes: boolean | null;
  /** Whether it sets its own pace: `none` or `scan-time`. */
  readonly advisor: string | null;
}

const field = (key: keyof KsmReading & string, kind: FieldKind, unit: Unit, help: string, name?: string): Field<KsmReading> => ({
  key,
  kind,
  unit,
  help,
  nullWhen: 'the kernel has no such file',
  ...(name ? { prometheus: { name } } : {}),
});

/** Fields of the `ksm` collector. */
export const ksmGroups = (): readonly Group<KsmReading>[] => [
  group<KsmReading, KsmReading>({
    name: 'ksm',
    source: '/sys/kernel/mm/ksm',
    rows: (reading) => [reading],
    fields: [
      field('run', 'gauge', 'none', 'Whether equal pages are merged: 0 stopped, 1 running, 2 being split.', 'node_ksmd_run'),
      field('fullScans', 'counter', 'count', 'Times that all memory was looked through.', 'node_ksmd_full_scans_total'),
      field('pagesShared', 'gauge', 'count', 'Merged pages.', 'node_ksmd_pages_shared'),
      field('pagesSharing', 'gauge', 'count', 'Places more than one that share them: pages saved.', 'node_ksmd_pages_sharing'),
      field('pagesUnshared', 'gauge', 'count', 'Pages that are like no other.', 'node_ksmd_pages_unshared'),
      field('pagesVolatile', 'gauge', 'count', 'Pages that change too fast.', 'node_ksmd_pages_volatile'),
      field('zeroPages', 'gauge', 'count', 'Pages of zeroes that were given back.', 'hecate_ksm_zero_pages'),
      field(
        'pagesSkipped',
        'counter',
        'count',
        'Pages skipped because they were not worth a look before.',
        'hecate_ksm_pages_skipped_total',
      ),
      field('pagesScanned', 'counter', 'count', 'Pages looked at.', 'hecate_ksm_pages_scanned_total'),
      field('profit', 'gauge', 'bytes', 'Bytes saved, less what keeping the books costs.', 'node_ksmd_general_profit_bytes'),
      field('pagesToScan', 'gauge', 'count', 'Pages that are looked at in a round.', 'node_ksmd_pages_to_scan'),
      field('sleep', 'gauge', 'seconds', 'Time between rounds.', 'node_ksmd_sleep_seconds'),
      field('mergesAcrossNodes', 'gauge', 'none', 'Whether pages of different NUMA nodes are merged.', 'node_ksmd_merge_across_nodes'),
      field('advisor', 'info', 'none', 'Whether it sets its own pace.'),
    ],
  }),
];
