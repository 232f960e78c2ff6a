import { HecateError } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import type { ProcessColumns } from '../process/route.ts';
import type { Records } from './pass.ts';
import * as at from './task-layout.ts';
import * as sum from './task-memory.ts';
import { createTaskMemory } from './task-memory.ts';
import { stateLetter } from './task-state.ts';
import { createTaskSums } from './task-sums.ts';
import { createLastPass } from './unchanged.ts';

/** What decoding depends on. */
export interface TaskDecoderOptions {
  /** Bytes of a page, and ticks a second of /proc. */
  readonly pageSize: number;
  readonly userHz: number;
  /** Names of fields that this kernel does not keep. */
  readonly absent: ReadonlySet<string>;
  /** The name that /proc has for a kernel thread: longer, and of a worker what it works on. Given the kernel's short one. */
  readonly kernelName: (pid: number, short: string) => string;
}

/** Turns the records of passes into rows. It remembers the pass before, so that counters never go back. */
export interface TaskDecoder {
  /** Fills the rows of `columns` from 0. Throws FAILED when the records are damaged. */
  decode(records: Records, columns: ProcessColumns, time: number): Sliced<void>;
  /** Whether the last pass saw this process. */
  saw(pid: number): boolean;
  /** As `changedRows` of a route, of the rows that were decoded. There may be room for more of them. */
  changedRows(): Uint8Array | null;
}

const HIGH = 0x1_0000_0000;
const NANOSECONDS = 1e9;
/** PF_WQ_WORKER, PF_KTHREAD of include/linux/sched.h. */
const WORKER = 0x20;
const KERNEL_THREAD = 0x20_0000;
/** A worker of the kernel is asked for its name again every so many passes. */
const WORKER_TURN = 64;
/** Give way after so many rows: well below a millisecond. */
const SLICE = 256;

const damaged = (): HecateError => new HecateError('FAILED', 'The records of the BPF task iterator are damaged.');

