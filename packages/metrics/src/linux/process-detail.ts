import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ProcessDetail, ProcessPages } from '../domain/process-detail.ts';
import { processState } from '../domain/process.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { readKernelSizes } from './auxv.ts';
import { readBootTime } from './process/boot.ts';
import { completeName, parseArguments } from './process/command.ts';
import { laterNumber, readChildren, readDescriptors, readMemory, readStatLine, readThreads } from './process/detail-parts.ts';
import { openDetailSource } from './process/detail-source.ts';
import * as text from './process/detail-text.ts';
import { openOwnerLabels } from './process/owner-labels.ts';
import type { OwnerLabels } from './process/owner-labels.ts';
import { STAT } from './process/stat.ts';
import { readTerminal } from './process/terminal.ts';
import { openUserNames } from './user-names.ts';
import { isGone } from './process/gone.ts';

/** PF_KTHREAD of include/linux/sched.h. */
const KERNEL_THREAD = 0x0020_0000;
const DELETED = ' (deleted)';

/** What is read of a process beside what is cheap. */
export interface ProcessDetailOptions {
  /** Whether the walk over all its pages is made (`pages`): it holds the process's memory map while it lasts. Default false. */
  readonly pages?: boolean;
  /** The most bytes in memory for which that walk is made. Default 4 GiB: about a tenth of a second. */
  readonly mostPages?: number;
  /** The most open files that are read, and the most threads; of a process with more there is a gap. Default all. */
  readonly mostMembers?: number;
}

/** The stat line of a process; null when there is none, or when it is another one. */
function readIdentity(host: Host, pid: number, startTicks: number | undefined): ReturnType<typeof readStatLine> | null {
  try {
    const line = readStatLine(host, `/proc/${pid}/stat`);
    return startTicks === undefined || line.numbers[STAT.startTicks] === startTicks ? line : null;
  } catch (error) {
    if (isGone(errnoOf(error))) return null;
    throw error;
  }
}

