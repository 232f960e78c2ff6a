/**
 * A program for the kernel's BPF machine, instruction by instruction
 * (kernel: Documentation/bpf/standardization/instruction-set.rst). Only what the iterators here need.
 */
export interface Program {
  /** `to = *(size *)(from + offset)`. Throws RangeError for an offset that the instruction cannot hold, as all of these do. */
  load(to: Register, from: Register, offset: number, size: Size): void;
  /** `*(size *)(to + offset) = from`. */
  store(to: Register, offset: number, from: Register, size: Size): void;
  /** `*(u32 *)(to + offset) = value`. */
  storeNumber(to: Register, offset: number, value: number): void;
  /** `to = from`. */
  move(to: Register, from: Register): void;
  /** `to = value`. */
  moveNumber(to: Register, value: number): void;
  /** `to += from`. */
  add(to: Register, from: Register): void;
  /** `to += value`. */
  addNumber(to: Register, value: number): void;
  /** `to &= value`. */
  andNumber(to: Register, value: number): void;
  /** Goes on at the label when `left` stands in this relation to a number. */
  jumpIf(left: Register, relation: Relation, right: number, label: string): void;
  /** Goes on at the label when two registers are equal. */
  jumpIfSame(left: Register, right: Register, label: string): void;
  jump(label: string): void;
  /** Calls a helper of the kernel: arguments in r1 to r5, the result in r0; r1 to r5 are lost. */
  call(helper: number): void;
  /** Ends; r0 is the result. */
  exit(): void;
  /** The next instruction is where jumps to this label go on. */
  label(name: string): void;
  /** The instructions as the kernel takes them, eight bytes each. Throws when a label is missing. */
  encode(): Buffer;
}

/** r0 results, r1 to r5 arguments, r6 to r9 kept over calls, r10 the end of the stack (512 bytes below it). */
export type Register = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** Bytes of a memory access. */
export type Size = 1 | 2 | 4 | 8;

/** Relations of {@link Program.jumpIf}; `<` compares unsigned, `s<` signed. */
export type Relation = '==' | '!=' | '<' | 's<';

const LOAD = { 1: 0x71, 2: 0x69, 4: 0x61, 8: 0x79 } as const;
const STORE = { 1: 0x73, 2: 0x6b, 4: 0x63, 8: 0x7b } as const;
const JUMP = { '==': 0x15, '!=': 0x55, '<': 0xa5, 's<': 0xc5 } as const;

interface Instruction {
  readonly code: number;
  readonly to: number;
  readonly from: number;
  readonly offset: number | string;
  readonly value: number;
}

/** An empty program. */
export function createProgram(): Program {
  const instructions: Instruction[] = [];
  const labels = new Map<string, number>();
  const emit = (code: number, to: number, from: number, offset: number | string = 0, value: number = 0): void => {
    instructions.push({ code, to, from, offset, value });
  };
  /** Jumps count from the instruction behind them. */
  const distance = (label: string, index: number): number => {
    const target = labels.get(label);
    if (target === undefined) throw new RangeError(`The program has no label ${label}.`);
    return target - index - 1;
  };
  return {
    load: (to, from, offset, size) => emit(LOAD[size], to, from, offset),
    store: (to, offset, from, size) => emit(STORE[size], to, from, offset),
    storeNumber: (to, offset, value) => emit(0x62, to, 0, offset, value),
    move: (to, from) => emit(0xbf, to, from),
    moveNumber: (to, value) => emit(0xb7, to, 0, 0, value),
    add: (to, from) => emit(0x0f, to, from),
    addNumber: (to, value) => emit(0x07, to, 0, 0, value),
    andNumber: (to, value) => emit(0x57, to, 0, 0, value),
    jumpIf: (left, relation, right, label) => emit(JUMP[relation], left, 0, label, right),
    jumpIfSame: (left, right, label) => emit(0x1d, left, right, label),
    jump: (label) => emit(0x05, 0, 0, label),
    call: (helper) => emit(0x85, 0, 0, 0, helper),
    exit: () => emit(0x95, 0, 0),
    label(name) {
      if (labels.has(name)) throw new RangeError(`The program has the label ${name} twice.`);
      labels.set(name, instructions.length);
    },
    encode() {
      // Handed to the kernel: not from Node's pool, which may lie in V8's heap.
      const bytes = Buffer.allocUnsafeSlow(instructions.length * 8);
      for (const [index, { code, to, from, offset, value }] of instructions.entries()) {
        bytes[index * 8] = code;
        bytes[index * 8 + 1] = (from << 4) | to;
        bytes.writeInt16LE(typeof offset === 'string' ? distance(offset, index) : offset, index * 8 + 2);
        bytes.writeInt32LE(value, index * 8 + 4);
      }
      return bytes;
    },
  };
}
