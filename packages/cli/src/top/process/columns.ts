import { processState } from '@hecate/metrics';
import type { SceneProcesses } from '../scene.ts';
import type { SortColumn } from '../state.ts';
import type { RampName } from '../view.ts';
import { briefText, cpuText, powerText, startText, timeText, wholeText } from './cell-text.ts';
import type { ProcessRows } from './process-rows.ts';

/** What a cell is made of. */
export interface CellContext {
  readonly processes: SceneProcesses;
  readonly rows: ProcessRows;
  /** Seconds since the epoch. */
  readonly time: number;
  /** What CPU shares are divided by: the cores of the machine, or 1. */
  readonly cores: number;
  /** Bytes of memory of the machine; null when it is not known. */
  readonly memory: number | null;
}

/** How loud a cell is. */
export type CellTone = 'plain' | 'dim' | 'good' | 'fair' | 'warn' | 'bad';

/** A column of the process list. */
export interface ListColumn {
  readonly sort: SortColumn;
  readonly head: string;
  /** What it is, for people who choose what to sort by. */
  readonly help: string;
  /** Columns of the screen. */
  readonly width: number;
  readonly align: 'start' | 'end';
  /** Width of the list from which it is there; null: only while the list is sorted by it. */
  readonly from: number | null;
  /** The text of the process at an index of the list. */
  text(index: number, context: CellContext): string;
  /** Where it stands on a scale of colours, 0 to 1; absent: it has no scale. */
  readonly share?: { readonly ramp: RampName; of(index: number, context: CellContext): number };
  readonly tone?: (index: number, context: CellContext) => CellTone;
}

const identityOf = (index: number, { processes, rows }: CellContext): SceneProcesses['identities'][number] =>
  processes.identities[rows.order[index]!]!;

const share = (value: number, whole: number): number => (value > 0 ? Math.min(1, value / whole) : 0);
/** Rates reach over many powers of ten: a hundred megabytes a second are much. */
const rateShare = (rate: number): number => (rate > 1 ? Math.min(1, Math.log10(rate) / 8) : 0);

const number = (
  sort: SortColumn & keyof SceneProcesses['figures'],
  column: Omit<ListColumn, 'sort' | 'align' | 'text'>,
  text: (value: number) => string,
): ListColumn => ({ sort, align: 'end', text: (index, { rows }) => text(rows.figure(index, sort)), tone: quietZero(sort), ...column });

/** Nothing, and what is not known, is told quietly. */
const quietZero =
  (name: keyof SceneProcesses['figures']) =>
  (index: number, { rows }: CellContext): CellTone => {
    const value = rows.figure(index, name);
    return value === 0 || Number.isNaN(value) ? 'dim' : 'plain';
  };

const rate = (sort: 'readRate' | 'writeRate', head: string, help: string): ListColumn => ({
  ...number(sort, { head, help, width: 8, from: 116 }, (value) => briefText(value, 'bytes/second')),
  share: { ramp: 'disk', of: (index, { rows }) => rateShare(rows.figure(index, sort)) },
});

const STATE_TONES: Readonly<Record<string, CellTone>> = { R: 'good', D: 'warn', Z: 'bad', T: 'fair', t: 'fair', X: 'bad' };
const stateLetter = (index: number, { processes, rows }: CellContext): string => processState(processes.state[rows.order[index]!]!);

