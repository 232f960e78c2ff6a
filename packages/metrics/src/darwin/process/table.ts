import type { Host } from '@hecate/host';
import { createProcessGrouper } from '../../domain/process-groups.ts';
import { createProcessTable } from '../../domain/process-table.ts';
import type { ProcessIdentity, ProcessTable } from '../../domain/process.ts';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import type { Darwin } from '../binding/darwin.ts';
import { readBootTime } from '../boot-time.ts';
import { APPLE } from '../apple-numbers.ts';
import { sysctlInteger } from '../libsystem/sysctl.ts';
import { ask, lacks } from '../reader.ts';
import { openUserNames } from '../libsystem/user-name.ts';
import { readCommand } from './command.ts';
import { listProcesses } from './process-list.ts';
import type { ListedProcess } from './process-list.ts';
import { readProgramPath, wholeName } from './program-path.ts';
import { readUsage } from './usage.ts';
import type { NoUsage, ProcessUsage } from './usage.ts';

/** Milliseconds of work after which a pass gives way. */
const SLICE = 0.7;
/** Columns that only a process's own user may read. */
const USAGE = ['cpuUser', 'cpuSystem', 'rss', 'virtual', 'threads', 'minorFaults', 'majorFaults', 'priority', 'footprint'] as const;
const TURNED = ['readBytes', 'writeBytes', 'ioTime', 'earlierReadBytes', 'earlierWriteBytes', 'earlierIoTime'] as const;
type Column = (typeof USAGE)[number] | (typeof TURNED)[number] | 'time' | 'state' | 'nice';

/** What is known of a process between two passes. */
interface Known {
  readonly identity: ProcessIdentity;
  /** Its row in the pass before; -1 for a new one. */
  row: number;
  /** The kernel's name, cut. */
  name: string;
}

/** The state letter: zombies and stopped ones say so; whether another one runs its threads tell, if they may be read. */
function stateOf(state: number, usage: ProcessUsage | NoUsage): string {
  if (state === APPLE.SZOMB) return 'Z';
  if (state === APPLE.SSTOP) return 'T';
  if (typeof usage === 'string') return '?';
  return usage.running > 0 ? 'R' : 'S';
}

