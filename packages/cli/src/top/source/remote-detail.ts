import type { Connection, ProcessDetail } from '@hecate/metrics';
import { array, boolean, nullable, number, object, picklist, record, safeParse, string } from 'valibot';
import type { GenericSchema } from 'valibot';
import type { SceneDetail } from '../source.ts';

const text = string();
const figure = number();
const textOrNull = nullable(text);
const figureOrNull = nullable(figure);
const flagOrNull = nullable(boolean());

const USAGE = object({ cpuUser: figure, cpuSystem: figure, minorFaults: figure, majorFaults: figure });
const IDS = nullable(object({ real: figure, effective: figure, saved: figure, filesystem: figure }));
const MEMORY = [
  'rss',
  'virtual',
  'shared',
  'text',
  'data',
  'peakRss',
  'peakVirtual',
  'anonymous',
  'file',
  'shmem',
  'swap',
  'locked',
  'pageTables',
] as const;
const CAPABILITIES = object({ inheritable: text, permitted: text, effective: text, bounding: text, ambient: text });
const DESCRIPTOR = object({
  number: figure,
  target: textOrNull,
  kind: picklist(['file', 'directory', 'device', 'socket', 'pipe', 'memory', 'anonymous', 'other']),
  position: figureOrNull,
  flags: figureOrNull,
  access: nullable(picklist(['read', 'write', 'both'])),
});
const THREAD = object({ tid: figure, name: text, state: text, cpuUser: figure, cpuSystem: figure, processor: figureOrNull });

/** All that a view may draw of a process; what else an answer has is left out. */
const DETAIL = object({
  pid: figure,
  ppid: figure,
  startTicks: figure,
  startedAfterBoot: figure,
  startTime: figure,
  name: text,
  state: text,
  kernel: boolean(),
  program: textOrNull,
  programDeleted: flagOrNull,
  workingDirectory: textOrNull,
  root: textOrNull,
  arguments: nullable(array(text)),
  environment: nullable(record(text, text)),
  processGroup: figure,
  session: figure,
  terminal: textOrNull,
  users: IDS,
  user: textOrNull,
  groups: IDS,
  supplementaryGroups: nullable(array(figure)),
  umask: figureOrNull,
  nice: figure,
  priority: figure,
  policy: textOrNull,
  realtimePriority: figureOrNull,
  affinity: nullable(array(figure)),
  processor: figureOrNull,
  usage: USAGE,
  childUsage: USAGE,
  runTime: figureOrNull,
  runDelay: figureOrNull,
  blockDelay: figureOrNull,
  voluntarySwitches: figureOrNull,
  involuntarySwitches: figureOrNull,
  memory: object(Object.fromEntries(MEMORY.map((name) => [name, figureOrNull] as const))),
  pages: nullable(object({ proportional: figure, unique: figure, proportionalSwap: figure })),
  io: nullable(
    object({
      readChars: figure,
      writeChars: figure,
      readCalls: figure,
      writeCalls: figure,
      readBytes: figure,
      writeBytes: figure,
      cancelledWriteBytes: figure,
    }),
  ),
  limits: nullable(array(object({ name: text, soft: figureOrNull, hard: figureOrNull, unit: text }))),
  descriptors: nullable(array(DESCRIPTOR)),
  threads: nullable(array(THREAD)),
  children: nullable(array(figure)),
  oomScore: figureOrNull,
  oomScoreAdjust: figureOrNull,
  seccomp: figureOrNull,
  noNewPrivileges: flagOrNull,
  capabilities: nullable(CAPABILITIES),
  namespaces: nullable(record(text, figure)),
  cgroup: textOrNull,
  unit: textOrNull,
  slice: textOrNull,
  container: textOrNull,
  gaps: array(object({ field: text, reason: text, detail: text })),
});

const CONNECTION = object({
  protocol: picklist(['tcp', 'udp']),
  family: picklist(['ipv4', 'ipv6']),
  localAddress: text,
  localPort: figure,
  remoteAddress: textOrNull,
  remotePort: figureOrNull,
  state: text,
  receiveQueue: figure,
  transmitQueue: figure,
  uid: figure,
  inode: figure,
  device: textOrNull,
  bytesAcked: figureOrNull,
  bytesReceived: figureOrNull,
  roundTripTime: figureOrNull,
  retransmits: figureOrNull,
  cgroup: figureOrNull,
  owners: array(object({ pid: figure, name: text })),
});

const ANSWER: GenericSchema<unknown, { readonly detail: object; readonly connections: readonly object[] | null }> = object({
  detail: DETAIL,
  connections: nullable(array(CONNECTION)),
});

/** All of one process as a daemon tells it; null when what came is not that. */
export function remoteDetail(answer: unknown): SceneDetail | null {
  const checked = safeParse(ANSWER, answer);
  if (!checked.success) return null;
  const { detail, connections } = checked.output;
  // Words of the kernel that are not known here (states, reasons) are drawn as they are.
  return { detail: { ...detail, ioPriority: null } as ProcessDetail, connections: connections as readonly Connection[] | null };
}
