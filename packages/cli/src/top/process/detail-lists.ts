import type { Connection, ProcessDescriptor, ProcessDetail, ProcessLimit, ProcessThread } from '@hecate/metrics';
import { encodeCount, encodeValue } from '@hecate/observe';
import { endpoint } from '../../terminal/endpoint.ts';
import { timeText } from './cell-text.ts';
import { heading, sentenceLine, tableLines } from './detail-line.ts';
import type { DetailColumn, DetailLine } from './detail-line.ts';
import type { SceneDetail } from '../source.ts';

/** Rows of each list: who needs more has a program of his own for it. */
const MOST_THREADS = 40;
const MOST_DESCRIPTORS = 200;
const MOST_CONNECTIONS = 200;

/** Why a part is not known. */
export type WhyUnknown = (field: string) => string | undefined;

const unknown = (why: string | undefined, what: string): DetailLine =>
  sentenceLine(why === undefined ? `${what} not known.` : `${what} not readable: ${why}`);

const cpuOf = ({ cpuUser, cpuSystem }: ProcessThread): number => cpuUser + cpuSystem;

const THREAD_COLUMNS: readonly DetailColumn<ProcessThread>[] = [
  { head: 'TID', width: 7, align: 'end', text: ({ tid }) => String(tid) },
  { head: 'S', width: 1, text: ({ state }) => state },
  { head: 'TIME', width: 8, align: 'end', text: (thread) => timeText(cpuOf(thread)) },
  { head: 'USER', width: 8, align: 'end', text: ({ cpuUser }) => timeText(cpuUser) },
  { head: 'SYSTEM', width: 8, align: 'end', text: ({ cpuSystem }) => timeText(cpuSystem) },
  { head: 'CPU', width: 4, align: 'end', text: ({ processor }) => (processor === null ? '-' : String(processor)) },
  { head: 'NAME', width: 16, text: ({ name }) => name },
];

/** Its threads, those first that used most CPU. */
export function threadLines({ threads }: ProcessDetail, why: WhyUnknown): readonly DetailLine[] {
  if (threads === null) return [...heading('Threads'), unknown(why('threads'), 'Threads are')];
  const sorted = threads.toSorted((a, b) => cpuOf(b) - cpuOf(a) || a.tid - b.tid);
  return [...heading('Threads', encodeCount(threads.length)), ...tableLines(THREAD_COLUMNS, sorted, MOST_THREADS)];
}

const DESCRIPTOR_COLUMNS: readonly DetailColumn<ProcessDescriptor>[] = [
  { head: 'FD', width: 6, align: 'end', text: ({ number }) => String(number) },
  { head: 'KIND', width: 9, text: ({ kind }) => kind },
  { head: 'ACCESS', width: 6, text: ({ access }) => access ?? '-' },
  { head: 'AT', width: 8, align: 'end', text: ({ position, kind }) => (kind === 'file' ? encodeValue(position, 'bytes') : '') },
  { head: 'TARGET', width: 20, text: ({ target }) => target ?? '-' },
];

/** What it has open: how many of each kind, then each. */
export function descriptorLines({ descriptors }: ProcessDetail, why: WhyUnknown): readonly DetailLine[] {
  if (descriptors === null) return [...heading('Open files'), unknown(why('descriptors'), 'Open files are')];
  const counts = new Map<string, number>();
  for (const { kind } of descriptors) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].toSorted((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`);
  const note = [encodeCount(descriptors.length), ...(kinds.length > 0 ? [kinds.join(', ')] : [])].join(': ');
  if (descriptors.length === 0) return heading('Open files', 'none');
  return [...heading('Open files', note), ...tableLines(DESCRIPTOR_COLUMNS, descriptors, MOST_DESCRIPTORS)];
}

const CONNECTION_COLUMNS: readonly DetailColumn<Connection>[] = [
  { head: '', width: 4, text: ({ protocol, family }) => (family === 'ipv6' ? `${protocol}6` : protocol) },
  { head: 'LOCAL', width: 26, text: ({ localAddress, localPort }) => endpoint(localAddress, localPort, '-') },
  { head: 'REMOTE', width: 26, text: ({ remoteAddress, remotePort }) => endpoint(remoteAddress, remotePort, '-') },
  { head: 'STATE', width: 11, text: ({ state }) => state },
  { head: 'RECEIVED', width: 9, align: 'end', text: ({ bytesReceived }) => encodeValue(bytesReceived, 'bytes') },
  { head: 'SENT', width: 9, align: 'end', text: ({ bytesAcked }) => encodeValue(bytesAcked, 'bytes') },
];

/** Its TCP and UDP sockets, listeners first. */
export function connectionLines({ connections }: SceneDetail): readonly DetailLine[] {
  if (connections === null) return [...heading('Connections'), sentenceLine('Connections may not be known here.')];
  if (connections.length === 0) return heading('Connections', 'none');
  const sorted = connections.toSorted(
    (a, b) =>
      Number(b.state === 'listen') - Number(a.state === 'listen') || a.localPort - b.localPort || (a.remotePort ?? 0) - (b.remotePort ?? 0),
  );
  return [...heading('Connections', encodeCount(connections.length)), ...tableLines(CONNECTION_COLUMNS, sorted, MOST_CONNECTIONS)];
}

const limitText = (value: number | null, unit: string): string =>
  value === null ? 'unlimited' : unit === 'bytes' ? encodeValue(value, 'bytes') : encodeCount(value);

const LIMIT_COLUMNS: readonly DetailColumn<ProcessLimit>[] = [
  { head: 'LIMIT', width: 22, text: ({ name }) => name.replace(/^Max /, '') },
  { head: 'SOFT', width: 12, align: 'end', text: ({ soft, unit }) => limitText(soft, unit) },
  { head: 'HARD', width: 12, align: 'end', text: ({ hard, unit }) => limitText(hard, unit) },
  { head: '', width: 10, text: ({ unit }) => (unit === 'bytes' ? '' : unit) },
];

/** Its limits. */
export function limitLines({ limits }: ProcessDetail, why: WhyUnknown): readonly DetailLine[] {
  if (limits === null) return [...heading('Limits'), unknown(why('limits'), 'Limits are')];
  return [...heading('Limits'), ...tableLines(LIMIT_COLUMNS, limits, 64)];
}
