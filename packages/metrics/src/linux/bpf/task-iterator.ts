import { errnoOf, HecateError, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import { readKernelTypes } from './kernel-types.ts';
import { notAllowed } from './load.ts';
import { openIterator } from './pass.ts';
import type { Iterator } from './pass.ts';
import { AT_LENGTH, AT_LEVEL, LEADER_BYTES } from './task-layout.ts';
import { TASK_NAMES, taskProgram } from './task-program.ts';

/** The kernel's task iterator, reading for our pid namespace. */
export interface TaskIterator extends Iterator {
  /** Depth of our pid namespace: 0 is the machine's own. */
  readonly level: number;
  /** Names of fields that this kernel does not keep: 0 in every record. */
  readonly absent: ReadonlySet<string>;
}

/** The link of the first pid namespace (PROC_PID_INIT_INO of include/linux/proc_ns.h). */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** Depth of our pid namespace as a pass saw it; null when it showed no process. */
export function levelOf(words: Uint32Array, length: number): number | null {
  for (let word = 0; word < length >>> 2;) {
    const bytes = words[word + AT_LENGTH]!;
    if (bytes === LEADER_BYTES) return words[word + AT_LEVEL]!;
    if (bytes < 4) return null;
    word += bytes >>> 2;
  }
  return null;
}

/** Bits of CapEff in /proc/PID/status (kernel: include/uapi/linux/capability.h). */
const SYS_ADMIN = 1n << 21n;
const PERFMON_AND_BPF = (1n << 38n) | (1n << 39n);

/** Whether the kernel will refuse to load programs: known before all its types are read. */
export function lacksRights(status: string): boolean {
  const set = /^CapEff:\s*([\da-f]{1,16})$/m.exec(status)?.[1];
  if (set === undefined) return false;
  const rights = BigInt(`0x${set}`);
  return (rights & SYS_ADMIN) === 0n && (rights & PERFMON_AND_BPF) !== PERFMON_AND_BPF;
}

/** Refuses what iterators cannot be right for. Throws UNSUPPORTED, and DENIED where rights are missing. */
export function checkHost(host: Host): void {
  if (host.kind !== 'real' || host.platform !== 'linux') {
    throw new HecateError('UNSUPPORTED', 'Only the kernel of the machine we run on can be asked with BPF iterators.');
  }
  if (!['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch)) {
    throw new HecateError('UNSUPPORTED', `BPF iterators are not known to work on ${process.arch}.`);
  }
  // /proc may be that of another pid namespace; then the same number names another process in it.
  if (host.readLink('/proc/self') !== String(process.pid)) {
    throw new HecateError('UNSUPPORTED', 'The /proc here belongs to another pid namespace than we do.');
  }
  if (lacksRights(host.readText('/proc/self/status'))) throw notAllowed();
}

const isFirstNamespace = (host: Host): boolean => host.readLink('/proc/self/ns/pid') === FIRST_NAMESPACE;

/** Depth of our pid namespace. Only a program in the kernel can tell, except of the first. */
export function* findLevel(host: Host): Sliced<number> {
  if (isFirstNamespace(host)) return 0;
  const iterator = yield* openTaskIterator(host);
  iterator.close();
  return iterator.level;
}

/** Before Linux 5.11 a program cannot find our depth: then it must be the first. */
function checkFirstNamespace(host: Host): void {
  if (!isFirstNamespace(host)) {
    throw new HecateError('UNSUPPORTED', 'In a container the BPF task iterator needs Linux 5.11 or later.');
  }
}

/**
 * Loads the program of the task iterator. It takes 30 to 60 ms, most of it in the kernel's verifier, once.
 * Throws a HecateError that says why it is not possible: another machine's files, no BTF, not enough rights, what the verifier said.
 */
export function* openTaskIterator(host: Host): Sliced<TaskIterator> {
  checkHost(host);
  const native = openNative();
  const types = yield* readKernelTypes(host, TASK_NAMES);
  try {
    // Tasks are numbered for the reader's pid namespace. How deep that is, only the program can tell: ask it, and load again.
    for (let level = 0; ;) {
      const program = taskProgram(types, level);
      if (program.absent.has('level')) checkFirstNamespace(host);
      yield;
      const iterator = openIterator(native, program);
      try {
        const { words, length } = iterator.pass();
        const found = levelOf(words, length);
        if (found === null) throw new HecateError('FAILED', 'The BPF task iterator shows no process.');
        if (found === level) return { ...iterator, level, absent: program.absent };
        level = found;
      } catch (error) {
        iterator.close();
        throw error;
      }
      iterator.close();
    }
  } catch (error) {
    if (error instanceof RangeError) {
      throw new HecateError('UNSUPPORTED', `The program of the task iterator cannot be made for this kernel: ${error.message}`, {
        cause: error,
      });
    }
    if (error instanceof HecateError || errnoOf(error) === undefined) throw error;
    throw new HecateError('FAILED', `The BPF task iterator could not be read (${errnoOf(error)}).`, { cause: error });
  } finally {
    types.release();
  }
}
