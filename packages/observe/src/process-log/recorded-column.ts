import type { ProcessTable } from '@hecate/metrics';

/** Names of the columns of a process table that are kept. */
export type RecordedColumnName =
  | 'state'
  | 'cpuUser'
  | 'cpuSystem'
  | 'rss'
  | 'virtual'
  | 'threads'
  | 'nice'
  | 'priority'
  | 'minorFaults'
  | 'majorFaults'
  | 'readBytes'
  | 'writeBytes';

/** How a column of a process table is kept: as whole numbers. */
export interface RecordedColumn {
  readonly name: RecordedColumnName;
  /** What one stands for. CPU time is kept in hundredths of a second, memory in pages of 4 KiB. */
  readonly unit: number;
  /** The least value that can be; codes begin there, 0 is unknown. */
  readonly least: number;
}

const column = (name: RecordedColumnName, unit: number = 1, least: number = 0): RecordedColumn => ({ name, unit, least });

/** The columns in the order in which they are kept. New ones go to the end: their place is their number in the files. */
export const RECORDED_COLUMNS: readonly RecordedColumn[] = [
  column('state'),
  column('cpuUser', 0.01),
  column('cpuSystem', 0.01),
  column('rss', 4096),
  column('virtual', 4096),
  column('threads'),
  column('nice', 1, -100),
  column('priority', 1, -1000),
  column('majorFaults'),
  column('readBytes'),
  column('writeBytes'),
  column('minorFaults'),
];

/** The largest number that is kept; a difference of two still is a whole number. */
export const LARGEST_CODE: number = 2 ** 51;

/** The whole number that a value is kept as; 0 for NaN. */
export function codeOf(value: number, { unit, least }: RecordedColumn): number {
  if (Number.isNaN(value)) return 0;
  // 0.01 has no exact double, 100 has: what comes back is the double that the ticks of the kernel gave.
  const scaled = unit < 1 ? value * Math.round(1 / unit) : value / unit;
  return Math.min(LARGEST_CODE, Math.max(1, Math.round(scaled) - least + 1));
}

/** The value of a whole number that {@link codeOf} made; NaN for 0. */
export function valueOf(code: number, { unit, least }: RecordedColumn): number {
  if (code === 0) return Number.NaN;
  const scaled = code - 1 + least;
  return unit < 1 ? scaled / Math.round(1 / unit) : scaled * unit;
}

/** The columns of a table in the order of {@link RECORDED_COLUMNS}. */
export function columnsOf(table: ProcessTable): readonly ArrayLike<number>[] {
  return RECORDED_COLUMNS.map(({ name }) => table[name]);
}
