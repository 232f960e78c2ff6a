import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporary } from '../queue.testing.ts';
import { delivery, listen } from '../transport.testing.ts';
import { createMqttTransport } from './mqtt.ts';
import type { MqttTarget } from './mqtt.ts';

const target = (port: number, more: Partial<MqttTarget> = {}): MqttTarget => ({
  url: new URL(`mqtt://127.0.0.1:${port}`),
  credentials: { kind: 'none' },
  caFile: null,
  topic: 'lab/box',
  retain: false,
  timeout: 0.4,
  ...more,
});
/** CONNACK that accepts, and one that knows no such user (MQTT 3.1.1, 3.2). */
const ACCEPTED = Buffer.from([0x20, 2, 0, 0]);
const UNKNOWN = Buffer.from([0x20, 2, 0, 4]);

/** A broker that says `hello` to whoever connects, and nothing after that. Answers how many connections are open. */
async function broker(hello: Buffer | null, then?: (socket: Socket) => void): Promise<{ port: number; open: () => number }> {
  let open = 0;
  const port = await listen(
    createServer((socket) => {
      open++;
      socket.on('error', () => undefined).on('close', () => open--);
      socket.once('data', () => {
        if (hello) socket.write(hello);
        then?.(socket);
      });
      socket.resume();
    }),
  );
  return { port, open: () => open };
}

test('a broker that says nothing, acknowledges nothing, refuses, hangs up, speaks another language, or is not there', async () => {
  const cases: [Buffer | null, ((socket: Socket) => void) | undefined, RegExp][] = [
    [null, undefined, /cannot be reached: no acknowledgement within 0\.4 s/],
    [ACCEPTED, undefined, /cannot be reached: no acknowledgement within 0\.4 s/],
    [UNKNOWN, undefined, /cannot be reached: Connection refused: Bad username or password/],
    [null, (socket) => socket.destroy(), /cannot be reached: (?:the connection was closed|connection reset)/],
    [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), undefined, /cannot be reached: /],
  ];
  for (const [hello, then, why] of cases) {
    const { port, open } = await broker(hello, then);
    const transport = createMqttTransport(target(port));
    // The second time nothing is left of the first.
    for (let round = 0; round < 2; round++) {
      expect(await transport.send(delivery(['{}']))).toEqual({ kind: 'failed', why: expect.stringMatching(why) });
      await expect.poll(open).toBe(0);
    }
    await transport.close();
  }
  const nobody = createMqttTransport(target(1));
  expect(await nobody.send(delivery(['{}']))).toEqual({
    kind: 'failed',
    why: 'cannot be reached: connection refused (ECONNREFUSED)',
  });
  await nobody.close();
});

test('the end comes soon, also in the middle of a delivery', async () => {
  const { port, open } = await broker(ACCEPTED);
  const transport = createMqttTransport(target(port, { timeout: 60 }));
  const giveUp = new AbortController();
  const outcome = transport.send(delivery(['{}'], { signal: giveUp.signal }));
  await expect.poll(open).toBe(1);
  giveUp.abort();
  expect(await outcome).toEqual({ kind: 'failed', why: 'cannot be reached: it was given up' });
  await transport.close();
  await expect.poll(open).toBe(0);
  expect(await transport.send(delivery(['{}'], { signal: giveUp.signal }))).toMatchObject({ kind: 'failed' });
  await transport.close();
});

test('a password is read from its file for each connection, and sent', async () => {
  const file = path.join(temporary(), 'password');
  const got: string[] = [];
  const port = await listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes: Buffer) => {
        got.push(bytes.toString('latin1'));
        socket.write(UNKNOWN);
      });
    }),
  );
  const transport = createMqttTransport(target(port, { credentials: { kind: 'password', username: 'me', password: { file } } }));
  const missing = await transport.send(delivery(['{}']));
  expect(missing).toEqual({ kind: 'failed', why: `cannot be reached: There is no ${file}` });
  for (const secret of ['one-secret', 'another-one']) {
    writeFileSync(file, `${secret}\n`);
    const outcome = await transport.send(delivery(['{}']));
    expect(JSON.stringify(outcome)).not.toContain(secret);
    expect(got.at(-1)).toContain(secret);
  }
  await transport.close();
});
