import { knownFigure } from './process.ts';
import type { ProcessColumn, ProcessIdentity, ProcessTable } from './process.ts';

/** What processes are grouped by: the first rule that fits a process names its group. */
export interface ProcessGroupRule {
  /** The property of a process that is looked at; a process in which it is null does not fit. */
  readonly property: 'name' | 'command' | 'user' | 'unit' | 'slice' | 'container';
  /** What it must match; everything fits without. */
  readonly pattern?: RegExp;
  /** The name of the group; the property itself without. */
  readonly label?: string;
}

/** How processes are grouped. */
export interface ProcessGroupOptions {
  /** Default: by name. Threads of the kernel are one group, `kernel`. */
  readonly rules?: readonly ProcessGroupRule[];
  /** The most groups, beside `other`, which takes the rest. Default 40. */
  readonly most?: number;
}

/**
 * A group of processes. Counters hold what ended members had at their last reading, so they never go back.
 * Sums are of what is known; null where no member's could be read.
 */
export interface ProcessGroupReading {
  readonly name: string;
  readonly processes: number;
  readonly threads: number | null;
  /** Members by state. Waiting: for storage, uninterruptibly. */
  readonly running: number;
  readonly sleeping: number;
  readonly waiting: number;
  readonly zombie: number;
  readonly otherStates: number;
  /** When the oldest member started, seconds since the epoch; null without a member. */
  readonly oldestStartTime: number | null;
  readonly rss: number | null;
  readonly virtual: number | null;
  readonly cpuUser: number | null;
  readonly cpuSystem: number | null;
  readonly minorFaults: number | null;
  readonly majorFaults: number | null;
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
}

/** The counters of a group, in the order in which {@link Totals} hold them. */
const COUNTERS = [
  'cpuUser',
  'cpuSystem',
  'minorFaults',
  'majorFaults',
  'readBytes',
  'writeBytes',
  'voluntarySwitches',
  'involuntarySwitches',
] as const;
/** Sums of counters; NaN where nothing was known. */
type Totals = Float64Array;
/** The columns that groups are made of. */
export type GroupedColumns = Pick<
  ProcessTable,
  (typeof COUNTERS)[number] | 'length' | 'identities' | 'state' | 'threads' | 'rss' | 'virtual'
>;

const OTHER = 'other';
const KERNEL = 'kernel';

/** Keeps the groups of one reader's processes. */
export interface ProcessGrouper {
  /** Puts a process into its group: when it is new, and when its name changed (it takes along nothing that it did before). */
  assign(columns: GroupedColumns, row: number): void;
  /** Leaves the counters of a process that ended to its group. */
  end(columns: GroupedColumns, row: number): void;
  /** The groups of a table, to be made when somebody asks. */
  snapshot(columns: GroupedColumns): () => readonly ProcessGroupReading[];
}

interface Member {
  readonly group: string;
  /** What it had done before it came to this group; null: nothing. */
  readonly base: Totals | null;
}

const columnsOf = (columns: GroupedColumns): readonly ProcessColumn[] => COUNTERS.map((name) => columns[name]);

/** Adds counters of a row to sums: the first known value makes a sum known. */
function add(totals: Totals, columns: readonly ProcessColumn[], row: number, base: Totals | null): void {
  for (const [counter, column] of columns.entries()) {
    const value = column[row]!;
    if (Number.isNaN(value)) continue;
    const before = base?.[counter] ?? 0;
    totals[counter] = (Number.isNaN(totals[counter]!) ? 0 : totals[counter]!) + value - (Number.isNaN(before) ? 0 : before);
  }
}

/** A sum and one figure more: the first known one makes it known. */
function plus(sum: number, figure: number): number {
  if (Number.isNaN(figure)) return sum;
  return Number.isNaN(sum) ? figure : sum + figure;
}

/** The name of the group that a process belongs to, as the rules have it. */
export function groupNameOf(identity: ProcessIdentity, rules: readonly ProcessGroupRule[]): string {
  if (identity.kernel) return KERNEL;
  for (const { property, pattern, label } of rules) {
    const value = identity[property];
    if (value === null || value === '' || (pattern && !pattern.test(value))) continue;
    return label ?? value;
  }
  return OTHER;
}

