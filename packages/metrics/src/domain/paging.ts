import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { eachPerSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';

/** Counters of memory management since boot. Each is null where the kernel has no such line. */
export interface PagingCounters {
  /** Pages read from and written to swap. */
  readonly swapIn: number | null;
  readonly swapOut: number | null;
  /** Page faults, major ones included. */
  readonly faults: number | null;
  /** Page faults that had to wait for storage. */
  readonly majorFaults: number | null;
  /** Bytes that all block devices read and wrote. */
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  /** Processes that the kernel killed because memory ran out. */
  readonly oomKills: number | null;
  /** Pages that reclaim looked at, in the background (kswapd) and while a task waited (direct). */
  readonly scannedBackground: number | null;
  readonly scannedDirect: number | null;
  /** Pages that reclaim freed. */
  readonly stolenBackground: number | null;
  readonly stolenDirect: number | null;
  /** Times that a task had to reclaim memory itself. */
  readonly directReclaims: number | null;
  /** Pages that were needed again soon after reclaim had taken them. */
  readonly refaults: number | null;
  /** Times that a task had to wait for memory to be compacted, and how those went. */
  readonly compactStalls: number | null;
  readonly compactFailures: number | null;
  readonly compactSuccesses: number | null;
  /** Transparent huge pages given at a fault; faults that got small pages instead; collapsed later; split again. */
  readonly hugeFaults: number | null;
  readonly hugeFallbacks: number | null;
  readonly hugeCollapses: number | null;
  readonly hugeSplits: number | null;
  /** Pages that NUMA balancing moved to the node that uses them. */
  readonly numaMigrations: number | null;
}

/** A line of /proc/vmstat that node_exporter publishes by default. */
export interface PagingLine {
  readonly name: string;
  readonly value: number;
}

/** What /proc/vmstat says. */
export interface PagingReading extends PagingCounters {
  /** The lines that node_exporter publishes by default. */
  readonly lines: readonly PagingLine[];
}

/** Name of a counter. */
export type PagingCounter = keyof PagingCounters;

/** Each counter's growth per second. */
export type PagingRates = { readonly [Key in `${PagingCounter}PerSecond`]: number | null };

/** What node_exporter publishes by default. */
export const PUBLISHED: RegExp = /^(?:oom_kill|pgpg|pswp|pg.*fault)/;

/**
 * Where each counter is in the file: lines with these names, added up. Kernels before 4.8 had one line a zone, some have several
 * kinds today (khugepaged, proactive reclaim).
 */
export const PAGING_LINES: Readonly<Record<PagingCounter, RegExp>> = {
  swapIn: /^pswpin$/,
  swapOut: /^pswpout$/,
  faults: /^pgfault$/,
  majorFaults: /^pgmajfault$/,
  bytesIn: /^pgpgin$/,
  bytesOut: /^pgpgout$/,
  oomKills: /^oom_kill$/,
  scannedBackground: /^pgscan_kswapd(?:_(?:dma|dma32|normal|high|movable))?$/,
  scannedDirect: /^pgscan_direct(?:_(?:dma|dma32|normal|high|movable))?$/,
  stolenBackground: /^pgsteal_kswapd(?:_(?:dma|dma32|normal|high|movable))?$/,
  stolenDirect: /^pgsteal_direct(?:_(?:dma|dma32|normal|high|movable))?$/,
  directReclaims: /^allocstall(?:_(?:dma|dma32|normal|high|movable|device))?$/,
  refaults: /^workingset_refault(?:_anon|_file)?$/,
  compactStalls: /^compact_stall$/,
  compactFailures: /^compact_fail$/,
  compactSuccesses: /^compact_success$/,
  hugeFaults: /^thp_fault_alloc$/,
  hugeFallbacks: /^thp_fault_fallback$/,
  hugeCollapses: /^thp_collapse_alloc$/,
  hugeSplits: /^thp_split(?:_page)?$/,
  numaMigrations: /^numa_pages_migrated$/,
};

/** Names of all counters. */
export const PAGING_COUNTERS = Object.keys(PAGING_LINES) as readonly PagingCounter[];

/** Growth per second of each counter; null where it is unknown or started over. */
export function pagingRates(before: PagingReading, after: PagingReading, elapsed: number): PagingRates {
  const rates = {} as Record<keyof PagingRates, number | null>;
  for (const key of PAGING_COUNTERS) rates[`${key}PerSecond`] = counterRate(before[key], after[key], elapsed);
  return rates;
}

/** Fields of {@link PagingRates}. */
export const pagingRateFields = (): readonly RateField[] => eachPerSecond('', PAGING_COUNTERS);

const counter = (key: PagingCounter, help: string, otel?: Field<PagingReading>['otel']): Field<PagingReading> => ({
  key,
  kind: 'counter',
  unit: key === 'bytesIn' || key === 'bytesOut' ? 'bytes' : 'count',
  help,
  nullWhen: 'the kernel has no such line',
  ...(otel ? { otel } : {}),
});

const operations = (direction: 'in' | 'out'): Field<PagingReading>['otel'] => ({
  name: 'system.paging.operations',
  attributes: { 'system.paging.direction': direction, 'system.paging.fault.type': 'major' },
});

/** Fields of the `paging` collector. Prometheus gets the lines under node_exporter's names. */
export const pagingGroups = (): readonly Group<PagingReading>[] => [
  group<PagingReading, PagingReading>({
    name: 'paging',
    source: '/proc/vmstat',
    rows: (reading) => [reading],
    fields: [
      counter('swapIn', 'Pages read from swap.', operations('in')),
      counter('swapOut', 'Pages written to swap.', operations('out')),
      counter('faults', 'Page faults, major ones included.'),
      counter('majorFaults', 'Page faults that had to wait for storage.', {
        name: 'system.paging.faults',
        attributes: { 'system.paging.fault.type': 'major' },
      }),
      counter('bytesIn', 'Bytes that block devices read.'),
      counter('bytesOut', 'Bytes that block devices wrote.'),
      counter('oomKills', 'Processes killed because memory ran out.'),
      counter('scannedBackground', 'Pages that background reclaim looked at.'),
      counter('scannedDirect', 'Pages that tasks looked at which had to reclaim memory themselves.'),
      counter('stolenBackground', 'Pages that background reclaim freed.'),
      counter('stolenDirect', 'Pages that tasks freed which had to reclaim memory themselves.'),
      counter('directReclaims', 'Times that a task had to reclaim memory itself.'),
      counter('refaults', 'Pages needed again soon after reclaim had taken them.'),
      counter('compactStalls', 'Times that a task had to wait for memory to be compacted.'),
      counter('compactFailures', 'Compactions that brought nothing.'),
      counter('compactSuccesses', 'Compactions that brought what was needed.'),
      counter('hugeFaults', 'Transparent huge pages given at a fault.'),
      counter('hugeFallbacks', 'Faults that got small pages because there was no huge one.'),
      counter('hugeCollapses', 'Huge pages made of small ones in the background.'),
      counter('hugeSplits', 'Huge pages split into small ones.'),
      counter('numaMigrations', 'Pages that NUMA balancing moved to the node that uses them.'),
    ],
  }),
  group<PagingReading, PagingLine>({
    name: 'paging.lines',
    source: '/proc/vmstat',
    rows: (reading) => reading.lines,
    fields: [],
    open: {
      pattern: 'node_vmstat_<line>',
      kind: 'untyped',
      name: (line) => `node_vmstat_${line.name}`,
      help: (line) => `The ${line.name} line of /proc/vmstat.`,
      value: (line) => line.value,
    },
  }),
];
