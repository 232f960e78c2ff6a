/** First of the values that never go back, as {@link TaskMemory.live} and {@link TaskMemory.kept} hold them: nanoseconds on a CPU, exact. */
export const EXEC = 0;
/** Nanoseconds in user mode. */
export const USER = 1;
/** Nanoseconds in the kernel. */
export const SYSTEM = 2;
/** Context switches of its own will. */
export const VOLUNTARY = 3;
/** Context switches against it. */
export const INVOLUNTARY = 4;
/** Page faults without reading. */
export const MINOR = 5;
/** Page faults with reading. */
export const MAJOR = 6;
/** Bytes from storage. */
export const READ = 7;
/** Bytes to storage. */
export const WRITE = 8;
/** How many there are. */
export const SUMS = 9;

/** What is remembered of processes from pass to pass, a slot each, in columns. `live` and `kept` have {@link SUMS} places a slot. */
export interface TaskMemory {
  /** Slot of each process by its number. */
  readonly slots: Map<number, number>;
  /** Number of the pass that is made. */
  now: number;
  /** Slots that fit. */
  capacity: number;
  /** Sums of this pass, while threads are still to come. */
  live: Float64Array;
  /** Sums as they were given last. */
  kept: Float64Array;
  /** When it started, as two words: with its number it names the process. */
  startLow: Uint32Array;
  startHigh: Uint32Array;
  /** CPU time of the first thread at the last pass: the same means that it has not run since. */
  execLow: Uint32Array;
  execHigh: Uint32Array;
  /** The pass in which it was seen last. */
  pass: Float64Array;
  /** Threads seen in this pass; 0 when it has not run since the last one. */
  seen: Uint32Array;
  /** 1 when it was not there at the pass before. */
  isNew: Uint32Array;
  /** Passes in a row in which not as many threads were seen as it has. */
  torn: Uint32Array;
  /** Its name as four words, and as text. */
  nameWords: Uint32Array;
  readonly names: string[];
  /** Gives a slot to a process that was not known. Columns are other arrays afterwards. */
  greet(process: number): number;
  /** Gives back the slots of processes that were not seen in this pass. */
  forgetUnseen(): void;
}

/** An empty memory. */
export function createTaskMemory(): TaskMemory {
  const free: number[] = [];
  const memory: TaskMemory = {
    slots: new Map(),
    now: 0,
    capacity: 0,
    live: new Float64Array(0),
    kept: new Float64Array(0),
    startLow: new Uint32Array(0),
    startHigh: new Uint32Array(0),
    execLow: new Uint32Array(0),
    execHigh: new Uint32Array(0),
    pass: new Float64Array(0),
    seen: new Uint32Array(0),
    isNew: new Uint32Array(0),
    torn: new Uint32Array(0),
    nameWords: new Uint32Array(0),
    names: [],
    greet(process) {
      if (free.length === 0) grow();
      const slot = free.pop()!;
      memory.slots.set(process, slot);
      return slot;
    },
    forgetUnseen() {
      for (const [process, slot] of memory.slots) {
        if (memory.pass[slot] === memory.now) continue;
        memory.slots.delete(process);
        memory.names[slot] = '';
        free.push(slot);
      }
    },
  };
  const grow = (): void => {
    const was = memory.capacity;
    memory.capacity = Math.max(256, was + (was >>> 1));
    memory.live = longer(memory.live, new Float64Array(memory.capacity * SUMS));
    memory.kept = longer(memory.kept, new Float64Array(memory.capacity * SUMS));
    memory.pass = longer(memory.pass, new Float64Array(memory.capacity));
    for (const column of ['startLow', 'startHigh', 'execLow', 'execHigh', 'seen', 'isNew', 'torn'] as const) {
      memory[column] = longer(memory[column], new Uint32Array(memory.capacity));
    }
    memory.nameWords = longer(memory.nameWords, new Uint32Array(memory.capacity * 4));
    for (let slot = memory.capacity - 1; slot >= was; slot--) {
      free.push(slot);
      memory.names[slot] = '';
    }
  };
  return memory;
}

function longer<Column extends Float64Array | Uint32Array>(was: Column, column: Column): Column {
  column.set(was);
  return column;
}
