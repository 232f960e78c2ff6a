import { countProcesses } from '@hecate/metrics';
import type { ProcessRates, ProcessReading, ProcessTable, Rates, Snapshot } from '@hecate/metrics';

/** A process with its rates, as the JSON API shows it. */
export interface ProcessRow extends ProcessReading {
  /** Share of one core, 0 to the number of cores; null without an earlier reading. */
  readonly cpu: number | null;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
}

const NO_RATES: ProcessRates = { cpu: null, readBytesPerSecond: null, writeBytesPerSecond: null };

/** The process in row `index` with its rates. */
export function processRow(table: ProcessTable, index: number, rates: Rates['processes']): ProcessRow {
  return Object.assign(table.row(index), rates?.(index) ?? NO_RATES);
}

/** The processes of a snapshot with their rates, in the order of their ids. */
export function processRows(table: ProcessTable, rates: Rates['processes']): ProcessRow[] {
  return Array.from({ length: table.length }, (_, index) => processRow(table, index, rates));
}

/** A snapshot as plain data: our own camelCase tree. `processes` is the whole list, or only counts. */
export function snapshotTree(snapshot: Snapshot, rates: Rates, processes: 'list' | 'count'): Record<string, unknown> {
  const { runs, gaps, monotonic: _monotonic, processes: table, ...readings } = snapshot;
  const { processes: processRate, gaps: rateGaps, ...otherRates } = rates;
  const only = Object.fromEntries(
    Object.entries(readings).map(([name, reading]) => [name, name === 'memory' ? withoutLines(reading) : reading]),
  );
  return {
    ...only,
    processes: table && (processes === 'list' ? processRows(table, processRate) : { count: table.length, ...countProcesses(table) }),
    rates: otherRates,
    gaps: [...gaps, ...rateGaps],
    runs: runs.map(({ collector, seconds, success }) => ({ collector, seconds, success })),
  };
}

/** The raw lines of /proc/meminfo are for the exporters; the tree has them under names. */
function withoutLines(memory: unknown): unknown {
  if (typeof memory !== 'object' || memory === null) return memory;
  const { lines: _lines, ...rest } = memory as Record<string, unknown>;
  return rest;
}

/** JSON text of a snapshot. */
export function encodeJson(snapshot: Snapshot, rates: Rates, processes: 'list' | 'count' = 'list'): string {
  return JSON.stringify(snapshotTree(snapshot, rates, processes));
}
