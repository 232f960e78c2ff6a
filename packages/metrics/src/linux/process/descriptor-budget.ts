import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Each open file of /proc/PID holds a buffer of 4 kB in the kernel (seq_file): 2,200 of them are 9 MB. */
const MOST_KEPT = 2200;
/** Where our own limit is not known. */
const CAUTIOUS = 400;

/** How many descriptors may be kept on files of processes: at most half of what this process may have open. */
export function descriptorBudget(host: Host): number {
  if (host.kind !== 'real') return CAUTIOUS;
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(host.readText('/proc/self/limits'))?.[1];
    return limit === undefined ? CAUTIOUS : Math.min(MOST_KEPT, Math.floor(Number(limit) / 2));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return CAUTIOUS;
  }
}
