import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Scene } from '../scene.ts';
import { createRemoteMachine } from './remote-machine.ts';
import { openRemoteSource } from './remote.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const SNAPSHOT = {
  time: 1000,
  host: { hostname: 'web1', system: 'Linux', release: '6.1', uptime: 100 },
  processes: { count: 1 },
  gaps: [],
};

/** A daemon that answers these, and streams these lines. */
function daemon(answers: Readonly<Record<string, unknown>>, stream: readonly string[], end = false): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    if (path === '/api/v1/sse') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
      for (const block of stream) response.write(`${block}\n\n`);
      if (end) response.end();
      return;
    }
    const usual: Readonly<Record<string, unknown>> = {
      '/api/v1/snapshot': SNAPSHOT,
      '/api/v1/alerts': { alerts: [] },
      '/api/v1/events': { events: [] },
      '/api/v1/access': {},
    };
    response.end(JSON.stringify(answers[path] ?? usual[path] ?? null));
  };
}

const data = (message: object): string => `event: x\ndata: ${JSON.stringify(message)}`;
const TICK = data({
  type: 'tick',
  time: 1001,
  values: { load1: 0.5, 'temperature.x.celsius': 'hot' },
  meta: { 'temperature.x.celsius': { label: 'CPU' } },
});
const TABLE = data({
  type: 'processes',
  time: 1001,
  processes: [{ pid: 7, startedAfterBoot: 1.5, name: 'a\u001b[31mb', cpu: 0.25, rss: 4096, state: 'R' }],
});

/** Scenes until there are so many; of a daemon that says nothing, none for ever. */
async function take(url: string, count: number, said: string[] = []): Promise<Scene[]> {
  const source = openRemoteSource({ url, interval: 1, say: (sentence) => void said.push(sentence) });
  const scenes: Scene[] = [];
  const ending = new AbortController();
  for await (const scene of source.scenes(ending.signal)) if (scenes.push(scene) >= count) ending.abort();
  return scenes;
}

test.each(['', 'web1', 'web1:9095', '//web1', 'ftp://web1', 'http://', 'http://:9095', 'javascript:alert(1)'])(
  '%j is no address',
  (url) => {
    expect(() => openRemoteSource({ url, say: () => undefined })).toThrow(
      expect.objectContaining({ code: 'INVALID', message: expect.stringContaining('is no address') }),
    );
  },
);

test('nobody there, at the first time: it is said at once, with what to do', async () => {
  await expect(take('http://127.0.0.1:1', 1)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('No daemon answers at http://127.0.0.1:1'),
    hint: expect.stringContaining('--remote'),
  });
});

