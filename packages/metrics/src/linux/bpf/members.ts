import { HecateError } from '@hecate/host';
import type { Btf, MemberPath } from './btf.ts';
import type { Program, Register, Size } from './program.ts';

/** Helpers of the kernel (include/uapi/linux/bpf.h): bpf_probe_read_kernel, bpf_seq_write. */
const PROBE_READ_KERNEL = 113;
const SEQ_WRITE = 127;

/** The end of the stack. */
const STACK = 10;
/** Where a load that needs a helper puts its value: the last eight bytes of the stack. */
const SCRATCH = -512;

/** The first of these members that the kernel has. */
export function firstMember(btf: Btf, struct: number, paths: readonly string[]): MemberPath | null {
  for (const path of paths) {
    const found = btf.path(struct, path);
    if (found) return found;
  }
  return null;
}

/** The same, where there must be one. Throws UNSUPPORTED. */
export function memberOf(btf: Btf, struct: number, ...paths: readonly string[]): MemberPath {
  const found = firstMember(btf, struct, paths);
  if (!found) throw new HecateError('UNSUPPORTED', `This kernel has no ${paths.join(' or ')} where it is looked for.`);
  return found;
}

/** `to = from->a->b->c`. A pointer that is null or stale reads as 0: the kernel sees to that. */
export function follow(program: Program, to: Register, from: Register, { loads, size, named }: MemberPath): void {
  const last = loads.length - 1;
  for (const [index, offset] of loads.entries()) {
    const base = index === 0 ? from : to;
    if (index < last) program.load(to, base, offset, 8);
    else if (named) probe(program, to, base, offset, sizeOf(size));
    else program.load(to, base, offset, sizeOf(size));
  }
}

/**
 * The same load with a helper, which takes any address; r1 to r5 are lost. Verifiers up to Linux 6.1 and later take an array of
 * `atomic_long_t` for one of no structs and refuse the load. An address that is none leaves 0.
 */
function probe(program: Program, to: Register, from: Register, offset: number, size: Size): void {
  program.move(3, from);
  program.addNumber(3, offset);
  program.move(1, STACK);
  program.addNumber(1, SCRATCH);
  program.moveNumber(2, size);
  program.call(PROBE_READ_KERNEL);
  program.load(to, STACK, SCRATCH, size);
}

function sizeOf(bytes: number): Size {
  if (bytes === 1 || bytes === 2 || bytes === 4 || bytes === 8) return bytes;
  throw new HecateError('UNSUPPORTED', `A member of the kernel has ${bytes} bytes, which no instruction loads.`);
}

/** Several words at once, such as a name of 16 bytes: eight bytes at a time from `from->…` to the stack at `place`. */
export function copyWords(program: Program, from: Register, { loads }: MemberPath, place: number, bytes: number): void {
  for (let done = 0; done < bytes; done += 8) {
    follow(program, 0, from, { loads: [...loads.slice(0, -1), loads.at(-1)! + done], size: 8 });
    program.store(STACK, place + done, 0, 8);
  }
}

/** Writes `bytes` from the stack at `place` to the pass: bpf_seq_write(seq, r10 + place, bytes). Where r3 holds the bytes already, give none. */
export function writeRecord(program: Program, seq: Register, place: number, bytes?: number): void {
  program.move(1, seq);
  program.move(2, STACK);
  program.addNumber(2, place);
  if (bytes !== undefined) program.moveNumber(3, bytes);
  program.call(SEQ_WRITE);
}
