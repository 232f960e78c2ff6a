import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { createProcessGrouper } from '../../domain/process-groups.ts';
import type { ProcessGroupOptions } from '../../domain/process-groups.ts';
import { createProcessTable } from '../../domain/process-table.ts';
import type { ProcessTableParts } from '../../domain/process-table.ts';
import type { ProcessIdentity, ProcessTable } from '../../domain/process.ts';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import { readKernelSizes } from '../auxv.ts';
import { openUserNames } from '../user-names.ts';
import { readBootTime, readLimit } from './boot.ts';
import { whyProcessesAreHidden } from './hidden-processes.ts';
import { carryTurned } from './carry.ts';
import type { TurnedColumns } from './carry.ts';
import { createColumns } from './columns.ts';
import { completeName, parseCommand } from './command.ts';
import type { Command } from './command.ts';
import { openOwnerLabels } from './owner-labels.ts';
import { chooseRoute } from './route-choice.ts';
import type { Routes } from './route-choice.ts';
import { shareColumn } from './share.ts';

/** PF_KTHREAD of include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;
/** Command and control group of a process are read again so often, in seconds: both can change without a sign. */
const REFRESH = 120;
const MOST_PASSES = 600;
/** Milliseconds of work after which a pass gives way. */
const SLICE = 0.7;
/** How many processes are looked at between two looks at the clock. */
const STRIDE = 64;

/** What is known of a process beside what everybody sees. */
interface Known {
  readonly identity: ProcessIdentity;
  readonly startTicks: number;
  /** The name as the kernel has it. */
  kernelName: string;
  /** Passes until its name, command and owner are taken as settled: a new process may still exec. */
  young: number;
  /** NaN where the route does not tell. */
  cgroupId: number;
}

/** The processes of a pass, found again in the pass before. */
interface Matched {
  /** Those of this pass. */
  readonly next: Known[];
  /** By row of the pass before: 1 where the process lives on. Null: all do. */
  readonly isFound: Uint8Array | null;
  /** The row in the pass before of each row, -1 for none; null when all stayed in place. */
  readonly moved: Int32Array | null;
}

/** Rows by the CPU time that they had, the greatest first: groups are bounded, and those who did most come in first. */
function byCpu({ length, cpuUser, cpuSystem }: ProcessTableParts): Uint32Array {
  const spent = (row: number): number => cpuUser[row]! + cpuSystem[row]!;
  return Uint32Array.from({ length }, (_, row) => row).sort((a, b) => spent(b) - spent(a));
}

/** Makes tables of what a route reads. */
export interface ProcessTableReader {
  read(gaps: GapSink): Sliced<ProcessTable>;
  close(): void;
}

