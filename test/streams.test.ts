import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { noMounts } from './mounts.testing.ts';

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** A WebSocket client, with what it got so far. */
async function connectStream(daemon: Daemon, query = ''): Promise<{ socket: WebSocket; messages: Message[]; of(type: string): Message[] }> {
  const socket = new WebSocket(new URL(`api/v1/stream?${query}`, daemon.url.replace('http', 'ws')));
  const messages: Message[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });
  return { socket, messages, of: (type) => messages.filter((message) => message.type === type) };
}

interface ServerSent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Message;
}

/** A client of server-sent events, with what it got so far. */
async function connectEvents(
  daemon: Daemon,
  query = '',
  headers: Record<string, string> = {},
): Promise<{ response: IncomingMessage; got: ServerSent[] }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(new URL(`api/v1/sse?${query}`, daemon.url), { headers }, resolve).on('error', reject);
  });
  const got: ServerSent[] = [];
  let text = '';
  response.on('error', () => undefined);
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      const event = fields.get('event');
      if (event !== undefined) got.push({ event, id: fields.get('id'), data: JSON.parse(fields.get('data')!) as Message });
    }
  });
  return { response, got };
}

const residentOf = (daemon: Daemon): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${daemon.child.pid}/status`, 'utf8'))![1]) / 1024;

describe('every sample as it comes', () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon(['--no-record', '--interval', '0.1']);
  });
  afterAll(async () => {
    expect((await daemon.end()).status).toBe(0);
    expect(daemon.stderr()).toBe('');
  });

  it('a WebSocket: chosen series, at the pace that was asked for', async () => {
    const all = await connectStream(daemon, 'backfill=0');
    const some = await connectStream(daemon, 'series=load1,core.0.usage_percent,nonsense&backfill=60');
    const rare = await connectStream(daemon, 'series=load1&every=1&backfill=0');
    await eventually(() => rare.of('tick').length >= 4, 'four ticks of a client that wants one a second');
    expect(all.messages.map(({ type }) => type).slice(0, 2)).toEqual(['hello', 'tick']);
    expect(some.messages.map(({ type }) => type).slice(0, 2)).toEqual(['hello', 'backfill']);
    for (const { values } of some.of('tick'))
      for (const id of Object.keys(values as object)) expect(['load1', 'core.0.usage_percent']).toContain(id);
    expect(all.of('tick').length).toBeGreaterThan(2 * rare.of('tick').length);
    // The first comes at once; the others are the first of each second, which may be late on a busy machine.
    const ticks = rare.of('tick').slice(1);
    const seconds = ticks.map(({ time }) => Math.floor((time as number) + 0.05));
    expect(seconds).toEqual([...new Set(seconds)].sort((a, b) => a - b));
    for (const { socket } of [all, some, rare]) socket.close();
  });

  it('server-sent events: the same ticks as over a WebSocket', async () => {
    const [sse, socket] = [
      await connectEvents(daemon, 'series=load1,load5&events=0'),
      await connectStream(daemon, 'series=load1,load5&backfill=0'),
    ];
    expect(sse.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(sse.response.headers['cache-control']).toBe('no-store');
    await eventually(() => sse.got.length >= 5 && socket.of('tick').length >= 5, 'five ticks for both');
    const byTime = new Map(socket.of('tick').map((tick) => [tick['time'], tick['values']]));
    const common = sse.got.filter(({ data }) => byTime.has(data['time']));
    expect(common.length).toBeGreaterThanOrEqual(2);
    for (const { event, data } of common) expect([event, data['values']]).toEqual(['tick', byTime.get(data['time'])]);
    expect(await daemon.json('healthz')).toMatchObject({ status: 'ok' });
    sse.response.destroy();
    socket.socket.close();
    const head = await fetch(new URL('api/v1/sse', daemon.url), { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it.each(['every=x', 'events=2', 'every=-1'])('server-sent events with %s are refused with 400 and a sentence', async (query) => {
    const answer = await fetch(new URL(`api/v1/sse?${query}`, daemon.url));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'INVALID', message: expect.stringMatching(/\.$/) } });
  });

  it.runIf(process.platform === 'linux')('clients that go in the middle of an answer are nobody any more', async () => {
    const paths = [
      'metrics',
      'api/v1/processes',
      'api/v1/history?seconds=900',
      'api/v1/sse?processes=1',
      'api/v1/openapi.json',
      'api/v1/events',
    ];
    const { hostname, port } = new URL(daemon.url);
    const before = residentOf(daemon);
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        Array.from({ length: 30 }, (_, index) => {
          const socket = connect(Number(port), hostname);
          socket.on('error', () => socket.destroy());
          socket.write(`GET /${paths[index % paths.length]} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept-Encoding: gzip\r\n\r\n`);
          // Some go before the answer begins, some when its first bytes are there.
          if (index % 3 === 0) socket.once('data', () => socket.resetAndDestroy());
          else setImmediate(() => socket.destroy());
          return new Promise((resolve) => {
            socket.once('close', resolve);
          });
        }),
      );
    }
    expect((await daemon.json('healthz'))['status']).toBe('ok');
    expect(residentOf(daemon) - before).toBeLessThan(30);
  });

  it.runIf(process.platform === 'linux')('clients that do not read cost no memory, and get the newest when they read again', async () => {
    const reader = await connectStream(daemon, 'series=load1&backfill=0');
    const { hostname, port } = new URL(daemon.url);
    const key = randomBytes(16).toString('base64');
    const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n`;
    const slow = Array.from({ length: 10 }, (_, index) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => socket.destroy());
      const [path, headers] = index % 2 ? ['sse?processes=1', ''] : ['stream?processes=1&backfill=0', upgrade];
      socket.write(`GET /api/v1/${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${headers}\r\n`);
      return socket.pause();
    });
    await eventually(() => reader.of('tick').length > 20, 'some ticks');
    const before = residentOf(daemon);
    const ticks = reader.of('tick').length;
    // Long enough for what the kernel holds for each of them to be full: some megabytes.
    await eventually(() => reader.of('tick').length > ticks + 120, '120 ticks more', 120);
    expect(residentOf(daemon) - before).toBeLessThan(30);
    const late = slow[1]!;
    let text = '';
    late.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    late.resume();
    const newest = (): number => Number(/.*"type":"tick","time":([\d.]+)/s.exec(text)?.[1] ?? 0);
    await eventually(() => newest() >= (reader.of('tick').at(-1)!['time'] as number) - 1, 'the newest tick for a client that was late');
    for (const socket of slow) socket.destroy();
    reader.socket.close();
  });
});

