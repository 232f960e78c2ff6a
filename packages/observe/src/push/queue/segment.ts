import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { HecateError } from '@hecate/host';

/*
 * A segment is a file of records that wait. All numbers are little-endian.
 *
 *   0  8  `hecateQ1`
 *   8  4  offset of the first record that was not released yet
 *  12  4  CRC-32 of those four bytes
 *  16     records: 4 bytes length of the body, 4 bytes CRC-32 of all that follows, 6 bytes time in milliseconds since the epoch,
 *         1 byte how the body is packed, 1 byte zero, the body
 */
const MAGIC = Buffer.from('hecateQ1', 'latin1');
const START = 16;
const HEADER = 16;

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
    writeAll(descriptor, Buffer.concat([MAGIC, encodeOffset(START)]), 0);
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
  const start = Buffer.alloc(START);
  if (fstatSync(descriptor).isFile() && readSync(descriptor, start, 0, START, 0) === START && start.subarray(0, 8).equals(MAGIC)) {
    return descriptor;
  }
  closeSync(descriptor);
  throw new HecateError('FAILED', `${file} is no part of a queue.`);
}

/** Finds what waits in a segment, from the lengths of its records: bodies are not read. A record that a crash tore is no record. */
export function inspectSegment(descriptor: number): SegmentState {
  const end = fstatSync(descriptor).size;
  const start = readStart(descriptor);
  let count = 0;
  let size = start;
  for (;;) {
    const length = readLength(descriptor, size, end);
    if (length === null) return { size, count, offset: start };
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

/** Writes a record at the end of a segment. When the system stops in the middle, the segment is as it was and its error is thrown. */
export function appendRecord(descriptor: number, record: Buffer, end: number): void {
  try {
    writeAll(descriptor, record, end);
  } catch (error) {
    ftruncateSync(descriptor, end);
    throw error;
  }
}

/** Notes that all before `offset` is released: after a kill it is not sent again. */
export function writeStart(descriptor: number, offset: number): void {
  writeAll(descriptor, encodeOffset(offset), MAGIC.length);
}

function encodeOffset(offset: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(offset, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 4)), 4);
  return bytes;
}

/** Where the records that wait begin; all do where the note was torn: sent twice is better than lost. */
function readStart(descriptor: number): number {
  const bytes = Buffer.alloc(8);
  readSync(descriptor, bytes, 0, 8, MAGIC.length);
  const offset = bytes.readUInt32LE(0);
  return bytes.readUInt32LE(4) === crc32(bytes.subarray(0, 4)) && offset >= START ? offset : START;
}

const lengthBytes = Buffer.alloc(4);

function readLength(descriptor: number, offset: number, end: number): number | null {
  if (offset + HEADER > end || readSync(descriptor, lengthBytes, 0, 4, offset) < 4) return null;
  const length = lengthBytes.readUInt32LE(0);
  // An empty record is never written: zeros are what a power cut leaves at the end of a file.
  return length === 0 || length > LONGEST_RECORD || offset + HEADER + length > end ? null : length;
}

function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
