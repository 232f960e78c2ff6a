import type { Host } from '@hecate/host';
import { createProcessGrouper } from '../../domain/process-groups.ts';
import { createProcessTable } from '../../domain/process-table.ts';
import type { ProcessIdentity, ProcessTable } from '../../domain/process.ts';
import type { Sliced } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap, GapSink } from '../../model/gap.ts';
import type { Darwin } from '../binding/darwin.ts';
import { readBootTime } from '../boot-time.ts';
import { APPLE } from '../apple-numbers.ts';
import { sysctlInteger } from '../libsystem/sysctl.ts';
import { ask, lacks } from '../reader.ts';
import { openUserNames } from '../libsystem/user-name.ts';
import { readCommand } from './command.ts';
import type { Others } from './others.ts';
import { openProcessList } from './process-list.ts';
import type { ProcessList } from './process-list.ts';
import { readName } from './program-path.ts';
import { missingOf, writeTold } from './told.ts';
import { openUsage, USAGE_COLUMNS } from './usage.ts';
import type { Found, UsageReader } from './usage.ts';

/** Milliseconds of work after which a pass gives way, and after how many processes it looks at the clock. */
const SLICE = 0.7;
const STRETCH = 8;
const COLUMNS = [...USAGE_COLUMNS, 'time', 'state', 'nice', 'ioTime', 'earlierReadBytes', 'earlierWriteBytes', 'earlierIoTime'] as const;
type Columns = Record<(typeof COLUMNS)[number], Float64Array>;

/** What is known of a process between two passes. */
interface Known {
  readonly identity: ProcessIdentity;
  /** Its row in the pass before; -1 for a new one. */
  row: number;
  /** The pass in which it was seen last. */
  pass: number;
  /** The kernel's name, cut. */
  name: string;
}

const code = (letter: string): number => letter.charCodeAt(0);
const [ZOMBIE, STOPPED, RUNNING, SLEEPING, UNKNOWN] = ['Z', 'T', 'R', 'S', '?'].map(code) as [number, number, number, number, number];

/** The state letter: zombies and stopped ones say so; whether another one runs its threads tell, if they may be read. */
function stateOf(state: number, found: Found): number {
  if (state === APPLE.SZOMB) return ZOMBIE;
  if (state === APPLE.SSTOP) return STOPPED;
  if (found === 'refused') return UNKNOWN;
  return found === 'running' ? RUNNING : SLEEPING;
}

/** Columns with room for so many processes, all unknown, in one piece of memory. */
function makeColumns(room: number): Columns {
  const memory = new Float64Array(room * COLUMNS.length).fill(Number.NaN);
  return Object.fromEntries(COLUMNS.map((name, index) => [name, memory.subarray(index * room, (index + 1) * room)])) as Columns;
}

/** Their first rows. */
function cutColumns(columns: Columns, length: number): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.subarray(0, length)])) as Columns;
}

