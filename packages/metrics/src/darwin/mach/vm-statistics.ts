import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { VM_STATISTICS } from '../layout/memory.ts';
import { withHostPort } from './host-port.ts';
import { requireSuccess } from './kernel-error.ts';

/** Room for more words than any revision has (62 in macOS 26): newer systems refuse a count that is less than theirs. */
const ROOM = 256;

/** {@link VM_STATISTICS}, and what newer systems append. Throws what Mach says, FAILED when it answers with less. */
export function readVmStatistics(darwin: Darwin): Buffer {
  const bytes = nativeBuffer(ROOM * 4);
  const count = nativeBuffer(4);
  count.writeUInt32LE(ROOM);
  withHostPort(darwin, (host) => {
    requireSuccess(darwin.libsystem.host_statistics64(host, APPLE.HOST_VM_INFO64, bytes, count), 'host_statistics64');
  });
  const written = count.readUInt32LE(0) * 4;
  if (written < VM_STATISTICS.size) throw new HecateError('FAILED', `host_statistics64 answered ${written} bytes only.`);
  return bytes.subarray(0, written);
}
