import type { ProcessIdentity } from '@hecate/metrics';
import { PROCESS_STATES } from '@hecate/metrics';
import type { SceneProcesses } from '../scene.ts';

/** What the figures of a field are counted in: how values are written, `500M`, `1h30m`. */
export type QueryUnit = 'percent' | 'bytes' | 'rate' | 'duration' | 'whole';

/** What a question can be about. */
export interface QueryField {
  readonly name: string;
  /** Other spellings. */
  readonly aliases: readonly string[];
  /** What it is, for people who choose one. */
  readonly help: string;
  readonly of:
    | {
        readonly kind: 'number';
        readonly unit: QueryUnit;
        /** The figure of a row at `time`; NaN where it is not known. */
        read(processes: SceneProcesses, time: number): (row: number) => number;
      }
    | {
        readonly kind: 'text';
        /** The text of a row; null where there is none. */
        read(processes: SceneProcesses, row: number): string | null;
        /** Another text that means the same: the number of a user. */
        other?(processes: SceneProcesses, row: number): string | null;
        /** Whether `none` stands for having none. */
        readonly hasNone?: true;
      }
    | { readonly kind: 'flag'; read(processes: SceneProcesses, row: number): boolean };
}

type FigureName = keyof SceneProcesses['figures'];

const figure = (unit: QueryUnit, name: FigureName, scale: number = 1): QueryField['of'] => ({
  kind: 'number',
  unit,
  read({ figures }) {
    const column = figures[name];
    return scale === 1 ? (row) => column[row]! : (row) => column[row]! * scale;
  },
});

const whole = (read: (identity: ProcessIdentity) => number): QueryField['of'] => ({
  kind: 'number',
  unit: 'whole',
  read:
    ({ identities }) =>
    (row) =>
      read(identities[row]!),
});

const text = (read: (identity: ProcessIdentity) => string | null, hasNone?: true): QueryField['of'] => ({
  kind: 'text',
  read: ({ identities }, row) => read(identities[row]!),
  ...(hasNone ? { hasNone } : {}),
});

/** Sum of two figures, one of which may be unknown. */
const either = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);

/** The fields of questions, in the order in which they are offered. */
export const QUERY_FIELDS: readonly QueryField[] = [
  { name: 'cpu', aliases: ['cpu%'], help: 'per cent of one core', of: figure('percent', 'cpu', 100) },
  { name: 'mem', aliases: ['rss', 'memory', 'res'], help: 'bytes in memory', of: figure('bytes', 'rss') },
  { name: 'virt', aliases: ['virtual', 'vsz'], help: 'bytes of address space', of: figure('bytes', 'virtual') },
  { name: 'user', aliases: ['uid'], help: 'name or number of its user', of: userField() },
  { name: 'name', aliases: ['comm'], help: 'its short name', of: text(({ name }) => name) },
  { name: 'cmd', aliases: ['command', 'args'], help: 'its command line', of: text(({ command }) => command) },
  { name: 'pid', aliases: [], help: 'its number', of: whole(({ pid }) => pid) },
  { name: 'ppid', aliases: ['parent'], help: 'the number of its parent', of: whole(({ ppid }) => ppid) },
  { name: 'state', aliases: ['s'], help: 'letter or word: R, running, D, zombie', of: stateField() },
  { name: 'threads', aliases: ['thr'], help: 'how many threads it has', of: figure('whole', 'threads') },
  { name: 'nice', aliases: ['ni'], help: '-20 to 19', of: figure('whole', 'nice') },
  { name: 'read', aliases: [], help: 'bytes a second from storage', of: figure('rate', 'readRate') },
  { name: 'write', aliases: [], help: 'bytes a second to storage', of: figure('rate', 'writeRate') },
  {
    name: 'io',
    aliases: [],
    help: 'bytes a second from and to storage',
    of: {
      kind: 'number',
      unit: 'rate',
      read:
        ({ figures: { readRate, writeRate } }) =>
        (row) =>
          either(readRate[row]!, writeRate[row]!),
    },
  },
  { name: 'time', aliases: ['cputime'], help: 'CPU time since it started', of: figure('duration', 'cpuTime') },
  {
    name: 'age',
    aliases: [],
    help: 'time since it started',
    of: {
      kind: 'number',
      unit: 'duration',
      read:
        ({ identities }, time) =>
        (row) =>
          time - identities[row]!.startTime,
    },
  },
  { name: 'unit', aliases: ['service'], help: 'its unit: ssh.service, none', of: text(({ unit }) => unit, true) },
  { name: 'container', aliases: [], help: 'id of its container, none', of: text(({ container }) => container, true) },
  { name: 'cgroup', aliases: [], help: 'path of its control group', of: text(({ cgroup }) => cgroup, true) },
  {
    name: 'kernel',
    aliases: [],
    help: 'yes: threads of the kernel',
    of: { kind: 'flag', read: ({ identities }, row) => identities[row]!.kernel },
  },
];

function userField(): QueryField['of'] {
  return {
    kind: 'text',
    read: ({ identities }, row) => identities[row]!.user,
    other: ({ identities }, row) => {
      const { uid } = identities[row]!;
      return uid === null ? null : String(uid);
    },
  };
}

function stateField(): QueryField['of'] {
  return {
    kind: 'text',
    read: ({ state }, row) => String.fromCharCode(state[row]!),
    other: ({ state }, row) => (PROCESS_STATES as Readonly<Record<string, string>>)[String.fromCharCode(state[row]!)] ?? null,
  };
}

const BY_NAME: ReadonlyMap<string, QueryField> = new Map(
  QUERY_FIELDS.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field] as const)),
);

/** The field of a name or another spelling of it; undefined for what is none. */
export function findQueryField(name: string): QueryField | undefined {
  return BY_NAME.get(name.toLowerCase());
}
