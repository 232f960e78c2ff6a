import { closeSync, fstatSync, openSync, readSync, renameSync, unlinkSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { errnoOf, HecateError } from '@hecate/host';
import { createDay } from './packed-day.ts';
import type { Day, DayFlaws, PackedDay } from './packed-day.ts';
import { writeAll } from './write-whole.ts';

/** Ending of a sealed day, which lies beside its CSV. */
export const SEAL_SUFFIX = '.hcol';

/**
 * A sealed day is a cache of a closed day's CSV: deleting it loses nothing, and one that does not fit is made anew.
 * Layout: magic (8 bytes) · the packed columns (column-block.ts) · an index (JSON) · length of the index (4 bytes, low
 * byte first) · CRC-32 of everything before it (4 bytes).
 */
const MAGIC = Buffer.from('HECCOL\r\n', 'latin1');
/** Raise it when the layout or the meaning of a column's bytes changes: older files are then made anew. */
const VERSION = 1;
const TRAILER = 8;

/** What the CSV looked like when it was packed. */
export interface SourceStamp {
  readonly size: number;
  readonly mtime: number;
}

/** Where a column lies in the file. */
type Slot = readonly [offset: number, length: number];

interface SealIndex {
  readonly version: number;
  readonly source: SourceStamp;
  readonly day: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly flaws: DayFlaws;
  readonly wallRange: readonly [number, number] | null;
  readonly slots: readonly Slot[];
}

/** Writes a packed day to `file`, whole or not at all. Throws the operating system's error, with nothing left behind. */
export function writeSealedDay(file: string, day: PackedDay, source: SourceStamp): void {
  const temporary = `${file}.tmp`;
  const descriptor = openSync(temporary, 'w');
  try {
    try {
      let offset = 0;
      let checksum = 0;
      const put = (bytes: Uint8Array): void => {
        writeAll(descriptor, bytes);
        checksum = crc32(bytes, checksum);
        offset += bytes.length;
      };
      put(MAGIC);
      const slots = day.packs.map((pack): Slot => {
        const start = offset;
        put(pack);
        return [start, pack.length];
      });
      const { rows, columns, flaws, wallRange } = day;
      const index: SealIndex = { version: VERSION, source, day: day.day, rows, columns, flaws, wallRange, slots };
      const text = Buffer.from(JSON.stringify(index));
      put(text);
      const trailer = Buffer.alloc(TRAILER);
      trailer.writeUInt32LE(text.length, 0);
      put(trailer.subarray(0, 4));
      trailer.writeUInt32LE(checksum, 4);
      put(trailer.subarray(4));
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

/**
 * Opens a sealed day, or returns null when there is none, it was made of another CSV, by another version, or is damaged
 * in any byte. Only the column that is read lies in memory; no descriptor stays open, a year has more days than a
 * process has descriptors. Reading throws FAILED when the file was replaced meanwhile.
 */
export function openSealedDay(file: string, source: SourceStamp): Day | null {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const index = readIndex(descriptor, source);
      if (index === null) return null;
      const { ino } = fstatSync(descriptor);
      const { day, rows, columns, flaws, wallRange, slots } = index;
      return createDay({ day, rows, columns, flaws, wallRange, heldBytes: 0 }, (number) => readSlot(file, ino, slots[number] as Slot));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // Missing or unreadable: the CSV has it all.
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** One column at a time is read and decoded at once, so all reads share this memory. */
let scratch: Buffer = Buffer.alloc(0);

function readSlot(file: string, ino: number, [offset, length]: Slot): Uint8Array {
  const changed = (cause?: unknown): HecateError =>
    new HecateError('FAILED', `${file} changed while it was read.`, { hint: 'Run the command again.', cause });
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw changed(error);
  }
  try {
    if (scratch.length < length) scratch = Buffer.allocUnsafeSlow(length * 2);
    if (fstatSync(descriptor).ino !== ino || readSync(descriptor, scratch, 0, length, offset) !== length) throw changed();
    return scratch.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function readIndex(descriptor: number, source: SourceStamp): SealIndex | null {
  const { size } = fstatSync(descriptor);
  if (size < MAGIC.length + TRAILER) return null;
  const buffer = Buffer.allocUnsafe(Math.min(size, 256 * 1024));
  const trailer = Buffer.alloc(TRAILER);
  if (readSync(descriptor, trailer, 0, TRAILER, size - TRAILER) !== TRAILER) return null;
  let checksum = 0;
  for (let offset = 0; offset < size - 4;) {
    const got = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - 4 - offset), offset);
    if (got === 0) return null;
    if (offset === 0 && !buffer.subarray(0, MAGIC.length).equals(MAGIC)) return null;
    checksum = crc32(buffer.subarray(0, got), checksum);
    offset += got;
  }
  const length = trailer.readUInt32LE(0);
  if (checksum !== trailer.readUInt32LE(4) || length > size - MAGIC.length - TRAILER) return null;
  const text = Buffer.alloc(length);
  readSync(descriptor, text, 0, length, size - TRAILER - length);
  // The checksum was right, so one of our versions wrote it: only which one, and of which CSV, is open.
  const index = JSON.parse(text.toString('utf8')) as SealIndex;
  return index.version === VERSION && index.source.size === source.size && index.source.mtime === source.mtime ? index : null;
}
