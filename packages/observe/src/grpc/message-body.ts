import type { Http2ServerRequest } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';

/** Bytes of the longest message that a client may send. */
export const LONGEST_MESSAGE: number = 64 * 1024;

/** Bytes before a message of gRPC: a flag, and its length. */
const HEAD = 5;

const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds of a `grpc-timeout`; undefined when there is none. Throws INVALID_ARGUMENT. */
export function timeoutOf(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, value, unit] = (typeof header === 'string' && /^(\d{1,8})([HMSmun])$/.exec(header)) || [];
  if (value === undefined || unit === undefined) throw new ConnectError('grpc-timeout is malformed.', Code.InvalidArgument);
  return Number(value) * UNITS[unit]!;
}

/** The one message of a call. Throws RESOURCE_EXHAUSTED when it is too long, INVALID_ARGUMENT when it is none, or there are more. */
export async function readMessage(request: Http2ServerRequest): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > HEAD + LONGEST_MESSAGE) {
      throw new ConnectError(`A message may have ${LONGEST_MESSAGE} bytes at most.`, Code.ResourceExhausted);
    }
  }
  const bytes = Buffer.concat(chunks);
  if (length >= HEAD && bytes[0] === 1) throw new ConnectError('Compressed messages are not understood.', Code.Unimplemented);
  if (length < HEAD || bytes[0] !== 0 || bytes.readUInt32BE(1) !== length - HEAD) {
    throw new ConnectError('The call takes one message.', Code.InvalidArgument);
  }
  return bytes.subarray(HEAD);
}