describe.skipIf(noMounts !== null)('events', () => {
  const directory = join(temporary('streams'), 'data');
  const point = join(temporary('streams'), 'point');
  let daemon: Daemon;
  beforeAll(async () => {
    mkdirSync(point);
    daemon = await startDaemon(['--data-dir', directory], { wrap: ['unshare', '--map-root-user', '--mount'] });
    // Watching begins beside the first samples: what happened before it did is no event.
    await eventually(() => daemon.json('healthz').then(({ samples }) => Number(samples) >= 2), 'two samples');
  });
  afterAll(() => daemon.end());

  const inside = (...command: string[]): void => {
    const pid = String(daemon.child.pid);
    const { status, stderr } = spawnSync('nsenter', ['--target', pid, '--user', '--preserve-credentials', '--mount', ...command], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  };
  const mountEvents = (messages: readonly Message[]): Message[] =>
    messages.filter(({ kind, mountpoint }) => kind === 'mount' && mountpoint === point);

  it('a mount reaches the WebSocket, server-sent events, the API and the disk, and can be asked for again', async () => {
    const socket = await connectStream(daemon, 'series=&events=1&backfill=0');
    const sse = await connectEvents(daemon, 'series=');
    inside('mount', '-t', 'tmpfs', 'hecate-test', point);
    await eventually(() => mountEvents(socket.of('event')).length > 0, 'the event on the WebSocket');
    const [told] = mountEvents(socket.of('event'));
    expect(told).toMatchObject({
      type: 'event',
      id: expect.any(Number),
      time: expect.any(Number),
      kind: 'mount',
      change: 'added',
      fstype: 'tmpfs',
    });
    const sent = await eventually(() => sse.got.find(({ data }) => data['id'] === told!['id']), 'the event as a server-sent one');
    expect(sent).toMatchObject({ event: 'event', data: told });
    const { events, newest } = (await daemon.json('api/v1/events')) as { events: Message[]; newest: number };
    const { type: _, ...row } = told!;
    expect(events.find(({ id }) => id === told!['id'])).toEqual(row);
    expect(await daemon.json(`api/v1/events?since=${newest}`)).toEqual({ events: [], newest });
    // An id that is yet to come is one of a daemon before this one.
    expect(((await daemon.json(`api/v1/events?since=${newest + 1000}`)) as { events: unknown[] }).events).toHaveLength(events.length);
    expect(((await daemon.json('api/v1/events?limit=1')) as { events: unknown[] }).events).toEqual(events.slice(-1));

    inside('umount', point);
    await eventually(() => mountEvents(socket.of('event')).length === 2, 'the second event');
    sse.response.destroy();
    const again = await connectEvents(daemon, 'series=', { 'last-event-id': sent.id! });
    await eventually(() => again.got.length > 0, 'what was missed');
    expect(again.got.map(({ data }) => data['id'] as number)).toEqual(expect.arrayContaining([(told!['id'] as number) + 1]));
    expect(again.got.some(({ data }) => data['id'] === told!['id'])).toBe(false);
    again.response.destroy();
    socket.socket.close();
    for (const [query, status] of [
      ['from=9&to=1', 400],
      ['since=x', 400],
      ['limit=-1', 400],
      ['from=0&to=1', 200],
    ] as const)
      expect((await fetch(new URL(`api/v1/events?${query}`, daemon.url))).status, query).toBe(status);
  });

  it('a daemon that is killed and starts again remembers them, without numbers', async () => {
    await daemon.end('SIGKILL');
    const file = readdirSync(directory).find((name) => /^events-\d{4}-\d\d\.jsonl$/.test(name));
    expect(readFileSync(join(directory, file!), 'utf8')).toContain(`"mountpoint":${JSON.stringify(point)}`);
    const next = await startDaemon(['--data-dir', directory]);
    const { events } = (await next.json('api/v1/events?from=0')) as { events: Message[] };
    expect(mountEvents(events)).toEqual([
      expect.objectContaining({ id: null, change: 'added' }),
      expect.objectContaining({ id: null, change: 'removed' }),
    ]);
    expect(mountEvents(((await next.json('api/v1/events')) as { events: Message[] }).events)).toEqual([]);
    const stream = await connectEvents(next, 'series=');
    expect((await next.end()).status).toBe(0);
    await eventually(() => stream.response.complete, 'the end of the stream');
  });
});
