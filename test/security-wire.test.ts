import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { ask, exchange, parseAnswer } from './security.testing.ts';

describe('what breaks daemons', () => {
  let daemon: Daemon;
  let act: string;
  beforeAll(async () => {
    const state = join(temporary('wire'), 'state');
    daemon = await startDaemon(['--no-record', '--allow-act', '--interval', '0.2'], { env: { XDG_STATE_HOME: state } });
    act = readFileSync(join(state, 'hecate', 'act-token'), 'utf8').trim();
  });
  afterAll(() => daemon.end());
  const lives = async (): Promise<void> => expect((await ask(daemon, '/healthz')).status).toBe(200);
  const post = (head: string, body = ''): string =>
    `POST /api/v1/processes/signal HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${act}\r\nContent-Type: application/json\r\n${head}\r\n\r\n${body}`;

  it.each([
    ['two lengths', () => post('Content-Length: 2\r\nContent-Length: 5', '{}xxx')],
    ['a length and chunks', () => post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\nGET / HTTP/1.1\r\n\r\n')],
    ['chunks of a kind', () => post('Transfer-Encoding: xchunked', '0\r\n\r\n')],
    ['a negative length', () => post('Content-Length: -1')],
    ['a length of letters', () => post('Content-Length: 0x2', '{}')],
    ['a size of a chunk that is none', () => post('Transfer-Encoding: chunked\r\nConnection: close', 'zz\r\n{}\r\n0\r\n\r\n')],
    ['a folded header', () => 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'],
    ['a space before the colon', () => 'GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n'],
    ['a NUL in a header', () => 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n'],
    ['a NUL in the path', () => 'GET /heal\0thz HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['the form for proxies', () => 'GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['two slashes', () => 'GET //evil.example/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['OPTIONS *', () => 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['a tunnel', () => 'CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['HTTP/2 from the start', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [
      'an upgrade to HTTP/2',
      () =>
        'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    ],
    ['a question that sends something', () => 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /'],
    [
      'a stream of version 12',
      () =>
        'GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ],
    [
      'a stream with a short key',
      () =>
        'GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n',
    ],
    ['a hundred thousand headers', () => `GET /healthz HTTP/1.1\r\nHost: localhost\r\n${'a:b\r\n'.repeat(100_000)}\r\n`],
  ])('%s: refused with a 4xx or hung up on, never both answered and obeyed', async (_what, make) => {
    const wire = await exchange(daemon, make());
    expect(wire === '' || /^HTTP\/1\.1 [45]\d\d /.test(wire), wire.slice(0, 200)).toBe(true);
    expect(wire.match(/^HTTP\/1\.1 /gm)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(wire).not.toContain('    at ');
    await lives();
  });

  it('a request of 10 MB: 413, and it is not read to its end', async () => {
    const big = Buffer.alloc(10 << 20, 'x');
    for (const head of [`Content-Length: ${big.length}`, 'Transfer-Encoding: chunked']) {
      const chunk = Buffer.concat([Buffer.from(`${big.length.toString(16)}\r\n`), big]);
      const wire = await exchange(daemon, Buffer.concat([Buffer.from(post(head)), head.startsWith('T') ? chunk : big]));
      expect(parseAnswer(wire)).toMatchObject({ status: 413, text: expect.stringContaining('65536 bytes at most') });
    }
    await lives();
  });

  it('a head that never ends is cut off in its time', async () => {
    const wire = await exchange(daemon, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect(parseAnswer(wire).status).toBe(408);
  });

  it('any bytes, headers and paths: an answer or none, and the daemon lives', async () => {
    const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_./%?&=:@;,{}[]<>"\'\\ \t\0\r\n\u00ff'), maxLength: 60 });
    const request = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'get', '', 'G\0T'),
        token,
        fc.array(fc.tuple(token, token), { maxLength: 5 }),
        token,
      )
      .map(
        ([method, path, headers, body]) =>
          `${method} /${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
      );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          request,
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        ),
        async (bytes) => {
          // What looks like the beginning of something longer ends with the client.
          const wire = await exchange(daemon, Buffer.from(`${bytes}\r\n\r\n\r\n\0\r\n\r\n`, 'latin1'));
          expect(wire === '' || /^HTTP\/1\.1 [2345]\d\d /.test(wire), wire.slice(0, 100)).toBe(true);
          expect(wire).not.toMatch(/^HTTP\/1\.1 500/);
        },
      ),
      { numRuns: 300 },
    );
    await lives();
  });

  it('nothing of all this was an error of the daemon', () => {
    expect(
      daemon
        .stderr()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('hecate: act: ')),
    ).toEqual([]);
  });
});

/** Bytes of memory that a process occupies. */
const resident = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;

describe('crowds', () => {
  it('10,000 connections: those beyond the limit are told to come back, and the rest of the daemon goes on', async () => {
    const daemon = await startDaemon(['--no-record', '--interval', '0.2']);
    const { port } = new URL(daemon.url);
    const open = new Set<Socket>();
    let told = 0;
    let ended = 0;
    try {
      for (let wave = 0; wave < 10; wave++) {
        await Promise.all(
          Array.from(
            { length: 1000 },
            () =>
              new Promise<void>((resolve) => {
                const socket = connect(Number(port), '127.0.0.1');
                open.add(socket);
                socket.on('data', (piece: Buffer) => (told += piece.toString().startsWith('HTTP/1.1 503 ') ? 1 : 0));
                socket.on('end', () => socket.end());
                socket.on('error', () => socket.destroy());
                socket.on('close', () => {
                  ended++;
                  open.delete(socket);
                  resolve();
                });
                // Those that are let in say nothing, and are not answered.
                setTimeout(resolve, 2000);
              }),
          ),
        );
      }
      // Half-open ones are ended after ten seconds and make room: what was let in is one limit in ten seconds.
      await eventually(() => told > 5000 && ended > 5000, 'most are told and ended');
      if (process.platform === 'linux') expect(resident(daemon.child.pid!)).toBeLessThan(150e6);
    } finally {
      for (const socket of open) socket.destroy();
    }
    await eventually(async () => (await ask(daemon, '/healthz')).status === 200, 'an answer after the crowd');
    expect(daemon.stderr()).toBe('');
    await daemon.end();
  });
});
