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

/** The one message of a call. Rejects with RESOURCE_EXHAUSTED when it is too long, INVALID_ARGUMENT when it is none, or there are more. */
export async function readMessage(request: Http2ServerRequest): Promise<Uint8Array> {
  const bytes = await readAll(request);
  if (bytes.length >= HEAD && bytes[0] === 1) throw new ConnectError('Compressed messages are not understood.', Code.Unimplemented);
  if (bytes.length < HEAD || bytes[0] !== 0 || bytes.readUInt32BE(1) !== bytes.length - HEAD) {
    throw new ConnectError('The call takes one message.', Code.InvalidArgument);
  }
  return bytes.subarray(HEAD);
}

/** Not by iterating: that would end the stream when there is too much, and nobody could be told. */
function readAll(request: Http2ServerRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= HEAD + LONGEST_MESSAGE) chunks.push(chunk);
      else reject(new ConnectError(`A message may have ${LONGEST_MESSAGE} bytes at most.`, Code.ResourceExhausted));
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new ConnectError('The client is gone.', Code.Canceled)));
  });
}