test.each<[string, RequestListener]>([
  ['a page', (_, response) => response.end('<html>')],
  ['nothing', (_, response) => response.end()],
  ['JSON of somebody else', (_, response) => response.end('[1,2,3]')],
  ['null', (_, response) => response.end('null')],
  ['404', (_, response) => response.writeHead(404).end('{"detail":"Not Found"}')],
  ['a redirection', (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end('{}')],
  ['no stream', (request, response) => (request.url!.startsWith('/api/v1/sse') ? response.end('{}') : daemon({}, [])(request, response))],
  ['a stream of garbage', daemon({}, ['data: {nonsense'])],
])('what is no hecate is refused in a sentence: %s', async (_, listener) => {
  await expect(take(await serve(listener), 1)).rejects.toMatchObject({
    code: 'FAILED',
    message: expect.stringMatching(/no hecate|answers (404|302)/),
  });
});

test('a daemon that refuses says why', async () => {
  const refusing: RequestListener = (_, response) =>
    response.writeHead(401).end(JSON.stringify({ error: { code: 'DENIED', message: 'This takes a token.', hint: 'Bring one.' } }));
  await expect(take(await serve(refusing), 1)).rejects.toMatchObject({
    code: 'DENIED',
    message: 'This takes a token.',
    hint: 'Bring one.',
  });
});

test('a scene of a tick and its processes; labels come from the machine, unknown kinds of messages are left out', async () => {
  const noise = [
    ':',
    'retry: 3000',
    data({ type: 'news' }),
    data({ type: 'event', time: 1, kind: 'nothing' }),
    data({ type: 'event', time: 1, kind: 'mount' }),
  ];
  const alert = data({
    type: 'alert',
    time: 1,
    previous: null,
    alert: { id: 'a', rule: 'a', severity: 'critical', since: 1, summary: 'Bad.' },
  });
  const url = await serve(daemon({}, [...noise, alert, TICK, TABLE]));
  const source = openRemoteSource({ url, say: () => undefined });
  for await (const scene of source.scenes(new AbortController().signal)) {
    expect(scene).toMatchObject({
      time: 1001,
      machine: { hostname: 'web1', kernel: 'Linux 6.1', bootTime: 900 },
      mounts: null,
      power: null,
      events: [expect.objectContaining({ kind: 'mount' })],
    });
    expect(scene.values.get('load1')).toBe(0.5);
    expect(scene.values.get('temperature.x.celsius')).toBeNull();
    expect(scene.alerts).toEqual([expect.objectContaining({ id: 'a', severity: 'critical', advice: null, object: null })]);
    expect(scene.processes!.length).toBe(1);
    expect(scene.processes!.figures.cpu[0]).toBe(0.25);
    expect(scene.processes!.figures.virtual[0]).toBeNaN();
    expect(source.meta('temperature.x.celsius')?.label).toBe('CPU');
    expect(source.meta('load1')?.unit).toBe('load');
    expect(source.meta('evil')).toBeUndefined();
    break;
  }
});

test('a daemon without processes: each sample is a scene all the same', async () => {
  const url = await serve(daemon({ '/api/v1/snapshot': { ...SNAPSHOT, processes: null } }, [TICK, TICK]));
  const scenes = await take(url, 2);
  expect(scenes.map(({ processes }) => processes)).toEqual([null, null]);
});

test('a daemon that takes samples more rarely than they are asked for has an interval of its own', async () => {
  const ticks = [10, 20, 30].map((time) => data({ type: 'tick', time, values: {} }));
  const source = openRemoteSource({
    url: await serve(daemon({ '/api/v1/snapshot': { ...SNAPSHOT, processes: null } }, ticks)),
    say: () => undefined,
  });
  expect(source.interval).toBe(1);
  for await (const { time } of source.scenes(new AbortController().signal)) if (time === 30) break;
  expect(source.interval).toBe(10);
});

test('a stream that ends is told of once, and begun anew', async () => {
  const said: string[] = [];
  const scenes = await take(await serve(daemon({}, [TICK, TABLE], true)), 2, said);
  expect(scenes).toHaveLength(2);
  expect(said[0]).toMatch(/^The daemon at http:\/\/127\.0\.0\.1:\d+ went away: it ended the connection\. It is asked again/);
  expect(said[1]).toMatch(/answers again/);
});

test('the past: what is no history is none, and details that are none are refused', async () => {
  const url = await serve(
    daemon(
      { '/api/v1/history': { step: 'x', time: 7, series: [] }, '/api/v1/processes': [], '/api/v1/processes/detail': { detail: {} } },
      [],
    ),
  );
  const source = openRemoteSource({ url, say: () => undefined });
  expect(await source.stretch({ from: 0, to: 1, step: 1 })).toBeNull();
  expect(await source.at(5)).toBeNull();
  expect(await source.extent()).toBeNull();
  await expect(source.detail({ pid: 1, startedAfterBoot: 1 })).rejects.toMatchObject({ code: 'FAILED' });
  // Gone is another thing than "come back later".
  const told = async (status: number): Promise<unknown> => {
    const error = { code: 'UNAVAILABLE', message: 'So it is.' };
    const refusing = await serve((_, response) => response.writeHead(status).end(JSON.stringify({ error })));
    return openRemoteSource({ url: refusing, say: () => undefined }).detail({ pid: 1, startedAfterBoot: 1 });
  };
  expect(await told(503)).toBeNull();
  await expect(told(429)).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'So it is.' });
});

test('whatever comes in place of what should: a scene that can be drawn, or none', () => {
  const value = fc.anything({ maxDepth: 3 });
  const row = fc.record({
    pid: fc.oneof(fc.nat(), value),
    startedAfterBoot: fc.oneof(fc.double(), value),
    name: value,
    command: value,
    state: value,
    uid: value,
    cpu: value,
  });
  fc.assert(
    fc.property(value, value, fc.oneof(fc.array(row), value), value, value, (snapshot, alerts, processes, values, meta) => {
      const machine = createRemoteMachine('there');
      machine.takeSnapshot(snapshot);
      machine.takeAlerts({ alerts });
      machine.takeEvents({ events: alerts });
      machine.takeMessage({ type: 'tick', time: 5, values, meta });
      const scene = machine.takeMessage({ type: 'processes', processes }) ?? machine.takeMessage({ type: 'tick', time: 6, values, meta });
      if (!scene) return;
      expect(typeof scene.machine.hostname).toBe('string');
      for (const [id, one] of scene.values) expect([typeof id, one === null || typeof one === 'number']).toEqual(['string', true]);
      for (const { pid, name, command } of scene.processes?.identities ?? []) {
        expect([Number.isSafeInteger(pid), typeof name]).toEqual([true, 'string']);
        expect(command === null || typeof command === 'string').toBe(true);
      }
    }),
  );
});

test('the same process keeps its identity from table to table; another one with its number has its own', () => {
  const machine = createRemoteMachine('there');
  const rows = (startedAfterBoot: number, name: string): Scene => {
    machine.takeMessage({ type: 'tick', time: 5, values: {} });
    return machine.takeMessage({ type: 'processes', processes: [{ pid: 9, startedAfterBoot, name }] })!;
  };
  const [first] = rows(1, 'sh').processes!.identities;
  const [second] = rows(1, 'node').processes!.identities;
  expect(second).toBe(first);
  expect(second!.name).toBe('node');
  expect(rows(2, 'sh').processes!.identities[0]).not.toBe(first);
});
