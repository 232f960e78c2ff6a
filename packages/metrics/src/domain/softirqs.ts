import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';
import { cellsOf, plainLines, tableGrowth } from './cpu-table.ts';
import type { CpuTable } from './cpu-table.ts';

/** One kind of soft interrupt. */
export interface SoftirqLine {
  /** The kernel's name: `NET_RX`. */
  readonly type: string;
}

/** Soft interrupts of one kind on all CPUs since boot. */
export interface SoftirqVector {
  /** node_exporter's name: `net_rx`; `block_iopoll` for what the kernel calls IRQ_POLL now. */
  readonly vector: string;
  readonly count: number;
}

/** Soft interrupts since boot by kind and CPU. JSON shows the lines with their counts. */
export interface SoftirqsReading extends CpuTable<SoftirqLine> {
  /** Sums over all CPUs, as /proc/stat adds them up; empty where it has none. */
  readonly vectors: readonly SoftirqVector[];
  toJSON(): unknown;
}

/** A reading of a table and the sums. */
export function softirqsReading(table: CpuTable<SoftirqLine>, vectors: readonly SoftirqVector[]): SoftirqsReading {
  const { cpus, lines, counts } = table;
  return { cpus, lines, counts, vectors, toJSON: () => ({ cpus, vectors, lines: plainLines(table) }) };
}

/** Soft interrupts per second between two readings. */
export interface SoftirqsRates {
  readonly lines: readonly (SoftirqLine & { readonly perSecond: number })[];
  readonly cpus: readonly { readonly cpu: number; readonly perSecond: number }[];
}

/** Soft interrupts per second by kind and by CPU; null when no time passed. */
export function softirqsRates(before: SoftirqsReading, after: SoftirqsReading, elapsed: number): SoftirqsRates | null {
  if (elapsed <= 0) return null;
  const { lines, cpus } = tableGrowth(before, after, ({ type }) => type);
  return {
    lines: lines.map(({ line, growth }) => ({ ...line, perSecond: growth / elapsed })),
    cpus: cpus.map(({ cpu, growth }) => ({ cpu, perSecond: growth / elapsed })),
  };
}

/** Fields of {@link SoftirqsRates}. */
export const softirqsRateFields = (): readonly RateField[] => [
  { path: 'lines[].perSecond', unit: 'count/second', formula: 'Δ counts of all CPUs / elapsed' },
  { path: 'cpus[].cpu', unit: 'none', formula: 'number of the CPU' },
  { path: 'cpus[].perSecond', unit: 'count/second', formula: 'Δ counts of all lines / elapsed', nullWhen: 'it is new: left out' },
];

/** Fields of the `softirqs` collector. */
export const softirqsGroups = (): readonly Group<SoftirqsReading>[] => [
  group<SoftirqsReading, SoftirqLine & { readonly cpu: number; readonly count: number }>({
    name: 'softirqs.counts',
    json: null,
    source: '/proc/softirqs',
    rows: cellsOf,
    labels: { cpu: 'cpu', type: 'type' },
    fields: [
      {
        key: 'count',
        kind: 'counter',
        unit: 'count',
        help: 'Soft interrupts since boot by kind and CPU; the kernel counts in 32 bits.',
        prometheus: { name: 'node_softirqs_functions_total' },
      },
    ],
  }),
  group<SoftirqsReading, SoftirqVector>({
    name: 'softirqs.vectors',
    source: '/proc/stat',
    rows: (reading) => reading.vectors,
    labels: { vector: 'vector' },
    fields: [
      {
        key: 'count',
        kind: 'counter',
        unit: 'count',
        help: 'Soft interrupts since boot by kind, all CPUs together.',
        prometheus: { name: 'node_softirqs_total' },
      },
    ],
  }),
];
