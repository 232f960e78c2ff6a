import { errnoOf } from '@hecate/host';
import type { Bytes, Host, KeptFile } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import { readKernelSizes } from '../auxv.ts';
import { descriptorBudget } from './descriptor-budget.ts';
import { parseProcessIo } from './io.ts';
import { openPidList } from './pid-list.ts';
import type { ProcessColumns, ProcessRoute } from './route.ts';
import { createStatLine, nameHash, parseProcessStat, STAT } from './stat.ts';
import { parseStatusNumbers } from './status.ts';
import { isGone } from './gone.ts';

/** How often the dear files are read, in seconds; each pass reads its share of them. */
export interface ProcRoutePeriods {
  /** Storage counters (/proc/PID/io). Default 5; 0 is every pass. */
  readonly io?: number;
  /** User, group and context switches (/proc/PID/status). Default 60; 0 is every pass. */
  readonly status?: number;
}

/** Milliseconds of work after which a pass gives way. */
const SLICE = 0.7;
/** How many processes are read between two looks at the clock. */
const STRIDE = 8;
/** Room for the beginning of a stat line, up to the last number that is taken; longer ones are decoded at each pass. */
const LINE = 192;
/** The most passes from one reading of a dear file to the next. */
const MOST_PASSES = 60;

/** What is remembered of a process between two passes. */
interface Slot {
  readonly pid: number;
  /** Null before the first read: a new list of thousands must not hold up others. */
  stat: KeptFile | null;
  /** Whether the descriptor of `stat` stays open. */
  kept: boolean;
  /** Its I/O, where that stays open too. */
  io: KeptFile | null;
  startTicks: number;
  name: string;
  nameHash: number;
  /** How often it was seen, up to 2: the dear files are read twice at the beginning of a life, so that there is a rate. */
  seen: number;
  /** Whether its I/O is there and this user may read it. */
  ioState: 'readable' | 'refused' | 'missing';
  dead: boolean;
}

/** Passes so many seconds apart or more are those of a daemon that nobody looks at: then dear files can wait for some of them. */
const RARE = 3;
const RARE_PASSES = 3;

/** Passes from one reading of a dear file to the next, where passes lie `elapsed` seconds apart. */
function turns(period: number, elapsed: number): number {
  if (period === 0) return 1;
  return Math.min(MOST_PASSES, Math.max(elapsed >= RARE ? RARE_PASSES : 1, Math.round(period / elapsed)));
}

/**
 * The route over /proc. `stat` files stay open within a bound, for processes that were seen twice: the short-lived never take
 * the place of others. A line that is the same as at the last pass, as most are, is not decoded again.
 */
