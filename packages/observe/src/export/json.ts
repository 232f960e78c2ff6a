import { countProcesses, NO_PROCESS_RATES } from '@hecate/metrics';
import type { ProcessRates, ProcessReading, ProcessTable, Rates, Snapshot } from '@hecate/metrics';

/** A process with its rates, as the JSON API shows it. */
export interface ProcessRow extends ProcessReading, ProcessRates {}

/** The process in row `index` with its rates. */
export function processRow(table: ProcessTable, index: number, rates: Rates['processes']): ProcessRow {
  return Object.assign(table.row(index), rates?.(index) ?? NO_PROCESS_RATES);
}

/** The processes of a snapshot with their rates, in the order of their ids. */
export function processRows(table: ProcessTable, rates: Rates['processes']): ProcessRow[] {
  return Array.from({ length: table.length }, (_, index) => processRow(table, index, rates));
}

/** Processes that are encoded between two pauses. */
const SLICE = 50;

function* processPieces(table: ProcessTable, rates: Rates['processes']): Generator<string> {
  yield '[';
  for (let at = 0; at < table.length; at += SLICE) {
    const rows = Array.from({ length: Math.min(SLICE, table.length - at) }, (_, index) => processRow(table, at + index, rates));
    yield `${at > 0 ? ',' : ''}${JSON.stringify(rows).slice(1, -1)}`;
  }
  yield ']';
}

/**
 * A snapshot as JSON text: our own camelCase tree, a piece for each part of it. `processes` is the whole list, or only counts.
 */
export function* jsonPieces(snapshot: Snapshot, rates: Rates, processes: 'list' | 'count'): Generator<string> {
  const { runs, gaps, monotonic: _monotonic, processes: table, ...readings } = snapshot;
  const { processes: processRate, gaps: rateGaps, ...otherRates } = rates;
  let before = '{';
  for (const [name, reading] of Object.entries(readings)) {
    yield `${before}${JSON.stringify(name)}:${JSON.stringify(name === 'memory' ? withoutLines(reading) : reading)}`;
    before = ',';
  }
  yield `${before}"processes":`;
  if (table && processes === 'list') yield* processPieces(table, processRate);
  else yield JSON.stringify(table && { count: table.length, ...countProcesses(table) });
  const fared = runs.map(({ collector, seconds, success }) => ({ collector, seconds, success }));
  yield `,"rates":${JSON.stringify(otherRates)}`;
  yield `,"gaps":${JSON.stringify([...gaps, ...rateGaps])},"runs":${JSON.stringify(fared)}}`;
}

/** The raw lines of /proc/meminfo are for the exporters; the tree has them under names. */
function withoutLines(memory: unknown): unknown {
  if (typeof memory !== 'object' || memory === null) return memory;
  const { lines: _lines, ...rest } = memory as Record<string, unknown>;
  return rest;
}
