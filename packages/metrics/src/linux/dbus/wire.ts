import { HecateError } from '@hecate/host';

/** Longest message that we take; the specification allows 128 MiB, a list of ten thousand units has four. */
const MOST_BYTES = 32 << 20;

/** A method call whose arguments are all strings: more we never send. */
export interface MethodCall {
  /** Who is meant on a bus; left out on a connection without one. */
  readonly destination?: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly strings?: readonly string[];
}

/** Kinds of messages that matter to a caller. */
export type MessageKind = 'return' | 'error' | 'other';

/** A message as it came: what its header says, and its body. */
export interface Message {
  readonly kind: MessageKind;
  /** The serial of the call that it answers. */
  readonly replyTo: number;
  /** `org.freedesktop.DBus.Error.AccessDenied`. */
  readonly errorName: string | null;
  /** Types of the body: `a(ssssssouso)`. */
  readonly signature: string;
  readonly body: Buffer;
  readonly isLittle: boolean;
}

const align = (at: number, to: number): number => Math.ceil(at / to) * to;

/** Appends values as the protocol lays them out; always little-endian. */
function createWriter(): {
  readonly bytes: () => Buffer;
  byte: (value: number) => void;
  uint32: (value: number) => void;
  pad: (to: number) => void;
  text: (value: string, isSignature?: boolean) => void;
} {
  const parts: number[] = [];
  const pad = (to: number): void => {
    while (parts.length % to !== 0) parts.push(0);
  };
  const uint32 = (value: number): void => {
    pad(4);
    parts.push(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
  };
  return {
    bytes: () => Buffer.from(parts),
    byte: (value) => void parts.push(value),
    uint32,
    pad,
    text(value, isSignature = false) {
      const bytes = Buffer.from(value);
      if (isSignature) parts.push(bytes.length);
      else uint32(bytes.length);
      for (const byte of bytes) parts.push(byte);
      parts.push(0);
    },
  };
}

/** A method call in bytes (D-Bus specification, "Message Protocol"). */
export function encodeCall(call: MethodCall, serial: number): Buffer {
  const body = createWriter();
  for (const text of call.strings ?? []) body.text(text);
  const fields = createWriter();
  // An array of structures begins at a multiple of 8, and here at 16 from the start of the message: the same.
  const field = (code: number, type: string, value: string): void => {
    fields.pad(8);
    fields.byte(code);
    fields.text(type, true);
    fields.text(value, type === 'g');
  };
  field(1, 'o', call.path);
  field(2, 's', call.interface);
  field(3, 's', call.member);
  if (call.destination !== undefined) field(6, 's', call.destination);
  if (call.strings?.length) field(8, 'g', 's'.repeat(call.strings.length));
  const list = fields.bytes();
  const content = body.bytes();
  const header = createWriter();
  // Little-endian, method call, NO_AUTO_START (a bus must not start a service because we look for it), version 1.
  for (const byte of [0x6c, 1, 2, 1]) header.byte(byte);
  header.uint32(content.length);
  header.uint32(serial);
  header.uint32(list.length);
  const head = Buffer.concat([header.bytes(), list]);
  return Buffer.concat([head, Buffer.alloc(align(head.length, 8) - head.length), content]);
}

/**
 * How long the message at the start of `bytes` is; null while too little of it came.
 * Throws FAILED when it is no message, or longer than any that we ask for.
 */
export function messageLength(bytes: Buffer): number | null {
  if (bytes.length < 16) return null;
  const isLittle = bytes[0] === 0x6c;
  if ((!isLittle && bytes[0] !== 0x42) || bytes[3] !== 1) throw new HecateError('FAILED', 'What came over D-Bus is no message.');
  const bodyLength = isLittle ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  const listLength = isLittle ? bytes.readUInt32LE(12) : bytes.readUInt32BE(12);
  const length = align(16 + listLength, 8) + bodyLength;
  if (length > MOST_BYTES) throw new HecateError('FAILED', `A D-Bus message of ${length} bytes is longer than any that was asked for.`);
  return length;
}

const KINDS: Readonly<Record<number, MessageKind>> = { 2: 'return', 3: 'error' };

/** Decodes a whole message. Throws FAILED when it is malformed. */
export function decodeMessage(bytes: Buffer): Message {
  const isLittle = bytes[0] === 0x6c;
  const header = openBody(bytes, isLittle);
  header.at = 12;
  const listEnd = 16 + header.uint32();
  let replyTo = 0;
  let errorName: string | null = null;
  let signature = '';
  while (header.at < listEnd) {
    header.pad(8);
    const code = header.byte();
    const type = header.signature();
    if (type === 'u') {
      const value = header.uint32();
      if (code === 5) replyTo = value;
    } else if (type === 'g') {
      const value = header.signature();
      if (code === 8) signature = value;
    } else if (type === 's' || type === 'o') {
      const value = header.text();
      if (code === 4) errorName = value;
    } else throw new HecateError('FAILED', `A D-Bus header has a field of type ${JSON.stringify(type)}.`);
  }
  return { kind: KINDS[bytes[1]!] ?? 'other', replyTo, errorName, signature, body: bytes.subarray(align(listEnd, 8)), isLittle };
}

/** Walks over the values of a body, in order. Reading past its end throws FAILED. */
export interface BodyReader {
  at: number;
  pad(to: number): void;
  byte(): number;
  uint32(): number;
  uint64(): number;
  /** A string or the path of an object. */
  text(): string;
  /** Goes over one. */
  skipText(): void;
  signature(): string;
  readonly done: boolean;
}

/** Opens a body; alignment counts from its start. */
export function openBody(bytes: Buffer, isLittle: boolean): BodyReader {
  const take = (length: number): number => {
    const start = reader.at;
    if (start + length > bytes.length) throw new HecateError('FAILED', 'A D-Bus message ends too early.');
    reader.at = start + length;
    return start;
  };
  const reader: BodyReader = {
    at: 0,
    pad(to) {
      reader.at = align(reader.at, to);
    },
    byte: () => bytes[take(1)]!,
    uint32() {
      reader.pad(4);
      const at = take(4);
      return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    },
    uint64() {
      reader.pad(8);
      const at = take(8);
      return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    },
    text() {
      const length = reader.uint32();
      const start = take(length + 1);
      return bytes.toString('utf8', start, start + length);
    },
    skipText() {
      take(reader.uint32() + 1);
    },
    signature() {
      const length = reader.byte();
      const start = take(length + 1);
      return bytes.toString('latin1', start, start + length);
    },
    get done() {
      return reader.at >= bytes.length;
    },
  };
  return reader;
}
