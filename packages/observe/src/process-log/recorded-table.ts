import { createProcessTable, processRates } from '@hecate/metrics';
import type { ProcessIdentity, ProcessRates, ProcessTable } from '@hecate/metrics';
import { RECORDED_COLUMNS, valueOf } from './recorded-column.ts';
import type { RecordedColumnName } from './recorded-column.ts';
import type { DecodedTable } from './table-decoder.ts';

/** The processes of a moment of the past. */
export interface RecordedProcesses {
  /** Seconds since the epoch at which they were read. */
  readonly time: number;
  readonly table: ProcessTable;
  /** Rates since the table that was kept before; null when there was none shortly before. */
  readonly rates: ((index: number) => ProcessRates) | null;
}

/** Longer than so many intervals between two tables, and neither says anything about the time between them. */
export const LONGEST_GAP = 3;

type Values = Readonly<Record<RecordedColumnName, Float64Array>>;

type Parts = Parameters<typeof createProcessTable>[0];

/** A process table of the columns that are kept, read at a monotonic time (seconds); whatever else a table has is not known, but for `known`. */
export function tableOfColumns(
  columns: Values,
  identities: readonly ProcessIdentity[],
  monotonic: number,
  known: Partial<Parts> = {},
): ProcessTable {
  const { length } = identities;
  const unknown = new Float64Array(length).fill(Number.NaN);
  return createProcessTable(
    {
      ...columns,
      length,
      identities,
      route: 'proc',
      detour: null,
      time: new Float64Array(length).fill(monotonic),
      cpuExact: unknown,
      ioTime: unknown,
      earlierReadBytes: unknown,
      earlierWriteBytes: unknown,
      earlierIoTime: unknown,
      voluntarySwitches: unknown,
      involuntarySwitches: unknown,
      switchTime: unknown,
      earlierVoluntarySwitches: unknown,
      earlierInvoluntarySwitches: unknown,
      earlierSwitchTime: unknown,
      maxPids: null,
      maxThreads: null,
      ...known,
    },
    () => [],
  );
}

function valuesOf({ columns }: DecodedTable): Values {
  const entries = RECORDED_COLUMNS.map((column, index) => [column.name, columns[index]!.map((code) => valueOf(code, column))]);
  return Object.fromEntries(entries) as Values;
}

/** A process table of what was kept. I/O of `before` is its earlier reading: they were read together. */
function tableOf(decoded: DecodedTable, before: DecodedTable | null): ProcessTable {
  const { identities } = decoded;
  const monotonic = decoded.monotonic / 1000;
  const ioTime = new Float64Array(identities.length).fill(monotonic);
  if (!before) return tableOfColumns(valuesOf(decoded), identities, monotonic, { ioTime });
  const was = valuesOf(before);
  const rowOf = new Map(before.identities.map((identity, row) => [identity, row]));
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(identities, (identity) => column[rowOf.get(identity) ?? -1] ?? Number.NaN);
  return tableOfColumns(valuesOf(decoded), identities, monotonic, {
    ioTime,
    earlierReadBytes: pick(was.readBytes),
    earlierWriteBytes: pick(was.writeBytes),
    earlierIoTime: pick(new Float64Array(before.identities.length).fill(before.monotonic / 1000)),
  });
}

/** The processes of a decoded table, with rates when the one before it is `every` seconds before it, or a little more. */
export function recordedProcesses(now: DecodedTable, before: DecodedTable | null, every: number): RecordedProcesses {
  const elapsed = before ? (now.monotonic - before.monotonic) / 1000 : 0;
  const base = elapsed > 0 && elapsed <= every * LONGEST_GAP ? before : null;
  const table = tableOf(now, base);
  return { time: now.time / 1000, table, rates: base && processRates(tableOf(base, null), table, elapsed) };
}
