import { closeSync } from 'node:fs';
import { errnoOf, HecateError, nativeBuffer } from '@hecate/host';
import type { Native } from '@hecate/host';

/** Commands, and the one type of program and of attachment, of bpf(2) (kernel: include/uapi/linux/bpf.h). */
const PROG_LOAD = 5;
const LINK_CREATE = 28;
const ITER_CREATE = 33;
const TRACING = 26;
const TRACE_ITER = 28;

/**
 * What the kernel asks for before a program may follow its structures: a licence that goes with the GPL.
 * It is said of the program that is sent to the kernel.
 */
const LICENSE = 'Dual MIT/GPL';
const LOG_BYTES = 1 << 20;
/** RLIMIT_MEMLOCK of include/uapi/asm-generic/resource.h. */
const MEMLOCK = 8;
/** How often a call is repeated that signals cut short. */
const MOST_TRIES = 8;
/** SIG_BLOCK and SIG_SETMASK of include/uapi/asm-generic/signal-defs.h, and bytes of the C library's sigset_t. */
const BLOCK = 0;
const SET_MASK = 2;
const SIGNAL_SET_BYTES = 128;

/** A program to send to the kernel, and the function of the kernel that it hangs on (`bpf_iter_task`), by its id in BTF. */
export interface Loadable {
  readonly name: string;
  readonly instructions: Buffer;
  readonly attachTo: number;
}

/** Repeats a call that a signal cut short. */
export function uninterrupted<Result>(call: () => Result): Result {
  for (let tries = 1; ; tries++) {
    try {
      return call();
    } catch (error) {
      const errno = errnoOf(error);
      if ((errno !== 'EAGAIN' && errno !== 'EINTR') || tries === MOST_TRIES) throw error;
    }
  }
}

/**
 * The verifier gives up with EAGAIN when a signal waits, and takes so long that under a profiler one always does:
 * then signals wait meanwhile.
 */
function unsignalled(native: Native, load: () => number): number {
  try {
    return load();
  } catch (error) {
    if (errnoOf(error) !== 'EAGAIN') throw error;
    const setMask = native.libraryFunction('int pthread_sigmask(int how, void *set, void *old)') as (
      how: number,
      set: Buffer,
      old: Buffer,
    ) => number;
    const was = nativeBuffer(SIGNAL_SET_BYTES);
    if (setMask(BLOCK, nativeBuffer(SIGNAL_SET_BYTES).fill(0xff), was) !== 0) throw error;
    try {
      return uninterrupted(load);
    } finally {
      setMask(SET_MASK, was, nativeBuffer(SIGNAL_SET_BYTES));
    }
  }
}

/**
 * BPF_PROG_LOAD with `log` bytes of the verifier's text. Gives the descriptor of the program; throws the error of bpf(2),
 * with the text in its `log`.
 */
function loadProgram(native: Native, { name, instructions, attachTo }: Loadable, log: Buffer | null): number {
  const attr = nativeBuffer(120);
  const license = nativeBuffer(LICENSE.length + 1);
  license.write(LICENSE, 'latin1');
  attr.writeUInt32LE(TRACING, 0);
  attr.writeUInt32LE(instructions.length / 8, 4);
  attr.writeBigUInt64LE(native.address(instructions), 8);
  attr.writeBigUInt64LE(native.address(license), 16);
  if (log) {
    attr.writeUInt32LE(1, 24);
    attr.writeUInt32LE(log.length, 28);
    attr.writeBigUInt64LE(native.address(log), 32);
  }
  attr.write(name, 48, 15, 'latin1');
  attr.writeUInt32LE(TRACE_ITER, 68);
  attr.writeUInt32LE(attachTo, 108);
  return unsignalled(native, () => native.syscall('bpf', PROG_LOAD, attr, attr.length));
}

/** Before Linux 5.11 programs counted as locked memory of the user, of which little is allowed: allow all, meanwhile. */
function withMemory<Result>(native: Native, load: () => Result): Result {
  try {
    return load();
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error;
    const getLimit = native.libraryFunction('int getrlimit(int resource, void *limit)') as (resource: number, limit: Buffer) => number;
    const setLimit = native.libraryFunction('int setrlimit(int resource, void *limit)') as (resource: number, limit: Buffer) => number;
    const was = nativeBuffer(16);
    if (getLimit(MEMLOCK, was) !== 0 || setLimit(MEMLOCK, nativeBuffer(16).fill(0xff)) !== 0) throw error;
    try {
      return load();
    } finally {
      setLimit(MEMLOCK, was);
    }
  }
}

/**
 * Loads an iterator's program and links it. The link is a descriptor: whoever holds it may read all that the program shows,
 * whatever rights are dropped later. It is closed at exec, and must never be passed on.
 * Throws DENIED, UNSUPPORTED or FAILED, saying why.
 */
export function linkIterator(native: Native, program: Loadable): number {
  let loaded: number;
  try {
    loaded = withMemory(native, () => loadProgram(native, program, null));
  } catch (error) {
    throw refusal(error, native, program);
  }
  try {
    const attr = nativeBuffer(32);
    attr.writeUInt32LE(loaded, 0);
    attr.writeUInt32LE(TRACE_ITER, 8);
    return uninterrupted(() => native.syscall('bpf', LINK_CREATE, attr, attr.length));
  } catch (error) {
    throw refusal(error, native);
  } finally {
    // The link holds the program.
    closeSync(loaded);
  }
}

/** What one call of BPF_ITER_CREATE takes; made once for each link. */
export function iterationOf(link: number): Buffer {
  const attr = nativeBuffer(8);
  attr.writeUInt32LE(link, 0);
  return attr;
}

/** Opens one pass over what the iterator shows: a descriptor to read to its end, once. */
export function beginPass(native: Native, iteration: Buffer): number {
  return uninterrupted(() => native.syscall('bpf', ITER_CREATE, iteration, iteration.length));
}

/** The last thing that the verifier said about a program that it refused, without its closing statistics. */
function verifierText(native: Native, program: Loadable): string {
  const log = nativeBuffer(LOG_BYTES);
  try {
    closeSync(loadProgram(native, program, log));
    return 'the second try succeeded';
  } catch {
    // Refused again, as expected: the text is what this is about.
    const lines = log
      .toString('latin1', 0, Math.max(0, log.indexOf(0)))
      .trim()
      .split('\n');
    return lines.findLast((line) => line !== '' && !line.startsWith('processed ')) ?? 'the verifier said nothing';
  }
}

/** Says that rights are missing. */
export function notAllowed(cause?: unknown): HecateError {
  return new HecateError('DENIED', 'This user may not load BPF programs.', {
    hint: 'Run as root, or with CAP_BPF and CAP_PERFMON; in a container, its seccomp profile must allow bpf(2).',
    cause,
  });
}

function refusal(error: unknown, native: Native, program?: Loadable): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  if (errno === 'EPERM') return notAllowed(error);
  if (errno === 'ENOSYS') return new HecateError('UNSUPPORTED', 'This kernel has no bpf(2), or a filter hides it.', { cause: error });
  const said = program ? `: ${verifierText(native, program)}` : '';
  return new HecateError('FAILED', `The kernel refuses the BPF iterator (${errno})${said}.`, { cause: error });
}