/** Reads all processes again and again; of those that this user may not read, `others` tells what it can. */
export function openProcessTable(darwin: Darwin, host: Host, others: Others): (gaps: GapSink) => Sliced<ProcessTable> {
  const userName = openUserNames(darwin, host.clock);
  const grouper = createProcessGrouper();
  const readList = openProcessList(darwin);
  const known = new Map<number, Known>();
  let usage: UsageReader | undefined;
  /** Why energy is not known. */
  const withoutEnergy: Gap[] = [];
  /** A column in which nothing is known, for all who need one. */
  let none = new Float64Array(0);
  let before: ProcessTable | null = null;
  let pass = 0;

  const openReader = (): UsageReader => {
    const frequency = sysctlInteger(darwin, 'hw.tbfrequency');
    const sink = collectGaps(withoutEnergy);
    const counted = ask(sink, 'processes.energy', () => sysctlInteger(darwin, 'kern.pervasive_energy'));
    if (counted === 0) lacks(sink, ['processes.energy'], 'The processor of this Mac does not measure the energy of processes.');
    return openUsage(darwin, frequency, counted !== null && counted !== 0);
  };

  const tellGaps = (gaps: GapSink): void => {
    for (const { field, reason, detail } of withoutEnergy) gaps.add(field, reason, detail);
    if (withoutEnergy.length === 0 && usage?.tellsEnergy === false)
      lacks(gaps, ['processes.energy'], 'macOS tells the energy of processes since version 13.');
    lacks(
      gaps,
      ['processes.voluntarySwitches', 'processes.involuntarySwitches'],
      'macOS counts switches, but not which of the two they are.',
    );
    lacks(gaps, ['processes.maxPids', 'processes.maxThreads'], 'macOS does not tell these limits.');
  };

  const greet = (list: ProcessList, base: number, boot: number | null): Known => {
    const pid = list.pid(base);
    const startTime = list.startTime(base);
    const identity: ProcessIdentity = {
      pid,
      startedAfterBoot: boot === null ? Number.NaN : Math.max(0, startTime - boot),
      startTime,
      ppid: list.ppid(base),
      name: '',
      command: null,
      uid: null,
      user: null,
      gid: null,
      kernel: pid === 0,
      cgroup: null,
      unit: null,
      slice: null,
      container: null,
    };
    return { identity, row: -1, pass, name: '' };
  };

  /** Takes over what the list tells now; names and commands are read when a process is new, and when it executes another program. */
  const look = (process: Known, list: ProcessList, base: number): boolean => {
    const { identity } = process;
    identity.ppid = list.ppid(base);
    identity.gid = list.gid(base);
    const uid = list.uid(base);
    if (identity.uid !== uid) {
      identity.uid = uid;
      identity.user = userName(uid);
    }
    if (process.row >= 0 && list.isNamed(base, process.name)) return false;
    const name = list.name(base);
    process.name = name;
    identity.name = readName(darwin, identity.pid, name);
    identity.command = identity.kernel ? '' : readCommand(darwin, identity.pid);
    return true;
  };

  /** Forgets a process; what it did stays in its group. */
  const end = (process: Known): void => {
    if (before && process.row >= 0) grouper.end(before, process.row);
    if (known.get(process.identity.pid) === process) known.delete(process.identity.pid);
  };

  /** The process of an entry: pid and start time name it. */
  const meet = (list: ProcessList, base: number, boot: number | null): Known => {
    const process = known.get(list.pid(base));
    if (process && process.identity.startTime === list.startTime(base)) return process;
    if (process) end(process);
    const met = greet(list, base, boot);
    known.set(met.identity.pid, met);
    return met;
  };

  return function* read(gaps) {
    const boot = ask(gaps, 'processes.startedAfterBoot', () => readBootTime(darwin));
    const list = readList();
    const { read: readUsage } = (usage ??= openReader());
    yield;
    pass++;
    const { bases } = list;
    const columns = makeColumns(bases.length);
    const { time, state, nice, readBytes, ioTime, earlierReadBytes, earlierWriteBytes, earlierIoTime } = columns;
    const told = writeTold(columns, bases.length);
    const identities: ProcessIdentity[] = [];
    const renamed: number[] = [];
    let refused = 0;
    let sliceStart = performance.now();
    let monotonic = 0;
    for (let index = 0; index < bases.length; index++) {
      if (index % STRETCH === 0) {
        if (performance.now() - sliceStart > SLICE) {
          yield;
          sliceStart = performance.now();
        }
        monotonic = host.clock.monotonic();
      }
      const base = bases[index]!;
      const said = list.state(base);
      const row = identities.length;
      const found = said === APPLE.SZOMB ? 'refused' : readUsage(list.pid(base), columns, row);
      if (found === 'gone') continue;
      const process = meet(list, base, boot);
      time[row] = monotonic;
      state[row] = stateOf(said, found);
      nice[row] = list.nice(base);
      if (found === 'refused' && said !== APPLE.SZOMB) {
        refused++;
        const ofPs = others.of(process.identity.pid, list.uid(base), process.identity.startTime);
        if (ofPs) told.write(row, ofPs, state[row] === UNKNOWN);
      }
      // I/O is read at every pass; the reading before it is that of the table before.
      if (!Number.isNaN(readBytes[row]!)) {
        ioTime[row] = monotonic;
        if (before && process.row >= 0) {
          earlierReadBytes[row] = before.readBytes[process.row]!;
          earlierWriteBytes[row] = before.writeBytes[process.row]!;
          earlierIoTime[row] = before.ioTime[process.row]!;
        }
      }
      identities.push(process.identity);
      if (look(process, list, base)) renamed.push(row);
      process.row = row;
      process.pass = pass;
    }
    for (const process of known.values()) if (process.pass !== pass) end(process);

    if (refused > 0) {
      others.want();
      gaps.add('processes.others', 'permission', missingOf(refused, told.count(), others.refusal()));
    }
    tellGaps(gaps);
    const { length } = identities;
    const unknown = none.length === length ? none : (none = new Float64Array(length).fill(Number.NaN));
    const parts = {
      ...(length === bases.length ? columns : cutColumns(columns, length)),
      ...told.columns(length),
      ...{ length, identities, route: 'libproc' as const, detour: null, cpuExact: unknown },
      ...{ voluntarySwitches: unknown, involuntarySwitches: unknown, switchTime: unknown },
      ...{ earlierVoluntarySwitches: unknown, earlierInvoluntarySwitches: unknown, earlierSwitchTime: unknown },
      maxPids: null,
      maxThreads: null,
    };
    for (const row of renamed) grouper.assign(parts, row);
    before = createProcessTable(parts, grouper.snapshot(parts));
    return before;
  };
}
