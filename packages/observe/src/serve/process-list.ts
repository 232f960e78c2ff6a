import { HecateError } from '@hecate/host';
import { knownFigure, NO_PROCESS_RATES, processState } from '@hecate/metrics';
import type { ProcessTable, Rates } from '@hecate/metrics';
import { processRow } from '../export/json.ts';
import type { ProcessRow } from '../export/json.ts';
import type { Frame } from './hub.ts';

/** What a list of processes can be sorted by; the greatest first, but for names and ids. */
export const PROCESS_ORDERS = ['cpu', 'rss', 'pid', 'name', 'read', 'write'] as const;

/** One of {@link PROCESS_ORDERS}. */
export type ProcessOrder = (typeof PROCESS_ORDERS)[number];

/** What {@link sortRows} needs beside the table. */
export interface SortedBy {
  readonly rates: Pick<Rates, 'processes'>;
}

/** What rows are sorted by: columns, so that only the rows that are sent become objects; below 0 or NaN where it is not known. */
function sortKey(rate: Rates['processes'], table: ProcessTable, sort: Exclude<ProcessOrder, 'name' | 'pid'>): (index: number) => number {
  if (sort === 'rss') return (index) => table.rss[index]!;
  if (sort === 'cpu' && !rate) return (index) => table.cpuUser[index]! + table.cpuSystem[index]!;
  const key = { cpu: 'cpu', read: 'readBytesPerSecond', write: 'writeBytesPerSecond' } as const;
  return (index) => rate?.(index)[key[sort]] ?? -1;
}

/** The rows of the table in the order that was asked for, by number; equal ones by process id. Without rates, CPU is what was used in all. */
export function sortRows({ rates }: SortedBy, table: ProcessTable, sort: ProcessOrder): Uint32Array {
  const order = Uint32Array.from({ length: table.length }, (_, index) => index);
  const pid = (index: number): number => table.identities[index]!.pid;
  if (sort === 'pid') return order.sort((a, b) => pid(a) - pid(b));
  if (sort === 'name') {
    const name = (index: number): string => table.identities[index]!.name;
    return order.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : pid(a) - pid(b)));
  }
  const keyOf = sortKey(rates.processes, table, sort);
  // What is not known comes last. NaN would be neither more nor less than anything.
  const keys = Float64Array.from(order, (index) => {
    const key = keyOf(index);
    return Number.isNaN(key) ? -1 : key;
  });
  return order.sort((a, b) => keys[b]! - keys[a]! || pid(a) - pid(b));
}

/** The rows in that order as objects, the first `limit` of them. */
export function orderedRows(table: ProcessTable, processes: Rates['processes'], sort: ProcessOrder, limit: number): ProcessRow[] {
  const order = sortRows({ rates: { processes } }, table, sort).subarray(0, limit);
  return Array.from(order, (index) => processRow(table, index, processes));
}

/** What the stream says of a process at each tick; all of it is in the list that `/api/v1/processes` gives. */
export type ProcessSummary = Pick<
  ProcessRow,
  | 'pid'
  | 'ppid'
  | 'name'
  | 'command'
  | 'state'
  | 'user'
  | 'uid'
  | 'kernel'
  | 'startTime'
  | 'startedAfterBoot'
  | 'cpu'
  | 'cpuUser'
  | 'cpuSystem'
  | 'rss'
  | 'virtual'
  | 'threads'
  | 'nice'
  | 'readBytes'
  | 'writeBytes'
  | 'readBytesPerSecond'
  | 'writeBytesPerSecond'
  | 'power'
>;

/** One row of the table, made from the columns at once: a whole row costs twice as much, in time and on the wire. */
export function processSummary(table: ProcessTable, index: number, rates: Rates['processes']): ProcessSummary {
  const identity = table.identities[index]!;
  const { cpu, readBytesPerSecond, writeBytesPerSecond, power } = rates?.(index) ?? NO_PROCESS_RATES;
  return {
    pid: identity.pid,
    ppid: identity.ppid,
    name: identity.name,
    command: identity.command,
    state: processState(table.state[index]!),
    user: identity.user,
    uid: identity.uid,
    kernel: identity.kernel,
    startTime: identity.startTime,
    startedAfterBoot: identity.startedAfterBoot,
    cpu,
    cpuUser: knownFigure(table.cpuUser[index]!),
    cpuSystem: knownFigure(table.cpuSystem[index]!),
    rss: knownFigure(table.rss[index]!),
    virtual: knownFigure(table.virtual[index]!),
    threads: knownFigure(table.threads[index]!),
    nice: table.nice[index]!,
    readBytes: knownFigure(table.readBytes[index]!),
    writeBytes: knownFigure(table.writeBytes[index]!),
    readBytesPerSecond,
    writeBytesPerSecond,
    ...(power === undefined ? {} : { power }),
  };
}

/** How much is encoded between two pauses. */
const SLICE = 50;

/** What to list. */
export interface ProcessQuery {
  readonly sort?: ProcessOrder;
  readonly limit?: number;
}

/** The process list of a frame as pieces of one JSON object, to be sent with pauses in between. */
export function* encodeProcesses(frame: Frame, { sort = 'cpu', limit }: ProcessQuery = {}, type?: string): Generator<string> {
  const { snapshot, rates } = frame;
  const table = snapshot.processes;
  if (!table) throw new HecateError('UNAVAILABLE', 'The processes of this machine cannot be read.', { hint: 'hecate doctor says why.' });
  const head = type === undefined ? '' : `"type":${JSON.stringify(type)},`;
  const cores = snapshot.cpu?.cores.length ?? null;
  yield `{${head}"time":${snapshot.time},"cores":${cores},"memoryTotal":${snapshot.memory?.total ?? null},"processes":[`;
  // The stream sends one a tick, and only what is shown.
  const rowOf = type === undefined ? processRow : processSummary;
  const order = sortRows(frame, table, sort).subarray(0, limit ?? table.length);
  for (let at = 0; at < order.length; at += SLICE) {
    const rows = Array.from(order.subarray(at, at + SLICE), (index) => rowOf(table, index, rates.processes));
    yield `${at > 0 ? ',' : ''}${JSON.stringify(rows).slice(1, -1)}`;
  }
  yield ']}';
}
