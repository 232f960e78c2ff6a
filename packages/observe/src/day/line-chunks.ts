import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const NEWLINE = 10;
const CHUNK = 256 * 1024;
/** No row is longer; a line that is, is skipped to its end. */
const LONGEST_LINE = 1024 * 1024;
/** Bytes between two looks at the signal and at everything else that waits for the event loop. */
const SLICE = CHUNK;

/** Who takes the lines. */
export interface LineSink {
  /** Whole lines: `bytes[start, end)` ends with a newline. Valid during the call only. */
  lines(bytes: Buffer, start: number, end: number): void;
  /** The beginning of a line of over 1 MiB, which is skipped. */
  longLine(beginning: Buffer): void;
}

/** Memory for lines, used for one file after another. */
export interface LineMemory {
  buffer: Buffer;
}

/** Memory for two chunks; it grows when lines are long. */
export function createLineMemory(): LineMemory {
  return { buffer: Buffer.allocUnsafeSlow(2 * CHUNK) };
}

/**
 * Reads an open file to its end in chunks and hands on whole lines.
 * Returns what follows the last newline: empty, or a line that was cut off. Throws the signal's reason.
 */
export async function readLineChunks(descriptor: number, memory: LineMemory, sink: LineSink, signal?: AbortSignal): Promise<Buffer> {
  let held = 0;
  let skipping = false;
  let slice = SLICE;
  for (;;) {
    if (memory.buffer.length - held < CHUNK) memory.buffer = Buffer.concat([memory.buffer.subarray(0, held)], memory.buffer.length * 2);
    const { buffer } = memory;
    const got = readSync(descriptor, buffer, held, CHUNK, null);
    // A line that is being skipped is cut off too when it never ends.
    if (got === 0) return Buffer.from(buffer.subarray(0, skipping ? Math.max(held, 1) : held));
    const end = held + got;
    let start = 0;
    if (skipping) {
      const newline = buffer.subarray(0, end).indexOf(NEWLINE);
      if (newline < 0) {
        held = 0;
        continue;
      }
      skipping = false;
      start = newline + 1;
    }
    const stop = buffer.subarray(0, end).lastIndexOf(NEWLINE) + 1;
    if (stop > start) sink.lines(buffer, start, stop);
    const rest = Math.max(start, stop);
    buffer.copyWithin(0, rest, end);
    held = end - rest;
    if (held > LONGEST_LINE) {
      sink.longLine(buffer.subarray(0, 1024));
      skipping = true;
      held = 0;
    }
    slice -= got;
    if (slice > 0) continue;
    slice = SLICE;
    await setImmediate();
    signal?.throwIfAborted();
  }
}
