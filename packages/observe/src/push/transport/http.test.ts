import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporary } from '../queue.testing.ts';
import { delivery, httpServer, listen } from '../transport.testing.ts';
import { createHttpTransport } from './http.ts';
import type { HttpTarget } from './http.ts';

const target = (url: URL, more: Partial<HttpTarget> = {}): HttpTarget => ({
  url,
  credentials: { kind: 'none' },
  headers: {},
  caFile: null,
  gzip: false,
  timeout: 5,
  ...more,
});

test('one request a delivery, on one connection; 2xx is sent', async () => {
  const { url, asked } = await httpServer((response) => response.writeHead(204).end());
  const transport = createHttpTransport(target(url, { headers: { 'X-Scope-OrgID': 'one' } }));
  for (const texts of [['a', 'b'], ['c']]) expect(await transport.send(delivery(texts))).toEqual({ kind: 'sent' });
  expect(asked.map(({ body }) => body.toString())).toEqual(['a\nb\n', 'c\n']);
  expect(asked[0]?.request).toMatchObject({
    method: 'POST',
    url: '/write',
    headers: { 'content-type': 'text/plain', 'content-length': '4', 'x-scope-orgid': 'one' },
  });
  expect(new Set(asked.map(({ request }) => request.socket.remotePort)).size).toBe(1);
  await transport.close();
});

test('gzip where it is wanted, and never twice', async () => {
  const { url, asked } = await httpServer((response) => response.end());
  const transport = createHttpTransport(target(url, { gzip: true }));
  await transport.send(delivery(['a'.repeat(10_000)]));
  const { format } = delivery([]);
  await transport.send(delivery(['b'], { format: { ...format, headers: { 'Content-Encoding': 'snappy' } } }));
  expect(asked.map(({ request }) => request.headers['content-encoding'])).toEqual(['gzip', 'snappy']);
  expect(asked[0]!.body.length).toBeLessThan(200);
  expect(gunzipSync(asked[0]!.body).toString()).toBe(`${'a'.repeat(10_000)}\n`);
  expect(asked[1]!.body.toString()).toBe('b\n');
  await transport.close();
});

test('credentials: a token, a new token in its file, a password; none is told, not even when the server says it', async () => {
  const { url, asked } = await httpServer((response, { request }) =>
    response.writeHead(401).end(`no such token: ${request.headers.authorization}\n<b>more</b>`),
  );
  const file = path.join(temporary(), 'token');
  const withFile = createHttpTransport(target(url, { credentials: { kind: 'token', scheme: 'Token', token: { file } } }));
  expect(await withFile.send(delivery(['a']))).toEqual({ kind: 'failed', why: `cannot be reached: There is no ${file}` });
  for (const token of ['s3cret', 'an0ther']) {
    writeFileSync(file, `${token}\n`);
    expect(await withFile.send(delivery(['a']))).toEqual({ kind: 'failed', why: 'answers 401: no such token: Token ***' });
  }
  const credentials = { kind: 'password', username: 'me', password: { text: 'pa:ss' } } as const;
  const withPassword = createHttpTransport(target(url, { credentials }));
  const told = await withPassword.send(delivery(['a']));
  expect(told).toMatchObject({ kind: 'failed', why: expect.stringContaining('answers 401') });
  expect(JSON.stringify(told)).not.toContain(Buffer.from('me:pa:ss').toString('base64'));
  expect(asked.map(({ request }) => request.headers.authorization)).toEqual([
    'Token s3cret',
    'Token an0ther',
    `Basic ${Buffer.from('me:pa:ss').toString('base64')}`,
  ]);
  writeFileSync(file, 'two\nlines\n');
  expect(await withFile.send(delivery(['a']))).toMatchObject({ kind: 'failed', why: expect.stringContaining('no secret in its one line') });
  await withFile.close();
  await withPassword.close();
});

test.each([
  [400, {}, { kind: 'refused', why: 'answers 400: out of order \\x1b[31m' }],
  [413, {}, { kind: 'refused', why: 'answers 413: out of order \\x1b[31m' }],
  [422, {}, { kind: 'refused', why: 'answers 422: out of order \\x1b[31m' }],
  [404, {}, { kind: 'failed', why: 'answers 404: out of order \\x1b[31m' }],
  [429, { 'Retry-After': '7' }, { kind: 'failed', why: 'answers 429: out of order \\x1b[31m', retryAfter: 7 }],
  [503, { 'Retry-After': 'never' }, { kind: 'failed', why: 'answers 503: out of order \\x1b[31m' }],
  [302, { Location: 'http://elsewhere/' }, { kind: 'failed', why: 'answers 302: out of order \\x1b[31m (redirects are not followed)' }],
])('status %i %j is %j', async (status, headers, outcome) => {
  const { url } = await httpServer((response) => response.writeHead(status, headers).end('out of order \u001b[31m\nsecond line'));
  const transport = createHttpTransport(target(url));
  expect(await transport.send(delivery(['a']))).toEqual(outcome);
  await transport.close();
});

