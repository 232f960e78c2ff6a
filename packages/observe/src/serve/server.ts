import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errnoOf, HecateError } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';
import { createAccess, isLoopback, tokenCookie } from './access.ts';
import type { Page } from './page.ts';
import type { RouteContext } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { createStream } from './stream.ts';

/** What a server needs. */
export interface ServeOptions extends RouteContext {
  /** Address to bind. Default 127.0.0.1. */
  readonly address?: string;
  /** Port to bind; 0 takes any free one. Default 9095. */
  readonly port?: number;
  /** File with the token that every request must bring when the address is no loopback one; made when it is not there. */
  readonly tokenFile: string;
  /** Path of the built dashboard page. */
  readonly dashboard: string;
  /** Told of errors inside the server; none of them stops it. */
  readonly onError: (error: unknown) => void;
}

/** A running server. */
export interface Serving {
  /** Where it listens: `http://127.0.0.1:9095/`. */
  readonly url: string;
  /** The token that requests must bring; null on a loopback address. */
  readonly token: string | null;
  /** Clients of the stream now. */
  readonly clients: () => number;
  /** Stops listening, says goodbye to clients, and ends when the last connection is gone. */
  close(): Promise<void>;
}

const STATUS: Readonly<Record<ErrorCode, number>> = {
  FAILED: 500,
  INVALID: 400,
  UNSUPPORTED: 501,
  UNAVAILABLE: 503,
  DENIED: 403,
  CONFLICT: 409,
  ROLLED_BACK: 500,
};

const STREAM_PATH = '/api/v1/stream';

const SECURE_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...SECURE_HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  hint?: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const error = { code, message, ...(hint === undefined ? {} : { hint }) };
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify({ error }), headers);
}

function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const cookie = tokenCookie(request);
  answer(response, 200, 'text/html; charset=utf-8', zipped ? page.gzip : page.html, {
    'Content-Security-Policy': page.policy,
    Vary: 'Accept-Encoding',
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
    ...(cookie ? { 'Set-Cookie': cookie } : {}),
  });
}

/** What a failed bind means to a user. */
function bindError(error: unknown, address: string, port: number): unknown {
  switch (errnoOf(error)) {
    case 'EADDRINUSE':
      return new HecateError('CONFLICT', `Port ${port} on ${address} is taken.`, {
        hint: 'Is hecate running already? Choose another port with --port.',
        cause: error,
      });
    case 'EACCES':
      return new HecateError('DENIED', `Port ${port} may not be bound by this user.`, {
        hint: 'Choose a port above 1023 with --port.',
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new HecateError('INVALID', `${address} is no address of this machine.`, {
        hint: 'Use 127.0.0.1, ::1, or the address of one of its interfaces with --host.',
        cause: error,
      });
    default:
      return error;
  }
}

function listen(server: Server, address: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(bindError(error, address, port)));
    server.listen(port, address, () => resolve(server.address() as AddressInfo));
  });
}

/**
 * Serves the dashboard, the API, the stream and /metrics.
 * Rejects with CONFLICT when the port is taken, DENIED when it may not be bound, INVALID for a foreign address.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { address = '127.0.0.1', port = 9095, onError } = options;
  // What only some daemons or some requests need is loaded then: it stays out of the memory of the others.
  const token = isLoopback(address) ? null : (await import('./token.ts')).openToken(options.tokenFile);
  const check = createAccess({ host: address, matches: token?.matches });
  let page: Page | undefined;
  const stream = createStream(options);

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = check(request);
    if (refusal) return refuse(response, refusal.status, 'DENIED', refusal.message);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 405, 'INVALID', 'Only GET and HEAD are served.', undefined, { Allow: 'GET, HEAD' });
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/') {
      page ??= (await import('./page.ts')).loadPage(options.dashboard);
      return sendPage(request, response, page);
    }
    const route = ROUTES.find(({ path }) => path === pathname);
    if (!route) return refuse(response, 404, 'INVALID', 'There is nothing under this path.', 'docs/api.md lists the paths.');
    const {
      status = 200,
      type,
      body,
      headers,
    } = await route.answer(options, {
      query: searchParams,
      accept: request.headers.accept ?? '',
    });
    answer(response, status, type, body, headers);
  };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      if (error instanceof HecateError) return refuse(response, STATUS[error.code], error.code, error.message, error.hint);
      if (error instanceof TypeError && (error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL')
        return refuse(response, 400, 'INVALID', 'The path is malformed.');
      onError(error);
      return refuse(response, 500, 'FAILED', 'The server failed to answer.', 'Its log says why.');
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  server.keepAliveTimeout = 15_000;
  server.maxHeadersCount = 100;
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = check(request);
    const found = (request.url ?? '').split('?', 1)[0] === STREAM_PATH;
    if (refusal || !found) {
      const status = refusal ? `${refusal.status} ${refusal.status === 401 ? 'Unauthorized' : 'Forbidden'}` : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      return;
    }
    stream.upgrade(request, socket, head).catch((error: unknown) => {
      onError(error);
      socket.destroy();
    });
  });

  const bound = await listen(server, address, port);
  server.on('error', onError);
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `http://${name}:${bound.port}/`,
    token: token?.text ?? null,
    clients: () => stream.clients,
    close: () =>
      new Promise((resolve) => {
        stream.close();
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 1000).unref();
      }),
  };
}
