import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

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
  /** Numeric user; null when it could not be read. */
  uid: number | null;
  /** The user's name; the number as text when it has no name. */
  user: string | null;
  /** Whether it is a thread of the kernel. */
  readonly kernel: boolean;
}

/** One process. */
export interface ProcessReading extends Readonly<ProcessIdentity> {
  readonly state: ProcessState;
  /** Seconds of CPU in user mode since it started. */
  readonly cpuUser: number;
  readonly cpuSystem: number;
  /** Bytes in memory, as the kernel counts them cheaply (off by up to 64 pages a thread). */
  readonly rss: number;
  /** Bytes of address space. */
  readonly virtual: number;
  readonly threads: number;
  /** Niceness, -20 to 19. */
  readonly nice: number;
  /** Bytes that it caused to be read from storage; null when it may not be read. */
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
}

/** All processes, in columns: row `i` of every column is the same process. `row(i)` makes an object of it. */
export interface ProcessTable {
  readonly length: number;
  readonly identities: readonly ProcessIdentity[];
  /** Character codes of the state letters. */
  readonly state: Uint8Array;
  readonly cpuUser: Float64Array;
  readonly cpuSystem: Float64Array;
  readonly rss: Float64Array;
  readonly virtual: Float64Array;
  readonly threads: Float64Array;
  readonly nice: Float64Array;
  /** NaN where it may not be read. */
  readonly readBytes: Float64Array;
  readonly writeBytes: Float64Array;
  /** Monotonic time at which `readBytes` and `writeBytes` were read; NaN where never. They are read less often than the rest. */
  readonly ioTime: Float64Array;
  /** The reading of I/O before that one, and its time: what a rate needs. NaN where there was none. */
  readonly earlierReadBytes: Float64Array;
  readonly earlierWriteBytes: Float64Array;
  readonly earlierIoTime: Float64Array;
  /** Limits of the kernel: process ids and threads; null where unknown. */
  readonly maxPids: number | null;
  readonly maxThreads: number | null;
  row(index: number): ProcessReading;
}

/** Rates of one process. */
export interface ProcessRates {
  /** CPU as a share of one core: 2 is two cores busy. Null without an earlier reading. */
  readonly cpu: number | null;
  readonly readBytesPerSecond: number | null;
  readonly writeBytesPerSecond: number | null;
}

const column = (length: number): Float64Array => new Float64Array(length);

