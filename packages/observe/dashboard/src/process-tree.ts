import type { ProcessRow } from './api.ts';

/** A column that the table can be sorted by. */
export type ProcessSort = 'pid' | 'name' | 'user' | 'state' | 'cpu' | 'rss' | 'threads' | 'nice' | 'read' | 'write' | 'time' | 'start';

/** What the table shows, and in which order. */
export interface ProcessView {
  readonly sort: ProcessSort;
  readonly descending: boolean;
  /** Text that name, command, user or pid must hold; empty for all. Words are all needed. */
  readonly filter: string;
  readonly tree: boolean;
  /** Keys of the processes whose children are hidden. */
  readonly collapsed: ReadonlySet<string>;
  /** State letters to show; empty for all. */
  readonly states: ReadonlySet<string>;
}

/** One line of the table. */
export interface ProcessLine {
  readonly process: ProcessRow;
  /** Levels below a root; 0 in a flat table. */
  readonly depth: number;
  readonly children: number;
  readonly collapsed: boolean;
  /** Whether it passes the filter itself; in a tree, parents of such processes are shown too. */
  readonly matches: boolean;
}

/** What names a process for ever: its pid and start time. */
export function processKey(process: ProcessRow): string {
  return `${process.pid}:${process.startedAfterBoot}`;
}

/** Seconds of CPU since it started; null when it may not be read. */
export function cpuTime({ cpuUser, cpuSystem }: ProcessRow): number | null {
  return cpuUser === null || cpuSystem === null ? null : cpuUser + cpuSystem;
}

const VALUES: Readonly<Record<ProcessSort, (process: ProcessRow) => number | string | null>> = {
  pid: (process) => process.pid,
  name: (process) => process.name.toLowerCase(),
  user: (process) => process.user,
  state: (process) => process.state,
  cpu: (process) => process.cpu,
  rss: (process) => process.rss,
  threads: (process) => process.threads,
  nice: (process) => process.nice,
  read: (process) => process.readBytesPerSecond,
  write: (process) => process.writeBytesPerSecond,
  time: cpuTime,
  start: (process) => process.startedAfterBoot,
};

/** Whether a column first sorts with its largest value on top. */
export function sortsDescending(sort: ProcessSort): boolean {
  return sort !== 'pid' && sort !== 'name' && sort !== 'user' && sort !== 'state' && sort !== 'nice';
}

/** Compares two processes; what is unknown comes last in both directions, equal ones stay in order of pid. */
export function compareProcesses(sort: ProcessSort, descending: boolean): (a: ProcessRow, b: ProcessRow) => number {
  const valueOf = VALUES[sort];
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const first = valueOf(a);
    const second = valueOf(b);
    if (first === null || second === null) return first === second ? a.pid - b.pid : first === null ? 1 : -1;
    if (first === second) return a.pid - b.pid;
    return first < second ? -sign : sign;
  };
}

/** A test of the filter's words and states. */
export function processMatcher(filter: string, states: ReadonlySet<string>): (process: ProcessRow) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (process) => {
    if (states.size > 0 && !states.has(process.state)) return false;
    if (words.length === 0) return true;
    const text = `${process.pid} ${process.name} ${process.user ?? ''} ${process.command ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** Compares by the places that processes have in `held`; those that have none come last, by `compare`. */
function compareHeld(
  processes: readonly ProcessRow[],
  held: readonly ProcessLine[],
  compare: (a: ProcessRow, b: ProcessRow) => number,
): (a: ProcessRow, b: ProcessRow) => number {
  const keys = new Map(held.map(({ process }, place) => [processKey(process), place]));
  const places = new Map(processes.map((process) => [process, keys.get(processKey(process)) ?? held.length]));
  return (a, b) => places.get(a)! - places.get(b)! || compare(a, b);
}

/** The lines to show, in order: that of the view, or that of the lines which are `held`. */
export function arrangeProcesses(processes: readonly ProcessRow[], view: ProcessView, held?: readonly ProcessLine[]): ProcessLine[] {
  const matches = processMatcher(view.filter, view.states);
  const sorted = compareProcesses(view.sort, view.descending);
  const compare = held ? compareHeld(processes, held, sorted) : sorted;
  if (!view.tree) {
    return processes
      .filter(matches)
      .sort(compare)
      .map((process) => ({ process, depth: 0, children: 0, collapsed: false, matches: true }));
  }
  return arrangeTree(processes, view.collapsed, matches, compare);
}

/** A parent that is gone, or a circle of parents (pids can be reused between two reads), makes a root. */
function arrangeTree(
  processes: readonly ProcessRow[],
  collapsed: ReadonlySet<string>,
  matches: (process: ProcessRow) => boolean,
  compare: (a: ProcessRow, b: ProcessRow) => number,
): ProcessLine[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const parents = parentsOf(processes, byPid);
  const shown = new Map<ProcessRow, boolean>();
  for (const process of processes) {
    if (!matches(process)) continue;
    shown.set(process, true);
    for (let above = parents.get(process); above && !shown.has(above); above = parents.get(above)) shown.set(above, false);
  }
  const children = new Map<ProcessRow | undefined, ProcessRow[]>();
  for (const process of shown.keys()) {
    const siblings = children.get(parents.get(process));
    if (siblings) siblings.push(process);
    else children.set(parents.get(process), [process]);
  }
  for (const siblings of children.values()) siblings.sort(compare);
  const lines: ProcessLine[] = [];
  const waiting: [ProcessRow, number][] = (children.get(undefined) ?? []).map((root): [ProcessRow, number] => [root, 0]).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [process, depth] = next;
    const below = children.get(process) ?? [];
    const matched = shown.get(process) ?? false;
    // A parent that is only here for what it started is always open: else the filter would find what nobody can see.
    const folded = matched && collapsed.has(processKey(process));
    lines.push({ process, depth, children: below.length, collapsed: folded, matches: matched });
    if (!folded) for (let i = below.length - 1; i >= 0; i--) waiting.push([below[i]!, depth + 1]);
  }
  return lines;
}

/** The parent of each process; undefined for a root. Circles are cut where they are met first. */
function parentsOf(processes: readonly ProcessRow[], byPid: ReadonlyMap<number, ProcessRow>): Map<ProcessRow, ProcessRow | undefined> {
  const parents = new Map<ProcessRow, ProcessRow | undefined>();
  const settled = new Set<ProcessRow>();
  for (const process of processes) {
    const path = new Set<ProcessRow>();
    let at: ProcessRow | undefined = process;
    while (at && !settled.has(at)) {
      path.add(at);
      const parent: ProcessRow | undefined = at.ppid === at.pid ? undefined : byPid.get(at.ppid);
      parents.set(at, parent && path.has(parent) ? undefined : parent);
      at = parents.get(at);
    }
    for (const one of path) settled.add(one);
  }
  return parents;
}