/** A decoder that has seen nothing yet. */
export function createTaskDecoder({ pageSize, userHz, absent, kernelName }: TaskDecoderOptions): TaskDecoder {
  const memory = createTaskMemory();
  const tick = NANOSECONDS / userHz;
  const sums = createTaskSums(memory, !absent.has('givenUser'));
  const lastPass = createLastPass();
  const ioThere = !absent.has('read');
  const cgroupThere = !absent.has('cgroup');
  /** Of each row, its slot and the place of its record. */
  let slotOfRow = new Uint32Array(0);
  let wordOfRow = new Uint32Array(0);
  /** Of each row, 1 when it is not as it was at the last pass. */
  let isChanged = new Uint8Array(0);
  /** Whether each row is of the process that had it at the last pass, and how many there were. */
  let isInPlace = false;
  let rowsBefore = -1;
  /** Where the last pass was decoded into, when it was to its end: rows that did not change are still there. */
  let filled: Float64Array | null = null;
  /** Records of threads that came before their leader's. */
  const early: number[] = [];

  const nameOf = (slot: number, records: Records, word: number, pid: number, flags: number): string => {
    const { words } = records;
    const { nameWords } = memory;
    const from = word + at.AT_NAME;
    const to = slot * 4;
    let same = memory.names[slot] !== '';
    for (let i = 0; i < 4; i++) {
      if (nameWords[to + i] === words[from + i]) continue;
      nameWords[to + i] = words[from + i]!;
      same = false;
    }
    if (same && ((flags & WORKER) === 0 || (pid + memory.now) % WORKER_TURN !== 0)) return memory.names[slot]!;
    let end = from * 4;
    while (end < from * 4 + 16 && records.bytes[end] !== 0) end++;
    const short = records.bytes.toString('utf8', from * 4, end);
    return (memory.names[slot] = (flags & KERNEL_THREAD) === 0 ? short : kernelName(pid, short));
  };

  /** The slot of the process that this record is of; -1 when the pass has shown it already. */
  const slotOf = (words: Uint32Array, word: number): number => {
    const pid = words[word + at.AT_PROCESS]!;
    const low = words[word + at.AT_START]!;
    const high = words[word + at.AT_START + 1]!;
    let slot = memory.slots.get(pid);
    if (slot === undefined) slot = memory.greet(pid);
    else if (memory.startLow[slot] === low && memory.startHigh[slot] === high) {
      if (memory.pass[slot] === memory.now) return -1;
      memory.pass[slot] = memory.now;
      memory.isNew[slot] = 0;
      return slot;
    }
    memory.startLow[slot] = low;
    memory.startHigh[slot] = high;
    memory.pass[slot] = memory.now;
    memory.torn[slot] = 0;
    memory.isNew[slot] = 1;
    memory.execLow[slot] = memory.execHigh[slot] = 0xffff_ffff;
    memory.kept.fill(-1, slot * sum.SUMS, (slot + 1) * sum.SUMS);
    memory.names[slot] = '';
    return slot;
  };

  /** Whether all these rows were taken over at the last pass: one that was torn then is still to be. */
  const areSettled = (row: number, count: number): boolean => {
    for (let i = row; i < row + count; i++) if (memory.torn[slotOfRow[i]!] !== 0) return false;
    return true;
  };

  /** Rows that are as they were: what is in the columns stays. */
  const passOver = (row: number, count: number, word: number): void => {
    for (let i = 0; i < count; i++) {
      const slot = slotOfRow[row + i]!;
      memory.pass[slot] = memory.now;
      memory.seen[slot] = 0;
      wordOfRow[row + i] = word + (i * at.LEADER_BYTES) / 4;
      isChanged[row + i] = 0;
    }
  };

  function* visit(records: Records, columns: ProcessColumns, time: number): Sliced<number> {
    const { words } = records;
    const end = records.length >>> 2;
    const most = Math.ceil(records.length / at.LEADER_BYTES);
    columns.reserve(most);
    if (slotOfRow.length < most) {
      slotOfRow = new Uint32Array(most * 2);
      wordOfRow = new Uint32Array(most * 2);
      isChanged = new Uint8Array(most * 2);
      lastPass.forget();
    }
    if (filled !== columns.cpuExact) {
      lastPass.forget();
      isInPlace = false;
    }
    filled = null;
    const {
      pid: pids,
      ppid,
      startTicks,
      state: states,
      flags: allFlags,
      threads,
      nice,
      priority,
      rss,
      virtual,
      uid,
      gid,
      cgroupId,
    } = columns;
    early.length = 0;
    let row = 0;
    let sliceEnd = SLICE;
    for (let word = 0; word < end; word += words[word]! >>> 2) {
      const bytes = words[word];
      if (bytes === at.THREAD_BYTES && word + at.THREAD_BYTES / 4 <= end) {
        if (!sums.add(words, word)) early.push(word);
        continue;
      }
      if (bytes !== at.LEADER_BYTES || word + at.LEADER_BYTES / 4 > end) throw damaged();
      if (row >= sliceEnd) {
        yield;
        sliceEnd = row + SLICE;
      }
      const unchanged = lastPass.same(records, word, row);
      if (unchanged > 0 && areSettled(row, unchanged)) {
        passOver(row, unchanged, word);
        row += unchanged;
        word += ((unchanged - 1) * at.LEADER_BYTES) / 4;
        continue;
      }
      const slot = slotOf(words, word);
      if (slot < 0) continue;
      if (slotOfRow[row] !== slot || memory.isNew[slot] === 1) isInPlace = false;
      const pid = words[word + at.AT_PROCESS]!;
      const flags = words[word + at.AT_FLAGS]!;
      const state = stateLetter(words[word + at.AT_STATE]!, words[word + at.AT_EXIT_STATE]!);
      sums.begin(slot, words, word, state);
      slotOfRow[row] = slot;
      wordOfRow[row] = word;
      isChanged[row] = 1;
      pids[row] = pid;
      ppid[row] = words[word + at.AT_PARENT]!;
      startTicks[row] = Math.floor((words[word + at.AT_START]! + words[word + at.AT_START + 1]! * HIGH) / tick);
      states[row] = state;
      allFlags[row] = flags;
      threads[row] = words[word + at.AT_THREADS]!;
      nice[row] = words[word + at.AT_STATIC_PRIORITY]! - 120;
      priority[row] = (words[word + at.AT_PRIORITY]! | 0) - 100;
      // A kernel thread may have a process's memory on loan; /proc does not count it either.
      const own = (flags & KERNEL_THREAD) === 0 ? pageSize : 0;
      rss[row] = (words[word + at.AT_RSS_PAGES]! + words[word + at.AT_RSS_PAGES + 1]! * HIGH) * own;
      virtual[row] = (words[word + at.AT_VIRTUAL_PAGES]! + words[word + at.AT_VIRTUAL_PAGES + 1]! * HIGH) * own;
      uid[row] = words[word + at.AT_UID]!;
      gid[row] = words[word + at.AT_GID]!;
      cgroupId[row] = cgroupThere ? words[word + at.AT_CGROUP]! + words[word + at.AT_CGROUP + 1]! * HIGH : Number.NaN;
      columns.names[row] = nameOf(slot, records, word, pid, flags);
      row++;
    }
    for (const word of early) sums.add(words, word);
    columns.time.fill(time, 0, row);
    return row;
  }

  function* decode(records: Records, columns: ProcessColumns, time: number): Sliced<void> {
    memory.now++;
    isInPlace = filled !== null;
    const rows = yield* visit(records, columns, time);
    const { cpuUser, cpuSystem, cpuExact, minorFaults, majorFaults, voluntarySwitches, involuntarySwitches, readBytes, writeBytes } =
      columns;
    for (let row = 0; row < rows; row++) {
      const slot = slotOfRow[row]!;
      if (isChanged[row] === 0 && memory.seen[slot] === 0) continue;
      sums.settle(slot, records.words, wordOfRow[row]!);
      const { kept } = memory;
      const base = slot * sum.SUMS;
      cpuExact[row] = kept[base + sum.EXEC]! / NANOSECONDS;
      cpuUser[row] = kept[base + sum.USER]! / NANOSECONDS;
      cpuSystem[row] = kept[base + sum.SYSTEM]! / NANOSECONDS;
      voluntarySwitches[row] = kept[base + sum.VOLUNTARY]!;
      involuntarySwitches[row] = kept[base + sum.INVOLUNTARY]!;
      minorFaults[row] = kept[base + sum.MINOR]!;
      majorFaults[row] = kept[base + sum.MAJOR]!;
      readBytes[row] = ioThere ? kept[base + sum.READ]! : Number.NaN;
      writeBytes[row] = ioThere ? kept[base + sum.WRITE]! : Number.NaN;
      if (row % SLICE === SLICE - 1) yield;
    }
    columns.length = rows;
    if (memory.slots.size !== rows) memory.forgetUnseen();
    lastPass.keep(records, wordOfRow, rows);
    filled = cpuExact;
    if (rows !== rowsBefore) isInPlace = false;
    rowsBefore = rows;
  }

  return {
    decode,
    changedRows: () => (isInPlace ? isChanged : null),
    saw: (pid) => {
      const slot = memory.slots.get(pid);
      return slot !== undefined && memory.pass[slot] === memory.now;
    },
  };
}
