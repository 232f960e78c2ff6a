import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './web-socket-protocol.ts';

let server: WebSocketServer;
let text = '';
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (_client, { socket }) => {
    // Cut in two: a length that is wrong would leave bytes over, or wait for more.
    const frame = textFrame(text);
    socket.write(frame.subarray(0, 1));
    socket.write(Buffer.concat([frame.subarray(1), textFrame('next')]));
  });
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
});
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
  'a text of %i bytes is a frame that another implementation reads',
  async (length) => {
    text = 'é'.repeat(length / 2) + 'x'.repeat(length % 2);
    const got: string[] = [];
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('message', (data: Buffer) => {
        got.push(data.toString());
        if (got.length === 2) resolve();
      });
    });
    expect(got).toEqual([text, 'next']);
    client.terminate();
  },
);
