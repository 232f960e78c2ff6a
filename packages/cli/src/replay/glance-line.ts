import { clean, encodeValue, fit, orderedRows, unitOf } from '@hecate/observe';
import type { Ink, Moment, ProcessRow } from '@hecate/observe';
import { timeText } from '../terminal/event-line.ts';
import { percent, value } from '../terminal/gauge-line.ts';
import type { ProcessChoice } from './moment-panels.ts';

/** What a line says of the machine: column, heading, width. */
const CELLS = [
  ['cpu_usage_percent', 'cpu', 7],
  ['memory_used', 'memory', 9],
  ['disk_write_bytes_per_second', 'written', 10],
  ['network_receive_bytes_per_second', 'received', 10],
] as const;

/** The columns that are shown. */
export const GLANCE_COLUMNS: readonly string[] = CELLS.map(([name]) => name);

const TIME = 19;

/** The line above all others. */
export function glanceHead(ink: Ink): string {
  const cells = CELLS.map(([, head, width]) => head.padStart(width)).join(' ');
  return `${ink.paint(`${'time'.padEnd(TIME)} ${cells}  processes`, 'title')}\n`;
}

/** What a process is in the list for. */
function figure(row: ProcessRow, { sort }: ProcessChoice): string {
  if (sort === 'rss') return ` ${value(row.rss, 'bytes')}`;
  if (sort === 'read') return ` ${value(row.readBytesPerSecond, 'bytes/second')}`;
  if (sort === 'write') return ` ${value(row.writeBytesPerSecond, 'bytes/second')}`;
  return sort === 'cpu' ? ` ${percent(row.cpu)}` : '';
}

/** A moment in one line of at most `width` columns: the machine, and the first processes. */
export function glanceLine(
  { time, row, processes }: Pick<Moment, 'time' | 'row' | 'processes'>,
  choice: ProcessChoice,
  ink: Ink,
  width: number,
): string {
  const cells = CELLS.map(([name, , room]) => encodeValue(row?.values.get(name) ?? null, unitOf(name)).padStart(room)).join(' ');
  const top = processes ? orderedRows(processes.table, processes.rates, choice.sort, choice.limit) : [];
  const names = processes ? top.map((one) => `${clean(one.name)}${figure(one, choice)}`).join(', ') : 'not kept';
  const start = `${timeText(time)} ${cells}  `;
  return `${start}${fit(ink, names, Math.max(10, width - start.length)).trimEnd()}\n`;
}
