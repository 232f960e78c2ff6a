import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';
import { HecateError } from './error.ts';

/**
 * System calls by name, with their numbers on x86-64 and on the architectures that share the generic table
 * (arm64, riscv64, loong64). Sources: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h.
 */
const SYSCALLS = {
  adjtimex: [159, 171],
  bind: [49, 200],
  bpf: [321, 280],
  eventfd2: [290, 19],
  fcntl: [72, 25],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  getsockname: [51, 204],
  ioctl: [16, 29],
  landlock_add_rule: [445, 445],
  landlock_create_ruleset: [444, 444],
  landlock_restrict_self: [446, 446],
  pidfd_open: [434, 434],
  pidfd_send_signal: [424, 424],
  prctl: [157, 167],
  recvfrom: [45, 207],
  sched_getaffinity: [204, 123],
  sendto: [44, 206],
  setsockopt: [54, 208],
  socket: [41, 198],
} as const;

/** A system call that {@link Native.syscall} knows by name. */
export type SyscallName = keyof typeof SYSCALLS;

/** What a system call takes: numbers, descriptors, and memory that the kernel reads or writes. Null is address 0. */
export type SyscallArgument = number | bigint | Buffer | null;

/**
 * Calls into the C library that Node itself is linked with. Memory that is handed over must come from {@link nativeBuffer}:
 * a small Buffer of another origin may lie in V8's heap, and move.
 */
export interface Native {
  /** Makes a system call. Throws the operating system's error (`code` is the errno's name), as node:fs does. */
  syscall(name: SyscallName, ...given: readonly SyscallArgument[]): number;
  /** Where the memory of a Buffer lies, for structures that hold pointers. Valid while the Buffer is referenced. */
  address(memory: Buffer): bigint;
  /**
   * Waits in a thread of libuv's pool until a descriptor is ready or `timeout` milliseconds passed (-1: for ever).
   * `descriptors` is an array of `struct pollfd` (poll(2)), which holds the answer afterwards.
   * Gives how many are ready. The process cannot end while this waits: have a descriptor in the set that ends it.
   */
  poll(descriptors: Buffer, timeout: number): Promise<number>;
  /** A function of the C library by its prototype, as koffi reads it: `int malloc_trim(size_t keep)`. Throws when there is none. */
  libraryFunction(prototype: string): (...given: never[]) => unknown;
}

/** Memory for the kernel: outside of V8's heap at any size, zeroed. */
export function nativeBuffer(size: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.max(1, size)).fill(0);
}

let opened: Native | undefined;

/**
 * The native door of the machine we run on, opened at the first call: the library costs a megabyte, so who needs it asks late.
 * Throws UNAVAILABLE where the library does not load, UNSUPPORTED on an architecture whose system calls we do not know.
 */
export function openNative(): Native {
  return (opened ??= createNative());
}

/** The library for native calls, for the files of this folder. Throws UNAVAILABLE where it does not load. */
export function loadKoffi(): typeof import('koffi') {
  try {
    return createRequire(import.meta.url)('koffi') as typeof import('koffi');
  } catch (error) {
    throw new HecateError('UNAVAILABLE', 'The library for native calls (koffi) does not load here.', {
      hint: 'Install it again with npm; it must have been installed for this operating system and architecture.',
      cause: error,
    });
  }
}

/** Index into the rows of {@link SYSCALLS}, or -1 for an architecture with a table of its own. */
function syscallTable(): number {
  if (process.platform !== 'linux') return -1;
  if (process.arch === 'x64') return 0;
  return ['arm64', 'riscv64', 'loong64'].includes(process.arch) ? 1 : -1;
}

/** An error as node:fs throws it. */
function systemError(errno: number, call: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${code}: ${call}`), { errno: -errno, code, syscall: call });
}

function createNative(): Native {
  const koffi = loadKoffi();
  const library = koffi.load(null);
  const table = syscallTable();
  const address = (memory: Buffer): bigint => koffi.address(memory);
  // Registers are the same for this prototype and for the variadic one of <unistd.h>, on all architectures in the table.
  const call = library.func('long syscall(long number, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)') as (
    number: number,
    ...given: (number | bigint)[]
  ) => number | bigint;
  let poll: ReturnType<typeof library.func> | undefined;
  const word = (given: SyscallArgument | undefined): number | bigint =>
    given === null || given === undefined ? 0 : Buffer.isBuffer(given) ? address(given) : given;
  return {
    address,
    syscall(name, ...given) {
      if (table < 0) throw new HecateError('UNSUPPORTED', `System calls on ${process.platform} ${process.arch} are not known here.`);
      const [a, b, c, d, e, f] = given;
      const result = Number(call(SYSCALLS[name][table]!, word(a), word(b), word(c), word(d), word(e), word(f)));
      if (result < 0) throw systemError(koffi.errno(), name);
      return result;
    },
    poll(descriptors, timeout) {
      poll ??= library.func('int poll(void *descriptors, unsigned long count, int timeout)');
      return new Promise((resolve, reject) => {
        poll!.async(descriptors, descriptors.length / 8, timeout, (error: unknown, ready: number) => {
          // errno belongs to the pool's thread. Only an interruption is to be expected, and then nothing is ready.
          if (error) reject(error);
          else resolve(Math.max(0, ready));
        });
      });
    },
    libraryFunction: (prototype) => library.func(prototype) as (...given: never[]) => unknown,
  };
}
