import type { Frame } from '../serve/hub.ts';
import { seriesValues } from '../serve/series.ts';

/** Ids whose bytes are remembered; containers make new ones, and then all are made anew. */
const MOST_IDS = 4096;

/** What stands before a value in a message: an entry of the map `series`, up to the tag of its value. By id. */
const heads = new Map<string, Buffer>();

function headOf(id: string): Buffer {
  let head = heads.get(id);
  if (!head) {
    if (heads.size >= MOST_IDS) heads.clear();
    const name = Buffer.from(id);
    const key = Buffer.concat([Buffer.from([0x0a]), varint(name.length), name]);
    // Field 2, an entry of key.length + 9 bytes; in it field 1, the id, and field 2, eight bytes of a double.
    head = Buffer.concat([Buffer.from([0x12]), varint(key.length + 9), key, Buffer.from([0x11])]);
    heads.set(id, head);
  }
  return head;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
  bytes.push(left);
  return Buffer.from(bytes);
}

/**
 * The message `StreamResponse` of a frame as gRPC sends it, with its five bytes of head. `series`: the ids that are wanted, null for all.
 * Written by hand: the bytes of a name are the same at every tick, and only numbers change.
 */
export function encodeTick({ snapshot, rates, row }: Frame, series: ReadonlySet<string> | null): Buffer {
  const parts: Buffer[] = [];
  const values: number[] = [];
  let length = 9;
  for (const { id, value } of seriesValues(row, rates, snapshot)) {
    if (value === null || (series !== null && !series.has(id))) continue;
    const head = headOf(id);
    parts.push(head);
    values.push(value);
    length += head.length + 8;
  }
  const bytes = Buffer.allocUnsafe(5 + length);
  bytes[0] = 0;
  bytes.writeUInt32BE(length, 1);
  bytes[5] = 0x09;
  bytes.writeDoubleLE(snapshot.time, 6);
  let at = 14;
  for (let index = 0; index < parts.length; index++) {
    const head = parts[index]!;
    bytes.set(head, at);
    at += head.length;
    bytes.writeDoubleLE(values[index]!, at);
    at += 8;
  }
  return bytes;
}
