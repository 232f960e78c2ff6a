import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { heldByBuffers } from '../memory.testing.ts';
import { startHandServer, until } from './server.testing.ts';
import type { HandServer } from './server.testing.ts';

const LOAD = { load1: 1.5, load5: 2, load15: 3, runnable: 1, threads: 100 };
let hand: HandServer | undefined;
afterEach(async () => {
  await hand?.close();
  const errors = hand?.errors;
  hand = undefined;
  expect(errors).toEqual([]);
});

/** A session of HTTP/2 and what a call over it was answered. */
function call(
  session: ClientHttp2Session,
  path: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown> & { body: string }> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...headers });
    const got: Record<string, unknown> = {};
    let text = '';
    stream.on('response', (head) => Object.assign(got, head));
    stream.on('trailers', (head) => Object.assign(got, head));
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    stream.on('close', () => resolve({ ...got, body: text, reset: stream.rstCode }));
    stream.on('error', reject);
    stream.end(body);
  });
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const repeat = (bytes: Buffer, times: number): Buffer => Buffer.concat(Array.from({ length: times }, () => bytes));

/** Calls of `Stream` that are given up as soon as they are made (CVE-2023-44487). Headers as HPACK says them, none of them indexed. */
function rapidResets(host: string, times: number): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const headers = Buffer.concat([
    Buffer.from([0x83, 0x86, 0x04]),
    text(STREAM),
    Buffer.from([0x01]),
    text(host),
    Buffer.from([0x0f, 0x10]),
    text('application/grpc'),
  ]);
  const pair = (_: unknown, index: number): Buffer =>
    Buffer.concat([frame(1, 4, 2 * index + 1, headers), frame(3, 0, 2 * index + 1, Buffer.from([0, 0, 0, 8]))]);
  return Buffer.concat(Array.from({ length: times }, pair));
}

/** Sends frames over a connection of their own, reads what comes, and says who ended it. */
function flood(url: string, frames: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connectTcp(Number(port), hostname, () => {
      socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0), frames]));
    });
    socket.setTimeout(10_000, () => {
      socket.destroy();
      resolve('the server keeps it');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve('the server ended it'));
    socket.resume();
  });
}

const SNAPSHOT = '/hecate.v1.Hecate/Snapshot';
const STREAM = '/hecate.v1.Hecate/Stream';
const EMPTY = Buffer.alloc(5);

