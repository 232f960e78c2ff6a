import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createAccess, isLoopback } from './access.ts';
import { bind } from './bind.ts';
import { createRateLimit, isLocal, limitConnections } from './limits.ts';
import { sendPage } from './page-reply.ts';
import { answer, BROKEN, complaintOf, refuse, refuseUpgrade, SECURE_HEADERS } from './reply.ts';
import type { Complaint } from './reply.ts';
import { isUnread, readBody, refuseUnread } from './request-body.ts';
import { parseTarget } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';
import type { Caller, Route, RouteContext, Scope } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { createStream } from './stream.ts';
import type { CertificateFiles } from './tls.ts';
import type { Token } from './token.ts';

/** What a server needs. */
export interface ServeOptions extends Omit<RouteContext, 'stream'> {
  /** Address to bind. Default 127.0.0.1. */
  readonly address?: string;
  /** Port to bind; 0 takes any free one. Default 9095. */
  readonly port?: number;
  /** Names under which it may be asked, beside its addresses. */
  readonly names?: readonly string[];
  /** Whether looking takes a token on a loopback address too. On any other it always does. */
  readonly tokenToRead?: boolean;
  /** File with the token for looking; made when one is asked for and there is none. */
  readonly tokenFile: string;
  /** File with the token for acting; made when somebody acts for the first time, or at once where there is an `actor`. */
  readonly actTokenFile: string;
  /** Whether both tokens are replaced by new ones first. */
  readonly renewTokens?: boolean;
  /** Certificate and key; absent or null: not encrypted. */
  readonly tls?: CertificateFiles | null;
  /** Connections at the same time, streams not counted. Default 1024. */
  readonly connections?: number;
  /** Streams at the same time. Default 1000. */
  readonly streamClients?: number;
  /** Path of the built dashboard page. */
  readonly dashboard: string;
  /** Told of errors inside the server; none of them stops it. */
  readonly onError: (error: unknown) => void;
  /** Told what is doubtful but works: a certificate that expired. */
  readonly warn?: (text: string) => void;
}

/** A running server. */
export interface Serving {
  /** Where it listens: `http://127.0.0.1:9095/`. */
  readonly url: string;
  /** The token that requests must bring; null where looking takes none. */
  readonly token: string | null;
  /** The token for acting; null where processes cannot be acted on. */
  readonly actToken: string | null;
  /** Clients of the stream now. */
  readonly clients: () => number;
  /** Stops listening, says goodbye to clients, and ends when the last connection is gone. */
  close(): Promise<void>;
}

const STREAM_PATH = '/api/v1/stream';
/** Requests that an address of another machine may make, and one of this machine. */
const FAR = { perSecond: 50, atOnce: 300 };
const NEAR = { perSecond: 5000, atOnce: 20_000 };
/** Wrong tokens of an address that are answered with what is wrong. */
const WRONG = { perSecond: 0.2, atOnce: 10 };
/** Seconds without a byte after which a connection is ended: of a client that has stopped to read its answer. */
const STALLED = 60;
/** Bytes of all headers of a request. */
const LONGEST_HEAD = 16 * 1024;

/** A request that may be answered. */
interface Received extends RequestTarget {
  readonly caller: Caller;
  /** Whether it brought a token of ours. */
  readonly isKnown: boolean;
}

const THROTTLED = { status: 429, code: 'UNAVAILABLE', message: 'Too many requests come from this address.' } as const;

