import type { Bytes } from '@hecate/host';
import { numberAfter } from './number-after.ts';

/** What the table of processes takes from /proc/PID/status; NaN where the kernel does not say. */
export interface StatusNumbers {
  /** Effective user and group. */
  uid: number;
  gid: number;
  /** Context switches of the main thread. */
  voluntarySwitches: number;
  involuntarySwitches: number;
}

/**
 * Decodes /proc/PID/status into `into` (kernel: Documentation/filesystems/proc.rst, table 1-2).
 * The kernel escapes newlines of the name, so no process can forge the beginning of a line.
 */
export function parseStatusNumbers(source: Bytes, into: StatusNumbers): StatusNumbers {
  // `Uid: real effective saved filesystem`
  into.uid = numberAfter(source, '\nUid:\t', 1);
  into.gid = numberAfter(source, '\nGid:\t', 1);
  into.voluntarySwitches = numberAfter(source, '\nvoluntary_ctxt_switches:\t');
  into.involuntarySwitches = numberAfter(source, '\nnonvoluntary_ctxt_switches:\t');
  return into;
}
