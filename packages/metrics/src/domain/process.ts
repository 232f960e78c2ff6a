import type { ProcessGroupReading } from './process-groups.ts';

/** The letters of /proc/PID/stat, as text. */
export const PROCESS_STATES = {
  R: 'running',
  S: 'sleeping',
  D: 'uninterruptible',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  I: 'idle',
  X: 'dead',
  P: 'parked',
  W: 'waking',
  K: 'wakekill',
} as const;

/** One letter of {@link PROCESS_STATES}, or `?` for one that is not known. */
export type ProcessState = keyof typeof PROCESS_STATES | '?';

/** What stays the same while a process lives. The same object serves all its snapshots. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, seconds since boot, in clock ticks' precision. With `pid` it names the process for ever. */
  readonly startedAfterBoot: number;
  /** When it started, seconds since the epoch. */
  readonly startTime: number;
  /** Its parent at the last look; changes when the parent ends. */
  ppid: number;
  /** The kernel's name, completed from the command line where the kernel cut it at 15 bytes. */
  name: string;
  /** The command line, arguments separated by spaces; empty for kernel threads; null when it may not be read. */
  command: string | null;
  /** Numeric effective user; null when it could not be read. */
  uid: number | null;
  /** The user's name; the number as text when it has no name. */
  user: string | null;
  /** Numeric effective group; null when it could not be read. */
  gid: number | null;
  /** Whether it is a thread of the kernel. */
  readonly kernel: boolean;
  /** The path of its control group that says most about whom it belongs to; null when it could not be read. */
  cgroup: string | null;
  /** The unit of the service manager whose process it is: `ssh.service`; null outside of units. */
  unit: string | null;
  /** The innermost slice of the service manager; null outside of slices. */
  slice: string | null;
  /** Id of the innermost container; null outside of containers. */
  container: string | null;
}

/**
 * One process. Null: this user may not read it (CPU time, memory, threads and faults of others on macOS; Linux tells them of all),
 * or the system has no such figure.
 */
export interface ProcessReading extends Readonly<ProcessIdentity> {
  readonly state: ProcessState;
  /** Seconds of CPU in user mode since it started. */
  readonly cpuUser: number | null;
  readonly cpuSystem: number | null;
  /** Bytes in memory, as the kernel counts them cheaply (off by up to 64 pages a thread). */
  readonly rss: number | null;
  /** Bytes of address space. */
  readonly virtual: number | null;
  readonly threads: number | null;
  /** Niceness, -20 to 19. */
  readonly nice: number;
  /** The kernel's priority: 0 to 39, or -1 - the real-time priority; null where it is not told. */
  readonly priority: number | null;
  /** Page faults since it started: those that needed no storage, and those that did. */
  readonly minorFaults: number | null;
  readonly majorFaults: number | null;
  /** Times that its main thread gave the CPU up, or had it taken; null when it may not be read. Read in turns, some seconds apart. */
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  /** Bytes that it caused to be read from storage; null when it may not be read. Read in turns, some seconds apart. */
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
  /** Bytes that it is held to account for, compressed and swapped ones included: "Memory" of Activity Monitor. macOS only; null when it may not be read. */
  readonly footprint?: number | null;
  /** Joules that the CPUs took for it since it started. macOS only; null when it may not be read, or the processor does not measure it. */
  readonly energy?: number | null;
}

/** One figure of all processes; NaN where it is not known ({@link knownFigure} makes null of it). */
export type ProcessColumn = ArrayLike<number>;

/**
 * All processes, in columns: row `i` of every column is the same process. `row(i)` makes an object of it.
 * A table never changes: it stays valid for as long as it is kept, except for its identities, which always tell the latest.
 * Columns in which nothing changed are shared by the tables of one reader.
 */