/**
 * Serves the dashboard, the API, the stream and /metrics.
 * Rejects with CONFLICT when the port is taken, DENIED when it may not be bound, INVALID for a foreign address or a bad certificate.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { address = '127.0.0.1', port = 9095, onError, warn = onError } = options;
  const tokenToRead = options.tokenToRead === true || !isLoopback(address);
  const opened = new Map<Scope, Token>();
  const tokens = async (scope: Scope): Promise<Token | null> => {
    if (scope === 'read' && !tokenToRead) return null;
    // What only some daemons or some requests need is loaded then: it stays out of the memory of the others.
    const { openToken } = await import('./token.ts');
    const token = opened.get(scope) ?? openToken(scope === 'read' ? options.tokenFile : options.actTokenFile, onError);
    opened.set(scope, token);
    return token;
  };
  if (options.renewTokens) {
    const { renewToken } = await import('./token.ts');
    for (const file of [options.tokenFile, options.actTokenFile]) renewToken(file);
  }
  const token = (await tokens('read'))?.text ?? null;
  const actToken = options.actor ? ((await tokens('act'))?.text ?? null) : null;
  const access = createAccess({ host: address, names: options.names ?? [], tokenToRead, tokens });
  const [far, near, wrong] = [createRateLimit(FAR), createRateLimit(NEAR), createRateLimit(WRONG)];
  const stream = createStream({ ...options, ...(options.streamClients ? { mostClients: options.streamClients } : {}) });
  const context: RouteContext = { ...options, stream };

  /** Whether a request may be answered: what it asks for and who asks, or why not. */
  const receive = async (request: IncomingMessage): Promise<Received | Complaint> => {
    const from = request.socket.remoteAddress ?? '';
    const pace = isLocal(from) ? near : far;
    if (!pace.take(from)) return { ...THROTTLED, headers: { 'Retry-After': String(pace.retryAfter) } };
    const foreign = access.checkOrigin(request);
    if (foreign) return { ...foreign, code: 'DENIED' };
    const target = parseTarget(request.url ?? '');
    if (!target) return { status: 400, code: 'INVALID', message: 'The path is malformed.' };
    const { scopes, wrong: isWrong } = await access.admit(request, target.query);
    if (isWrong && !wrong.take(from)) return { ...THROTTLED, headers: { 'Retry-After': String(wrong.retryAfter) } };
    if (!scopes.includes('read')) {
      const message = 'A token is needed: Authorization: Bearer TOKEN, or ?token=TOKEN once in a browser.';
      return { status: 401, code: 'DENIED', message, headers: { 'WWW-Authenticate': 'Bearer' } };
    }
    const isKnown = tokenToRead || scopes.includes('act');
    return { ...target, caller: { address: from, scopes, tokenToRead }, isKnown };
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const complain = (complaint: Complaint): void =>
      isUnread(request) ? refuseUnread(request, response, complaint) : refuse(response, complaint);
    const received = await receive(request);
    if ('status' in received) return complain(received);
    const { path, query, caller } = received;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (isReading && isUnread(request)) return complain({ status: 400, code: 'INVALID', message: 'A question sends nothing.' });
    if (path === '/' && isReading) {
      const cookie = await access.cookie(request, query, Boolean(options.tls));
      // The token leaves the address: it stays in no history, and in no link that is passed on.
      if (cookie !== undefined) return answer(response, 303, 'text/plain', '', { Location: './', 'Set-Cookie': cookie });
      return sendPage(request, response, options.dashboard);
    }
    const found = routeOf(path, request.method ?? '');
    if ('status' in found) return complain(found);
    if (!caller.scopes.includes(found.scope)) return complain(mayNotAct(received.isKnown));
    const sent = isReading ? { value: undefined } : await readBody(request, response);
    if ('complaint' in sent) return complain(sent.complaint);
    const {
      status = 200,
      type,
      body,
      headers,
      take,
    } = await found.answer(context, {
      query: new URLSearchParams(query),
      accept: request.headers.accept ?? '',
      headers: request.headers,
      caller,
      body: sent.value,
    });
    if (!take || request.method === 'HEAD') return answer(response, status, type, body, headers);
    connections.release(request.socket);
    request.socket.setTimeout(0);
    response.writeHead(status, { ...SECURE_HEADERS, 'Content-Type': type, ...headers });
    take(response);
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (connections.isRefused(request.socket)) return;
    respond(request, response).catch((error: unknown) => {
      const complaint = complaintOf(error);
      if (!complaint) onError(error);
      if (response.headersSent) response.destroy();
      else refuse(response, complaint ?? BROKEN);
    });
  };

  const limits = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 15_000, connectionsCheckingInterval: 2000 };
  const encrypted = options.tls
    ? (await import('./tls.ts')).createEncryptedServer(options.tls, { ...limits, maxHeaderSize: LONGEST_HEAD }, warn)
    : null;
  const server = encrypted?.server ?? createServer({ ...limits, maxHeaderSize: LONGEST_HEAD });
  server.maxHeadersCount = 100;
  server.setTimeout(STALLED * 1000);
  const connections = limitConnections(server, options.connections ?? 1024, encrypted !== null);
  server.on('request', handle);
  // Who asks whether to go on sending is told when the head is all right.
  server.on('checkContinue', handle);
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    receive(request)
      .then((received) => {
        const refusal = 'status' in received ? received.status : received.path === STREAM_PATH ? null : 404;
        if (refusal !== null) return refuseUpgrade(socket, refusal);
        connections.release(socket);
        return stream.upgrade(request, socket, head);
      })
      .catch((error: unknown) => {
        onError(error);
        socket.destroy();
      });
  });

  const bound = await bind(server, address, port).catch((error: unknown) => {
    encrypted?.close();
    throw error;
  });
  server.on('error', onError);
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `${encrypted ? 'https' : 'http'}://${name}:${bound.port}/`,
    token,
    actToken,
    clients: () => stream.clients,
    close: () =>
      new Promise((resolve) => {
        encrypted?.close();
        stream.close();
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      }),
  };
}

/** The route of a path and a method, or why there is none. */
function routeOf(path: string, method: string): Route | Complaint {
  const asked = method === 'HEAD' ? 'GET' : method;
  const found = ROUTES.find((route) => route.path === path && route.method === asked);
  if (found) return found;
  const methods = path === '/' ? ['GET'] : ROUTES.filter((route) => route.path === path).map((route) => route.method as string);
  if (methods.length === 0) {
    return { status: 404, code: 'INVALID', message: 'There is nothing under this path.', hint: 'docs/api.md lists the paths.' };
  }
  const allowed = methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each])).join(', ');
  return { status: 405, code: 'INVALID', message: `This path is asked with ${allowed}.`, headers: { Allow: allowed } };
}

function mayNotAct(isKnown: boolean): Complaint {
  const message = 'To act takes the token for acting: Authorization: Bearer TOKEN.';
  const hint = 'hecate token act prints it.';
  return isKnown
    ? { status: 403, code: 'DENIED', message, hint }
    : { status: 401, code: 'DENIED', message, hint, headers: { 'WWW-Authenticate': 'Bearer' } };
}
