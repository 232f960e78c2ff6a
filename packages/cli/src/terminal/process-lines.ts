import { clean, drawTable, fit } from '@hecate/observe';
import type { Ink, InkLine, ProcessRow, TableColumn } from '@hecate/observe';
import { percent, value } from './gauge-line.ts';

/** A column whose text comes from the row; `leaves` says in which order columns go when the terminal is narrow. */
export function column<Row>(head: string, text: (row: Row) => string, leaves?: number, align: 'start' | 'end' = 'end'): TableColumn<Row> {
  return { head, align, text: (row) => clean(text(row)), ...(leaves === undefined ? {} : { leaves }) };
}

/** Processes as a table. What they call themselves cannot steer the terminal. */
export function processLines(rows: readonly ProcessRow[], ink: Ink, width: number): InkLine[] {
  return drawTable<ProcessRow>(
    ink,
    [
      column('pid', (row) => String(row.pid)),
      column('user', (row) => row.user ?? '-', 2, 'start'),
      column('cpu', (row) => percent(row.cpu)),
      column('memory', (row) => value(row.rss, 'bytes')),
      column('s', (row) => row.state, 3, 'start'),
      column('threads', (row) => String(row.threads ?? '-'), 3),
    ],
    rows,
    width,
    {
      head: 'command',
      least: 12,
      draw: (row, room) => fit(ink, row.command || `[${row.name}]`, room),
    },
  );
}
