import type { Queue } from '../queue.ts';

/** Bytes that may wait in memory where nothing is kept on a disk. */
const FLEETING = 1024 * 1024;

/** A queue for what is not worth a disk: the newest `most` records, and no more than a mebibyte of them, in memory. */
export function createFleetingQueue(most: number): Queue {
  let waiting: { readonly record: Buffer; readonly number: number; readonly time: number }[] = [];
  let bytes = 0;
  let dropped = 0;
  let next = 0;
  return {
    push(record) {
      waiting.push({ record: Buffer.from(record), number: next++, time: Date.now() / 1000 });
      bytes += record.length;
      while (waiting.length > 1 && (waiting.length > most || bytes > FLEETING)) {
        bytes -= waiting.shift()!.record.length;
        dropped++;
      }
    },
    peek() {
      const [first] = waiting;
      if (!first) return null;
      const records = waiting.map(({ record }) => record);
      return { records, since: first.time, first: first.number, last: waiting.at(-1)!.number };
    },
    release({ last }) {
      waiting = waiting.filter(({ number }) => number > last);
      bytes = waiting.reduce((sum, { record }) => sum + record.length, 0);
    },
    get status() {
      return { records: waiting.length, bytes, dropped, damaged: 0, error: null };
    },
    close: () => undefined,
  };
}
