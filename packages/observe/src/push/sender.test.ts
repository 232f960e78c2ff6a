import { createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { heldByBuffers } from '../memory.testing.ts';
import { temporary, testQueue } from './queue.testing.ts';
import type { Queue, QueueOptions } from './queue.ts';
import { startSender } from './sender.ts';
import type { Sender } from './sender.ts';
import { createHttpTransport } from './transport/http.ts';
import { httpServer, LINES, listen } from './transport.testing.ts';
import type { Transport } from './transport.ts';

const started: Sender[] = [];
afterEach(async () => {
  for (const sender of started.splice(0)) await sender.close(100);
});

interface Sending {
  readonly queue: Queue;
  readonly sender: Sender;
  readonly said: string[];
  push(...texts: readonly string[]): void;
}

/** A sender with a queue in `directory`; it waits 1 s at least after a failure. */
function send(transport: Transport, directory: string = path.join(temporary(), 'queue'), options: Partial<QueueOptions> = {}): Sending {
  const { queue, said } = testQueue({ directory, ...options });
  const say = (sentence: string): number => said.push(sentence);
  const sender = startSender({ name: 'test', queue, format: LINES, transport, header: () => null, say, random: () => 0 });
  started.push(sender);
  const push = (...texts: readonly string[]): void => {
    for (const text of texts) queue.push(Buffer.from(`${text}\n`));
    sender.wake();
  };
  return { queue, sender, said, push };
}

const http = (url: URL, timeout = 5): Transport =>
  createHttpTransport({ url, credentials: { kind: 'none' }, headers: {}, caFile: null, gzip: false, timeout });
const lines = (bodies: readonly { readonly body: Buffer }[]): string[] =>
  bodies.flatMap(({ body }) => body.toString().split('\n').filter(Boolean));
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `n${from + index}`);

test('live: each sample goes at once, and nothing waits', async () => {
  const { url, asked } = await httpServer((response) => response.end());
  const { sender, queue, push } = send(http(url));
  for (const text of numbers(0, 5)) {
    push(text);
    await expect.poll(() => lines(asked)).toContain(text);
  }
  expect(lines(asked)).toEqual(numbers(0, 5));
  await expect.poll(() => queue.status.records).toBe(0);
  expect(sender.status).toEqual({ sent: 5, refused: 0, errors: 0, trouble: null, since: null });
});

