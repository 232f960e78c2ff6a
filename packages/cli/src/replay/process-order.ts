import { processRows } from '@hecate/observe';
import type { ProcessOrder, ProcessRow, RecordedProcesses } from '@hecate/observe';

const KEYS: Readonly<Record<Exclude<ProcessOrder, 'name' | 'pid'>, (row: ProcessRow) => number>> = {
  cpu: ({ cpu, cpuUser, cpuSystem }) => cpu ?? (cpuUser + cpuSystem) / 1e9,
  rss: ({ rss }) => rss,
  read: ({ readBytesPerSecond }) => readBytesPerSecond ?? -1,
  write: ({ writeBytesPerSecond }) => writeBytesPerSecond ?? -1,
};

/** The processes in an order, the first `limit` of them; equal ones by process id. Where no CPU share is known, who used most in all. */
export function orderedProcesses({ table, rates }: RecordedProcesses, order: ProcessOrder, limit: number): ProcessRow[] {
  const rows = processRows(table, rates);
  if (order === 'pid') rows.sort((a, b) => a.pid - b.pid);
  else if (order === 'name') rows.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.pid - b.pid));
  else rows.sort((a, b) => KEYS[order](b) - KEYS[order](a) || a.pid - b.pid);
  return rows.slice(0, limit);
}
