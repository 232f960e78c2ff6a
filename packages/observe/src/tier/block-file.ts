import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { TornBlockError } from '../day/varint.ts';
import { appendWhole, isStillAt } from '../day/write-whole.ts';
import { HEAD, LONGEST_BODY, MARKER, openTierBlock } from './tier-block.ts';
import type { NameLists, TierBlock } from './tier-block.ts';

/** What was found besides whole blocks. */
export interface Damage {
  /** Stretches of bytes that are no block, and blocks that lost the list of their names. */
  blocks: number;
  /** Where the last whole block ends. */
  end: number;
}

/** Bytes that are read together. */
const CHUNK = 64 * 1024;

/** A window on a file that moves forward. */
function createWindow(descriptor: number, size: number): (at: number, length: number) => Buffer | null {
  let buffer = Buffer.allocUnsafeSlow(Math.min(size, CHUNK));
  let from = 0;
  let held = 0;
  return (at, length) => {
    if (at + length > size) return null;
    if (at < from || at + length > from + held) {
      if (length > buffer.length) buffer = Buffer.allocUnsafeSlow(length);
      held = readSync(descriptor, buffer, 0, Math.min(buffer.length, size - at), at);
      from = at;
      if (held < length) return null;
    }
    return buffer.subarray(at - from, at - from + length);
  };
}

/**
 * The whole blocks of the first `size` bytes of an open file, in order. Each is valid until the next is asked for. What is damaged is
 * passed over, to the next marker that a whole block follows, and counted; so is a tail that a crash tore, but it is not counted.
 */
export function* readBlocks(descriptor: number, size: number, names: NameLists, damage: Damage): Generator<TierBlock> {
  const look = createWindow(descriptor, size);
  let lost = false;
  for (let at = 0; at + HEAD <= size;) {
    const body = wholeBody(look, at);
    if (body === null) {
      lost = true;
      at = nextMarker(look, at + 1, size);
      continue;
    }
    if (lost) damage.blocks += 1;
    lost = false;
    at += HEAD + body.length;
    damage.end = at;
    const block = open(body, names);
    if (block === null) damage.blocks += 1;
    else yield block;
  }
}

function wholeBody(look: (at: number, length: number) => Buffer | null, at: number): Buffer | null {
  const head = look(at, HEAD);
  if (head === null || !head.subarray(0, 4).equals(MARKER)) return null;
  const length = head.readUInt32LE(4);
  const checksum = head.readUInt32LE(8);
  if (length > LONGEST_BODY) return null;
  const body = look(at + HEAD, length);
  return body !== null && crc32(body) === checksum ? body : null;
}

/** Where the next marker is; `size` when there is none. */
function nextMarker(look: (at: number, length: number) => Buffer | null, from: number, size: number): number {
  for (let at = from; at < size; at += CHUNK / 2) {
    // The pieces overlap: a marker may lie across the edge of two.
    const found = look(at, Math.min(CHUNK / 2 + MARKER.length, size - at))?.indexOf(MARKER) ?? -1;
    if (found >= 0) return at + found;
  }
  return size;
}

function open(body: Buffer, names: NameLists): TierBlock | null {
  try {
    return openTierBlock(body, names);
  } catch (error) {
    // The checksum was right: another version wrote it.
    if (error instanceof TornBlockError) return null;
    throw error;
  }
}

/** A tier's file that is appended to. */
export interface BlockFile {
  readonly path: string;
  /** Names that its blocks may refer to. */
  readonly names: NameLists;
  readonly size: number;
  /** Whether the file that lies at `path` is still this one: it may have been deleted or moved away. */
  isInPlace(): boolean;
  /** Appends one block, whole or not at all. Throws the error of the system. */
  append(block: Uint8Array): void;
  close(): void;
}

/** Opens a file for appending and makes it when it is not there; a tail that a crash tore is cut off. Throws the error of the system. */
export function openBlockFile(file: string): BlockFile {
  // Not blocking: a FIFO in this place must not hang the daemon.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const descriptor = openSync(file, flags, 0o644);
  try {
    const damage: Damage = { blocks: 0, end: 0 };
    const own = fstatSync(descriptor);
    const { size } = own;
    const names: NameLists = new Map();
    // A list is used once more only after this file has written it itself: one that lies before damage may be lost to readers.
    if (size > 0) for (const block of readBlocks(descriptor, size, new Map(), damage)) void block;
    if (damage.end < size) ftruncateSync(descriptor, damage.end);
    let length = damage.end;
    return {
      path: file,
      names,
      get size() {
        return length;
      },
      isInPlace: () => isStillAt(file, own),
      append(block) {
        appendWhole(descriptor, block, length);
        length += block.length;
      },
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
