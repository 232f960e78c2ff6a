import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { TornBlockError } from '../day/varint.ts';

/**
 * A block of a process log: a header, then deflated records (record.ts). Blocks of one run continue each other; the first of a run
 * says everything. Header, low byte first: magic (4 bytes) · run (4) · number in the run (4) · bytes that follow (4) · bytes when
 * inflated (4) · time of the first and of the last sample that ends in it, ms since 1970 (8 + 8; both 0: none) · CRC-32 of all that
 * comes before and after it (4).
 */
export interface BlockHeader {
  /** What the blocks of a run have in common, and others before and after them have not. */
  readonly run: number;
  /** Counts from 0. */
  readonly number: number;
  /** Bytes after the header. */
  readonly length: number;
  /** Bytes when inflated. */
  readonly inflated: number;
  /** Milliseconds since 1970. 0 where no sample ends in this block. */
  readonly first: number;
  readonly last: number;
}

const MAGIC = Buffer.from('HPL1', 'latin1');
/** Bytes of a header. */
export const HEADER_BYTES = 40;
/** Where the checksum stands; the last of the header. */
const CRC_AT = 36;
/** Records are cut into blocks at this size: deflating and reading one must not take long. */
export const BLOCK_BYTES: number = 16 * 1024;
/** No block is larger when inflated: the longest record comes on top of the size at which blocks are cut. */
export const MOST_BLOCK_BYTES: number = 128 * 1024;

/** A block of these records. */
export function encodeBlock(header: Omit<BlockHeader, 'length' | 'inflated'>, records: Uint8Array): Buffer {
  const deflated = deflateRawSync(records);
  const block = Buffer.allocUnsafe(HEADER_BYTES + deflated.length);
  MAGIC.copy(block);
  block.writeUInt32LE(header.run, 4);
  block.writeUInt32LE(header.number, 8);
  block.writeUInt32LE(deflated.length, 12);
  block.writeUInt32LE(records.length, 16);
  block.writeDoubleLE(header.first, 20);
  block.writeDoubleLE(header.last, 28);
  deflated.copy(block, HEADER_BYTES);
  block.writeUInt32LE(checksumOf(block), CRC_AT);
  return block;
}

const checksumOf = (block: Uint8Array): number => crc32(block.subarray(HEADER_BYTES), crc32(block.subarray(0, CRC_AT)));

/** The header at the beginning of these bytes; null when none begins there. Only {@link decodeBlock} says whether it is whole. */
export function parseHeader(bytes: Buffer): BlockHeader | null {
  if (bytes.length < HEADER_BYTES || bytes.compare(MAGIC, 0, MAGIC.length, 0, MAGIC.length) !== 0) return null;
  const header: BlockHeader = {
    run: bytes.readUInt32LE(4),
    number: bytes.readUInt32LE(8),
    length: bytes.readUInt32LE(12),
    inflated: bytes.readUInt32LE(16),
    first: bytes.readDoubleLE(20),
    last: bytes.readDoubleLE(28),
  };
  const { length, inflated, first, last } = header;
  // Deflate makes what it cannot compress longer by five bytes in 16 kB.
  const isSane = length > 0 && length <= inflated + 64 && inflated <= MOST_BLOCK_BYTES && first >= 0 && last >= first;
  return isSane ? header : null;
}

/** Where the next header may begin: the place of the next magic after the first byte, or -1. */
export function findMagic(bytes: Buffer): number {
  return bytes.indexOf(MAGIC, 1);
}

/** Whether these bytes, header and what follows, are as they were written. */
export function isWhole(block: Buffer): boolean {
  return block.length > HEADER_BYTES && checksumOf(block) === block.readUInt32LE(CRC_AT);
}

/** The records of a whole block. Throws {@link TornBlockError} when it is damaged. */
export function decodeBlock(block: Buffer, { inflated }: BlockHeader): Buffer {
  if (!isWhole(block)) throw new TornBlockError('the checksum of a block does not fit');
  let records: Buffer;
  try {
    records = inflateRawSync(block.subarray(HEADER_BYTES), { maxOutputLength: inflated });
  } catch (error) {
    throw new TornBlockError('a block cannot be inflated', { cause: error });
  }
  if (records.length !== inflated) throw new TornBlockError('a block has another length than it says');
  return records;
}
