/** One message of netlink (linux/netlink.h, `struct nlmsghdr`). */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  /** Number of the request that it answers; 0 in what the kernel says unasked. */
  readonly sequence: number;
  /** What follows the header: the family's own header, then attributes. Lies in the bytes that were parsed. */
  readonly payload: Buffer;
}

/** Attributes by their type; of several of one type the last stays. */
export type Attributes = ReadonlyMap<number, Buffer>;

/** An attribute to send: its type, and its bytes or the attributes that nest in it. */
export type AttributeToSend = readonly [type: number, value: Buffer | readonly AttributeToSend[]];

/** Message types below the families' own (linux/netlink.h). */
export const NLMSG_ERROR = 2;
/** The last message of a dump. */
export const NLMSG_DONE = 3;

/** Flags of a request (linux/netlink.h). */
export const NLM_F_REQUEST = 1;
/** The answer has several messages and ends with {@link NLMSG_DONE}. */
export const NLM_F_MULTI = 2;
/** The kernel shall answer with an error of 0 where it would not answer at all. */
export const NLM_F_ACK = 4;
/** The table changed while it was dumped. */
export const NLM_F_DUMP_INTR = 0x10;
/** All entries, not one. */
export const NLM_F_DUMP = 0x300;

/** Bytes of `struct nlmsghdr`. */
export const HEADER_LENGTH = 16;
/** Bytes of `struct nlattr`, which `struct rtattr` equals. */
const ATTRIBUTE_HEADER = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER are in the two highest bits of a type. */
const TYPE_MASK = 0x3fff;
const NESTED = 0x8000;

/** Messages and attributes begin at multiples of four. */
const align = (length: number): number => (length + 3) & ~3;

/**
 * The messages in what one recvfrom(2) gave. Stops before a message that is cut short or has no sound length,
 * so any bytes are survived. All numbers are in the machine's byte order, which is little-endian wherever we call natively.
 */
export function parseMessages(bytes: Buffer): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at + HEADER_LENGTH <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    if (length < HEADER_LENGTH || at + length > bytes.length) break;
    messages.push({
      type: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 6),
      sequence: bytes.readUInt32LE(at + 8),
      payload: bytes.subarray(at + HEADER_LENGTH, at + length),
    });
    at += align(length);
  }
  return messages;
}

/**
 * The attributes from `start` on: `u16 length, u16 type`, bytes (linux/rtnetlink.h, `struct rtattr`).
 * Stops before one that is cut short. Values lie in `bytes`.
 */
export function parseAttributes(bytes: Buffer, start: number = 0): Attributes {
  const attributes = new Map<number, Buffer>();
  for (const [type, value] of listAttributes(bytes, start)) attributes.set(type, value);
  return attributes;
}

/** The same in their order, for lists in which types repeat. */
export function listAttributes(bytes: Buffer, start: number = 0): [type: number, value: Buffer][] {
  const attributes: [number, Buffer][] = [];
  for (let at = start; at + ATTRIBUTE_HEADER <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    if (length < ATTRIBUTE_HEADER || at + length > bytes.length) break;
    attributes.push([bytes.readUInt16LE(at + 2) & TYPE_MASK, bytes.subarray(at + ATTRIBUTE_HEADER, at + length)]);
    at += align(length);
  }
  return attributes;
}

/** Attributes as bytes, one behind the other. */
export function encodeAttributes(attributes: readonly AttributeToSend[]): Buffer {
  const parts = attributes.map(([type, value]) => {
    const nested = !Buffer.isBuffer(value);
    const inside = nested ? encodeAttributes(value) : value;
    const bytes = Buffer.alloc(align(ATTRIBUTE_HEADER + inside.length));
    bytes.writeUInt16LE(ATTRIBUTE_HEADER + inside.length, 0);
    bytes.writeUInt16LE(nested ? type | NESTED : type, 2);
    inside.copy(bytes, ATTRIBUTE_HEADER);
    return bytes;
  });
  return Buffer.concat(parts);
}

/** A message as bytes. */
export function encodeMessage(header: Omit<NetlinkMessage, 'payload'>, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(align(HEADER_LENGTH + payload.length));
  bytes.writeUInt32LE(HEADER_LENGTH + payload.length, 0);
  bytes.writeUInt16LE(header.type, 4);
  bytes.writeUInt16LE(header.flags, 6);
  bytes.writeUInt32LE(header.sequence, 8);
  payload.copy(bytes, HEADER_LENGTH);
  return bytes;
}

/**
 * The errno, positive, that a message of type {@link NLMSG_ERROR} or {@link NLMSG_DONE} carries;
 * 0 for an acknowledgement and the ordinary end of a dump.
 */
export function errnoOfMessage({ payload }: NetlinkMessage): number {
  return payload.length >= 4 ? Math.abs(payload.readInt32LE(0)) : 0;
}

/** An attribute's text: up to its first NUL, invalid bytes replaced. Null when there is none. */
export function attributeText(value: Buffer | undefined): string | null {
  if (!value) return null;
  const end = value.indexOf(0);
  return value.toString('utf8', 0, end < 0 ? value.length : end);
}

/** An attribute's whole number: unsigned, of 1, 2, 4 or 8 bytes. Null when there is none, or of another length. */
export function attributeNumber(value: Buffer | undefined): number | null {
  switch (value?.length) {
    case 1:
      return value[0]!;
    case 2:
      return value.readUInt16LE(0);
    case 4:
      return value.readUInt32LE(0);
    case 8:
      return value.readUInt32LE(0) + value.readUInt32LE(4) * 2 ** 32;
    default:
      return null;
  }
}
