import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openHost } from '@hecate/host';
import { createHub } from './hub.ts';
import type { Hub } from './hub.ts';
import { serve } from './server.ts';
import type { ServeOptions, Serving } from './server.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'hecate-server-'));
const dashboard = path.join(directory, 'dashboard.html');
const stop = new AbortController();
const errors: unknown[] = [];
let hub: Hub;
let serving: Serving;
let running: Promise<void>;

const options = (changes: Partial<ServeOptions> = {}): ServeOptions => ({
  hub,
  version: '1.2.3',
  platform: process.platform,
  startedAt: performance.now() / 1000,
  recording: () => false,
  port: 0,
  tokenFile: path.join(directory, 'state', 'token'),
  actTokenFile: path.join(directory, 'state', 'act-token'),
  dashboard,
  onError: (error) => errors.push(error),
  ...changes,
});

beforeAll(async () => {
  writeFileSync(dashboard, '<!doctype html><style>a{}</style><script>1</script>');
  hub = createHub({ host: openHost(), interval: 0.1, onError: (error) => errors.push(error) });
  running = hub.run(stop.signal);
  serving = await serve(options());
  while (hub.samples < 3)
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
});

afterAll(async () => {
  stop.abort();
  await running;
  await serving.close();
  rmSync(directory, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function get(pathname: string, headers: Record<string, string> = {}, method = 'GET', base = serving.url): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const call = request({ hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    call.on('error', reject);
    call.end();
  });
}

/** What the tests look at in an answer or a message. */
interface Told {
  readonly type: string;
  readonly memory: object;
  readonly time: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
  readonly values: Readonly<Record<string, number | null>>;
  readonly processes: readonly { readonly pid: number; readonly rss: number }[];
}

const parse = (text: string): Told => JSON.parse(text) as Told;
const json = async (pathname: string): Promise<Told> => parse((await get(pathname)).body);

test('healthz, snapshot, processes, history', async () => {
  expect(await json('/healthz')).toMatchObject({ status: 'ok', version: '1.2.3', recording: false });
  expect(await json('/api/v1/tuning')).toEqual({ profile: null, events: [] });
  const snapshot = await json('/api/v1/snapshot');
  expect(snapshot).toMatchObject({
    processes: { count: expect.any(Number) },
    rates: { elapsed: expect.any(Number) },
    gaps: expect.any(Array),
    runs: expect.any(Array),
  });
  expect(snapshot.memory).not.toHaveProperty('lines');
  const { processes } = await json('/api/v1/processes?sort=rss&limit=3');
  expect(processes.length).toBeLessThanOrEqual(3);
  expect(processes.map(({ rss }) => rss)).toEqual(processes.map(({ rss }) => rss).sort((a, b) => b - a));
  const history = await json('/api/v1/history?seconds=60&series=load1');
  expect(Object.keys(history.series)).toEqual(['load1']);
  expect(history.time.length).toBe(history.series['load1']!.length);
});

test('metrics in both formats', async () => {
  expect((await get('/metrics')).headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const open = await get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' });
  expect(open.headers['content-type']).toContain('application/openmetrics-text');
  expect(open.body.endsWith('# EOF\n')).toBe(true);
});

test('the page allows its own script and style only, and comes zipped to those who ask', async () => {
  const page = await get('/');
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}';/,
  );
  expect(page.body).toContain('<script>1</script>');
  expect((await get('/', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
  expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test.each([
  ['/nope', 404],
  ['/__proto__', 404],
  ['/constructor', 404],
  ['/api/v1/processes?sort=x', 400],
  ['/api/v1/processes?limit=-1', 400],
  ['/api/v1/history?seconds=abc', 400],
  ['/api/v1/history?from=5&to=1', 400],
  ['//', 400],
  ['/../../etc/passwd', 404],
])('%s is refused with %i and a sentence', async (pathname, status) => {
  const reply = await get(pathname);
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.body).error).toMatchObject({ code: 'INVALID', message: expect.stringMatching(/\.$/) });
});

test('nothing but GET and HEAD', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])
    expect(await get('/healthz', {}, method), method).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  expect(await get('/api/v1/processes/signal')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
});

test('a foreign Host or Origin is refused, on the stream too (DNS rebinding, cross-site scripts)', async () => {
  expect((await get('/api/v1/snapshot', { host: 'evil.example' })).status).toBe(403);
  expect((await get('/api/v1/snapshot', { origin: 'http://evil.example' })).status).toBe(403);
  expect((await get('/api/v1/snapshot', { host: '\u0000' }).catch(() => ({ status: 400 }))).status).toBeGreaterThanOrEqual(400);
  const { port } = new URL(serving.url);
  expect((await get('/api/v1/snapshot', { host: `localhost:${port}`, origin: `http://localhost:${port}` })).status).toBe(200);
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}api/v1/stream`, { origin: 'http://evil.example' });
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => {});
  });
  expect(status).toBe(403);
});

/** Messages of a stream until one satisfies `last`. */
async function listen(socket: WebSocket, last: (message: Told) => boolean): Promise<Told[]> {
  const messages: Told[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const message = parse((data as Buffer).toString());
      messages.push(message);
      if (last(message)) resolve();
    });
  });
  return messages;
}

test('the stream greets, fills back, ticks, and sends processes to those who want them', async () => {
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}api/v1/stream`);
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', processes: true })));
  let ticks = 0;
  // The first ticks may take long on a busy machine, and then they have no rates.
  const messages = await listen(socket, ({ type, values }) => type === 'tick' && ++ticks >= 3 && values['cpu_usage_percent'] !== null);
  const ordered = messages.filter(({ type }) => type !== 'processes').map(({ type }) => type);
  expect(ordered.slice(0, 3)).toEqual(['hello', 'backfill', 'tick']);
  expect(messages.find(({ type }) => type === 'hello')).toMatchObject({
    version: '1.2.3',
    interval: 0.1,
    host: { hostname: expect.any(String) },
  });
  expect(messages.find(({ type }) => type === 'backfill')!.series['load1']!.length).toBeGreaterThan(0);
  expect(messages.findLast(({ type }) => type === 'tick')!.values).toMatchObject({ cpu_usage_percent: expect.any(Number) });
  expect(messages.find(({ type }) => type === 'processes')!.processes.some(({ pid }) => pid === process.pid)).toBe(true);
  expect(serving.clients()).toBe(1);
  socket.close();
});

