import { closeSync, fstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, takeFileLock } from '@hecate/host';
import type { Host } from '@hecate/host';
import { appendWhole } from '../../day/write-whole.ts';
import {
  createSegment,
  finishSegment,
  inspectSegment,
  nextOffset,
  openSegment,
  readRecord,
  SEGMENT_START,
  writeReleased,
} from './segment.ts';
import type { SegmentState, StoredRecord } from './segment.ts';

/** A record with its number: numbers go up by one, and say which records were released. */
export interface NumberedRecord extends StoredRecord {
  readonly number: number;
}

/** The part of a queue that lies on the disk: segments of records in one directory, that one process at a time holds. */
export interface DiskQueue {
  /** Records that wait. */
  readonly records: number;
  /** Bytes that they occupy. */
  readonly bytes: number;
  /** Number of the oldest; null when none waits. */
  readonly head: number | null;
  /** Records that were removed unsent because the bound was reached, or because somebody removed their file. */
  readonly dropped: number;
  /** Records, or ends of segments, that could not be read any more. */
  readonly damaged: number;
  /** Adds an encoded record. Throws the system's error, or CONFLICT when another process took the directory over. */
  append(record: Buffer, number: number): void;
  /** The oldest records, at least one where there is any that can be read, and no more than `most` or much more than `bytesWanted`. */
  read(most: number, bytesWanted: number): readonly NumberedRecord[];
  /** Removes all up to this number. */
  release(last: number): void;
  close(): void;
}

/** Where a queue lies, and how large it may be. */
export interface DiskQueueOptions {
  readonly directory: string;
  readonly mostBytes: number;
  /** The number that the first record will get that is added: what lies there already has the numbers before it. */
  readonly next: number;
  readonly host?: Host;
}

interface Segment {
  readonly file: string;
  /** Number of its first record that waited when we opened it, and how many stand before that. */
  readonly first: number;
  readonly released: number;
  /** Records from there on. */
  count: number;
  size: number;
  /** Offset of its first record that waits, and the number of that. */
  offset: number;
  head: number;
}

const NAME = /^(\d{10})\.queue$/;
/** A file occupies at least a block: with it the bound on bytes bounds the number of files too. */
const BLOCK = 4096;

const nameOf = (serial: number): string => `${String(serial).padStart(10, '0')}.queue`;

/**
 * Opens the queue in `directory`, which is made when it is not there. Throws CONFLICT while another process holds it, and the
 * system's error when it cannot be made or written.
 */
