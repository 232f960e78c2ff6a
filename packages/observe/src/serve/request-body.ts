import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '@hecate/host';
import { complaintBody, SECURE_HEADERS } from './reply.ts';
import type { Complaint } from './reply.ts';

/** The most that a request may send. */
export const MOST_BODY: number = 64 * 1024;

/** What came of reading a body: JSON, undefined without a body, or why it is refused. */
export type Sent = { readonly value: unknown } | { readonly complaint: Complaint };

const TOO_LONG: Sent = {
  complaint: {
    status: 413,
    code: 'INVALID',
    message: `A request may send ${MOST_BODY} bytes at most.`,
    headers: { Connection: 'close' },
  },
};

const invalid = (message: string, status = 400): Sent => ({ complaint: { status, code: 'INVALID', message } });

/**
 * Reads what a request sends. Only JSON under its own name is taken: a form of another page cannot send that without asking first,
 * and we never say yes. What is too long is not read to its end.
 */
export async function readBody(request: IncomingMessage, response: ServerResponse): Promise<Sent> {
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': coding, 'content-encoding': packed } = request.headers;
  if (Number(length ?? 0) > MOST_BODY) return TOO_LONG;
  if ((length === undefined || length === '0') && coding === undefined) return { value: undefined };
  if (!/^application\/json *(?:; *charset="?utf-8"?)?$/i.test(type ?? '')) {
    return invalid('What is sent must be JSON, with Content-Type: application/json.', 415);
  }
  if (packed !== undefined) return invalid('What is sent may not be compressed.', 415);
  if (request.headers.expect !== undefined) response.writeContinue();
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).length;
      if (size > MOST_BODY) return TOO_LONG;
      pieces.push(piece as Buffer);
    }
  } catch (error) {
    // The client went away, or its chunks are no chunks: nobody is there to read this.
    return invalid(`The request broke off: ${messageOf(error)}.`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
    return { value: JSON.parse(text) as unknown };
  } catch {
    return invalid('What is sent is not valid JSON.');
  }
}

/** Whether a request sends something that nobody has read. */
export function isUnread({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}

/** Milliseconds for which a client that still sends may read the answer. */
const LINGER = 500;

/**
 * Refuses a request that is not read to its end, and ends the connection. It is ended a moment later: one that is closed with
 * something unread in it is reset, and takes the answer with it.
 */
export function refuseUnread(request: IncomingMessage, response: ServerResponse, complaint: Complaint): void {
  const body = complaintBody(complaint);
  response.writeHead(complaint.status, {
    ...SECURE_HEADERS,
    ...complaint.headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.write(body);
  request.pause();
  const timer = setTimeout(() => request.socket.destroy(), LINGER);
  request.once('close', () => clearTimeout(timer));
}
