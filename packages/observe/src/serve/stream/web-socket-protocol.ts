import type { Protocol } from './listener.ts';

/** FIN, and the opcode of a text. */
const TEXT = 0x81;

/** A text as one WebSocket frame from a server: not masked, not compressed (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 0x1_00_00 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = TEXT;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}

/** Ticks and all else over a WebSocket. */
export const WEB_SOCKET: Protocol = { wrap: (_topic, text) => textFrame(text) };
