import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delivery, LINES, listen } from '../transport.testing.ts';
import { createStdoutTransport } from './stdout.ts';
import { createTcpTransport } from './tcp.ts';
import { createUdpTransport, datagramsOf } from './udp.ts';

test('tcp: sent when the server, having read all, ends its side', async () => {
  let got = '';
  const port = await listen(createServer((socket) => socket.on('data', (part) => (got += part.toString()))));
  const transport = createTcpTransport({ host: '127.0.0.1', port, timeout: 5 });
  const long = 'x'.repeat(1_000_000);
  expect(await transport.send(delivery(['a 1 2', long]))).toEqual({ kind: 'sent' });
  expect(got).toBe(`a 1 2\n${long}\n`);
  expect(await transport.send(delivery(['b']))).toEqual({ kind: 'sent' });
  expect(transport.place).toBe(`tcp://127.0.0.1:${port}`);
});

test('tcp: a server that dies with the samples in its buffer, hangs, or is not there has not got them', async () => {
  const to = (port: number, timeout = 30): Promise<unknown> =>
    createTcpTransport({ host: '127.0.0.1', port, timeout }).send(delivery(['x'.repeat(200_000)]));
  // `resetAndDestroy` is what others see of a process that is killed with bytes unread.
  const dying = await listen(createServer((socket) => setTimeout(() => socket.resetAndDestroy(), 30)));
  expect(await to(dying)).toMatchObject({ kind: 'failed', why: expect.stringMatching(/reset|EPIPE/) });
  const hanging = await listen(
    createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => socket.on('error', () => undefined)),
  );
  expect(await to(hanging, 0.3)).toEqual({ kind: 'failed', why: 'did not take it within 0.3 s' });
  expect(await to(1)).toEqual({ kind: 'failed', why: 'cannot be reached: connection refused (ECONNREFUSED)' });
  const giveUp = AbortSignal.abort();
  const transport = createTcpTransport({ host: '127.0.0.1', port: hanging, timeout: 5 });
  expect(await transport.send(delivery(['a'], { signal: giveUp }))).toEqual({ kind: 'failed', why: 'was given up' });
});

test('datagrams hold whole lines, no more than 1432 bytes unless one line is longer, and lose none', () => {
  const line = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1400, max: 1500 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lengths) => {
      const lines = lengths.map((length, index) => String(index % 10).repeat(length));
      const datagrams = [...datagramsOf(Buffer.from(lines.map((text) => `${text}\n`).join('')))].map(String);
      expect(datagrams.flatMap((datagram) => datagram.split('\n'))).toEqual(lines);
      for (const datagram of datagrams) if (datagram.includes('\n')) expect(datagram.length).toBeLessThanOrEqual(1432);
      for (const [index, datagram] of datagrams.entries()) {
        const next = datagrams[index + 1]?.split('\n')[0];
        if (next !== undefined) expect(datagram.length + 1 + next.length).toBeGreaterThan(1432);
      }
    }),
  );
});

test('udp: lines arrive; a host that does not exist is a failure, a port where nobody listens is not', async () => {
  const server = createSocket('udp4');
  const got: string[] = [];
  server.on('message', (message) => got.push(message.toString()));
  await new Promise<void>((resolve) => {
    server.bind(0, '127.0.0.1', resolve);
  });
  const transport = createUdpTransport({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  try {
    const lines = Array.from({ length: 200 }, (_, index) => `some.gauge.number.${index}:${index}|g`);
    expect(await transport.send(delivery(lines))).toEqual({ kind: 'sent' });
    await expect.poll(() => got.flatMap((text) => text.split('\n'))).toEqual(lines);
  } finally {
    await transport.close();
    server.close();
  }
  for (let round = 0; round < 3; round++) {
    const nobody = createUdpTransport({ host: '127.0.0.1', port: 1 });
    expect(await nobody.send(delivery(['a:1|g']))).toEqual({ kind: 'sent' });
    await nobody.close();
  }
  const nowhere = createUdpTransport({ host: 'nowhere.invalid', port: 1 });
  expect(await nowhere.send(delivery(['a:1|g']))).toMatchObject({ kind: 'failed' });
});

test('stdout: the header once, whole lines; a slow reader misses samples, one that is gone ends it', async () => {
  const stream = new PassThrough({ highWaterMark: 1024 });
  const transport = createStdoutTransport(stream as unknown as NodeJS.WriteStream);
  const header = Buffer.from('time,cpu\n');
  for (const text of ['1,2', '3,4']) expect(await transport.send(delivery([text], { header, format: LINES }))).toEqual({ kind: 'sent' });
  expect(String(stream.read())).toBe('time,cpu\n1,2\n3,4\n');
  const outcomes: unknown[] = [];
  for (let index = 0; index < 40; index++) outcomes.push(await transport.send(delivery(['x'.repeat(50_000)])));
  expect(outcomes.at(0)).toEqual({ kind: 'sent' });
  expect(outcomes.at(-1)).toEqual({ kind: 'refused', why: 'is read too slowly' });
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await expect.poll(() => transport.send(delivery(['a']))).toEqual({ kind: 'gone', why: 'is not read any more' });
});
