import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';
import { cellsOf, plainLines, tableGrowth } from './cpu-table.ts';
import type { CpuTable } from './cpu-table.ts';

/** One source of interrupts. */
export interface InterruptLine {
  /** Number of the interrupt, or the kernel's letters for those that belong to the processor (`LOC`, `NMI`). */
  readonly type: string;
  /** The chip that raises it; for the processor's own what it is for (`Local timer interrupts`). */
  readonly info: string;
  /** Hardware number, kind and drivers, as the kernel lists them; empty for the processor's own. */
  readonly devices: string;
}

/** Interrupts since boot by source and CPU. JSON shows the lines with their counts. */
export interface InterruptsReading extends CpuTable<InterruptLine> {
  /** Interrupts that nobody could serve (`ERR`); null where the kernel has no such line. */
  readonly errors: number | null;
  /** Interrupts that came back because the chip missed their end (`MIS`, x86); null elsewhere. */
  readonly missed: number | null;
  toJSON(): unknown;
}

/** A reading of a table and its two single lines. */
export function interruptsReading(table: CpuTable<InterruptLine>, errors: number | null, missed: number | null): InterruptsReading {
  const { cpus, lines, counts } = table;
  return { cpus, lines, counts, errors, missed, toJSON: () => ({ cpus, errors, missed, lines: plainLines(table) }) };
}

/** Interrupts per second between two readings. */
export interface InterruptsRates {
  /** Those that came at all, in the order of the file. */
  readonly lines: readonly (InterruptLine & { readonly perSecond: number })[];
  readonly cpus: readonly { readonly cpu: number; readonly perSecond: number }[];
}

/** Interrupts per second by line and by CPU; null when no time passed. */
export function interruptsRates(before: InterruptsReading, after: InterruptsReading, elapsed: number): InterruptsRates | null {
  if (elapsed <= 0) return null;
  const { lines, cpus } = tableGrowth(before, after, ({ type, info, devices }) => `${type}\0${info}\0${devices}`);
  return {
    lines: lines.filter(({ growth }) => growth > 0).map(({ line, growth }) => ({ ...line, perSecond: growth / elapsed })),
    cpus: cpus.map(({ cpu, growth }) => ({ cpu, perSecond: growth / elapsed })),
  };
}

/** Fields of {@link InterruptsRates}. */
export const interruptsRateFields = (): readonly RateField[] => [
  {
    path: 'lines[].perSecond',
    unit: 'count/second',
    formula: 'Δ counts of all CPUs / elapsed',
    nullWhen: 'none came: the line is left out',
  },
  { path: 'cpus[].cpu', unit: 'none', formula: 'number of the CPU' },
  { path: 'cpus[].perSecond', unit: 'count/second', formula: 'Δ counts of all lines / elapsed', nullWhen: 'it is new: left out' },
];

/** Fields of the `interrupts` collector. */
export const interruptsGroups = (): readonly Group<InterruptsReading>[] => [
  group<InterruptsReading, InterruptLine & { readonly cpu: number; readonly count: number }>({
    name: 'interrupts.counts',
    json: null,
    source: '/proc/interrupts',
    rows: cellsOf,
    labels: { cpu: 'cpu', type: 'type', info: 'info', devices: 'devices' },
    fields: [
      {
        key: 'count',
        kind: 'counter',
        unit: 'count',
        help: 'Interrupts since boot by source and CPU; the kernel counts in 32 bits.',
        prometheus: { name: 'node_interrupts_total' },
      },
    ],
  }),
  group<InterruptsReading, InterruptsReading>({
    name: 'interrupts',
    source: '/proc/interrupts',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'errors',
        kind: 'counter',
        unit: 'count',
        help: 'Interrupts that nobody could serve.',
        nullWhen: 'the kernel has no such line',
        prometheus: { name: 'hecate_interrupt_errors_total' },
      },
      {
        key: 'missed',
        kind: 'counter',
        unit: 'count',
        help: 'Interrupts that came back because the chip missed their end.',
        nullWhen: 'it is not x86',
        prometheus: { name: 'hecate_interrupt_missed_total' },
      },
    ],
  }),
];