test('a server that is not there: told once, and everything waits', async () => {
  const { sender, said, push, queue } = send(http(new URL('http://127.0.0.1:1/write')));
  push(...numbers(0, 250));
  await expect.poll(() => sender.status.errors, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(said).toEqual([
    'Export test: http://127.0.0.1:1/write cannot be reached: connection refused (ECONNREFUSED). Samples wait, and are sent later.',
  ]);
  expect(sender.status).toMatchObject({ sent: 0, trouble: 'cannot be reached: connection refused (ECONNREFUSED)' });
  expect(sender.status.since).not.toBeNull();
  expect(queue.status.records).toBe(250);
});

test('failing, then well: exactly once and in order, told twice', async () => {
  let well = false;
  const { url, asked } = await httpServer((response) => response.writeHead(well ? 204 : 503).end('overloaded'));
  const { sender, said, push, queue } = send(http(url), undefined, { patience: 0.01 });
  push(...numbers(0, 250));
  await expect.poll(() => sender.status.errors).toBeGreaterThan(0);
  asked.length = 0;
  well = true;
  push(...numbers(250, 260));
  await expect.poll(() => sender.status.sent, { timeout: 10_000 }).toBe(260);
  expect(lines(asked)).toEqual(numbers(0, 260));
  expect(asked.length).toBeLessThan(10);
  expect(said).toEqual([
    `Export test: ${url.href} answers 503: overloaded. Samples wait, and are sent later.`,
    `Export test: ${url.href} takes samples again.`,
  ]);
  expect(queue.status).toMatchObject({ records: 0, bytes: 0, dropped: 0 });
});

test('one sample that the server refuses is left out, and no other', async () => {
  const { url, asked } = await httpServer((response, { body }) => {
    const poisoned = body.toString().includes('n7\n');
    response.writeHead(poisoned ? 400 : 204).end('out of bounds');
  });
  const { sender, said, push } = send(http(url));
  push(...numbers(0, 20));
  await expect.poll(() => sender.status.sent).toBe(19);
  push('after');
  await expect.poll(() => sender.status.sent).toBe(20);
  const taken = asked.filter(({ body }) => !body.toString().includes('n7\n'));
  expect(lines(taken)).toEqual([...numbers(0, 7), ...numbers(8, 20), 'after']);
  expect(sender.status).toMatchObject({ refused: 1, trouble: null });
  expect(said).toEqual([`Export test: a sample is left out, ${url.href} answers 400: out of bounds.`]);
});

test('429 with Retry-After is waited for', async () => {
  const at: number[] = [];
  const { url } = await httpServer((response) => {
    at.push(performance.now());
    if (at.length === 1) response.writeHead(429, { 'Retry-After': '2' }).end();
    else response.end();
  });
  const { sender, push } = send(http(url));
  push('a');
  await expect.poll(() => sender.status.sent, { timeout: 10_000 }).toBe(1);
  expect(at[1]! - at[0]!).toBeGreaterThan(1900);
});

test('a server that is killed in the middle of a request: what it had not acknowledged comes again', async () => {
  let first = true;
  const { url, asked } = await httpServer((response) => {
    if (first) response.socket!.destroy();
    else response.end();
    first = false;
  });
  const { sender, push } = send(http(url));
  push(...numbers(0, 5));
  await expect.poll(() => sender.status.sent, { timeout: 10_000 }).toBe(5);
  expect(lines(asked).slice(-5)).toEqual(numbers(0, 5));
});

test('the end does not wait for a server that hangs, and the next process delivers', async () => {
  const silent = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()));
  const directory = path.join(temporary(), 'queue');
  const before = send(http(new URL(`http://127.0.0.1:${silent}/`), 60), directory);
  before.push(...numbers(0, 5));
  await expect.poll(() => before.sender.status.since).not.toBeNull();
  const start = performance.now();
  await before.sender.close(200);
  before.queue.close();
  expect(performance.now() - start).toBeLessThan(30_000);
  const { url, asked } = await httpServer((response) => response.end());
  const after = send(http(url), directory);
  await expect.poll(() => after.sender.status.sent).toBe(5);
  expect(lines(asked)).toEqual(numbers(0, 5));
});

test('the end sends what waits when the server is well, and does not insist when it is not', async () => {
  const { url, asked } = await httpServer((response) => response.end());
  const well = send(http(url));
  for (const text of numbers(0, 300)) well.queue.push(Buffer.from(`${text}\n`));
  await well.sender.close(2000);
  expect(lines(asked)).toEqual(numbers(0, 300));
  const ill = send(http(new URL('http://127.0.0.1:1/')));
  ill.push('a');
  const start = performance.now();
  await ill.sender.close(45_000);
  expect(performance.now() - start).toBeLessThan(30_000);
  expect(ill.queue.status.records).toBe(1);
});

test('the end is the end, however quickly a target answers and however much comes', async () => {
  const directory = path.join(temporary(), 'queue');
  const sending = send(
    { place: 'here', close: () => undefined, send: () => (sending.push('more'), Promise.resolve({ kind: 'sent' })) },
    directory,
  );
  sending.push('first');
  await sending.sender.close(50);
  expect(sending.sender.status.sent).toBeGreaterThan(0);
});

test('memory is flat over 10,000 samples for a dead server', async () => {
  const { queue, push } = send(http(new URL('http://127.0.0.1:1/')), undefined, { mostMemory: 1024 * 1024, patience: 0.05 });
  const sample = Buffer.alloc(20_000, 'cpu 0123456789\n');
  push(sample.toString());
  const before = heldByBuffers();
  for (let index = 0; index < 10_000; index++) {
    queue.push(Buffer.from(sample));
    if (index % 50 === 0) await new Promise(setImmediate);
  }
  expect(queue.status).toMatchObject({ records: 10_001, dropped: 0 });
  // All of them are 200 MB.
  await expect.poll(() => heldByBuffers() - before).toBeLessThan(10e6);
});