/** A grouper that knows no process yet. */
export function createProcessGrouper({ rules = [{ property: 'name' }], most = 40 }: ProcessGroupOptions = {}): ProcessGrouper {
  const members = new WeakMap<ProcessIdentity, Member>();
  const names = new Set<string>();
  /** What ended members left. A map is never changed once a table knows it. */
  let ended = new Map<string, Totals>();
  let isShared = false;

  const leave = (group: string, columns: GroupedColumns, row: number, base: Totals | null): void => {
    if (isShared) ended = new Map(ended);
    isShared = false;
    const totals = ended.get(group)?.slice() ?? new Float64Array(COUNTERS.length).fill(Number.NaN);
    add(totals, columnsOf(columns), row, base);
    ended.set(group, totals);
  };

  /** First come, first served: the number of groups is bounded, whatever processes call themselves. */
  const admit = (name: string): string => {
    if (names.has(name)) return name;
    if (name === OTHER || names.size >= most) return OTHER;
    names.add(name);
    return name;
  };

  return {
    assign(columns, row) {
      const identity = columns.identities[row]!;
      const group = admit(groupNameOf(identity, rules));
      const member = members.get(identity);
      if (member?.group === group) return;
      let base: Totals | null = null;
      if (member) {
        leave(member.group, columns, row, member.base);
        base = Float64Array.from(columnsOf(columns), (column) => column[row]!);
      }
      members.set(identity, { group, base });
    },
    end(columns, row) {
      const member = members.get(columns.identities[row]!);
      if (member) leave(member.group, columns, row, member.base);
    },
    snapshot(columns) {
      isShared = true;
      const left = ended;
      let made: readonly ProcessGroupReading[] | undefined;
      return () => (made ??= sumGroups(columns, left, (identity) => members.get(identity)));
    },
  };
}

/** What is summed while the rows are walked over. */
interface Sum {
  readonly totals: Totals;
  readonly states: Record<'running' | 'sleeping' | 'waiting' | 'zombie' | 'otherStates', number>;
  processes: number;
  threads: number;
  oldest: number;
  rss: number;
  virtual: number;
}

/** States by letter, as process-exporter groups them. */
const STATES: Readonly<Record<string, keyof Sum['states']>> = {
  R: 'running',
  S: 'sleeping',
  I: 'sleeping',
  D: 'waiting',
  Z: 'zombie',
};

function sumGroups(
  table: GroupedColumns,
  ended: ReadonlyMap<string, Totals>,
  memberOf: (identity: ProcessIdentity) => Member | undefined,
): ProcessGroupReading[] {
  const sums = new Map<string, Sum>();
  const sumOf = (name: string): Sum => {
    let sum = sums.get(name);
    if (!sum) {
      const totals = ended.get(name)?.slice() ?? new Float64Array(COUNTERS.length).fill(Number.NaN);
      const states = { running: 0, sleeping: 0, waiting: 0, zombie: 0, otherStates: 0 };
      sum = { totals, states, processes: 0, threads: Number.NaN, oldest: Number.POSITIVE_INFINITY, rss: Number.NaN, virtual: Number.NaN };
      sums.set(name, sum);
    }
    return sum;
  };
  for (const name of ended.keys()) sumOf(name);
  const counters = columnsOf(table);
  for (let row = 0; row < table.length; row++) {
    const identity = table.identities[row]!;
    const member = memberOf(identity);
    const sum = sumOf(member?.group ?? OTHER);
    add(sum.totals, counters, row, member?.base ?? null);
    sum.states[STATES[String.fromCharCode(table.state[row]!)] ?? 'otherStates']++;
    sum.processes++;
    sum.threads = plus(sum.threads, table.threads[row]!);
    sum.rss = plus(sum.rss, table.rss[row]!);
    sum.virtual = plus(sum.virtual, table.virtual[row]!);
    sum.oldest = Math.min(sum.oldest, identity.startTime);
  }
  return [...sums].map(([name, sum]) => readingOf(name, sum));
}

function readingOf(name: string, { totals, states, processes, threads, oldest, rss, virtual }: Sum): ProcessGroupReading {
  const known = (counter: (typeof COUNTERS)[number]): number | null => knownFigure(totals[COUNTERS.indexOf(counter)]!);
  /** What the members have now: nothing where there is none, unknown where none of them tells. */
  const ofMembers = (sum: number): number | null => (processes === 0 ? 0 : knownFigure(sum));
  return {
    name,
    processes,
    threads: ofMembers(threads),
    ...states,
    oldestStartTime: Number.isFinite(oldest) ? oldest : null,
    rss: ofMembers(rss),
    virtual: ofMembers(virtual),
    cpuUser: known('cpuUser'),
    cpuSystem: known('cpuSystem'),
    minorFaults: known('minorFaults'),
    majorFaults: known('majorFaults'),
    readBytes: known('readBytes'),
    writeBytes: known('writeBytes'),
    voluntarySwitches: known('voluntarySwitches'),
    involuntarySwitches: known('involuntarySwitches'),
  };
}
