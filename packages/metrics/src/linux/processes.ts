import { errnoOf, HecateError } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';
import { createProcessTable, processGroups } from '../domain/process.ts';
import type { ProcessIdentity, ProcessTable } from '../domain/process.ts';
import type { Collector, Reader, Sliced } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { readKernelSizes } from './auxv.ts';
import { completeName, createStatLine, nameHash, parseCommand, parseProcessIo, parseProcessStat, parseStatusUid } from './process-stat.ts';
import type { Command } from './process-stat.ts';
import { openUserNames } from './user-names.ts';

/** Descriptors kept on stat files. Each holds a 4 kB buffer in the kernel; past this many, files are opened each time. */
const MOST_KEPT = 1024;
/** The storage counters of a process, the dearest file, are read every so many reads. */
const IO_EVERY = 5;
/** Give way after so many processes: about a millisecond. */
const SLICE = 32;

/** What is remembered of a process between two reads. */
interface Known {
  identity: ProcessIdentity;
  readonly startTicks: number;
  readonly stat: KeptFile;
  nameHash: number;
  /** Reads left until its name, command and user are taken as settled: a new process may still exec. */
  young: number;
  /** Whether this user may read its I/O. */
  ioAllowed: boolean;
  readBytes: number;
  writeBytes: number;
  ioTime: number;
  earlierReadBytes: number;
  earlierWriteBytes: number;
  earlierIoTime: number;
  seen: number;
}

/** Whether an error says that the process is gone; it can be at any file. */
const gone = (error: unknown): boolean => {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ESRCH';
};

/** When the machine booted, seconds since the epoch. Taken once, so that start times do not jitter. */
function bootTime(host: Host): number {
  if (host.kind === 'real') {
    const uptime = Number.parseFloat(host.readText('/proc/uptime'));
    if (Number.isFinite(uptime)) return host.clock.now() - uptime;
  }
  const line = /^btime (\d+)/m.exec(host.readText('/proc/stat'));
  if (!line) throw new HecateError('FAILED', '/proc/stat does not say when the machine booted.');
  return Number(line[1]);
}