describe('a foreign client', () => {
  it('gets a snapshot, and one that comes before the first sample waits for it', async () => {
    hand = await startHandServer();
    const early = hand.client().collect('Snapshot');
    await until(() => hand!.hand.listeners() > 0, 'the call waits');
    hand.hand.tick(1000, { load: LOAD });
    const { code, messages } = await early;
    expect(code).toBe(0);
    expect(messages).toMatchObject([{ time: 1000, machine: { load: { load1: 1.5, load5: 2, load15: 3, runnable: 1, threads: 100 } } }]);
  });

  it('gets ticks: the newest at once, then each, then no more when it has gone', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000, { load: LOAD });
    const got: unknown[] = [];
    const stream = hand.client().follow('Stream', { series: ['load5', 'load1', 'no_such'] });
    stream.on('data', (message) => got.push(message)).on('error', () => undefined);
    await until(() => got.length === 1, 'the first tick');
    hand.hand.tick(1001, { load: { ...LOAD, load1: 7 } });
    await until(() => got.length === 2, 'the second tick');
    expect(got).toMatchObject([
      { time: 1000, series: { load1: 1.5, load5: 2 } },
      { time: 1001, series: { load1: 7, load5: 2 } },
    ]);
    expect(Object.keys((got[1] as { series: object }).series)).toHaveLength(2);
    stream.cancel();
    await until(() => hand!.server.calls() === 0 && hand!.hand.listeners() === 0, 'all that the call held is free');
  });

  it('gets a tick every so many seconds of the machine, whatever the ticks are', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000, { load: LOAD });
    const got: { time: number }[] = [];
    const stream = hand.client().follow('Stream', { series: ['load1'], every: 10 });
    stream.on('data', (message) => got.push(message as never)).on('error', () => undefined);
    await until(() => got.length === 1, 'the first tick');
    for (const due of [1010, 1020, 1030]) {
      for (let time = due - 9; time <= due; time++) hand.hand.tick(time, { load: LOAD });
      await until(() => got.at(-1)?.time === due, `the tick at ${due}`);
    }
    expect(got.map(({ time }) => time)).toEqual([1000, 1010, 1020, 1030]);
    stream.cancel();
  });

  it('is told when its deadline is over, whichever way the call is answered', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const client = hand.client();
    expect(await client.collect('Stream', {}, { deadline: 300 })).toMatchObject({ code: 4 });
    expect(await client.collect('Events', { follow: true }, { deadline: 300 })).toMatchObject({ code: 4 });
    await until(() => hand!.server.calls() === 0 && hand!.hand.listeners() === 0, 'both calls are over');
  });

  it.each([
    ['every below zero', 'Stream', { every: -1 }, 3, 'every must be'],
    ['every that is no number', 'Stream', { every: Number.NaN }, 3, 'every must be'],
    ['too many series', 'Stream', { series: Array.from({ length: 513 }, (_, index) => `s${index}`) }, 3, 'at most'],
    ['a message that is too long', 'Stream', { series: ['x'.repeat(70_000)] }, 8, ''],
    ['an unknown order', 'Processes', { sort: 'colour' }, 3, 'sort cannot be "colour". Use one of cpu, rss'],
    ['a moment that was not kept', 'Processes', { at: 1000 }, 14, 'not kept'],
    ['a moment before all time', 'Processes', { at: -5 }, 3, 'at must be'],
    ['a stretch that ends before it begins', 'History', { from: 20, to: 10 }, 3, 'from lies after to'],
    ['a step below zero', 'History', { step: -1 }, 3, 'step must be'],
    ['a beginning without end', 'History', { from: Number.POSITIVE_INFINITY }, 3, 'from must be'],
    ['too many names', 'Metrics', { names: Array.from({ length: 513 }, () => 'x') }, 3, 'at most'],
  ])('%s is refused', async (_what, method, request, code, words) => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const refused = await hand.client().collect(method, request);
    expect(refused).toMatchObject({ code, details: expect.stringContaining(words) as string });
  });

  it('follows events from where it left, and alerts', async () => {
    hand = await startHandServer();
    const link = (device: string): void =>
      hand!.events.add({ time: 5, kind: 'link', change: 'up', device, index: 1, previous: null, enabled: true });
    for (let index = 0; index < 250; index++) link(`eth${index}`);
    const past = await hand.client().collect('Events', { since: 40 });
    const ids = past.messages.flatMap(({ events }) => events as { id: number; details: { fields: Record<string, unknown> } }[]);
    expect(ids.map(({ id }) => id)).toEqual(Array.from({ length: 210 }, (_, index) => 41 + index));
    expect(ids[0]!.details.fields).toMatchObject({ device: { stringValue: 'eth40' }, enabled: { boolValue: true } });
    const got: unknown[] = [];
    const stream = hand.client().follow('Events', { since: 249, follow: true });
    stream.on('data', ({ events }) => got.push(...(events as unknown[]))).on('error', () => undefined);
    await until(() => got.length === 1, 'the last event');
    link('new');
    await until(() => got.length === 2, 'the new event');
    expect(got).toMatchObject([{ id: 250 }, { id: 251, kind: 'link', time: 5 }]);
    stream.cancel();

    const changes: unknown[] = [];
    const alerts = hand.client().follow('Alerts', { follow: true });
    alerts.on('data', (message) => changes.push(message)).on('error', () => undefined);
    await until(() => changes.length === 1, 'the list');
    const alert = { id: 'load', rule: 'load', object: null, severity: 'warning', value: 9, unit: 'load', summary: 'High.', advice: null };
    hand.tellAlert({ time: 7, previous: null, alert: { ...alert, severity: 'warning', since: 6, silencedUntil: null } });
    await until(() => changes.length === 2, 'the change');
    expect(changes).toMatchObject([{ part: 'list' }, { part: 'change', change: { time: 7, alert: { id: 'load', severity: 'warning' } } }]);
    alerts.cancel();
    await until(() => hand!.server.calls() === 0, 'all calls are over');
  });

  it('is told that the daemon ends', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const client = hand.client();
    const ends = [client.collect('Stream'), client.collect('Events', { follow: true })];
    await until(() => hand!.server.calls() === 2, 'both calls are open');
    await hand.server.close();
    for (const end of ends) expect(await end).toMatchObject({ code: 14, details: 'The daemon ends.' });
  });
});

