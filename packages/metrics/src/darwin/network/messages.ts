import { HecateError } from '@hecate/host';
import { INTERFACE_MESSAGE, SOCKET_ADDRESS } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';

/** One message of a list that the kernel gives about networks (route(4)): where it lies, and its RTM number. */
export interface NetworkMessage {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

/** The messages of a list, one after the other; all kinds begin with length, version and type. Throws FAILED when one does not fit. */
export function* messagesOf(list: Buffer): Generator<NetworkMessage> {
  const { length, type } = INTERFACE_MESSAGE.fields;
  for (let start = 0; start < list.length;) {
    const size = start + 4 > list.length ? 0 : readField(list, length, start);
    const end = start + size;
    if (size < 4 || end > list.length) throw new HecateError('FAILED', `The list of networks is cut after ${start} bytes.`);
    yield { type: readField(list, type, start), start, end };
    start = end;
  }
}

/** Addresses are padded to so many bytes; one without any takes as many. */
const PADDING = 4;

/**
 * The addresses behind a message, by their RTA numbers: for each bit of `present`, from the lowest, one socket address.
 * What does not fit is left out, with all that follow it.
 */
export function addressesBehind(
  list: Buffer,
  { start, end }: { readonly start: number; readonly end: number },
  present: number,
): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = start;
  for (let bit = 1; bit <= present && bit < 1 << 16; bit <<= 1) {
    if ((present & bit) === 0) continue;
    if (at >= end) break;
    const length = readField(list, SOCKET_ADDRESS.fields.length, at);
    if (at + length > end) break;
    found.set(bit, list.subarray(at, at + length));
    at += length === 0 ? PADDING : Math.ceil(length / PADDING) * PADDING;
  }
  return found;
}
