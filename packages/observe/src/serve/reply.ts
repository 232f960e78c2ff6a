import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HecateError } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  FAILED: 500,
  INVALID: 400,
  UNSUPPORTED: 501,
  UNAVAILABLE: 503,
  DENIED: 403,
  CONFLICT: 409,
  ROLLED_BACK: 500,
};

/**
 * What every answer carries. Nothing of us may be framed, embedded, kept or guessed at by another page; there is no header of CORS
 * at all, so that no page of another origin can read anything.
 */
export const SECURE_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Cache-Control': 'no-store',
};

/** Sends an answer whole. */
export function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...SECURE_HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** What a refusal says. */
export interface Complaint {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of a refusal: `{"error":{"code","message","hint"}}`. */
export function complaintBody({ code, message, hint }: Complaint): string {
  return JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } });
}

/** Sends a refusal. */
export function refuse(response: ServerResponse, complaint: Complaint): void {
  answer(response, complaint.status, 'application/json; charset=utf-8', complaintBody(complaint), complaint.headers);
}

/** Milliseconds for which who is refused may read why. */
const LINGER = 500;

/** Refuses an upgrade, and ends the connection: also when the other side keeps its own half of it open. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  const timer = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(timer));
}

/** An absolute path of the machine, as sentences name it; those of the API are none. */
const PLACE = /(?<![\w./])\/(?!api\/|healthz|metrics)[\w.@+~-]+(?:\/[^\s"',;:)]*)?/g;
const withoutPlaces = (text: string): string => text.replace(PLACE, '(a file)');

/**
 * What a client is told of an error: what it did wrong, word for word but for the places of files. What went wrong inside is for the
 * log: null says so.
 */
export function complaintOf(error: unknown): Complaint | null {
  if (!(error instanceof HecateError) || STATUS[error.code] === 500) return null;
  const { code, message, hint } = error;
  return { status: STATUS[code], code, message: withoutPlaces(message), hint: hint === undefined ? undefined : withoutPlaces(hint) };
}

/** What a client is told when {@link complaintOf} has nothing. */
export const BROKEN: Complaint = { status: 500, code: 'FAILED', message: 'The server failed to answer.', hint: 'Its log says why.' };