/** A table for `length` processes; its columns are filled by the reader. */
export function createProcessTable(
  length: number,
  limits: { maxPids: number | null; maxThreads: number | null },
): ProcessTable & { length: number; identities: ProcessIdentity[] } {
  const table = {
    length,
    identities: Array.from<ProcessIdentity>({ length: 0 }),
    state: new Uint8Array(length),
    cpuUser: column(length),
    cpuSystem: column(length),
    rss: column(length),
    virtual: column(length),
    threads: column(length),
    nice: column(length),
    readBytes: column(length),
    writeBytes: column(length),
    ioTime: column(length),
    earlierReadBytes: column(length),
    earlierWriteBytes: column(length),
    earlierIoTime: column(length),
    ...limits,
    row(index: number): ProcessReading {
      const identity = table.identities[index]!;
      return {
        // Named one by one: a spread costs ten times as much where code is not optimised (the daemon).
        pid: identity.pid,
        startedAfterBoot: identity.startedAfterBoot,
        startTime: identity.startTime,
        ppid: identity.ppid,
        name: identity.name,
        command: identity.command,
        uid: identity.uid,
        user: identity.user,
        kernel: identity.kernel,
        state: processState(table.state[index]!),
        cpuUser: table.cpuUser[index]!,
        cpuSystem: table.cpuSystem[index]!,
        rss: table.rss[index]!,
        virtual: table.virtual[index]!,
        threads: table.threads[index]!,
        nice: table.nice[index]!,
        readBytes: known(table.readBytes[index]!),
        writeBytes: known(table.writeBytes[index]!),
      };
    },
  };
  return table;
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The state of a character code. */
export function processState(code: number): ProcessState {
  const letter = String.fromCharCode(code);
  return letter in PROCESS_STATES ? (letter as ProcessState) : '?';
}

/** How many processes are in each state, and how many threads there are. */
export function countProcesses(table: ProcessTable): { readonly states: Readonly<Record<string, number>>; readonly threads: number } {
  const states: Record<string, number> = {};
  let threads = 0;
  for (let i = 0; i < table.length; i++) {
    const state = processState(table.state[i]!);
    states[state] = (states[state] ?? 0) + 1;
    threads += table.threads[i]!;
  }
  return { states, threads };
}

/**
 * Rates of every process of `after`, row by row. A process is the same when pid and start time are.
 * I/O has its own two readings, some ticks apart: its rate is the last known one.
 */
export function processRates(before: ProcessTable, after: ProcessTable, elapsed: number): (index: number) => ProcessRates {
  // Made when the first row is asked for: most ticks nobody looks at processes.
  let rowOf: Map<ProcessIdentity, number> | undefined;
  const rowsBefore = (): Map<ProcessIdentity, number> => {
    const rows = new Map<ProcessIdentity, number>();
    for (let i = 0; i < before.length; i++) rows.set(before.identities[i]!, i);
    return rows;
  };
  return (index) => {
    rowOf ??= rowsBefore();
    const was = rowOf.get(after.identities[index]!);
    if (was === undefined || elapsed <= 0) return { cpu: null, readBytesPerSecond: null, writeBytesPerSecond: null };
    const spent = after.cpuUser[index]! + after.cpuSystem[index]! - before.cpuUser[was]! - before.cpuSystem[was]!;
    const ioElapsed = after.ioTime[index]! - after.earlierIoTime[index]!;
    const io = (now: Float64Array, earlier: Float64Array): number | null => {
      const grown = now[index]! - earlier[index]!;
      return ioElapsed > 0 && grown >= 0 ? grown / ioElapsed : null;
    };
    return {
      cpu: Math.max(0, spent / elapsed),
      readBytesPerSecond: io(after.readBytes, after.earlierReadBytes),
      writeBytesPerSecond: io(after.writeBytes, after.earlierWriteBytes),
    };
  };
}

interface StateCount {
  readonly state: string;
  readonly count: number;
}
interface ProcessTotals {
  readonly pids: number;
  readonly threads: number;
  readonly maxPids: number | null;
  readonly maxThreads: number | null;
}

/** Fields of the `processes` collector. Single processes are no Prometheus series: there would be too many. */
export const processGroups: readonly Group<ProcessTable>[] = [
  group<ProcessTable, StateCount>({
    name: 'processes.states',
    source: '/proc/PID/stat',
    labels: { state: 'state' },
    rows: (table) => Object.entries(countProcesses(table).states).map(([state, count]) => ({ state, count })),
    fields: [
      { key: 'count', kind: 'gauge', unit: 'count', help: 'Processes in each state.', prometheus: { name: 'node_processes_state' } },
    ],
  }),
  group<ProcessTable, ProcessTotals>({
    name: 'processes',
    source: '/proc/PID/stat, /proc/sys/kernel',
    rows: (table) => [{ pids: table.length, threads: countProcesses(table).threads, maxPids: table.maxPids, maxThreads: table.maxThreads }],
    fields: [
      { key: 'pids', kind: 'gauge', unit: 'count', help: 'Processes.', prometheus: { name: 'node_processes_pids' } },
      { key: 'threads', kind: 'gauge', unit: 'count', help: 'Threads of all processes.', prometheus: { name: 'node_processes_threads' } },
      {
        key: 'maxPids',
        kind: 'gauge',
        unit: 'count',
        help: 'The largest process id the kernel gives.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'node_processes_max_processes' },
      },
      {
        key: 'maxThreads',
        kind: 'gauge',
        unit: 'count',
        help: 'The most threads the kernel allows.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'node_processes_max_threads' },
      },
    ],
  }),
  group<ProcessTable, ProcessReading>({
    name: 'processes.list',
    source: '/proc/PID/{stat,io,cmdline,status}',
    rows: (table) => Array.from({ length: table.length }, (_, index) => table.row(index)),
    fields: [
      { key: 'pid', kind: 'gauge', unit: 'none', help: 'Process id; unique together with startedAfterBoot.' },
      { key: 'ppid', kind: 'gauge', unit: 'none', help: 'Process id of the parent.' },
      { key: 'name', kind: 'info', unit: 'none', help: "The kernel's name, completed from the command line where it was cut." },
      { key: 'command', kind: 'info', unit: 'none', help: 'Command line.', nullWhen: 'it may not be read' },
      { key: 'state', kind: 'info', unit: 'none', help: 'State letter as in ps.' },
      { key: 'uid', kind: 'gauge', unit: 'none', help: 'Effective user, as a number.', nullWhen: 'it may not be read' },
      { key: 'user', kind: 'info', unit: 'none', help: 'User name.', nullWhen: 'it may not be read' },
      {
        key: 'cpuUser',
        kind: 'counter',
        unit: 'seconds',
        help: 'CPU time in user mode.',
        otel: { name: 'process.cpu.time', attributes: { 'cpu.mode': 'user' } },
      },
      {
        key: 'cpuSystem',
        kind: 'counter',
        unit: 'seconds',
        help: 'CPU time in the kernel.',
        otel: { name: 'process.cpu.time', attributes: { 'cpu.mode': 'system' } },
      },
      { key: 'rss', kind: 'gauge', unit: 'bytes', help: 'Bytes in memory.', otel: { name: 'process.memory.usage' } },
      { key: 'virtual', kind: 'gauge', unit: 'bytes', help: 'Bytes of address space.', otel: { name: 'process.memory.virtual' } },
      { key: 'threads', kind: 'gauge', unit: 'count', help: 'Threads.', otel: { name: 'process.thread.count' } },
      { key: 'nice', kind: 'gauge', unit: 'none', help: 'Niceness, -20 to 19.' },
      { key: 'startedAfterBoot', kind: 'gauge', unit: 'seconds', help: 'When it started, seconds since boot.' },
      { key: 'kernel', kind: 'info', unit: 'none', help: 'Whether it is a thread of the kernel.' },
      { key: 'startTime', kind: 'gauge', unit: 'seconds', help: 'When it started, seconds since the epoch.' },
      {
        key: 'readBytes',
        kind: 'counter',
        unit: 'bytes',
        help: 'Bytes it caused to be read from storage.',
        nullWhen: 'it belongs to another user',
        otel: { name: 'process.disk.io', attributes: { 'disk.io.direction': 'read' } },
      },
      {
        key: 'writeBytes',
        kind: 'counter',
        unit: 'bytes',
        help: 'Bytes it caused to be written to storage.',
        nullWhen: 'it belongs to another user',
        otel: { name: 'process.disk.io', attributes: { 'disk.io.direction': 'write' } },
      },
    ],
  }),
];