/** A reader of tables over the best of these routes. */
export function openProcessTable(host: Host, routes: Routes, grouping: ProcessGroupOptions = {}): ProcessTableReader {
  const { userHz } = readKernelSizes(host);
  const boot = readBootTime(host);
  const hidden = whyProcessesAreHidden(host);
  const limits = { maxPids: readLimit(host, '/proc/sys/kernel/pid_max'), maxThreads: readLimit(host, '/proc/sys/kernel/threads-max') };
  const userName = openUserNames(host);
  const ownerOf = openOwnerLabels(host);
  const route = chooseRoute(host, routes);
  const columns = createColumns();
  const grouper = createProcessGrouper(grouping);
  let known: Known[] = [];
  let before: ProcessTable | null = null;
  let io: TurnedColumns | null = null;
  let switches: TurnedColumns | null = null;
  /** The row of the same process at the pass before, -1 for none. */
  let rowOf = new Int32Array(0);
  let round = 0;
  let lastPass = Number.NaN;
  /** Whether the last reading came to its end. */
  let isComplete = false;

  const greet = (row: number): Known => {
    const startTicks = columns.startTicks[row]!;
    const startedAfterBoot = startTicks / userHz;
    const identity: ProcessIdentity = {
      pid: columns.pid[row]!,
      ppid: columns.ppid[row]!,
      startedAfterBoot,
      startTime: boot + startedAfterBoot,
      name: columns.names[row]!,
      command: null,
      uid: null,
      user: null,
      gid: null,
      kernel: (columns.flags[row]! & KERNEL_THREAD) !== 0,
      cgroup: null,
      unit: null,
      slice: null,
      container: null,
    };
    return { identity, startTicks, kernelName: '', young: 2, cgroupId: Number.NaN };
  };

  const readCommand = (pid: number): Command | null => {
    try {
      const { buffer, length } = host.read(`/proc/${pid}/cmdline`);
      return parseCommand(buffer, length);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return null;
    }
  };

  const setName = ({ identity, kernelName }: Known): void => {
    // Threads of the kernel have no command, and change their names all the time (kworker).
    const command = identity.kernel ? { line: '', program: null } : readCommand(identity.pid);
    identity.command = command && command.line;
    identity.name = completeName(kernelName, command && command.program);
  };

  /** Everything of one process that is not a number of this pass. True when files were read. */
  const look = (process: Known, row: number, isTurn: boolean): boolean => {
    const { identity } = process;
    const name = columns.names[row]!;
    const isRenamed = process.kernelName !== name;
    const isMoved = process.cgroupId !== columns.cgroupId[row]! && !Number.isNaN(columns.cgroupId[row]!);
    const uid = columns.uid[row]!;
    identity.ppid = columns.ppid[row]!;
    if (!Number.isNaN(uid) && uid !== identity.uid) {
      identity.uid = uid;
      identity.user = userName(uid);
    }
    if (!Number.isNaN(columns.gid[row]!)) identity.gid = columns.gid[row]!;
    const isDue = process.young > 0 || (isTurn && !identity.kernel);
    if (!isRenamed && !isMoved && !isDue) return false;
    process.kernelName = name;
    if (isRenamed || isDue) setName(process);
    if (isMoved || isDue || (isRenamed && !identity.kernel)) {
      Object.assign(identity, ownerOf(identity.pid));
      process.cgroupId = columns.cgroupId[row]!;
    }
    if (process.young > 0) process.young--;
    return true;
  };

  /** Finds each row's process in the rows of the pass before. */
  const match = (): Matched => {
    const { length } = columns;
    if (rowOf.length < length) rowOf = new Int32Array(columns.capacity);
    const { pid, startTicks } = columns;
    const next: Known[] = Array.from({ length });
    const isFound = new Uint8Array(known.length);
    let isInPlace = known.length === length;
    let at = 0;
    const find = (row: number): number => {
      const is = (was: number): boolean =>
        was < known.length && known[was]!.identity.pid === pid[row] && known[was]!.startTicks === startTicks[row];
      if (is(at)) return at;
      while (at < known.length && known[at]!.identity.pid < pid[row]!) at++;
      if (is(at)) return at;
      // A route that lists in another order, or a new process with the id of an old one.
      if (row === 0 || pid[row]! > pid[row - 1]!) return -1;
      return known.findIndex((_, was) => is(was));
    };
    for (let row = 0; row < length; row++) {
      const was = find(row);
      rowOf[row] = was;
      if (was !== row) isInPlace = false;
      if (was >= 0) {
        next[row] = known[was]!;
        isFound[was] = 1;
        at = was + 1;
      } else next[row] = greet(row);
    }
    return { next, isFound, moved: isInPlace ? null : rowOf };
  };

  const publish = ({ next, isFound, moved }: Matched): ProcessTableParts => {
    const { length } = columns;
    if (before && isFound) for (let was = 0; was < known.length; was++) if (isFound[was] === 0) grouper.end(before, was);
    known = next;
    const share = <A extends Float64Array | Int32Array | Uint8Array>(working: A, name: keyof ProcessTable): A =>
      shareColumn(working, length, before?.[name] as A | undefined);
    io = carryTurned([columns.readBytes, columns.writeBytes], columns.time, length, io, moved);
    switches = carryTurned([columns.voluntarySwitches, columns.involuntarySwitches], columns.time, length, switches, moved);
    const parts = {
      length,
      identities: before && !moved ? before.identities : known.map(({ identity }) => identity),
      route: route.name,
      detour: route.detour,
      time: columns.time.slice(0, length),
      state: share(columns.state, 'state'),
      cpuUser: share(columns.cpuUser, 'cpuUser'),
      cpuSystem: share(columns.cpuSystem, 'cpuSystem'),
      cpuExact: share(columns.cpuExact, 'cpuExact'),
      rss: share(columns.rss, 'rss'),
      virtual: share(columns.virtual, 'virtual'),
      threads: share(columns.threads, 'threads'),
      nice: share(columns.nice, 'nice'),
      priority: share(columns.priority, 'priority'),
      minorFaults: share(columns.minorFaults, 'minorFaults'),
      majorFaults: share(columns.majorFaults, 'majorFaults'),
      readBytes: io.values[0]!,
      writeBytes: io.values[1]!,
      ioTime: io.time,
      earlierReadBytes: io.earlierValues[0]!,
      earlierWriteBytes: io.earlierValues[1]!,
      earlierIoTime: io.earlierTime,
      voluntarySwitches: switches.values[0]!,
      involuntarySwitches: switches.values[1]!,
      switchTime: switches.time,
      earlierVoluntarySwitches: switches.earlierValues[0]!,
      earlierInvoluntarySwitches: switches.earlierValues[1]!,
      earlierSwitchTime: switches.earlierTime,
      ...limits,
    };
    return parts;
  };

  /** Does something for each row and gives way in between. `work` says whether it took long: otherwise the clock is asked now and then. */
  function* eachRow(length: number, work: (row: number) => boolean): Sliced<void> {
    let sliceStart = performance.now();
    for (let row = 0; row < length; row++) {
      if ((work(row) || row % STRIDE === 0) && performance.now() - sliceStart > SLICE) {
        yield;
        sliceStart = performance.now();
      }
    }
  }

  /** Rows whose name or owner was read at this pass. */
  const renamed = new Set<number>();

  function* read(gaps: GapSink): Sliced<ProcessTable> {
    const wasComplete = isComplete;
    isComplete = false;
    yield;
    yield* route.pass(columns, gaps);
    if (hidden !== null && route.name === 'proc') gaps.add('processes.others', 'permission', hidden);
    const now = host.clock.monotonic();
    const every = Math.min(MOST_PASSES, Math.max(1, Math.round(REFRESH / (now > lastPass ? now - lastPass : 1))));
    lastPass = now;
    round++;
    renamed.clear();
    // What follows cannot be divided further: it begins with a slice of its own.
    yield;
    // A route that knows which rows did not change saves the look at them. What it tells is since its own pass before.
    const changed = wasComplete ? route.changedRows() : null;
    const matched = changed && columns.length === known.length ? { next: known, isFound: null, moved: null } : match();
    yield* eachRow(matched.next.length, (row) => {
      const process = matched.next[row]!;
      const isTurn = (round + process.identity.pid) % every === 0;
      // It has not run, so its command line is as it was, and the route would tell another cgroup.
      if (changed?.[row] === 0 && process.young === 0 && (!isTurn || !Number.isNaN(columns.cgroupId[row]!))) return false;
      const hasRead = look(process, row, isTurn);
      if (hasRead) renamed.add(row);
      return hasRead;
    });
    yield;
    const parts = publish(matched);
    const order = before ? null : byCpu(parts);
    yield* eachRow(parts.length, (index) => {
      const row = order ? order[index]! : index;
      if (renamed.has(row)) grouper.assign(parts, row);
      return false;
    });
    before = createProcessTable(parts, grouper.snapshot(parts));
    isComplete = true;
    return before;
  }

  return { read, close: () => route.close() };
}
