import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Sizes that the kernel tells each program at its start (getauxval(3)). */
export interface KernelSizes {
  /** Bytes of a page: 4096, or 16384 or 65536 on some ARM and POWER machines. */
  readonly pageSize: number;
  /** Clock ticks a second in /proc. */
  readonly userHz: number;
}

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** Reads the auxiliary vector of 64-bit machines: pairs of (key, value). Unknown keys are skipped. */
export function parseAuxv(bytes: Uint8Array): KernelSizes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let pageSize = 4096;
  let userHz = 100;
  for (let at = 0; at + 16 <= bytes.byteLength; at += 16) {
    const key = view.getBigUint64(at, true);
    const value = Number(view.getBigUint64(at + 8, true));
    if (key === AT_PAGESZ && value >= 4096 && value <= 1 << 20) pageSize = value;
    else if (key === AT_CLKTCK && value > 0 && value <= 10_000) userHz = value;
  }
  return { pageSize, userHz };
}

/** The sizes of this machine; 4096 and 100 where it does not tell (a recorded machine, a hidden /proc/self). */
export function readKernelSizes(host: Host): KernelSizes {
  try {
    const { buffer, length } = host.read('/proc/self/auxv');
    return parseAuxv(buffer.subarray(0, length));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return { pageSize: 4096, userHz: 100 };
  }
}
