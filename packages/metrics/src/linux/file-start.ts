import { closeSync, openSync, readSync } from 'node:fs';
import type { Bytes, Host } from '@hecate/host';

/** The first bytes of a file, as many as `memory` holds: for kernel files that may be very long and tell what we need at their start. */
export function readStart(host: Host, path: string, memory: Buffer): Bytes {
  const descriptor = openSync(host.resolve(path), 'r');
  try {
    let length = 0;
    while (length < memory.length) {
      const more = readSync(descriptor, memory, length, memory.length - length, length);
      if (more === 0) break;
      length += more;
    }
    return { buffer: memory, length };
  } finally {
    closeSync(descriptor);
  }
}