test('an endless answer is not read to its end', async () => {
  const { url } = await httpServer((response) => {
    response.writeHead(200);
    const more = (): void => {
      while (response.write('x'.repeat(10_000)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const transport = createHttpTransport(target(url));
  expect(await transport.send(delivery(['a']))).toEqual({ kind: 'sent' });
  await transport.close();
});

test('a server that accepts and never answers, that answers byte by byte, that hangs up, that is not there, that speaks another language', async () => {
  const silent = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()));
  const { url: slow } = await httpServer((response) => {
    const timer = setInterval(() => response.write('x'), 50);
    response.on('close', () => clearInterval(timer));
  });
  const rude = await listen(createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy())));
  const foreign = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end('220 smtp ready\r\n')));
  const why = async (url: URL): Promise<string> => {
    const transport = createHttpTransport(target(url, { timeout: 0.3 }));
    const outcome = await transport.send(delivery(['a']));
    await transport.close();
    expect(outcome.kind).toBe('failed');
    return 'why' in outcome ? outcome.why : '';
  };
  const at = (port: number): URL => new URL(`http://127.0.0.1:${port}/`);
  expect(await why(at(silent))).toBe('cannot be reached: no answer within 0.3 s');
  expect(await why(slow)).toBe('cannot be reached: no answer within 0.3 s');
  expect(await why(at(rude))).toMatch(/^cannot be reached: .*(?:reset|hang up)/);
  expect(await why(at(foreign))).toMatch(/^cannot be reached: .*(?:Expected HTTP|Parse Error)/);
  expect(await why(new URL('http://127.0.0.1:9/'))).toBe('cannot be reached: connection refused (ECONNREFUSED)');
  expect(await why(new URL('http://nowhere.invalid/'))).toMatch(/^cannot be reached: /);
});

test('a connection that the server closes between two deliveries costs nothing', async () => {
  let connections = 0;
  const port = await listen(
    createTcpServer((socket) => {
      connections++;
      let requests = 0;
      socket
        .on('error', () => undefined)
        .on('data', () => {
          // The second request on a connection meets its end.
          if (requests++ === 0) socket.write('HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n');
          else socket.resetAndDestroy();
        });
    }),
  );
  const transport = createHttpTransport(target(new URL(`http://127.0.0.1:${port}/`)));
  for (let round = 0; round < 3; round++) expect(await transport.send(delivery(['a']))).toEqual({ kind: 'sent' });
  expect(connections).toBe(3);
  await transport.close();
});

test('given up in the middle', async () => {
  const silent = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()));
  const transport = createHttpTransport(target(new URL(`http://127.0.0.1:${silent}/`)));
  const giveUp = new AbortController();
  const outcome = transport.send(delivery(['a'], { signal: giveUp.signal }));
  setTimeout(() => giveUp.abort(), 50);
  expect(await outcome).toEqual({ kind: 'failed', why: 'cannot be reached: it was given up' });
  expect(await transport.send(delivery(['a'], { signal: giveUp.signal }))).toMatchObject({ kind: 'failed' });
  await transport.close();
});

function certificate(): { readonly key: string; readonly cert: string } | null {
  const directory = temporary();
  const [key, cert] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    return { key, cert };
  } catch {
    return null;
  }
}

test('TLS: an unknown certificate is refused, its authority in a file is enough', async ({ skip }) => {
  const pair = certificate();
  if (!pair) {
    console.warn('Skipped: there is no openssl to make a certificate with.');
    skip();
    return;
  }
  const server = createTlsServer({ key: readFileSync(pair.key), cert: readFileSync(pair.cert) }, (request, response) => {
    request.resume().on('end', () => response.end());
  });
  const port = await listen(server);
  const url = new URL(`https://127.0.0.1:${port}/`);
  const stranger = createHttpTransport(target(url));
  expect(await stranger.send(delivery(['a']))).toMatchObject({ kind: 'failed', why: expect.stringContaining('self-signed') });
  const friend = createHttpTransport(target(url, { caFile: pair.cert }));
  expect(await friend.send(delivery(['a']))).toEqual({ kind: 'sent' });
  const missing = createHttpTransport(target(url, { caFile: '/no/such.pem' }));
  expect(await missing.send(delivery(['a']))).toEqual({ kind: 'failed', why: 'cannot be reached: There is no /no/such.pem' });
  for (const transport of [stranger, friend, missing]) await transport.close();
});
