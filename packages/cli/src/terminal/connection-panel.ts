import type { Connection, Snapshot } from '@hecate/metrics';
import { clean, drawTable, encodeValue, fit, plainLine } from '@hecate/observe';
import type { Ink, InkLine, TableColumn } from '@hecate/observe';
import { endpoint } from './endpoint.ts';

/** Sockets that are listed; the JSON has all. */
const MOST_SOCKETS = 60;

/** Listeners first, then by state and port. */
const order = (a: Connection, b: Connection): number =>
  Number(b.state === 'listen') - Number(a.state === 'listen') || a.state.localeCompare(b.state) || a.localPort - b.localPort;

const column = (
  head: string,
  text: (row: Connection) => string,
  leaves?: number,
  align: 'start' | 'end' = 'start',
): TableColumn<Connection> => ({
  head,
  align,
  text: (row) => clean(text(row)),
  ...(leaves === undefined ? {} : { leaves }),
});

/** Sockets with who has them open. */
export function connectionLines({ connections }: Snapshot, ink: Ink, width: number): InkLine[] {
  const rows = (connections?.connections ?? []).toSorted(order);
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_SOCKETS);
  const lines = drawTable<Connection>(
    ink,
    [
      column('local', (row) => endpoint(row.localAddress, row.localPort, '')),
      column('', (row) => row.protocol, 3),
      column('remote', (row) => endpoint(row.remoteAddress, row.remotePort, ''), 2),
      column('state', (row) => row.state, 1),
      column('received', (row) => encodeValue(row.bytesReceived, 'bytes'), 5, 'end'),
      column('sent', (row) => encodeValue(row.bytesAcked, 'bytes'), 5, 'end'),
      column('answer', (row) => encodeValue(row.roundTripTime, 'seconds'), 6, 'end'),
    ],
    shown,
    width,
    { head: 'process', least: 8, draw: (row, room) => fit(ink, row.owners.map(({ pid, name }) => `${name} (${pid})`).join(', '), room) },
  );
  return rows.length > shown.length ? [...lines, plainLine(`and ${rows.length - shown.length} more`)] : lines;
}
