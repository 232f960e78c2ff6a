/**
 * Writes protobuf messages into one buffer that grows.
 *
 * Our own, beside the library that gRPC uses: a nested message needs its length before it. The library writes each into arrays of its
 * own and copies them together; here room is left for the length and closed up when it was too much, which the caller hardly ever
 * has. `bench/push.mjs` prints both.
 *
 * A `tag` is the one byte `number << 3 | wire type` of a field with a number up to 15 (protobuf.dev: Encoding).
 */
export interface ProtobufWriter {
  /** Begins a nested message; `bytes` is how long its length will probably be written. Returns what `close` wants. */
  open(tag: number, bytes?: 1 | 2 | 3): number;
  close(mark: number): void;
  /** Begins a nested message of so many bytes; nothing closes it. */
  begin(tag: number, length: number): void;
  /** A string; what is no text (half of a surrogate pair) becomes U+FFFD. */
  text(tag: number, value: string): void;
  /** A number from 0 to 2^53, as a varint. */
  varint(tag: number, value: number): void;
  double(tag: number, value: number): void;
  /** Bytes that were written before, with their tags. */
  raw(bytes: Uint8Array): void;
  /** What was written; the writer can be used no more. */
  finish(): Buffer;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest /= 128) size += 1;
  return size;
}

/** A writer whose buffer has room for `capacity` bytes at first. */
export function createProtobufWriter(capacity: number = 1024): ProtobufWriter {
  let buffer = Buffer.allocUnsafe(capacity);
  let view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  let at = 0;
  // How many bytes were left for each length, the innermost last.
  const reserved: number[] = [];

  const reserve = (bytes: number): void => {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
    view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  };
  const putVarint = (position: number, value: number): number => {
    let end = position;
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[end++] = (rest % 128) + 128;
    buffer[end] = rest;
    return end + 1;
  };
  /** Puts the length before what was written after `start`, for which `room` bytes were left. */
  const putLength = (start: number, room: number): void => {
    const length = at - start;
    const size = length < 128 ? 1 : varintSize(length);
    if (size !== room) {
      reserve(size);
      buffer.copyWithin(start + size - room, start, at);
      at += size - room;
    }
    putVarint(start - room, length);
  };

  return {
    open(tag, bytes = 1) {
      reserve(4);
      buffer[at] = tag;
      at += 1 + bytes;
      reserved.push(bytes);
      return at;
    },
    begin(tag, length) {
      reserve(9);
      buffer[at] = tag;
      if (length < 128) {
        buffer[at + 1] = length;
        at += 2;
      } else at = putVarint(at + 1, length);
    },
    close(mark) {
      putLength(mark, reserved.pop()!);
    },
    text(tag, value) {
      const room = value.length < 128 ? 1 : varintSize(value.length);
      reserve(value.length * 3 + 8);
      buffer[at] = tag;
      const start = at + 1 + room;
      at = start + buffer.write(value, start, 'utf8');
      putLength(start, room);
    },
    varint(tag, value) {
      reserve(12);
      buffer[at] = tag;
      at = putVarint(at + 1, value);
    },
    double(tag, value) {
      reserve(9);
      buffer[at] = tag;
      view.setFloat64(at + 1, value, true);
      at += 9;
    },
    raw(bytes) {
      reserve(bytes.length);
      buffer.set(bytes, at);
      at += bytes.length;
    },
    finish() {
      // A chunk waits in memory for a while: it shall not hold the room that was not needed.
      return Buffer.from(buffer.subarray(0, at));
    },
  };
}
