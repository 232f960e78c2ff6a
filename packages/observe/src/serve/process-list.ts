import { HecateError } from '@hecate/host';
import { processRows } from '../export/json.ts';
import type { ProcessRow } from '../export/json.ts';
import type { Frame } from './hub.ts';

/** What a list of processes can be sorted by; the greatest first, but for names and ids. */
export const PROCESS_ORDERS = ['cpu', 'rss', 'pid', 'name', 'read', 'write'] as const;

/** One of {@link PROCESS_ORDERS}. */
export type ProcessOrder = (typeof PROCESS_ORDERS)[number];

const down =
  (value: (row: ProcessRow) => number | null) =>
  (a: ProcessRow, b: ProcessRow): number =>
    (value(b) ?? -1) - (value(a) ?? -1) || a.pid - b.pid;

const COMPARE: Readonly<Record<ProcessOrder, (a: ProcessRow, b: ProcessRow) => number>> = {
  cpu: down((row) => row.cpu),
  rss: down((row) => row.rss),
  pid: (a, b) => a.pid - b.pid,
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.pid - b.pid),
  read: down((row) => row.readBytesPerSecond),
  write: down((row) => row.writeBytesPerSecond),
};

/** How much is encoded between two pauses. */
const SLICE = 100;

/** What to list. */
export interface ProcessQuery {
  readonly sort?: ProcessOrder;
  readonly limit?: number;
}

/** The process list of a frame as pieces of one JSON object, to be sent with pauses in between. */
export function* encodeProcesses({ snapshot, rates }: Frame, { sort = 'cpu', limit }: ProcessQuery = {}, type?: string): Generator<string> {
  const table = snapshot.processes;
  if (!table) throw new HecateError('UNAVAILABLE', 'The processes of this machine cannot be read.', { hint: 'hecate doctor says why.' });
  const rows = processRows(table, rates.processes).sort(COMPARE[sort]);
  const head = type === undefined ? '' : `"type":${JSON.stringify(type)},`;
  const cores = snapshot.cpu?.cores.length ?? null;
  yield `{${head}"time":${snapshot.time},"cores":${cores},"memoryTotal":${snapshot.memory?.total ?? null},"processes":[`;
  const end = Math.min(rows.length, limit ?? rows.length);
  for (let at = 0; at < end; at += SLICE) {
    const part = JSON.stringify(rows.slice(at, Math.min(end, at + SLICE)));
    yield `${at > 0 ? ',' : ''}${part.slice(1, -1)}`;
  }
  yield ']}';
}