function limit(host: Host, path: string): number | null {
  try {
    const value = Number.parseInt(host.readText(path), 10);
    return Number.isNaN(value) ? null : value;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

function openReader(host: Host): Reader<ProcessTable> {
  const sizes = readKernelSizes(host);
  const boot = bootTime(host);
  const limits = { maxPids: limit(host, '/proc/sys/kernel/pid_max'), maxThreads: limit(host, '/proc/sys/kernel/threads-max') };
  const userName = openUserNames(host);
  const known = new Map<number, Known>();
  const cursor = new ByteCursor();
  const line = createStatLine();
  let round = 0;
  let kept = 0;

  const forget = (pid: number, process: Known): void => {
    process.stat.close();
    known.delete(pid);
  };

  /** Reads and decodes the stat file into `line`; the cursor keeps its bytes. False when the process is gone. */
  const readStat = (file: KeptFile): boolean => {
    try {
      parseProcessStat(cursor.reset(file.readOnce()), line);
      return true;
    } catch (error) {
      if (gone(error)) return false;
      throw error;
    }
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

  const readUid = (pid: number): number | null => {
    try {
      return parseStatusUid(host.readText(`/proc/${pid}/status`));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return null;
    }
  };

  /** Name, command and user: read at birth and after an exec. The bytes of the stat line are gone afterwards. */
  const describe = (process: Known): void => {
    const { identity } = process;
    const name = cursor.text(line.nameStart, line.nameEnd);
    const command = readCommand(identity.pid);
    identity.command = command && command.line;
    identity.name = completeName(name, command && command.program);
    identity.uid = readUid(identity.pid);
    identity.user = identity.uid === null ? null : userName(identity.uid);
  };

  const greet = (pid: number, stat: KeptFile): Known => {
    const startedAfterBoot = line.startTicks / sizes.userHz;
    return {
      identity: {
        pid,
        ppid: line.ppid,
        startedAfterBoot,
        startTime: boot + startedAfterBoot,
        name: '',
        command: null,
        uid: null,
        user: null,
        kernel: line.kernel,
      },
      startTicks: line.startTicks,
      stat,
      nameHash: Number.NaN,
      young: 2,
      ioAllowed: true,
      readBytes: Number.NaN,
      writeBytes: Number.NaN,
      ioTime: Number.NaN,
      earlierReadBytes: Number.NaN,
      earlierWriteBytes: Number.NaN,
      earlierIoTime: Number.NaN,
      seen: round,
    };
  };

  const readIo = (pid: number, process: Known): void => {
    try {
      const io = parseProcessIo(cursor.reset(host.read(`/proc/${pid}/io`)));
      process.earlierReadBytes = process.readBytes;
      process.earlierWriteBytes = process.writeBytes;
      process.earlierIoTime = process.ioTime;
      process.readBytes = io.readBytes ?? Number.NaN;
      process.writeBytes = io.writeBytes ?? Number.NaN;
      process.ioTime = host.clock.monotonic();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      if (!gone(error)) process.ioAllowed = false;
    }
  };

  const fill = (table: ProcessTable & { identities: ProcessIdentity[] }, row: number, process: Known): void => {
    table.identities[row] = process.identity;
    table.state[row] = line.state;
    table.cpuUser[row] = line.userTicks / sizes.userHz;
    table.cpuSystem[row] = line.systemTicks / sizes.userHz;
    table.rss[row] = line.rssPages * sizes.pageSize;
    table.virtual[row] = line.virtual;
    table.threads[row] = line.threads;
    table.nice[row] = line.nice;
  };

  const fillIo = (table: ProcessTable, row: number, process: Known): void => {
    table.readBytes[row] = process.readBytes;
    table.writeBytes[row] = process.writeBytes;
    table.ioTime[row] = process.ioTime;
    table.earlierReadBytes[row] = process.earlierReadBytes;
    table.earlierWriteBytes[row] = process.earlierWriteBytes;
    table.earlierIoTime[row] = process.earlierIoTime;
  };

  /** One process: into the table at `row` unless it is gone. */
  const readProcess = (pid: number, table: ProcessTable & { identities: ProcessIdentity[] }, row: number): boolean => {
    let process = known.get(pid);
    const stat = process?.stat ?? host.keep(`/proc/${pid}/stat`);
    if (!readStat(stat)) {
      if (process) forget(pid, process);
      // The number may already belong to a new process.
      return process !== undefined && readProcess(pid, table, row);
    }
    if (!process || process.startTicks !== line.startTicks) {
      process = greet(pid, stat);
      known.set(pid, process);
    }
    process.seen = round;
    process.identity.ppid = line.ppid;
    fill(table, row, process);
    if (kept >= MOST_KEPT) stat.close();
    else kept++;
    const hash = nameHash(cursor.bytes, line);
    if (process.young > 0 || hash !== process.nameHash) {
      process.nameHash = hash;
      process.young = Math.max(0, process.young - 1);
      describe(process);
    }
    // Twice at the beginning of a life, so that there is a rate; then in turns.
    if (process.ioAllowed && (Number.isNaN(process.earlierIoTime) || (round + pid) % IO_EVERY === 0)) readIo(pid, process);
    fillIo(table, row, process);
    return true;
  };

  function* read(gaps: GapSink): Sliced<ProcessTable> {
    round++;
    kept = 0;
    const pids: number[] = [];
    for (const name of host.list('/proc')) {
      const first = name.charCodeAt(0);
      if (first >= 48 && first <= 57) pids.push(Number(name));
    }
    const table = createProcessTable(pids.length, limits);
    let row = 0;
    let refused = 0;
    for (const [index, pid] of pids.entries()) {
      try {
        if (readProcess(pid, table, row)) {
          if (!known.get(pid)!.ioAllowed) refused++;
          row++;
        }
      } catch (error) {
        gaps.addError(`processes.${pid}`, error);
      }
      if (index % SLICE === SLICE - 1) yield;
    }
    table.length = row;
    for (const [pid, process] of known) if (process.seen !== round) forget(pid, process);
    if (refused > 0) {
      gaps.add('processes.readBytes', 'permission', `This user may not read the I/O of ${refused} of ${row} processes.`);
    }
    return table;
  }

  return {
    read,
    close: () => {
      for (const [pid, process] of known) forget(pid, process);
    },
  };
}

/** The process table: every process, zombies and kernel threads too. */
export const processes: Collector<'processes', ProcessTable> = {
  name: 'processes',
  lane: 'fast',
  sources: ['/proc/PID/stat', '/proc/PID/io', '/proc/PID/cmdline', '/proc/PID/status', '/etc/passwd'],
  remedy: 'Run as root to read the I/O of all processes; a /proc mounted with hidepid shows only your own.',
  groups: processGroups,
  open: openReader,
};