export function openProcRoute(host: Host, { io: ioPeriod = 5, status: statusPeriod = 60 }: ProcRoutePeriods = {}): ProcessRoute {
  const sizes = readKernelSizes(host);
  const list = openPidList(host);
  const line = createStatLine();
  const io = { readBytes: Number.NaN, writeBytes: Number.NaN };
  const status = { uid: Number.NaN, gid: Number.NaN, voluntarySwitches: Number.NaN, involuntarySwitches: Number.NaN };
  let slots: Slot[] = [];
  /** The beginnings of the lines of the last pass, row by row, and how long they are: 0 for none. */
  let lines = Buffer.alloc(0);
  let lengths = new Uint8Array(0);
  let budget = descriptorBudget(host);
  let kept = 0;
  let round = 0;
  let lastPass = Number.NaN;
  let refused = 0;
  /** On machines with few processes the descriptors of two files each fit into the budget. */
  let keepsIo = false;

  const closeIo = (slot: Slot): void => {
    slot.io?.close();
    slot.io = null;
  };

  const release = (slot: Slot): void => {
    slot.stat?.close();
    closeIo(slot);
    if (slot.kept) kept--;
    slot.kept = false;
  };

  const createSlot = (pid: number): Slot => ({
    pid,
    stat: null,
    kept: false,
    io: null,
    startTicks: Number.NaN,
    name: '',
    nameHash: Number.NaN,
    seen: 0,
    ioState: 'readable',
    dead: false,
  });

  /** Takes over a new list of ids: those that are gone are forgotten, new ones get a slot. Both are in ascending order. */
  const merge = (pids: readonly number[]): void => {
    const next: Slot[] = [];
    let old = 0;
    for (const pid of pids) {
      while (old < slots.length && slots[old]!.pid < pid) release(slots[old++]!);
      next.push(old < slots.length && slots[old]!.pid === pid ? slots[old++]! : createSlot(pid));
    }
    while (old < slots.length) release(slots[old++]!);
    slots = next;
  };

  const makeRoom = (columns: ProcessColumns): void => {
    columns.reserve(slots.length);
    if (lengths.length >= columns.capacity) return;
    lines = Buffer.allocUnsafeSlow(columns.capacity * LINE);
    lengths = new Uint8Array(columns.capacity);
  };

  /** Too many files are open in this process or on the machine: keep half as many. */
  const yieldDescriptors = (): void => {
    budget = Math.floor(kept / 2);
    for (const slot of slots) if (kept > budget) release(slot);
  };

  /** The bytes of its stat file; null when it is gone. */
  const readStat = (slot: Slot): Bytes | null => {
    slot.stat ??= host.keep(`/proc/${slot.pid}/stat`);
    try {
      return slot.stat.readOnce();
    } catch (error) {
      const errno = errnoOf(error);
      if (isGone(errno)) {
        // A kept descriptor belongs to the process that is gone; the id may already be another's.
        if (!slot.kept) return null;
        release(slot);
        slot.seen = 0;
        return readStat(slot);
      }
      if ((errno === 'EMFILE' || errno === 'ENFILE') && kept > 0) {
        yieldDescriptors();
        return readStat(slot);
      }
      throw error;
    }
  };

  /** A record; the errno when it may not be read or is gone. A file that is not to be `kept` is closed. */
  const readRecord = (file: KeptFile, isKept: boolean): Bytes | string => {
    try {
      return file.readOnce();
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === undefined) throw error;
      return errno;
    } finally {
      if (!isKept) file.close();
    }
  };

  const greet = (slot: Slot): void => {
    slot.startTicks = line.numbers[STAT.startTicks]!;
    slot.nameHash = Number.NaN;
    slot.seen = 0;
    slot.ioState = 'readable';
  };

  /** Decodes the line into the columns. */
  const write = (slot: Slot, row: number, { buffer, length }: Bytes, columns: ProcessColumns): void => {
    const { numbers } = parseProcessStat(buffer, length, line);
    if (slot.startTicks !== numbers[STAT.startTicks]) greet(slot);
    const hash = nameHash(buffer, line);
    if (slot.nameHash !== hash) {
      slot.nameHash = hash;
      slot.name = buffer.toString('utf8', line.nameStart, line.nameEnd);
    }
    columns.names[row] = slot.name;
    columns.pid[row] = slot.pid;
    columns.startTicks[row] = slot.startTicks;
    columns.state[row] = line.state;
    columns.ppid[row] = numbers[STAT.ppid]!;
    columns.flags[row] = numbers[STAT.flags]!;
    columns.minorFaults[row] = numbers[STAT.minorFaults]!;
    columns.majorFaults[row] = numbers[STAT.majorFaults]!;
    columns.cpuUser[row] = numbers[STAT.userTicks]! / sizes.userHz;
    columns.cpuSystem[row] = numbers[STAT.systemTicks]! / sizes.userHz;
    columns.priority[row] = numbers[STAT.priority]!;
    columns.nice[row] = numbers[STAT.nice]!;
    columns.threads[row] = numbers[STAT.threads]!;
    columns.virtual[row] = numbers[STAT.virtual]!;
    columns.rss[row] = Math.max(0, numbers[STAT.rssPages]!) * sizes.pageSize;
    // With the space after the last number, so that a number that only begins the same is not taken for it.
    const end = line.end + 1;
    const known = end <= Math.min(length, LINE) ? end : 0;
    lengths[row] = known;
    if (known > 0) buffer.copy(lines, row * LINE, 0, end);
  };

  /** Whether the row holds this line already. A line begins with its process id, so it cannot be taken for another's. */
  const isSame = (row: number, { buffer, length }: Bytes): boolean => {
    const known = lengths[row]!;
    const at = row * LINE;
    return known > 0 && known <= length && buffer.compare(lines, at, at + known, 0, known) === 0;
  };

  const readIo = (slot: Slot, row: number, columns: ProcessColumns): void => {
    const file = slot.io ?? host.keep(`/proc/${slot.pid}/io`);
    const isKept = keepsIo && slot.kept;
    slot.io = isKept ? file : null;
    const source = readRecord(file, isKept);
    if (typeof source === 'string') {
      if (source === 'EACCES' || source === 'EPERM') slot.ioState = 'refused';
      // A kernel may be built without it.
      else if (isGone(source)) slot.ioState = 'missing';
      return;
    }
    parseProcessIo(source, io);
    columns.readBytes[row] = io.readBytes;
    columns.writeBytes[row] = io.writeBytes;
  };

  const readStatus = (slot: Slot, row: number, columns: ProcessColumns): void => {
    const source = readRecord(host.keep(`/proc/${slot.pid}/status`), false);
    if (typeof source === 'string') return;
    parseStatusNumbers(source, status);
    columns.uid[row] = status.uid;
    columns.gid[row] = status.gid;
    columns.voluntarySwitches[row] = status.voluntarySwitches;
    columns.involuntarySwitches[row] = status.involuntarySwitches;
  };

  /** One process into `row`; false when it is gone. */
  const readProcess = (slot: Slot, row: number, columns: ProcessColumns, ioTurns: number, statusTurns: number): boolean => {
    const source = readStat(slot);
    if (!source) return false;
    if (!isSame(row, source)) write(slot, row, source, columns);
    if (!slot.kept) {
      if (slot.seen > 0 && kept < budget) {
        slot.kept = true;
        kept++;
      } else slot.stat?.close();
    }
    const isYoung = slot.seen < 2;
    if (isYoung) slot.seen++;
    if (slot.ioState === 'readable' && (isYoung || (round + slot.pid) % ioTurns === 0)) readIo(slot, row, columns);
    if (isYoung || (round + slot.pid) % statusTurns === 0) readStatus(slot, row, columns);
    if (slot.ioState === 'refused') refused++;
    return true;
  };

  /** What is not read at this pass is not known at this pass. */
  const clearDear = (columns: ProcessColumns): void => {
    const { uid, gid, voluntarySwitches, involuntarySwitches, readBytes, writeBytes } = columns;
    for (const column of [uid, gid, voluntarySwitches, involuntarySwitches, readBytes, writeBytes]) column.fill(Number.NaN);
  };

  function* pass(columns: ProcessColumns, gaps: GapSink): Sliced<void> {
    const pids = yield* list.read();
    let sliceStart = performance.now();
    if (pids) merge(pids);
    keepsIo = slots.length * 2 <= budget;
    if (!keepsIo) for (const slot of slots) closeIo(slot);
    makeRoom(columns);
    clearDear(columns);
    let stamp = host.clock.monotonic();
    const elapsed = stamp - lastPass;
    const ioTurns = turns(ioPeriod, elapsed > 0 ? elapsed : 1);
    const statusTurns = turns(statusPeriod, elapsed > 0 ? elapsed : 1);
    lastPass = stamp;
    round++;
    refused = 0;
    let row = 0;
    let stamped = 0;
    let hasDead = false;
    for (let index = 0; index < slots.length; index++) {
      if (index % STRIDE === 0 && performance.now() - sliceStart > SLICE) {
        columns.time.fill(stamp, stamped, row);
        stamped = row;
        yield;
        sliceStart = performance.now();
        stamp = host.clock.monotonic();
      }
      const slot = slots[index]!;
      try {
        if (readProcess(slot, row, columns, ioTurns, statusTurns)) row++;
        else hasDead = slot.dead = true;
      } catch (error) {
        release(slot);
        gaps.addError(`processes.${slot.pid}`, error);
      }
    }
    columns.time.fill(stamp, stamped, row);
    columns.length = row;
    if (hasDead) slots = slots.filter(({ dead }) => !dead);
    if (refused > 0) {
      gaps.add('processes.readBytes', 'permission', `This user may not read the I/O of ${refused} of ${row} processes.`);
    }
  }

  return {
    name: 'proc',
    pass,
    close() {
      for (const slot of slots) release(slot);
      slots = [];
      list.close();
    },
  };
}