export function openDiskQueue({ directory, mostBytes, next, host }: DiskQueueOptions): DiskQueue {
  const segmentBytes = Math.min(4 * 1024 * 1024, Math.max(BLOCK, Math.floor(mostBytes / 8)));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const words = { holder: 'hecate', place: directory, hint: 'Stop it, or give it another state directory.' };
  const lock = takeFileLock(path.join(directory, 'lock'), words, host);
  let dropped = 0;
  let damaged = 0;
  let segments: Segment[] = [];
  let serial = 0;
  /** The segment that is written to, always the last one; null until a record comes: what an earlier process wrote is not added to. */
  let tail: { readonly segment: Segment; readonly descriptor: number } | null = null;
  let front: { readonly segment: Segment; readonly descriptor: number } | null = null;

  const remove = (segment: Segment): void => {
    segments = segments.filter((other) => other !== segment);
    if (front?.segment === segment) closeFront();
    if (tail?.segment === segment) closeTail();
    rmSync(segment.file, { force: true });
  };
  const closeFront = (): void => {
    if (front) closeSync(front.descriptor);
    front = null;
  };
  const closeTail = (): void => {
    const done = tail;
    tail = null;
    if (!done) return;
    try {
      finishSegment(done.descriptor, done.segment.count);
    } finally {
      closeSync(done.descriptor);
    }
  };

  try {
    const found: (SegmentState & { readonly file: string })[] = [];
    for (const name of readdirSync(directory).toSorted()) {
      const match = NAME.exec(name);
      if (!match) continue;
      serial = Math.max(serial, Number(match[1]));
      const file = path.join(directory, name);
      try {
        const descriptor = openSegment(file);
        const state = inspectSegment(descriptor);
        // What stands behind its last whole record is a record that a crash tore, or damage that hides others.
        if (fstatSync(descriptor).size > state.size) damaged++;
        closeSync(descriptor);
        found.push({ file, ...state });
      } catch {
        // Not even its beginning is ours: nothing in it can be sent. It is counted, and goes.
        damaged++;
        rmSync(file, { force: true, recursive: true });
      }
    }
    let first = next - found.reduce((sum, { count }) => sum + count, 0);
    for (const { count, ...rest } of found) {
      const segment = { ...rest, first, head: first, count };
      first += count;
      if (count === 0) rmSync(rest.file, { force: true });
      else segments.push(segment);
    }
  } catch (error) {
    lock.release();
    throw error;
  }

  const waiting = (segment: Segment): number => segment.first + segment.count - segment.head;
  const bytes = (): number => segments.reduce((sum, { size }) => sum + Math.max(size, BLOCK), 0);

  /** Whether a record may stand at the end of a segment: the numbers in a segment have no holes, and where some were dropped there is one. */
  const continues = ({ size, first, count }: Segment, number: number): boolean => size < segmentBytes && number === first + count;

  const openTail = (number: number): NonNullable<typeof tail> => {
    if (tail && continues(tail.segment, number) && fstatSync(tail.descriptor).nlink > 0) return tail;
    closeTail();
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = path.join(directory, nameOf(++serial));
    const descriptor = createSegment(file);
    const segment = { file, first: number, released: 0, head: number, count: 0, size: SEGMENT_START, offset: SEGMENT_START };
    segments.push(segment);
    tail = { segment, descriptor };
    return tail;
  };

  /** The oldest segment, open; null when nothing waits. Segments that are used up or that somebody removed go. */
  const openFront = (): NonNullable<typeof front> | null => {
    for (;;) {
      const [segment] = segments;
      if (!segment) return null;
      if (waiting(segment) === 0) {
        remove(segment);
        continue;
      }
      if (front?.segment === segment) return front;
      closeFront();
      try {
        front = { segment, descriptor: openSegment(segment.file) };
        return front;
      } catch (error) {
        if (errnoOf(error) === 'EMFILE' || errnoOf(error) === 'ENFILE') throw error;
        dropped += waiting(segment);
        remove(segment);
      }
    }
  };

  /** Drops the rest of a segment whose next record cannot be found: where one ends, the length of it must say. */
  const giveUp = (segment: Segment): void => {
    damaged += waiting(segment);
    remove(segment);
  };

  return {
    get records() {
      return segments.reduce((sum, segment) => sum + waiting(segment), 0);
    },
    get bytes() {
      return bytes();
    },
    get head() {
      return openFront()?.segment.head ?? null;
    },
    get dropped() {
      return dropped;
    },
    get damaged() {
      return damaged;
    },
    append(record, number) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      lock.confirm();
      const { segment, descriptor } = openTail(number);
      appendWhole(descriptor, record, segment.size);
      segment.size += record.length;
      segment.count++;
      while (segments.length > 1 && bytes() > mostBytes) {
        dropped += waiting(segments[0]!);
        remove(segments[0]!);
      }
    },
    read(most, bytesWanted) {
      const records: NumberedRecord[] = [];
      let total = 0;
      for (;;) {
        const at = openFront();
        if (!at) return records;
        const { segment, descriptor } = at;
        let { offset } = segment;
        for (let number = segment.head; number < segment.first + segment.count; number++) {
          const following = nextOffset(descriptor, offset, segment.size);
          if (following === null) {
            if (records.length === 0) giveUp(segment);
            break;
          }
          const record = readRecord(descriptor, offset, following);
          if (record) {
            if (records.length > 0 && (records.length >= most || total + record.body.length > bytesWanted)) return records;
            records.push({ ...record, number });
            total += record.body.length;
          } else if (records.length === 0) {
            damaged++;
            segment.head = number + 1;
            segment.offset = following;
          } else break;
          offset = following;
        }
        // A batch ends with its segment; one that had nothing whole is followed by the next.
        if (records.length > 0) return records;
      }
    },
    release(last) {
      for (let at = openFront(); at && at.segment.head <= last; at = openFront()) {
        const { segment, descriptor } = at;
        while (segment.head <= last && waiting(segment) > 0) {
          const following = nextOffset(descriptor, segment.offset, segment.size);
          if (following === null) {
            giveUp(segment);
            break;
          }
          segment.offset = following;
          segment.head++;
        }
        if (segments[0] === segment && waiting(segment) > 0) {
          writeReleased(descriptor, segment.offset, segment.released + segment.head - segment.first);
        }
      }
    },
    close() {
      openFront();
      closeFront();
      closeTail();
      lock.release();
    },
  };
}
