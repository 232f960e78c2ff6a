import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { makeTree } from './tree.testing.ts';

const linux = process.platform === 'linux';
const version = (JSON.parse(readFileSync(new URL('../packages/cli/package.json', import.meta.url), 'utf8')) as { version: string }).version;

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** A client of the stream, with what it got so far. */
async function connectStream(daemon: Daemon): Promise<{ socket: WebSocket; messages: Message[] }> {
  const socket = new WebSocket(new URL('api/v1/stream', daemon.url.replace('http', 'ws')));
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });
  return { socket, messages };
}

const sampled = (daemon: Daemon, count = 2): Promise<unknown> =>
  eventually(async () => Number((await daemon.json('healthz'))['samples']) >= count, `${count} samples`);

/** Sends bytes as they are, and returns what comes back until the server closes. */
function raw(url: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let answer = '';
    socket.setTimeout(30_000, () => reject(new Error('The server keeps a broken connection open.')));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('a daemon', () => {
  const directory = join(temporary('serve'), 'data');
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon(['--data-dir', directory, '--interval', '0.2']);
  });
  afterAll(() => daemon.end());

  it('says its address and where it records, and answers there only', async () => {
    expect(daemon.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    await daemon.until(/Recording to /);
    expect(daemon.stdout()).toBe(`hecate watches this machine: ${daemon.url}\nRecording to ${directory}\n`);
    await sampled(daemon);
    expect(await daemon.json('healthz')).toEqual({
      status: 'ok',
      version,
      uptime: expect.any(Number),
      samples: expect.any(Number),
      recording: true,
    });
  });

  it.runIf(linux)('every path of the API', async () => {
    await sampled(daemon);
    const snapshot = await daemon.json('api/v1/snapshot');
    for (const name of ['host', 'cpu', 'memory', 'disk', 'filesystem', 'network', 'processes', 'rates', 'gaps', 'runs'])
      expect(snapshot[name], name).not.toBeNull();
    const { processes } = (await daemon.json('api/v1/processes?sort=rss&limit=5')) as { processes: { pid: number; rss: number }[] };
    expect(processes).toHaveLength(5);
    expect(processes.map(({ rss }) => rss)).toEqual(processes.map(({ rss }) => rss).sort((a, b) => b - a));
    const all = (await daemon.json('api/v1/processes?sort=pid')) as { processes: { pid: number; command: string }[] };
    expect(all.processes.find(({ pid }) => pid === daemon.child.pid)?.command).toContain('hecate.cjs serve');
    const history = (await daemon.json('api/v1/history?seconds=60')) as { time: number[]; series: Record<string, unknown[]>; meta: object };
    expect(history.time.length).toBeGreaterThan(0);
    for (const [id, values] of Object.entries(history.series)) expect(values, id).toHaveLength(history.time.length);
    expect(Object.keys(history.series).sort()).toEqual(Object.keys(history.meta).sort());
    const metrics = await fetch(new URL('metrics', daemon.url));
    expect(await metrics.text()).toMatch(/^node_memory_MemTotal_bytes \d/m);
  });

  it('the dashboard: a page without a single address of another machine', async () => {
    const page = await fetch(daemon.url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'self'/);
    const html = await page.text();
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//i);
  });

  it('the stream: hello, what was before, then a tick each interval', async () => {
    const { socket, messages } = await connectStream(daemon);
    await eventually(() => messages.filter(({ type }) => type === 'tick').length >= 3, 'three ticks');
    expect(messages.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'backfill']);
    expect(messages[0]).toMatchObject({ version, interval: 0.2, recording: true });
    socket.send(JSON.stringify({ type: 'subscribe', processes: true }));
    await eventually(() => messages.some(({ type }) => type === 'processes'), 'the processes');
    for (const nonsense of ['', 'x', '{}', '[]', 'null', '{"type":"subscribe"}', '"'.repeat(1000)]) socket.send(nonsense);
    await sampled(daemon, Number((await daemon.json('healthz'))['samples']) + 1);
    socket.close();
  });

  it('rows are in the file while it runs, and hecate analyze reads them', async () => {
    await eventually(() => existsSync(directory) && readdirSync(directory).some((name) => name.endsWith('.csv')), 'a day file');
    const analysis = await eventually(async () => {
      const { status, stdout } = await run(['analyze', '--data-dir', directory, '--format', 'json', '--start-date', '2020-01-01']);
      return status === 0 && (JSON.parse(stdout) as { period: { rows: number } }).period.rows >= 3
        ? (JSON.parse(stdout) as Record<string, unknown>)
        : null;
    }, 'three rows in the report');
    expect(analysis['statistics']).toHaveProperty('cpu_usage_percent');
  });

  it('what is asked wrongly gets a status and a sentence', async () => {
    for (const [path, status] of [
      ['nope', 404],
      ['api/v1/processes?sort=x', 400],
      ['api/v1/history?from=9&to=1', 400],
      ['api/v1/history?seconds=x', 400],
    ] as const) {
      const answer = await fetch(new URL(path, daemon.url));
      expect(answer.status, path).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { code: 'INVALID', message: expect.stringMatching(/\.$/) } });
    }
    expect((await fetch(new URL('healthz', daemon.url), { method: 'DELETE' })).status).toBe(405);
  });

  it.each([
    ['no HTTP at all', 'hello there\r\n\r\n'],
    ['bytes', Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
    ['no path', 'GET  HTTP/1.1\r\n\r\n'],
    ['a foreign host', 'GET /api/v1/snapshot HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a path that is none', 'GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
    ['a header of 100 KB', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['an upgrade to nothing', 'GET /nope HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    [
      'a broken upgrade',
      'GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n',
    ],
  ])('malformed: %s is refused with a 4xx, and the daemon goes on', async (_what, bytes) => {
    // A server that closes at once may reset the connection while we still write; that is a refusal too.
    const answer = await raw(daemon.url, bytes).catch((error: NodeJS.ErrnoException) => error.code ?? '');
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d |^ECONNRESET$|^EPIPE$/);
    expect((await daemon.json('healthz'))['status']).toBe('ok');
  });

  it('50 clients at once, of the API and of the stream', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => connectStream(daemon)));
    const paths = ['api/v1/snapshot', 'api/v1/processes', 'api/v1/history?seconds=900', 'metrics', ''];
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const answer = await fetch(new URL(paths[index % paths.length]!, daemon.url));
        return [answer.status, (await answer.text()).length > 100];
      }),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, () => [200, true]));
    await eventually(() => streams.every(({ messages }) => messages.some(({ type }) => type === 'tick')), 'a tick for each of 50');
    // Half of them go without a word.
    streams.forEach(({ socket }, index) => (index % 2 ? socket.terminate() : socket.close()));
    await sampled(daemon, Number((await daemon.json('healthz'))['samples']) + 2);
  });

  it('said nothing more than that', () => expect(daemon.stderr()).toBe(''));
});

