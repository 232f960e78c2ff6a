import { closeSync, constants, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { HecateError } from '@hecate/host';
import { writeAll } from '../../day/write-whole.ts';

/*
 * A segment is a file of records that wait. All numbers are little-endian.
 *
 *   0  8  `hecateQ1`
 *   8  4  offset of the first record that was not released yet
 *  12  4  how many were released
 *  16  4  CRC-32 of those eight bytes
 *  20  4  how many records there are; 0 until all are written
 *  24  4  CRC-32 of those four bytes
 *  28  4  zero
 *  32     records: 4 bytes length of the body, 4 bytes CRC-32 of all that follows, 6 bytes time in milliseconds since the epoch,
 *         1 byte how the body is packed, 1 byte zero, the body
 */
const MAGIC = Buffer.from('hecateQ1', 'latin1');
const RELEASED_AT = 8;
const TOTAL_AT = 20;
const HEADER = 16;

/** Where the first record of a segment begins. */
export const SEGMENT_START = 32;

/** How the body of a record is packed. */
export const PLAIN = 0;
/** Packed by raw deflate. */
export const DEFLATED = 1;

/** No record is longer: what a length above says is damage. */
export const LONGEST_RECORD: number = 64 * 1024 * 1024;

/** A record as it was read. */
export interface StoredRecord {
  readonly packing: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly body: Buffer;
}

/** What is found when a segment is opened. */
export interface SegmentState {
  /** Bytes up to the end of the last whole record. */
  readonly size: number;
  /** Records that wait, damaged ones included: damage is found when they are read. */
  readonly count: number;
  /** Offset of the first of them. */
  readonly offset: number;
  /** How many were released before. */
  readonly released: number;
}

/** The bytes of a record. */
export function encodeRecord({ packing, time, body }: StoredRecord): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + body.length);
  bytes.writeUInt32LE(body.length, 0);
  bytes.writeUIntLE(time, 8, 6);
  bytes[14] = packing;
  bytes[15] = 0;
  bytes.set(body, HEADER);
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
  return bytes;
}

/** Makes a segment and answers its descriptor. Throws the system's error; EEXIST when there is a file of that name. */
export function createSegment(file: string): number {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeAll(descriptor, Buffer.concat([MAGIC, checked(SEGMENT_START, 0), Buffer.alloc(SEGMENT_START - TOTAL_AT)]), 0);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    rmSync(file, { force: true });
    throw error;
  }
}

/** Opens a segment for reading and releasing. Throws the system's error, or FAILED when it is none of ours. */
export function openSegment(file: string): number {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const start = Buffer.alloc(SEGMENT_START);
  if (
    fstatSync(descriptor).isFile() &&
    readSync(descriptor, start, 0, SEGMENT_START, 0) === SEGMENT_START &&
    start.subarray(0, 8).equals(MAGIC)
  ) {
    return descriptor;
  }
  closeSync(descriptor);
  throw new HecateError('FAILED', `${file} is no part of a queue.`);
}

/**
 * Finds what waits in a segment. One that was not finished, because its process was killed, is gone through by the lengths of its
 * records; bodies are not read. A record that a crash tore is no record.
 */
export function inspectSegment(descriptor: number): SegmentState {
  const end = fstatSync(descriptor).size;
  // A note that was torn: sent twice is better than lost.
  const [offset = SEGMENT_START, released = 0] = readChecked(descriptor, RELEASED_AT, 2) ?? [];
  const [total = 0] = readChecked(descriptor, TOTAL_AT, 1) ?? [];
  if (total > 0 && total >= released) return { size: end, count: total - released, offset, released };
  let count = 0;
  let size = offset;
  for (;;) {
    const length = readLength(descriptor, size, end);
    if (length === null) return { size, count, offset, released };
    size += HEADER + length;
    count++;
  }
}

/** Where the record after the one at `offset` begins; null when there is none at `offset`, or none that can be trusted. */
export function nextOffset(descriptor: number, offset: number, end: number): number | null {
  const length = readLength(descriptor, offset, end);
  return length === null ? null : offset + HEADER + length;
}

/** The record at `offset`, of which {@link nextOffset} has said where it ends; null when it is damaged. */
export function readRecord(descriptor: number, offset: number, next: number): StoredRecord | null {
  const bytes = Buffer.allocUnsafeSlow(next - offset);
  if (readSync(descriptor, bytes, 0, bytes.length, offset) < bytes.length) return null;
  if (bytes.readUInt32LE(4) !== crc32(bytes.subarray(8))) return null;
  return { time: bytes.readUIntLE(8, 6), packing: bytes[14]!, body: bytes.subarray(HEADER) };
}

/** Notes that so many records, all before `offset`, are released: after a kill they are not sent again. */
export function writeReleased(descriptor: number, offset: number, released: number): void {
  writeAll(descriptor, checked(offset, released), RELEASED_AT);
}

/** Notes that a segment has so many records, and will get no more: whoever opens it need not count. */
export function finishSegment(descriptor: number, total: number): void {
  writeAll(descriptor, checked(total), TOTAL_AT);
}

/** Numbers of four bytes with their checksum. */
function checked(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4 + 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, index * 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), numbers.length * 4);
  return bytes;
}

/** Numbers that {@link checked} wrote; null when they are damaged or were never written. */
function readChecked(descriptor: number, position: number, count: number): number[] | null {
  const bytes = Buffer.alloc(count * 4 + 4);
  readSync(descriptor, bytes, 0, bytes.length, position);
  if (bytes.readUInt32LE(count * 4) !== crc32(bytes.subarray(0, -4))) return null;
  return Array.from({ length: count }, (_, index) => bytes.readUInt32LE(index * 4));
}

const lengthBytes = Buffer.alloc(4);

function readLength(descriptor: number, offset: number, end: number): number | null {
  if (offset + HEADER > end || readSync(descriptor, lengthBytes, 0, 4, offset) < 4) return null;
  const length = lengthBytes.readUInt32LE(0);
  // An empty record is never written: zeros are what a power cut leaves at the end of a file.
  return length === 0 || length > LONGEST_RECORD || offset + HEADER + length > end ? null : length;
}