describe('many and slow clients', () => {
  it('a hundred streams, each on a connection of its own, get the same tick', async () => {
    hand = await startHandServer({ connections: 200 });
    hand.hand.tick(1000, { load: LOAD });
    const got = Array.from({ length: 100 }, (): number[] => []);
    const streams = got.map((times) => {
      const stream = hand!.client().follow('Stream', { series: ['load1'] });
      return stream.on('data', ({ time }) => times.push(time as number)).on('error', () => undefined);
    });
    await until(() => got.every(({ length }) => length === 1), 'the first tick');
    hand.hand.tick(1001, { load: LOAD });
    await until(() => got.every((times) => times.at(-1) === 1001), 'the second tick');
    for (const stream of streams) stream.cancel();
    await until(() => hand!.server.calls() === 0, 'all calls are over');
  });

  it('one that does not read gets the newest tick when it reads again, and nothing piles up', async () => {
    hand = await startHandServer();
    const chips = (count: number): object => ({
      sensors: {
        chips: [
          { id: 'chip', name: 'chip', temperatures: Array.from({ length: count }, (_, index) => ({ sensor: `t${index}`, label: null, value: 1 })), fans: [], powers: [], voltages: [] },
        ],
      },
    }); // oxfmt-ignore
    hand.hand.tick(1, chips(2000));
    const session = connect(hand.server.url);
    const stream = session.request({ ':method': 'POST', ':path': STREAM, 'content-type': 'application/grpc' });
    stream.end(EMPTY);
    await until(() => hand!.server.calls() === 1, 'the call is open');
    const before = heldByBuffers();
    for (let time = 2; time < 400; time++) {
      hand.hand.tick(time, chips(2000));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    // Each tick has 80 kB: had all of them been kept, there would be 30 MB.
    expect(heldByBuffers() - before).toBeLessThan(10e6);
    const times: number[] = [];
    let bytes: Buffer = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 14 && bytes.length >= 5 + bytes.readUInt32BE(1)) {
        times.push(bytes.readDoubleLE(6));
        bytes = bytes.subarray(5 + bytes.readUInt32BE(1));
      }
    });
    let last = 1000;
    await until(() => {
      hand!.hand.tick(++last, chips(2000));
      return (times.at(-1) ?? 0) > 1000;
    }, 'a new tick');
    expect(times.filter((time) => time > 1 && time < 1000).length).toBeLessThan(5);
    session.destroy();
    await until(() => hand!.server.calls() === 0 && hand!.hand.listeners() === 0, 'the call is over');
  });

  it('calls beyond the limit are refused, and others go on', async () => {
    hand = await startHandServer({ streamClients: 2 });
    hand.hand.tick(1000);
    const client = hand.client();
    const open = [client.follow('Stream'), client.follow('Stream')];
    for (const stream of open) stream.on('error', () => undefined).resume();
    await until(() => hand!.server.calls() === 2, 'two calls');
    expect(await client.collect('Snapshot')).toMatchObject({ code: 8, details: 'Too many calls are open.' });
    open[0]!.cancel();
    await until(() => hand!.server.calls() === 1, 'one call');
    expect(await client.collect('Snapshot')).toMatchObject({ code: 0 });
    open[1]!.cancel();
  });
});

