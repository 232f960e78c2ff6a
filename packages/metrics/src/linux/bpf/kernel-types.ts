import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import { scanBtf } from './btf.ts';
import type { Btf } from './btf.ts';

const FILE = '/sys/kernel/btf/vmlinux';
/** sysfs gives 4 KiB a read: so many reads take about a millisecond. */
const SLICE = 64;

/** A buffer that shrinks gives its memory back without waiting for the garbage collector. (Node 20 has it, our library of types not.) */
const ShrinkingBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { readonly maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void };

/** The kernel's types, as long as they are needed: they take 4 to 8 MB, which `release` gives back at once. */
export interface KernelTypes extends Btf {
  release(): void;
}

/**
 * Reads the types of the running kernel; `wanted` are the structs and functions that will be asked for.
 * Throws UNSUPPORTED when the kernel has none (CONFIG_DEBUG_INFO_BTF), FAILED when they are damaged.
 */
export function* readKernelTypes(host: Host, wanted: readonly string[]): Sliced<KernelTypes> {
  let descriptor: number;
  try {
    descriptor = openSync(host.resolve(FILE), 'r');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new HecateError('UNSUPPORTED', 'This kernel does not describe its types (no /sys/kernel/btf/vmlinux).', {
      hint: 'Use a kernel built with CONFIG_DEBUG_INFO_BTF=y.',
      cause: error,
    });
  }
  try {
    const { size } = fstatSync(descriptor);
    const memory = new ShrinkingBuffer(size, { maxByteLength: size });
    const bytes = Buffer.from(memory, 0, size);
    let length = 0;
    for (let reads = 1; length < size; reads++) {
      const read = readSync(descriptor, bytes, length, size - length, null);
      if (read === 0) break;
      length += read;
      if (reads % SLICE === 0) yield;
    }
    const btf = yield* scanBtf(bytes.subarray(0, length), wanted);
    return { ...btf, release: () => memory.resize(0) };
  } finally {
    closeSync(descriptor);
  }
}
