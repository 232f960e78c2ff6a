import { constants } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { HecateError } from '@hecate/host';

/** Why a call is not answered. */
export interface Refusal {
  readonly code: Code;
  /** A sentence for people. */
  readonly message: string;
}

/** What our own errors are to a client. */
const CODES: Partial<Readonly<Record<HecateError['code'], Code>>> = {
  INVALID: Code.InvalidArgument,
  UNSUPPORTED: Code.Unimplemented,
  UNAVAILABLE: Code.Unavailable,
  DENIED: Code.PermissionDenied,
};

/** What clients without gRPC are told, and the name of the code in their body. */
const PLAIN: Partial<Readonly<Record<Code, readonly [status: number, name: string]>>> = {
  [Code.PermissionDenied]: [403, 'permission_denied'],
  [Code.Unauthenticated]: [401, 'unauthenticated'],
  [Code.ResourceExhausted]: [429, 'resource_exhausted'],
  [Code.Unimplemented]: [404, 'unimplemented'],
};

/** The error as a client gets it; null when it is a mistake of ours, whose text is nobody's business. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof ConnectError) return { code: error.code, message: error.rawMessage };
  const code = error instanceof HecateError ? CODES[error.code] : undefined;
  if (code === undefined) return null;
  const { message, hint } = error as HecateError;
  return { code, message: hint === undefined ? message : `${message} ${hint}` };
}

/** What a method threw, as an error that connect tells the client; mistakes of ours go to `onError`. */
export function connectErrorOf(error: unknown, onError: (error: unknown) => void): ConnectError {
  if (error instanceof ConnectError) return error;
  const refusal = refusalOf(error);
  if (!refusal) onError(error);
  return new ConnectError(refusal?.message ?? BROKEN.message, refusal?.code ?? BROKEN.code);
}

/** What a client hears of a mistake of ours. */
export const BROKEN: Refusal = { code: Code.Internal, message: 'The daemon could not answer; its log says why.' };

/** The trailers that say how a call ended. */
export function trailersOf({ code, message }: Refusal): Record<string, string> {
  return { 'grpc-status': String(code), 'grpc-message': encodeMessage(message) };
}

/** A sentence as gRPC sends it: what is printable ASCII stays, for clients that decode as little as they must. */
const encodeMessage = (message: string): string => message.replaceAll(/[^ -$&-~]/gu, encodeURIComponent);

/** The trailers of an answer with the message as gRPC wants it: connect encodes commas too, and grpc-js leaves them as they come. */
export function readableTrailers(trailers: Headers): Headers {
  const message = trailers.get('grpc-message');
  if (message) trailers.set('grpc-message', encodeMessage(decodeURIComponent(message)));
  return trailers;
}

/** Milliseconds for which a client that was refused may still send what nobody reads. */
const PATIENCE = 5000;

/** Answers with a refusal and nothing else, in the way that the client understands. */
export function refuseCall(stream: ServerHttp2Stream, contentType: string, refusal: Refusal): void {
  if (stream.destroyed || stream.headersSent) return;
  if (contentType.startsWith('application/grpc')) {
    stream.respond({ ':status': 200, 'content-type': contentType, ...trailersOf(refusal) }, { endStream: true });
  } else {
    const [status, code] = PLAIN[refusal.code] ?? [500, 'internal'];
    stream.respond({ ':status': status, 'content-type': 'application/json' });
    stream.end(JSON.stringify({ code, message: refusal.message }));
  }
  stream.resume();
  stream.setTimeout(PATIENCE, () => stream.close(constants.NGHTTP2_CANCEL));
}