export interface ProcessTable {
  readonly length: number;
  readonly identities: readonly ProcessIdentity[];
  /** Which route read it: `proc` over /proc, `bpf` with a task iterator in the kernel, `libproc` over the library of macOS, `ps` its program. */
  readonly route: 'proc' | 'bpf' | 'libproc' | 'ps';
  /** Why a faster route was not taken; null when the fastest was. */
  readonly detour: string | null;
  /** Monotonic time at which each row was read: a pass over many processes takes some milliseconds. */
  readonly time: ProcessColumn;
  /** Character codes of the state letters. */
  readonly state: ProcessColumn;
  readonly cpuUser: ProcessColumn;
  readonly cpuSystem: ProcessColumn;
  /** Seconds of CPU to the nanosecond; NaN where the route does not tell. */
  readonly cpuExact: ProcessColumn;
  /**
   * Where a row's CPU time is read less often than the table (other users' processes on macOS, by ps): CPU seconds of the reading before,
   * and its time. NaN where the table before counts. A row of one such reading has its own time here: there is no rate yet.
   */
  readonly earlierCpu?: ProcessColumn;
  readonly earlierCpuTime?: ProcessColumn;
  readonly rss: ProcessColumn;
  readonly virtual: ProcessColumn;
  readonly threads: ProcessColumn;
  readonly nice: ProcessColumn;
  /** NaN where it is not told. */
  readonly priority: ProcessColumn;
  readonly minorFaults: ProcessColumn;
  readonly majorFaults: ProcessColumn;
  /** NaN where it may not be read. */
  readonly readBytes: ProcessColumn;
  readonly writeBytes: ProcessColumn;
  /** macOS only; NaN where it may not be read. */
  readonly footprint?: ProcessColumn;
  /** macOS only; NaN where it may not be read, and where the processor does not measure it. */
  readonly energy?: ProcessColumn;
  /** Monotonic time at which `readBytes` and `writeBytes` were read; NaN where never. They are read less often than the rest. */
  readonly ioTime: ProcessColumn;
  /** The reading of I/O before that one, and its time: what a rate needs. NaN where there was none. */
  readonly earlierReadBytes: ProcessColumn;
  readonly earlierWriteBytes: ProcessColumn;
  readonly earlierIoTime: ProcessColumn;
  /** The same for context switches. */
  readonly voluntarySwitches: ProcessColumn;
  readonly involuntarySwitches: ProcessColumn;
  readonly switchTime: ProcessColumn;
  readonly earlierVoluntarySwitches: ProcessColumn;
  readonly earlierInvoluntarySwitches: ProcessColumn;
  readonly earlierSwitchTime: ProcessColumn;
  /** Groups of processes with what ended members left, so that counters never go back. */
  readonly groups: readonly ProcessGroupReading[];
  /** Limits of the kernel: process ids and threads; null where unknown. */
  readonly maxPids: number | null;
  readonly maxThreads: number | null;
  row(index: number): ProcessReading;
  /** All rows as objects: what JSON shows. */
  toJSON(): readonly ProcessReading[];
}

/** A figure of a column as rows tell it: null for NaN, which columns hold where nothing is known. */
export function knownFigure(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The state of a character code. */
export function processState(code: number): ProcessState {
  const letter = String.fromCharCode(code);
  return letter in PROCESS_STATES ? (letter as ProcessState) : '?';
}

/**
 * How many processes are in each state, and how many threads there are: null where those of one process are not known (those of
 * other users on macOS, without root).
 */
export function countProcesses(table: ProcessTable): {
  readonly states: Readonly<Record<string, number>>;
  readonly threads: number | null;
} {
  const states: Record<string, number> = {};
  let threads = 0;
  for (let i = 0; i < table.length; i++) {
    const state = processState(table.state[i]!);
    states[state] = (states[state] ?? 0) + 1;
    // A zombie has none left, whether that is told or not.
    threads += state === 'Z' ? table.threads[i]! || 0 : table.threads[i]!;
  }
  return { states, threads: knownFigure(threads) };
}
