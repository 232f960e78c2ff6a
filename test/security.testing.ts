import { connect } from 'node:net';
import type { Daemon } from './cli.testing.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks as a program does that sets every header as it likes: fetch() forbids some. */
export function ask(
  daemon: Daemon,
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<WireAnswer> {
  const { host } = new URL(daemon.url);
  const all = {
    Host: host,
    Connection: 'close',
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return exchange(daemon, `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`).then(parseAnswer);
}

/** Sends bytes, and returns all that comes back until the server closes; a reset ends it too. Fails after twenty seconds. */
export function exchange(daemon: Daemon, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(daemon.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.setTimeout(20_000, () => {
      socket.destroy();
      reject(
        new Error(
          `The server keeps a connection open after ${JSON.stringify(String(bytes).slice(0, 200))}; it said ${answer.slice(0, 200)}`,
        ),
      );
    });
    socket.on('data', (piece: Buffer) => (answer += piece.toString('latin1')));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
    );
    socket.on('close', () => resolve(answer));
  });
}

/** The first answer in what came over the wire. */
export function parseAnswer(wire: string): WireAnswer {
  const [head = '', ...rest] = wire.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0), headers, text: rest.join('\r\n\r\n') };
}
