import type { Bytes } from '@hecate/host';
import { numberAfter } from './number-after.ts';

/** What the table of processes takes from /proc/PID/io; NaN when a line is missing. */
export interface IoNumbers {
  /** Bytes that it caused to be read from storage, with those of children that it waited for. */
  readBytes: number;
  writeBytes: number;
}

/** Decodes /proc/PID/io into `into` (kernel: Documentation/filesystems/proc.rst, section 3.3). */
export function parseProcessIo(source: Bytes, into: IoNumbers): IoNumbers {
  into.readBytes = numberAfter(source, 'read_bytes: ');
  // `cancelled_write_bytes` comes after it.
  into.writeBytes = numberAfter(source, 'write_bytes: ');
  return into;
}
