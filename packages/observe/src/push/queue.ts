import { existsSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { HecateError, sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { openDiskQueue } from './queue/disk-queue.ts';
import type { DiskQueue } from './queue/disk-queue.ts';
import { DEFLATED, encodeRecord, LONGEST_RECORD, PLAIN } from './queue/segment.ts';

/** Records that are sent together. */
export interface QueueBatch {
  /** Oldest first, at least one. */
  readonly records: readonly Buffer[];
  /** When the first of them was added, in seconds since the epoch. */
  readonly since: number;
  /** Numbers of the first and the last one. */
  readonly first: number;
  readonly last: number;
}

/** How a queue fares. */
export interface QueueStatus {
  /** Records that wait, and the bytes that they occupy in memory and on the disk. */
  readonly records: number;
  readonly bytes: number;
  /** Records that were removed unsent: the bound was reached, or their file vanished. */
  readonly dropped: number;
  /** Records on the disk that could not be read any more. */
  readonly damaged: number;
  /** Why nothing can be written to the disk now; null while all is well. */
  readonly error: HecateError | null;
}

/**
 * Records that wait for a server: bytes in, the same bytes out, oldest first. They lie in memory for some seconds, because most are
 * sent at once, and then on the disk. A kill costs at most what came in these seconds; what was released just before it may come again.
 */
export interface Queue {
  /** Adds a record, now. Never throws: what cannot be written stays in memory, and beyond the bound the oldest is dropped. */
  push(record: Uint8Array): void;
  /** The oldest records, no more than `most`, and beyond the first no more than about `mostBytes`; null when nothing waits. They stay. */
  peek(most: number, mostBytes: number): QueueBatch | null;
  /** Removes the records of a batch. */
  release(batch: QueueBatch): void;
  readonly status: QueueStatus;
  /** Puts all that waits on the disk, for the next process. */
  close(): void;
}

/** Where a queue lies, and its bounds. */
export interface QueueOptions {
  /** Made with the first record that has to be written. */
  readonly directory: string;
  /** What waits here, for sentences: `samples for prometheus`. */
  readonly what: string;
  /** Gets a sentence when there is trouble, and when it is over. */
  readonly say: (sentence: string) => void;
  /** The most bytes on the disk. Default 256 MiB. */
  readonly mostBytes?: number;
  /** The most bytes in memory while the disk cannot be written. Default 4 MiB. */
  readonly mostMemory?: number;
  /** Seconds that a record lies in memory alone, at most. Default 5. */
  readonly patience?: number;
  /** The machine whose process table decides whether another holder lives. Default: this one. */
  readonly host?: Host;
}

interface Waiting {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Milliseconds on the monotonic clock. */
  readonly since: number;
  body: Buffer;
  packing: number;
}

/** Bytes from which on packing gains something. */
const WORTH_PACKING = 512;
/** Milliseconds that writing may hold the event loop at a stretch. */
const SLICE = 2;

function pack(entry: Waiting): void {
  if (entry.packing !== PLAIN || entry.body.length < WORTH_PACKING) return;
  const packed = deflateRawSync(entry.body, { level: 1 });
  if (packed.length >= entry.body.length) return;
  entry.body = packed;
  entry.packing = DEFLATED;
}

const unpack = (packing: number, body: Buffer): Buffer =>
  packing === PLAIN ? body : inflateRawSync(body, { maxOutputLength: LONGEST_RECORD });

/** Opens a queue; what an earlier process left in `directory` comes first. Never throws: trouble is told, and tried again. */
export function openQueue(options: QueueOptions): Queue {
  const { directory, what, say, mostBytes = 256 * 1024 * 1024, mostMemory = 4 * 1024 * 1024, patience = 5, host } = options;
  const waiting: Waiting[] = [];
  let memory = 0;
  let next = 0;
  let dropped = 0;
  let unreadable = 0;
  let disk: DiskQueue | null = null;
  let error: HecateError | null = null;
  let full = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const noteTrouble = (cause: unknown): void => {
    const first = error === null;
    error = cause instanceof HecateError ? cause : new HecateError('FAILED', sentenceOf(cause, directory), { cause });
    // Another process has the directory now, and what lies in it.
    if (disk && error.code === 'CONFLICT') {
      dropped += disk.dropped;
      unreadable += disk.damaged;
      disk.close();
      disk = null;
    }
    if (first) say(`The ${what} that wait cannot be kept on the disk, and are kept in memory: ${error.message}`);
  };
  const noteDropped = (): void => {
    if (!full) say(`The oldest ${what} are dropped: the queue is full.`);
    full = true;
  };
  const open = (): DiskQueue => {
    disk ??= openDiskQueue({ directory, mostBytes, next: waiting[0]?.number ?? next, ...(host ? { host } : {}) });
    return disk;
  };
  const removeOldest = (): void => {
    memory -= waiting.shift()!.body.length;
  };

  /** Puts the oldest record of the memory on the disk; false when that is not possible now. */
  const spillOne = (): boolean => {
    const entry = waiting[0]!;
    const before = entry.body.length;
    pack(entry);
    memory += entry.body.length - before;
    try {
      const target = open();
      const lost = target.dropped;
      target.append(encodeRecord(entry), entry.number);
      if (target.dropped > lost) noteDropped();
    } catch (cause) {
      noteTrouble(cause);
      return false;
    }
    removeOldest();
    if (error) say(`The ${what} that wait are on the disk again.`);
    error = null;
    return true;
  };
  const isDue = (now: number): boolean => waiting.length > 0 && now - waiting[0]!.since >= patience * 1000;
  const spill = (): void => {
    timer = null;
    const start = performance.now();
    let works = true;
    while (works && isDue(start) && performance.now() - start < SLICE) works = spillOne();
    // While the disk refuses: what lies in memory is packed too, and there is room for more.
    if (!works) for (let i = 1; i < waiting.length && performance.now() - start < SLICE; i++) packAt(i);
    arm(works ? 0 : patience * 1000);
  };
  const packAt = (index: number): void => {
    const entry = waiting[index]!;
    const before = entry.body.length;
    pack(entry);
    memory += entry.body.length - before;
  };
  const arm = (least: number): void => {
    if (timer || closed || waiting.length === 0) return;
    const wait = Math.max(least, waiting[0]!.since + patience * 1000 - performance.now(), 1);
    timer = setTimeout(spill, wait).unref();
  };

  // What was left behind is opened at once; where there is nothing, nothing is made.
  if (existsSync(directory)) {
    try {
      open();
    } catch (cause) {
      noteTrouble(cause);
    }
  }

  const fromDisk = (most: number, bytes: number): QueueBatch | null => {
    while (disk && disk.records > 0) {
      const found = disk.read(most, bytes);
      if (found.length === 0) return null;
      const records: Buffer[] = [];
      for (const { packing, body } of found) {
        try {
          records.push(unpack(packing, body));
        } catch {
          break;
        }
      }
      const [first] = found as [(typeof found)[0]];
      if (records.length > 0) {
        return { records, since: first.time / 1000, first: first.number, last: first.number + records.length - 1 };
      }
      // Its checksum is right and its body is not: somebody else wrote it. It is left out, and counted.
      unreadable++;
      disk.release(first.number);
    }
    return null;
  };

  return {
    push(record) {
      if (record.length === 0) return;
      if (record.length > LONGEST_RECORD) {
        dropped++;
        return;
      }
      const body = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
      waiting.push({ number: next++, time: Date.now(), since: performance.now(), body, packing: PLAIN });
      memory += body.length;
      while (memory > mostMemory && waiting.length > 1) {
        // A disk that has just refused is not asked again for every record.
        if (error === null && spillOne()) continue;
        removeOldest();
        dropped++;
        noteDropped();
      }
      arm(0);
    },
    peek(most, bytes) {
      try {
        const batch = fromDisk(most, bytes);
        if (batch) return batch;
      } catch (cause) {
        noteTrouble(cause);
        return null;
      }
      const [first] = waiting;
      if (!first) return null;
      const records: Buffer[] = [];
      let total = 0;
      for (const { packing, body } of waiting) {
        const record = unpack(packing, body);
        if (records.length > 0 && (records.length >= most || total + record.length > bytes)) break;
        records.push(record);
        total += record.length;
      }
      return { records, since: first.time / 1000, first: first.number, last: first.number + records.length - 1 };
    },
    release({ first, last }) {
      try {
        // A directory that was opened later may have older records, which were not sent.
        if (disk && disk.records > 0 && disk.head! >= first) disk.release(last);
      } catch (cause) {
        noteTrouble(cause);
      }
      while (waiting.length > 0 && waiting[0]!.number <= last) removeOldest();
      if (waiting.length === 0 && (disk?.records ?? 0) === 0) full = false;
    },
    get status() {
      return {
        records: waiting.length + (disk?.records ?? 0),
        bytes: memory + (disk?.bytes ?? 0),
        dropped: dropped + (disk?.dropped ?? 0),
        damaged: unreadable + (disk?.damaged ?? 0),
        error,
      };
    },
    close() {
      if (closed) return;
      closed = true;
      if (timer) clearTimeout(timer);
      while (waiting.length > 0 && spillOne());
      if (waiting.length > 0) say(`${waiting.length} of the ${what} could not be kept on the disk and are lost.`);
      try {
        disk?.close();
      } catch (cause) {
        noteTrouble(cause);
      }
    },
  };
}
