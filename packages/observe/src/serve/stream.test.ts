import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createStream } from './stream.ts';
import type { Stream, StreamOptions } from './stream.ts';
import { createHandHub } from './stream/listening.testing.ts';
import { textFrame } from './stream/web-socket-protocol.ts';

const hand = createHandHub();
const errors: unknown[] = [];
let server: Server;
let stream: Stream;

function open(options: Partial<StreamOptions> = {}): void {
  stream = createStream({ hub: hand.hub, version: '1', recording: () => false, onError: (error) => errors.push(error), ...options });
}
beforeEach(async () => {
  errors.length = 0;
  open();
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    stream.upgrade(request, socket, head).catch((error: unknown) => errors.push(error));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(async () => {
  stream.close();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  expect(errors).toEqual([]);
});

const port = (): number => (server.address() as AddressInfo).port;
const url = (query: string): string => `ws://127.0.0.1:${port()}/api/v1/stream?${query}`;
const closed = (socket: WebSocket): Promise<readonly [number, string]> =>
  new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve([code, reason.toString()]));
  });

async function until(what: () => boolean): Promise<void> {
  for (let round = 0; round < 1000 && !what(); round++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  expect(what()).toBe(true);
}

/** A connection that says hello as a WebSocket and then does what it likes. */
async function rawClient(query = 'backfill=0'): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.write(
    `GET /api/v1/stream?${query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  await new Promise((resolve) => {
    socket.once('data', resolve);
  });
  return socket;
}

interface Told {
  readonly type: string;
  readonly time: number;
  readonly values: object;
}

test('the address says what is wanted; a message says it anew', async () => {
  hand.tick(100, { load: { load1: 1, load5: 2, load15: 3, runnable: 1, threads: 2 } });
  const socket = new WebSocket(url('series=load1,load5&backfill=0'));
  const got: Told[] = [];
  socket.on('message', (data: Buffer) => got.push(JSON.parse(data.toString()) as Told));
  await until(() => got.length === 2);
  expect(got[0]).toMatchObject({ type: 'hello', version: '1', interval: 1 });
  expect(got[1]).toMatchObject({ type: 'tick', time: 100, values: { load1: 1, load5: 2 } });
  socket.send('{"type":"subscribe","series":["load15"]}');
  let time = 101;
  await until(() => {
    hand.tick(++time, { load: { load1: 1, load5: 2, load15: 3, runnable: 1, threads: 2 } });
    return JSON.stringify(got.at(-1)?.values) === '{"load15":3}';
  });
  const left = closed(socket);
  stream.close();
  expect(await left).toEqual([1001, 'The server stops.']);
});

test.each(['every=x', 'series=a&processes=maybe', 'backfill=-1', 'backfill=x'])('?%s is refused with 400', async (query) => {
  const socket = new WebSocket(url(query));
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => undefined);
  });
  expect([status, stream.clients]).toEqual([400, 0]);
});

test('who is refused and keeps its side of the connection open is gone a moment later', async () => {
  const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
  try {
    socket.write('GET /api/v1/stream?every=x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const answer = new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(data.toString('latin1')));
    });
    expect(await answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      });
    await expect.poll(connections, { timeout: 5000 }).toBe(0);
  } finally {
    socket.destroy();
  }
});

test('who comes at the moment of the end is refused, and is not in the way of it', async () => {
  server.on('upgrade', () => stream.close());
  const socket = new WebSocket(url(''));
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('open', () => resolve('open'));
    socket.on('error', () => undefined);
  });
  socket.terminate();
  expect([status, stream.clients]).toEqual([503, 0]);
});

test('one client more than the bound is refused with 503, and may come when another has gone', async () => {
  open({ mostClients: 2 });
  const sockets = [await rawClient(), await rawClient()];
  expect(stream.full).toBe(true);
  const late = new WebSocket(url('backfill=0'));
  expect(
    await new Promise((resolve) => {
      late.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      late.on('error', () => undefined);
    }),
  ).toBe(503);
  sockets[0]!.destroy();
  await until(() => stream.clients === 1);
  sockets.push(await rawClient());
  expect(stream.clients).toBe(2);
  for (const socket of sockets) socket.destroy();
  await until(() => stream.clients === 0 && hand.listeners() === 0);
});

test('a client that does not answer pings is gone, one that does stays', async () => {
  open({ keepAlive: 0.1 });
  const dead = await rawClient();
  const alive = new WebSocket(url('backfill=0'));
  let pings = 0;
  alive.on('ping', () => pings++);
  await until(() => dead.destroyed || dead.closed);
  await until(() => pings >= 5);
  expect(stream.clients).toBe(1);
  alive.terminate();
});

test('a client that talks without end is told to stop', async () => {
  const socket = new WebSocket(url('backfill=0'));
  socket.on('open', () => {
    for (let count = 0; count < 100; count++) socket.send('{"type":"subscribe"}');
  });
  expect(await closed(socket)).toEqual([1008, 'Too many messages.']);
  const pinging = new WebSocket(url('backfill=0'));
  pinging.on('open', () => {
    for (let count = 0; count < 100; count++) pinging.ping();
  });
  expect(await closed(pinging)).toEqual([1008, 'Too many messages.']);
});

test.each([
  ['{"type":"subscribe","series":"load1"}', 'series must be a list of ids, or null.'],
  ['{"type":"subscribe","every":-1}', 'every must be a number of seconds from 0 to 86400.'],
])('%s ends the stream with a sentence', async (text, sentence) => {
  const socket = new WebSocket(url('backfill=0'));
  socket.on('open', () => socket.send(text));
  expect(await closed(socket)).toEqual([1008, sentence]);
});

test('whatever bytes a client sends, the others go on', async () => {
  const healthy = await rawClient('series=load1&backfill=0');
  let bytes = 0;
  healthy.on('data', (chunk) => (bytes += chunk.length));
  const masked = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.string({ maxLength: 100 }))
    .map(([first, text]) => Buffer.concat([Buffer.from([first, 0x80 | (Buffer.byteLength(text) % 126), 0, 0, 0, 0]), Buffer.from(text)]));
  const bytesOf = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    masked,
    fc.string().map((text) => textFrame(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(bytesOf, { maxLength: 8 }), fc.boolean(), async (pieces, cut) => {
      const socket = await rawClient();
      for (const piece of pieces) socket.write(piece);
      if (cut) socket.destroy();
      else socket.end();
      await until(() => socket.closed);
    }),
    { numRuns: 60 },
  );
  const before = bytes;
  hand.tick(1000);
  await until(() => bytes > before);
  await until(() => stream.clients === 1);
  healthy.destroy();
}, 60_000);
