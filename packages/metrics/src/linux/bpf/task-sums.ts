import { adjustCpuTime } from './cpu-time.ts';
import type { CpuTime } from './cpu-time.ts';
import * as at from './task-layout.ts';
import * as sum from './task-memory.ts';
import type { TaskMemory } from './task-memory.ts';

const HIGH = 0x1_0000_0000;
const RUNNING = 82;
/** Torn so often in a row, a process is taken as it is seen. */
const MOST_TORN = 8;

/** Where the sums of a record lie, in the order of task-memory.ts. */
const SUM_PLACES = [
  at.AT_EXEC,
  at.AT_USER,
  at.AT_SYSTEM,
  at.AT_VOLUNTARY,
  at.AT_INVOLUNTARY,
  at.AT_MINOR,
  at.AT_MAJOR,
  at.AT_READ,
  at.AT_WRITE,
] as const;

/** Sums over the threads of processes, while a pass is decoded. */
export interface TaskSums {
  /** What a leader's own record at `word` gives, unless the process has not run since the last pass. `state` is its letter's code. */
  begin(slot: number, words: Uint32Array, word: number, state: number): void;
  /** Adds the record of a thread. False when its leader was not seen in this pass yet. */
  add(words: Uint32Array, word: number): boolean;
  /** Takes the sums of this pass over into {@link TaskMemory.kept}, unless threads came or went meanwhile; nothing ever goes back. */
  settle(slot: number, words: Uint32Array, word: number): void;
}

/** Sums in this memory. `scaled`: CPU times are what ticks charged, and are scaled to the exact time as the kernel does for /proc. */
export function createTaskSums(memory: TaskMemory, scaled: boolean): TaskSums {
  const given: CpuTime = { user: 0, system: 0 };

  const begin = (slot: number, words: Uint32Array, word: number, state: number): void => {
    const { live, execLow, execHigh } = memory;
    const low = words[word + at.AT_EXEC]!;
    const high = words[word + at.AT_EXEC + 1]!;
    const idle = execLow[slot] === low && execHigh[slot] === high && state !== RUNNING;
    execLow[slot] = low;
    execHigh[slot] = high;
    if (idle && words[word + at.AT_THREADS] === 1 && memory.torn[slot] === 0) {
      memory.seen[slot] = 0;
      return;
    }
    memory.seen[slot] = 1;
    const base = slot * sum.SUMS;
    for (let i = 0; i < sum.SUMS; i++) {
      const place = word + SUM_PLACES[i]!;
      live[base + i] = words[place]! + words[place + 1]! * HIGH;
    }
    live[base + sum.READ]! += words[word + at.AT_PAST_READ]! + words[word + at.AT_PAST_READ + 1]! * HIGH;
    live[base + sum.WRITE]! += words[word + at.AT_PAST_WRITE]! + words[word + at.AT_PAST_WRITE + 1]! * HIGH;
  };

  const add = (words: Uint32Array, word: number): boolean => {
    const slot = memory.slots.get(words[word + at.AT_PROCESS]!);
    if (slot === undefined || memory.pass[slot] !== memory.now) return false;
    // A leader that was passed over as idle had one thread then; another one makes it torn.
    memory.seen[slot] = memory.seen[slot] === 0 ? 2 : memory.seen[slot]! + 1;
    const { live } = memory;
    const base = slot * sum.SUMS;
    for (let i = 0; i < sum.SUMS; i++) {
      const place = word + SUM_PLACES[i]!;
      live[base + i]! += words[place]! + words[place + 1]! * HIGH;
    }
    return true;
  };

  /** What the kernel gave last, to us or to any reader of /proc, is the least that it would give now. */
  const scale = (base: number, words: Uint32Array, word: number): void => {
    const { live, kept } = memory;
    given.user = words[word + at.AT_GIVEN_USER]! + words[word + at.AT_GIVEN_USER + 1]! * HIGH;
    given.system = words[word + at.AT_GIVEN_SYSTEM]! + words[word + at.AT_GIVEN_SYSTEM + 1]! * HIGH;
    if (kept[base + sum.USER]! + kept[base + sum.SYSTEM]! > given.user + given.system) {
      given.user = kept[base + sum.USER]!;
      given.system = kept[base + sum.SYSTEM]!;
    }
    adjustCpuTime(live[base + sum.EXEC]!, live[base + sum.USER]!, live[base + sum.SYSTEM]!, given);
    live[base + sum.USER] = given.user;
    live[base + sum.SYSTEM] = given.system;
  };

  const settle = (slot: number, words: Uint32Array, word: number): void => {
    const { live, kept } = memory;
    const base = slot * sum.SUMS;
    if (memory.seen[slot] === 0) return;
    if (memory.seen[slot] === words[word + at.AT_THREADS]) memory.torn[slot] = 0;
    else if (kept[base]! >= 0 && ++memory.torn[slot]! < MOST_TORN) return;
    if (scaled) scale(base, words, word);
    for (let i = 0; i < sum.SUMS; i++) if (live[base + i]! > kept[base + i]!) kept[base + i] = live[base + i]!;
  };

  return { begin, add, settle };
}