/** All columns but the last one, which takes what is left: command. In their order on the screen. */
export const LIST_COLUMNS: readonly ListColumn[] = [
  {
    sort: 'pid',
    head: 'PID',
    help: 'number',
    width: 7,
    align: 'end',
    from: 0,
    text: (index, context) => wholeText(identityOf(index, context).pid),
  },
  {
    sort: 'ppid',
    head: 'PPID',
    help: 'number of the parent',
    width: 7,
    align: 'end',
    from: 210,
    text: (index, context) => wholeText(identityOf(index, context).ppid),
    tone: () => 'dim',
  },
  {
    sort: 'user',
    head: 'USER',
    help: 'user',
    width: 9,
    align: 'start',
    from: 48,
    text: (index, context) => identityOf(index, context).user ?? '-',
  },
  {
    sort: 'state',
    head: 'S',
    help: 'state',
    width: 2,
    align: 'start',
    from: 60,
    text: stateLetter,
    tone: (index, context) => STATE_TONES[stateLetter(index, context)] ?? 'dim',
  },
  {
    ...number('cpu', { head: 'CPU%', help: 'CPU', width: 6, from: 0 }, cpuText),
    text: (index, { rows, cores }) => cpuText(rows.figure(index, 'cpu') / cores),
    share: { ramp: 'cpu', of: (index, { rows, cores }) => share(rows.figure(index, 'cpu'), cores) },
    tone: (index, { rows, cores }) => (rows.figure(index, 'cpu') / cores >= 0.0005 ? 'plain' : 'dim'),
  },
  {
    ...number('rss', { head: 'MEM', help: 'memory', width: 6, from: 30 }, (value) => briefText(value, 'bytes')),
    share: { ramp: 'memory', of: (index, { rows, memory }) => (memory === null ? 0 : share(rows.figure(index, 'rss'), memory)) },
  },
  number('virtual', { head: 'VIRT', help: 'address space', width: 6, from: 150 }, (value) => briefText(value, 'bytes')),
  rate('readRate', 'READ/s', 'read from storage a second'),
  rate('writeRate', 'WRITE/s', 'written to storage a second'),
  number('threads', { head: 'THR', help: 'threads', width: 5, from: 92 }, wholeText),
  number('nice', { head: 'NI', help: 'niceness', width: 4, from: 132 }, wholeText),
  number('priority', { head: 'PRI', help: 'priority of the kernel', width: 5, from: null }, wholeText),
  number('readBytes', { head: 'READ', help: 'read from storage in all', width: 6, from: null }, (value) => briefText(value, 'bytes')),
  number('writeBytes', { head: 'WRITE', help: 'written to storage in all', width: 6, from: null }, (value) => briefText(value, 'bytes')),
  number('majorFaults', { head: 'FAULT/s', help: 'page faults that needed storage, a second', width: 8, from: null }, (value) =>
    briefText(value, 'count'),
  ),
  number('switches', { head: 'SWITCH/s', help: 'context switches a second', width: 9, from: null }, (value) => briefText(value, 'count')),
  number('power', { head: 'WATTS', help: 'watts of the CPUs', width: 6, from: null }, powerText),
  number('cpuTime', { head: 'TIME', help: 'CPU time', width: 8, from: 76 }, timeText),
  {
    sort: 'started',
    head: 'STARTED',
    help: 'start',
    width: 8,
    align: 'end',
    from: 164,
    text: (index, context) => startText(identityOf(index, context).startTime, context.time),
    tone: () => 'dim',
  },
  {
    sort: 'cgroup',
    head: 'UNIT',
    help: 'unit, container or control group',
    width: 22,
    align: 'start',
    from: 176,
    text: (index, context) => ownerText(identityOf(index, context)),
    tone: () => 'dim',
  },
];

/** Whom a process belongs to: its container, its unit, else its control group; a dash for none. */
export function ownerText({ container, unit, cgroup }: SceneProcesses['identities'][number]): string {
  return container?.slice(0, 12) ?? unit ?? (cgroup === null || cgroup === '/' ? '-' : cgroup);
}

/** Everything that can be sorted by, in the order of the dialog and of the keys that go from one to the next. */
export const SORT_COLUMNS: readonly SortColumn[] = [
  'cpu',
  'rss',
  'readRate',
  'writeRate',
  'cpuTime',
  'started',
  'pid',
  'user',
  'name',
  'command',
  'state',
  'threads',
  'nice',
  'virtual',
  'cgroup',
  'ppid',
  'priority',
  'readBytes',
  'writeBytes',
  'majorFaults',
  'switches',
  'power',
];

/** What a column is called where there is room for words. */
export function sortHelp(column: SortColumn): string {
  if (column === 'name') return 'short name';
  if (column === 'command') return 'command line';
  return LIST_COLUMNS.find(({ sort }) => sort === column)?.help ?? column;
}

/** Columns of the screen without which a list says nothing: number, CPU, and some of the command. */
const LEAST = 32;

const chosen = new Map<string, readonly ListColumn[]>();

/** The columns of a list of a width; the one that it is sorted by is always there, but where there is no room for anything. */
export function columnsFor(width: number, sort: SortColumn): readonly ListColumn[] {
  const key = `${Math.min(width, 400)} ${sort}`;
  let columns = chosen.get(key);
  if (columns === undefined) {
    columns = LIST_COLUMNS.filter(
      ({ from, sort: own, width: needed }) => (from !== null && width >= from) || (own === sort && width >= LEAST + needed),
    );
    chosen.set(key, columns);
  }
  return columns;
}