/** Reads all processes again and again. */
export function openProcessTable(darwin: Darwin, host: Host): (gaps: GapSink) => Sliced<ProcessTable> {
  const userName = openUserNames(darwin, host.clock);
  const grouper = createProcessGrouper();
  const frequency = sysctlInteger(darwin, 'hw.tbfrequency');
  let known = new Map<string, Known>();
  let before: ProcessTable | null = null;

  const greet = (listed: ListedProcess, boot: number | null): ProcessIdentity => ({
    pid: listed.pid,
    startedAfterBoot: boot === null ? Number.NaN : Math.max(0, listed.startTime - boot),
    startTime: listed.startTime,
    ppid: listed.ppid,
    name: listed.name,
    command: null,
    uid: null,
    user: null,
    gid: null,
    kernel: listed.pid === 0,
    ...{ cgroup: null, unit: null, slice: null, container: null },
  });

  /** Takes over what the list tells now; names and commands are read when a process is new, and when it executes another program. */
  const look = (process: Known, listed: ListedProcess): boolean => {
    const { identity } = process;
    identity.ppid = listed.ppid;
    identity.gid = listed.gid;
    if (identity.uid !== listed.uid) {
      identity.uid = listed.uid;
      identity.user = userName(listed.uid);
    }
    if (process.name === listed.name) return false;
    process.name = listed.name;
    identity.name = wholeName(listed.name, readProgramPath(darwin, listed.pid));
    identity.command = identity.kernel ? '' : readCommand(darwin, listed.pid);
    return true;
  };

  return function* read(gaps) {
    const boot = ask(gaps, 'processes.startedAfterBoot', () => readBootTime(darwin));
    const listed = listProcesses(darwin);
    yield;
    const make = (): Float64Array => new Float64Array(listed.length).fill(Number.NaN);
    const columns = Object.fromEntries([...USAGE, ...TURNED, 'time', 'state', 'nice'].map((name) => [name, make()])) as Record<
      Column,
      Float64Array
    >;
    const next = new Map<string, Known>();
    const identities: ProcessIdentity[] = [];
    const renamed: number[] = [];
    let refused = 0;

    /** I/O is read at every pass; the reading before it is that of the table before. */
    const writeIo = (row: number, was: number, usage: ProcessUsage): void => {
      if (usage.readBytes === null || usage.writeBytes === null) return;
      columns.readBytes[row] = usage.readBytes;
      columns.writeBytes[row] = usage.writeBytes;
      columns.ioTime[row] = columns.time[row]!;
      if (!before || was < 0) return;
      columns.earlierReadBytes[row] = before.readBytes[was]!;
      columns.earlierWriteBytes[row] = before.writeBytes[was]!;
      columns.earlierIoTime[row] = before.ioTime[was]!;
    };
    const writeUsage = (row: number, usage: ProcessUsage): void => {
      columns.cpuUser[row] = usage.user;
      columns.cpuSystem[row] = usage.system;
      columns.rss[row] = usage.resident;
      columns.virtual[row] = usage.virtual;
      columns.threads[row] = usage.threads;
      columns.minorFaults[row] = Math.max(0, usage.faults - usage.pageIns);
      columns.majorFaults[row] = usage.pageIns;
      columns.priority[row] = usage.priority;
      columns.footprint[row] = usage.footprint ?? Number.NaN;
    };

    let sliceStart = performance.now();
    for (const entry of listed) {
      const usage = entry.state === APPLE.SZOMB ? 'refused' : readUsage(darwin, entry.pid, frequency);
      if (usage !== 'gone') {
        const row = identities.length;
        const key = `${entry.pid}@${entry.startTime}`;
        const process = known.get(key) ?? { identity: greet(entry, boot), row: -1, name: '' };
        columns.time[row] = host.clock.monotonic();
        columns.state[row] = stateOf(entry.state, usage).charCodeAt(0);
        columns.nice[row] = entry.nice;
        if (typeof usage === 'string') refused += entry.state === APPLE.SZOMB ? 0 : 1;
        else {
          writeUsage(row, usage);
          writeIo(row, process.row, usage);
        }
        identities.push(process.identity);
        next.set(key, process);
        if (look(process, entry)) renamed.push(row);
        process.row = row;
      }
      if (performance.now() - sliceStart > SLICE) {
        yield;
        sliceStart = performance.now();
      }
    }

    if (refused > 0)
      gaps.add('processes.others', 'permission', `CPU, memory and I/O of ${refused} processes of other users can only be read as root.`);
    lacks(
      gaps,
      ['processes.voluntarySwitches', 'processes.involuntarySwitches'],
      'macOS counts switches, but not which of the two they are.',
    );
    lacks(gaps, ['processes.maxPids', 'processes.maxThreads'], 'macOS does not tell these limits.');
    const { length } = identities;
    const unknown = make();
    const cut = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.subarray(0, length)])) as Record<
      Column,
      Float64Array
    >;
    const parts = {
      ...cut,
      ...{ length, identities, route: 'libproc' as const, detour: null, cpuExact: unknown },
      ...{ voluntarySwitches: unknown, involuntarySwitches: unknown, switchTime: unknown },
      ...{ earlierVoluntarySwitches: unknown, earlierInvoluntarySwitches: unknown, earlierSwitchTime: unknown },
      maxPids: null,
      maxThreads: null,
    };
    if (before) for (const [key, { row }] of known) if (!next.has(key)) grouper.end(before, row);
    known = next;
    for (const row of renamed) grouper.assign(parts, row);
    before = createProcessTable(parts, grouper.snapshot(parts));
    return before;
  };
}
