import { connect } from 'node:net';
import type { Daemon } from './cli.testing.ts';

/** Numbers that look like chance and are the same for the same seed (mulberry32). */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Dice = ReturnType<typeof createDice>;

const oneOf = <Item>(dice: Dice, items: readonly Item[]): Item => items[dice(items.length)]!;
const bytes = (dice: Dice, most: number): Buffer => Buffer.from(Array.from({ length: dice(most) }, () => dice(256)));

/** What a client of the stream may say, and things like it. */
function message(dice: Dice): string {
  const deep = dice(5000);
  return oneOf(dice, [
    () => '{"type":"subscribe","processes":true,"events":true,"alerts":true}',
    () =>
      `{"type":"subscribe","every":${oneOf(dice, ['-1', '1e308', 'null', '"x"', '0', '[]'])},"processes":${oneOf(dice, ['1', '{}', 'true'])}}`,
    () => `{"type":"subscribe","series":[${Array.from({ length: dice(3000) }, (_, index) => `"s${index}"`).join(',')}]}`,
    () => '{"type":"subscribe","series":{"length":1e9}}',
    () => '{"__proto__":{"processes":true},"constructor":{"prototype":{}},"type":"subscribe"}',
    () => '['.repeat(deep) + ']'.repeat(deep),
    () => '{"a":'.repeat(deep),
    () => bytes(dice, 300).toString('latin1'),
    () => 'x'.repeat(dice(100_000)),
  ])();
}

/** A frame of a WebSocket, mostly of the kind that nobody may send. */
function frame(dice: Dice): Buffer {
  const opcode = oneOf(dice, [0, 1, 1, 1, 1, 2, 3, 8, 9, 10, 11, 15]);
  const payload = opcode === 1 ? Buffer.from(message(dice)) : bytes(dice, oneOf(dice, [4, 126, 400]));
  const first = (dice(8) === 0 ? 0 : 0x80) | (dice(12) === 0 ? dice(8) << 4 : 0) | opcode;
  const masked = dice(10) === 0 ? 0 : 0x80;
  // A length that is not true, now and then: what follows is then read as something else.
  const said = dice(10) === 0 ? oneOf(dice, [0, 125, 65_535, 2 ** 31, 2 ** 53]) : payload.length;
  const head =
    said < 126
      ? Buffer.from([first, masked | said])
      : said < 65_536
        ? Buffer.from([first, masked | 126, said >> 8, said & 255])
        : Buffer.concat([Buffer.from([first, masked | 127]), lengthOf(said)]);
  const key = bytes(dice, 5).subarray(0, 4);
  const mask = Buffer.concat([key, Buffer.alloc(4 - key.length)]);
  return masked ? Buffer.concat([head, mask, payload.map((byte, index) => byte ^ mask[index & 3]!)]) : Buffer.concat([head, payload]);
}

function lengthOf(value: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(value));
  return length;
}

const PATHS = [
  '/',
  '/healthz',
  '/metrics',
  '/api/v1/history',
  '/api/v1/processes',
  '/api/v1/events',
  '/api/v1/sse',
  '/api/v1/stream',
  '/api/v1/analysis',
];
const QUERIES = [
  'seconds',
  'from',
  'to',
  'step',
  'series',
  'band',
  'limit',
  'sort',
  'at',
  'since',
  'processes',
  'every',
  'backfill',
  'start',
  'token',
];
const VALUES = [
  '',
  '0',
  '-1',
  '1e308',
  'NaN',
  'Infinity',
  '%00',
  '%',
  '%ff%fe',
  '../../etc/passwd',
  'x'.repeat(3000),
  '1,2,3',
  '9'.repeat(400),
  '2020-01-01',
];

/** A request, mostly of the kind that nobody sends. */
function request(dice: Dice): string {
  const query = Array.from({ length: dice(4) }, () => `${oneOf(dice, QUERIES)}=${oneOf(dice, VALUES)}`).join('&');
  const path = dice(5) === 0 ? `/${bytes(dice, 80).toString('latin1')}` : oneOf(dice, PATHS);
  const headers = Array.from({ length: dice(6) }, () =>
    oneOf(dice, [
      () => 'Accept-Encoding: gzip, br;q=0, *;q=x',
      () => `Accept: ${'a/b,'.repeat(dice(500))}`,
      () => `Cookie: ${'hecate=;'.repeat(dice(500))}`,
      () => `Authorization: Bearer ${bytes(dice, 60).toString('base64')}`,
      () => `Last-Event-ID: ${oneOf(dice, VALUES)}`,
      () => `Origin: ${oneOf(dice, ['null', 'http://localhost', 'http://[', 'x'])}`,
      () => 'Expect: 100-continue',
      () => `Range: bytes=${oneOf(dice, VALUES)}`,
      () => `X: ${bytes(dice, 200).toString('latin1')}`,
    ])(),
  );
  const method = oneOf(dice, ['GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'get']);
  return `${method} ${path}${query ? `?${query}` : ''} HTTP/1.1\r\nHost: localhost\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;
}

const UPGRADE =
  'GET /api/v1/stream?backfill=0 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** One client that misbehaves for a moment: it says something, may listen, and goes in one of the ways in which clients go. */
function misbehave(daemon: Daemon, dice: Dice): Promise<void> {
  const { hostname, port } = new URL(daemon.url);
  const isStream = dice(2) === 0;
  const said = isStream
    ? [UPGRADE, ...Array.from({ length: 1 + dice(6) }, () => frame(dice))]
    : [request(dice), ...(dice(3) === 0 ? [request(dice)] : [])];
  const patience = dice(120);
  const end = dice(3);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      for (const piece of said) socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
      setTimeout(() => {
        if (end === 0) socket.resetAndDestroy();
        else if (end === 1) socket.destroy();
        else socket.end();
        // One that is not let go goes by itself.
        setTimeout(() => socket.destroy(), 200);
      }, patience);
    });
    socket.resume();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
  });
}

/** Twenty clients at the same time that misbehave, one after another, for some seconds, or until they were so many. Answers how many they were. */
export async function misbehaveFor(daemon: Daemon, seconds: number, seed: number, least = 0): Promise<number> {
  const end = performance.now() + seconds * 1000;
  const dice = createDice(seed);
  let count = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (performance.now() < end || count < least) {
        await misbehave(daemon, dice);
        count++;
      }
    }),
  );
  return count;
}