describe('who means no good', () => {
  it('garbage, HTTP/1 and half a preface end the connection, and the next client is served', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const { hostname, port } = new URL(hand.server.url);
    for (const bytes of ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', Buffer.alloc(100, 0xff), 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff']) {
      await new Promise<void>((resolve, reject) => {
        const socket = connectTcp(Number(port), hostname, () => socket.write(bytes, 'latin1'));
        socket.setTimeout(20_000, () => reject(new Error('The server keeps the connection.')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    } // oxfmt-ignore
    expect(await hand.client().collect('Snapshot')).toMatchObject({ code: 0 });
  });

  it('other hosts, other origins, other methods and other paths are refused', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const session = connect(hand.server.url);
    try {
      const refused = { ':status': 200, 'grpc-status': '7' };
      expect(await call(session, SNAPSHOT, EMPTY, { ':authority': 'evil.example' })).toMatchObject(refused);
      expect(await call(session, SNAPSHOT, EMPTY, { origin: 'http://evil.example' })).toMatchObject(refused);
      expect(await call(session, STREAM, EMPTY, { origin: 'http://evil.example' })).toMatchObject(refused);
      expect(await call(session, SNAPSHOT, EMPTY, { 'sec-fetch-site': 'cross-site' })).toMatchObject(refused);
      expect(await call(session, '/nothing', EMPTY)).toMatchObject({ 'grpc-status': '12' });
      expect(await call(session, SNAPSHOT, '{}', { ':method': 'PUT', 'content-type': 'application/json' })).toMatchObject({
        ':status': 405,
      });
      expect(await call(session, SNAPSHOT, '{}', { 'content-type': 'text/html' })).toMatchObject({ ':status': 415 });
    } finally {
      session.destroy();
    }
  });

  it('broken messages, compressed ones and more than one are refused', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const session = connect(hand.server.url);
    try {
      for (const body of [Buffer.alloc(0), Buffer.alloc(4), Buffer.alloc(10), Buffer.from([0, 0, 0, 0, 3, 255, 255, 255])]) {
        expect(await call(session, STREAM, body)).toMatchObject({ 'grpc-status': '3' });
      }
      expect(await call(session, STREAM, Buffer.from([1, 0, 0, 0, 0]))).toMatchObject({ 'grpc-status': '12' });
      expect(await call(session, STREAM, EMPTY, { 'grpc-timeout': 'soon' })).toMatchObject({ 'grpc-status': '3' });
      expect(await call(session, STREAM, Buffer.alloc(200_000))).toMatchObject({ 'grpc-status': '8' });
      expect(await call(session, SNAPSHOT, '{"x":'.repeat(20_000), { 'content-type': 'application/json' })).toMatchObject({
        ':status': 429,
      });
    } finally {
      session.destroy();
    }
  });

  it('calls that are given up at once, pings and settings without end, end the connection', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000);
    const { host } = new URL(hand.server.url);
    const ping = frame(6, 0, 0, Buffer.alloc(8, 7));
    const given = { rapidReset: rapidResets(host, 5000), pings: repeat(ping, 5000), settings: repeat(frame(4, 0, 0), 5000) };
    for (const [name, frames] of Object.entries(given)) {
      const said = await flood(hand.server.url, frames);
      expect(said, name).toContain('the server ended it');
      expect(await hand.client().collect('Snapshot')).toMatchObject({ code: 0 });
    }
    await until(() => hand!.server.calls() === 0, 'no call is left');
  });

  it('more connections than there may be are let go', async () => {
    hand = await startHandServer({ connections: 2 });
    hand.hand.tick(1000);
    const sessions = [connect(hand.server.url), connect(hand.server.url)];
    for (const session of sessions) expect(await call(session, SNAPSHOT, EMPTY)).toMatchObject({ 'grpc-status': '0' });
    expect(await hand.client().collect('Snapshot', {}, { deadline: 2000 })).toMatchObject({
      code: expect.toSatisfy((code) => code !== 0) as number,
    });
    for (const session of sessions) session.destroy();
    let code = -1;
    for (let attempt = 0; attempt < 100 && code !== 0; attempt++) ({ code } = await hand.client().collect('Snapshot'));
    expect(code).toBe(0);
  });
});

describe('Connect and gRPC-Web', () => {
  it('a question in JSON is answered in JSON', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000, { load: LOAD });
    const session = connect(hand.server.url);
    try {
      const answer = await call(session, SNAPSHOT, '{}', { 'content-type': 'application/json' });
      expect(answer[':status']).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({ time: 1000, machine: { load: { load1: 1.5 } } });
      const refused = await call(session, SNAPSHOT, '{', { 'content-type': 'application/json' });
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'invalid_argument' });
    } finally {
      session.destroy();
    }
  });

  it('ticks come by way of gRPC-Web too, and stop with the client', async () => {
    hand = await startHandServer();
    hand.hand.tick(1000, { load: LOAD });
    const session = connect(hand.server.url);
    let bytes = 0;
    const stream = session.request({ ':method': 'POST', ':path': STREAM, 'content-type': 'application/grpc-web+proto' });
    stream.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('error', () => undefined);
    stream.end(EMPTY);
    await until(() => bytes > 0, 'the first tick');
    const first = bytes;
    hand.hand.tick(1001, { load: LOAD });
    await until(() => bytes === first * 2, 'the second tick, as long as the first');
    session.destroy();
    await until(() => hand!.server.calls() === 0 && hand!.hand.listeners() === 0, 'the call is over');
  });
});