/** Reads {@link readProcessDetail} in slices: a process may have thousands of threads and open files. */
export function* readProcessDetailSliced(
  host: Host,
  pid: number,
  startTicks?: number,
  options: ProcessDetailOptions = {},
): Sliced<ProcessDetail | null> {
  if (!Number.isInteger(pid) || pid <= 0) throw new HecateError('INVALID', `${pid} is no process id.`);
  const stat = readIdentity(host, pid, startTicks);
  if (!stat) return null;
  const { numbers } = stat;
  const sizes = readKernelSizes(host);
  const kernel = (numbers[STAT.flags]! & KERNEL_THREAD) !== 0;
  const zombie = processState(stat.state) === 'Z' || processState(stat.state) === 'X';
  const first = openDetailSource(host, pid, null);
  const status = first.attempt('status', () => text.parseLines(host.readText(`/proc/${pid}/status`)));
  const source = openDetailSource(host, pid, status);
  const seconds = (ticks: number): number => ticks / sizes.userHz;
  const started = numbers[STAT.startTicks]!;
  const later = (field: string, at: number): number | null => {
    const value = laterNumber(stat, at);
    if (value === null) source.sink.add(field, 'unsupported', 'This kernel does not tell it.');
    return value;
  };

  const program = kernel || zombie ? null : source.link('program', 'exe');
  const isDeleted = program?.endsWith(DELETED) ?? false;
  const command = source.attempt('arguments', () => {
    const { buffer, length } = host.read(`/proc/${pid}/cmdline`);
    return parseArguments(buffer, length);
  });
  const users = source.line('users', 'Uid', text.parseIds);
  const policy = later('policy', STAT.policy);
  const schedule = source.text('runTime', 'schedstat', (found) => {
    const times = text.parseNumbers(found);
    return times.length >= 2 ? times : null;
  });
  const blockDelay = later('blockDelay', STAT.blockDelayTicks);
  const memory = readMemory(source, sizes, kernel || zombie);
  const pages = options.pages && !kernel && !zombie ? readPages() : null;
  source.sink.add('ioPriority', 'unsupported', 'No file of the kernel tells it.');
  if (kernel || zombie) {
    const detail = kernel ? 'A thread of the kernel has none.' : 'It has ended, and left none.';
    for (const field of ['program', 'memory', 'environment', 'umask', ...(zombie ? ['workingDirectory', 'root'] : [])]) {
      source.sink.add(field, 'absent', detail);
    }
  }

  function readPages(): ProcessPages | null {
    const most = options.mostPages ?? 4 * 2 ** 30;
    if ((memory.rss ?? 0) <= most) return source.text('pages', 'smaps_rollup', text.parseRollup);
    source.sink.add('pages', 'unsupported', `Walking over more than ${most} bytes would hold the process up.`);
    return null;
  }

  const detail: Omit<ProcessDetail, 'gaps'> = {
    pid,
    ppid: numbers[STAT.ppid]!,
    startTicks: started,
    startedAfterBoot: seconds(started),
    startTime: readBootTime(host) + seconds(started),
    name: completeName(stat.name, command?.[0] ?? null),
    state: processState(stat.state),
    kernel,
    program: isDeleted ? program!.slice(0, -DELETED.length) : program,
    programDeleted: program === null ? null : isDeleted,
    workingDirectory: zombie ? null : source.link('workingDirectory', 'cwd'),
    root: zombie ? null : source.link('root', 'root'),
    arguments: command,
    environment: kernel || zombie ? null : source.text('environment', 'environ', text.parseEnvironment),
    processGroup: numbers[STAT.processGroup]!,
    session: numbers[STAT.session]!,
    terminal: readTerminal(host, numbers[STAT.terminal]!),
    users,
    user: users && openUserNames(host)(users.effective),
    groups: source.line('groups', 'Gid', text.parseIds),
    supplementaryGroups: source.line('supplementaryGroups', 'Groups', (line) => (line === undefined ? null : text.parseNumbers(line))),
    umask: kernel || zombie ? null : source.line('umask', 'Umask', (line) => text.wholeNumber(line, 8)),
    nice: numbers[STAT.nice]!,
    priority: numbers[STAT.priority]!,
    policy: policy === null ? null : text.policyName(policy),
    realtimePriority: later('realtimePriority', STAT.realtimePriority),
    ioPriority: null,
    affinity: source.line('affinity', 'Cpus_allowed_list', text.parseCpuList),
    processor: later('processor', STAT.processor),
    usage: {
      cpuUser: seconds(numbers[STAT.userTicks]!),
      cpuSystem: seconds(numbers[STAT.systemTicks]!),
      minorFaults: numbers[STAT.minorFaults]!,
      majorFaults: numbers[STAT.majorFaults]!,
    },
    childUsage: {
      cpuUser: seconds(numbers[STAT.childUserTicks]!),
      cpuSystem: seconds(numbers[STAT.childSystemTicks]!),
      minorFaults: numbers[STAT.childMinorFaults]!,
      majorFaults: numbers[STAT.childMajorFaults]!,
    },
    runTime: schedule && schedule[0]! / 1e9,
    runDelay: schedule && schedule[1]! / 1e9,
    blockDelay: blockDelay === null ? null : seconds(blockDelay),
    voluntarySwitches: source.line('voluntarySwitches', 'voluntary_ctxt_switches', text.wholeNumber),
    involuntarySwitches: source.line('involuntarySwitches', 'nonvoluntary_ctxt_switches', text.wholeNumber),
    memory,
    pages,
    io: source.text('io', 'io', text.parseWholeIo),
    limits: source.text('limits', 'limits', text.parseLimits),
    descriptors: yield* readDescriptors(host, pid, source, options.mostMembers),
    threads: yield* readThreads(host, pid, sizes, source, options.mostMembers),
    children: yield* readChildren(host, pid, source),
    oomScore: source.text('oomScore', 'oom_score', (found) => text.wholeNumber(found.trim())),
    oomScoreAdjust: source.text('oomScoreAdjust', 'oom_score_adj', (found) => text.wholeNumber(found.trim())),
    seccomp: source.line('seccomp', 'Seccomp', text.wholeNumber),
    noNewPrivileges: source.line('noNewPrivileges', 'NoNewPrivs', (line) => (line === '1' ? true : line === '0' ? false : null)),
    capabilities: source.line('capabilities', 'CapEff', () => status && text.parseCapabilities(status)),
    namespaces: readNamespaces(),
    ...readOwner(),
  };

  function readOwner(): OwnerLabels {
    const labels = openOwnerLabels(host)(pid);
    if (labels.cgroup === null) source.sink.add('cgroup', 'absent', 'Its control group could not be read.');
    return labels;
  }

  function readNamespaces(): Record<string, number> | null {
    const names = source.attempt('namespaces', () => host.list(`/proc/${pid}/ns`));
    if (!names) return null;
    const namespaces: [string, number][] = [];
    for (const name of names) {
      const target = source.link('namespaces', `ns/${name}`);
      const inode = /\[(\d+)\]$/.exec(target ?? '')?.[1];
      if (inode !== undefined) namespaces.push([name, Number(inode)]);
    }
    return namespaces.length === 0 && names.length > 0 ? null : Object.fromEntries(namespaces);
  }

  // What was read of a process that ended meanwhile may be another's.
  return readIdentity(host, pid, started) ? { ...detail, gaps: [...first.gaps, ...source.gaps] } : null;
}

/**
 * Everything of one process: each property is a value, or null with a gap, or null with a reason in its own words.
 * Null when there is no such process, when it is not the one that started at `startTicks` (ticks of USER_HZ after boot; without, any
 * process with that id is meant), or when it ended meanwhile. Throws INVALID for what is no process id.
 */
export function readProcessDetail(host: Host, pid: number, startTicks?: number, options: ProcessDetailOptions = {}): ProcessDetail | null {
  return finish(readProcessDetailSliced(host, pid, startTicks, options));
}