describe('how it is started', () => {
  it('a port that is taken: status 6, and what to do', async () => {
    const daemon = await startDaemon(['--no-record']);
    const { port } = new URL(daemon.url);
    const directory = join(temporary('serve'), 'data');
    const { status, stdout, stderr } = await run(['serve', '--port', port, '--data-dir', directory]);
    expect({ status, stdout }).toEqual({ status: 6, stdout: '' });
    expect(existsSync(directory)).toBe(false);
    expect(stderr).toBe(
      `hecate: Port ${port} on 127.0.0.1 is taken.\n        Is hecate running already? Choose another port with --port.\n`,
    );
    expect((await daemon.json('healthz'))['status']).toBe('ok');
    expect((await daemon.end()).status).toBe(0);
  });

  it('--no-record writes nothing', async () => {
    const directory = join(temporary('serve'), 'data');
    const daemon = await startDaemon(['--no-record', '--data-dir', directory, '--interval', '0.1']);
    await sampled(daemon, 3);
    expect((await daemon.json('healthz'))['recording']).toBe(false);
    const { status, stdout } = await daemon.end();
    expect({ status, stdout }).toEqual({ status: 0, stdout: `hecate watches this machine: ${daemon.url}\n` });
    expect(existsSync(directory)).toBe(false);
  });

  it('--root: a machine of files is served, and not recorded', async () => {
    const directory = join(temporary('serve'), 'data');
    const daemon = await startDaemon(['--root', makeTree(), '--data-dir', directory, '--interval', '0.1']);
    // Its clock stands: one sample is all there is to see.
    await sampled(daemon, 1);
    const { host, load } = (await daemon.json('api/v1/snapshot')) as { host: { hostname: string }; load: { load1: number } };
    expect([host.hostname, load.load1]).toEqual(['small-machine', 1.25]);
    expect((await daemon.json('healthz'))['recording']).toBe(false);
    expect((await daemon.end()).status).toBe(0);
    expect(existsSync(directory)).toBe(false);
  });

  it.runIf(linux)('--root of a machine that runs goes on sampling', async () => {
    const daemon = await startDaemon(['--root', '/', '--no-record', '--interval', '0.1']);
    await sampled(daemon, 3);
    expect(((await daemon.json('api/v1/snapshot')) as { rates: object }).rates).toMatchObject({
      elapsed: expect.any(Number),
      cpu: expect.any(Object),
    });
    await daemon.end();
  });

  it('an address of this machine only needs no token', async () => {
    for (const host of ['localhost', '127.0.0.2']) {
      if (host === '127.0.0.2' && !linux) continue;
      const daemon = await startDaemon(['--no-record', '--host', host]);
      expect((await daemon.json('healthz'))['status']).toBe('ok');
      await daemon.end();
    }
  });

  it('--host 0.0.0.0: a token in the address and in a file that only its owner can read', async () => {
    const state = join(temporary('serve'), 'state');
    const daemon = await startDaemon(['--no-record', '--host', '0.0.0.0'], { env: { XDG_STATE_HOME: state } });
    const url = new URL(daemon.url);
    const token = url.searchParams.get('token')!;
    const file = join(state, 'hecate', 'token');
    // Nobody can open 0.0.0.0 from elsewhere: the address that is printed leads here.
    expect(url.hostname).not.toBe('0.0.0.0');
    // The token leaves the address at once: a browser comes back with a cookie.
    expect((await fetch(daemon.url, { redirect: 'manual' })).status).toBe(303);
    expect(readFileSync(file, 'utf8')).toBe(`${token}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await daemon.until(/the connection is not encrypted\./);
    const base = `http://127.0.0.1:${url.port}`;
    const ask = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(base + path, { headers })).status;
    for (const path of ['/', '/healthz', '/metrics', '/api/v1/snapshot']) expect(await ask(path)).toBe(401);
    expect(await ask('/healthz?token=wrong')).toBe(401);
    expect(await ask(`/healthz?token=${token}`)).toBe(200);
    expect(await ask('/metrics', { authorization: `Bearer ${token}` })).toBe(200);
    const page = await fetch(`${base}/?token=${token}`, { redirect: 'manual' });
    expect(await ask('/healthz', { cookie: page.headers.get('set-cookie')!.split(';')[0]! })).toBe(200);
    expect((await daemon.end()).status).toBe(0);
    const again = await startDaemon(['--no-record', '--host', '0.0.0.0'], { env: { XDG_STATE_HOME: state } });
    expect(new URL(again.url).searchParams.get('token')).toBe(token);
    await again.end();
  });
});
