import http from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach } from 'vitest';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server, port: number): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An HTTP server on the loopback for one test; answers its port. */
export function serve(answer: http.RequestListener, port = 0): Promise<number> {
  return listen(http.createServer(answer), port);
}

/** The same for a page of metrics; `page` is asked for at each request. */
export function servePage(page: () => string, port = 0): Promise<number> {
  return serve((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(page());
  }, port);
}

/** A TCP server that does with a connection what it likes; answers its port. */
export function serveTcp(handle: (socket: Socket) => void): Promise<number> {
  return listen(createServer(handle), 0);
}

/** Ends all connections and stops the servers of this test. */
export async function stopServers(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
}
