import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { afterEach } from 'vitest';
import type { PushFormat } from './format.ts';
import { TEXT_LINES } from './text-lines.ts';
import type { Delivery } from './transport.ts';

/** Lines that are nothing but text. */
export const LINES: PushFormat = { ...TEXT_LINES, headers: { 'Content-Type': 'text/plain' }, encode: () => Buffer.alloc(0) };

/** A delivery of lines. */
export function delivery(texts: readonly string[], more: Partial<Delivery> = {}): Delivery {
  return {
    chunks: texts.map((text) => Buffer.from(`${text}\n`)),
    format: LINES,
    header: null,
    signal: new AbortController().signal,
    ...more,
  };
}

const servers: TcpServer[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const server of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
});

/** Listens on a port of its own, or on `port`, until the test ends. */
export async function listen(server: TcpServer, port = 0): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A request with its body. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

/** An HTTP server that answers as it is told, and what it was asked. */
export async function httpServer(
  answer: (response: ServerResponse, asked: Asked) => void,
  port = 0,
): Promise<{ readonly url: URL; readonly port: number; readonly asked: Asked[]; readonly server: Server }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { request, body: Buffer.concat(parts) };
      asked.push(one);
      answer(response, one);
    });
  });
  const bound = await listen(server, port);
  return { url: new URL(`http://127.0.0.1:${bound}/write`), port: bound, asked, server };
}
