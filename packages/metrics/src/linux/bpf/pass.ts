import { closeSync, readSync } from 'node:fs';
import type { Native } from '@hecate/host';
import { finish } from '../../model/collector.ts';
import type { Sliced } from '../../model/collector.ts';
import { beginPass, iterationOf, linkIterator, uninterrupted } from './load.ts';
import type { Loadable } from './load.ts';

/** The kernel fills eight pages a read at the most; less room than that would mean more reads. */
const ROOM = 65_536;
/** Give way after so many reads: about a millisecond. */
const SLICE = 6;

/** What a pass brought: records, one behind the other. Valid until the next pass. */
export interface Records {
  readonly bytes: Buffer;
  /** The same memory in words of 32 bits. */
  readonly words: Uint32Array;
  /** Bytes that the pass brought. */
  readonly length: number;
}

/** A loaded iterator of the kernel. */
export interface Iterator {
  /** Goes once over all that the kernel shows. */
  pass(): Records;
  /** The same; gives way where there is much. What is torn by that, the reader must notice by itself. */
  slicedPass(): Sliced<Records>;
  /** Gives the program back to the kernel. */
  close(): void;
}

/** Loads an iterator. Throws DENIED, UNSUPPORTED or FAILED when the kernel refuses it. */
export function openIterator(native: Native, program: Loadable): Iterator {
  const link = linkIterator(native, program);
  const iteration = iterationOf(link);
  let records = withRoom(2 * ROOM);
  function* slicedPass(): Sliced<Records> {
    const descriptor = beginPass(native, iteration);
    try {
      let length = 0;
      for (let reads = 1; ; reads++) {
        if (records.bytes.length - length < ROOM) records = withRoom(records.bytes.length * 2, records.bytes);
        const read = uninterrupted(() => readSync(descriptor, records.bytes, length, records.bytes.length - length, null));
        if (read === 0) {
          records.length = length;
          return records;
        }
        length += read;
        if (reads % SLICE === 0) yield;
      }
    } finally {
      closeSync(descriptor);
    }
  }
  return {
    pass: () => finish(slicedPass()),
    slicedPass,
    close: () => closeSync(link),
  };
}

function withRoom(size: number, kept?: Buffer): { bytes: Buffer; words: Uint32Array; length: number } {
  const bytes = Buffer.allocUnsafeSlow(size);
  kept?.copy(bytes);
  return { bytes, words: new Uint32Array(bytes.buffer, bytes.byteOffset, size >>> 2), length: 0 };
}