test.each([
  ['no JSON', '{', 1007],
  ['no subscription', '{"type":"kill"}', 1008],
  ['an array', '[]', 1008],
  ['too long', 'x'.repeat(5000), 1009],
])('a message that is %s ends its stream', async (_what, text, code) => {
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}api/v1/stream`);
  socket.on('open', () => socket.send(text));
  expect(
    await new Promise((resolve) => {
      socket.on('close', resolve);
    }),
  ).toBe(code);
  expect((await get('/healthz')).status).toBe(200);
});

test('a taken port is a conflict with a way out', async () => {
  const { port } = new URL(serving.url);
  await expect(serve(options({ port: Number(port) }))).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `Port ${port} on 127.0.0.1 is taken.`,
  });
  await expect(serve(options({ address: '192.0.2.77' }))).rejects.toMatchObject({ code: 'INVALID' });
});

test('bound to all addresses, everything needs the token', async () => {
  const free = createServer().listen(0, '0.0.0.0');
  await new Promise((resolve) => {
    free.once('listening', resolve);
  });
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => {
    free.close(resolve);
  });
  const open = await serve(options({ address: '0.0.0.0', port }));
  const base = `http://127.0.0.1:${port}/`;
  try {
    const token = readFileSync(path.join(directory, 'state', 'token'), 'utf8').trim();
    expect(open.token).toBe(token);
    expect(statSync(path.join(directory, 'state', 'token')).mode & 0o777).toBe(0o600);
    for (const pathname of ['/', '/healthz', '/metrics', '/api/v1/snapshot'])
      expect((await get(pathname, {}, 'GET', base)).status, pathname).toBe(401);
    expect((await get('/healthz', { authorization: `Bearer ${token}x` }, 'GET', base)).status).toBe(401);
    expect((await get('/healthz', { authorization: `Bearer ${token}` }, 'GET', base)).status).toBe(200);
    const page = await get(`/?token=${token}`, {}, 'GET', base);
    expect(page).toMatchObject({ status: 303, headers: { location: './' } });
    const [cookie] = page.headers['set-cookie']!;
    expect(cookie).toMatch(new RegExp(`^hecate_${port}=[\\w.-]{40,}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict$`));
    expect(cookie).not.toContain(token);
    expect((await get('/healthz', { cookie: `a=b; ${cookie!.split(';')[0]}` }, 'GET', base)).status).toBe(200);
    const refused = new WebSocket(`ws://127.0.0.1:${port}/api/v1/stream`);
    expect(
      await new Promise((resolve) => {
        refused.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        refused.on('error', () => {});
      }),
    ).toBe(401);
  } finally {
    await open.close();
  }
});

test('a page that was not built is one sentence, and the rest works', async () => {
  const bare = await serve(options({ dashboard: path.join(directory, 'missing.html') }));
  try {
    expect(await get('/', {}, 'GET', bare.url)).toMatchObject({ status: 503, body: expect.stringContaining('not built') });
    expect((await get('/healthz', {}, 'GET', bare.url)).status).toBe(200);
  } finally {
    await bare.close();
  }
});

test('who only asks for the head of a stream has no stream: the connection goes on counting', async () => {
  const narrow = await serve(options({ connections: 1 }));
  const { port } = new URL(narrow.url);
  const socket = connect(Number(port), '127.0.0.1');
  try {
    socket.write(`HEAD /api/v1/sse HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const head = await new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(data.toString('latin1')));
    });
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*text\/event-stream/);
    expect((await get('/healthz', {}, 'GET', narrow.url)).status).toBe(503);
  } finally {
    socket.destroy();
    await narrow.close();
  }
});
