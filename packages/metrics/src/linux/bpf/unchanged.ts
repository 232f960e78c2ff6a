import type { Records } from './pass.ts';
import { AT_THREADS, LEADER_BYTES } from './task-layout.ts';

/** Rows that are compared at once: most processes sleep, and one call into native code is as dear as decoding half a row. */
const MOST = 8;
const WORDS = LEADER_BYTES / 4;

/** The records of the pass before, to tell which rows need no decoding. */
export interface LastPass {
  /**
   * How many rows from `row` on, of which the first has its record at `word`, are to the byte as they were at the last pass.
   * Only processes of one thread are told: what the threads of another did is in other records.
   */
  same(records: Records, word: number, row: number): number;
  /** Remembers a pass, whose rows have their records at `wordOfRow`. */
  keep(records: Records, wordOfRow: Uint32Array, rows: number): void;
  /** Forgets it: nothing is the same as at no pass. */
  forget(): void;
}

/** Remembers no pass yet. */
export function createLastPass(): LastPass {
  let bytes = Buffer.alloc(0);
  let words = new Uint32Array(0);
  let wordOf = new Uint32Array(0);
  let rows = 0;

  const equal = (records: Records, word: number, row: number, count: number): boolean => {
    const size = count * LEADER_BYTES;
    const from = word * 4;
    const was = wordOf[row]! * 4;
    return from + size <= records.length && records.bytes.compare(bytes, was, was + size, from, from + size) === 0;
  };

  return {
    same(records, word, row) {
      let count = 0;
      while (
        count < MOST &&
        row + count < rows &&
        wordOf[row + count] === wordOf[row]! + count * WORDS &&
        words[wordOf[row + count]! + AT_THREADS] === 1
      ) {
        count++;
      }
      if (count === 0) return 0;
      if (equal(records, word, row, count)) return count;
      return count > 1 && equal(records, word, row, 1) ? 1 : 0;
    },
    keep(records, wordOfRow, count) {
      if (bytes.length < records.length) {
        bytes = Buffer.allocUnsafeSlow(Math.ceil(records.length / 4096) * 4096 * 2);
        words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
      }
      if (wordOf.length < count) wordOf = new Uint32Array(wordOfRow.length);
      records.bytes.copy(bytes, 0, 0, records.length);
      wordOf.set(wordOfRow.subarray(0, count));
      rows = count;
    },
    forget() {
      rows = 0;
    },
  };
}
