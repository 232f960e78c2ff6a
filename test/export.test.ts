import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import { configured, sampledSeconds, startLineServer } from './export.testing.ts';
import { noMounts, seenBy, smallDisk } from './mounts.testing.ts';

const linux = process.platform === 'linux';
const influx = (port: number, more = ''): string =>
  `[[export]]\ntype = "influx"\nurl = "http://127.0.0.1:${port}"\ndb = "hecate"\nevery = 1\n${more}`;
const ARGS = ['--no-record', '--interval', '1'];
const queueOf = (state: string): string => join(state, 'hecate', 'queue', 'influx-influx');
/** Bytes that wait on the disk. */
function waiting(state: string): number {
  try {
    const names = readdirSync(queueOf(state)).filter((name) => name.endsWith('.queue'));
    return names.reduce((sum, name) => sum + statSync(join(queueOf(state), name)).size, 0);
  } catch {
    return 0;
  }
}

describe.runIf(linux)('a server that goes away', () => {
  it('and comes back has every sample once, in order; the daemon is killed meanwhile and loses no more than five seconds', async () => {
    const state = temporary('state');
    const first = await startLineServer();
    const env = configured(influx(first.port), state);
    const before = await startDaemon(ARGS, { env });
    let killed = 0;
    let taken: number[] = [];
    try {
      await eventually(() => first.times().length >= 2, 'samples while all is well');
      // While all is well nothing is written.
      expect(existsSync(queueOf(state))).toBe(false);
      await first.close();
      await before.until(/Export influx: http:\/\/127\.0\.0\.1:\d+\/write cannot be reached: .*Samples wait, and are sent later\./);
      await eventually(() => waiting(state) > 0, 'samples on the disk');
      const some = waiting(state);
      await eventually(() => waiting(state) > some * 2, 'more samples on the disk');
    } finally {
      taken = await sampledSeconds(before);
      killed = Date.now() / 1000;
      await before.end('SIGKILL');
    }
    const second = await startLineServer(first.port);
    const after = await startDaemon(ARGS, { env });
    try {
      await eventually(() => second.times().filter((time) => time > killed).length >= 2, 'samples of the second daemon');
      const times = [...first.times(), ...second.times()];
      expect(new Set(times).size).toBe(times.length);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      // All but what lay in memory alone when it was killed.
      expect(taken.filter((time) => time <= killed - 6.5 && !times.includes(time))).toEqual([]);
      await eventually(() => waiting(state) === 0, 'an empty queue');
    } finally {
      await after.end();
      await second.close();
    }
  });

  it('that hangs does not hold up the end, and what waits is there for the next start', async () => {
    const state = temporary('state');
    const hanging = await startLineServer(0, () => null);
    const env = configured(influx(hanging.port, 'timeout = 120\n'), state);
    const daemon = await startDaemon(ARGS, { env });
    await eventually(() => hanging.headers.length > 0, 'a request');
    const start = performance.now();
    const ended = await daemon.end();
    expect(ended.status).toBe(0);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(waiting(state)).toBeGreaterThan(0);
    await hanging.close();
  });

  it('that refuses one sample loses that one, and one that is busy loses none', async () => {
    const state = temporary('state');
    let poisoned: number | null = null;
    let busy = 0;
    const server = await startLineServer(0, (times) => {
      if (busy++ < 2) return 503;
      poisoned ??= times[0]!;
      return times.includes(poisoned) ? 400 : 204;
    });
    const daemon = await startDaemon(ARGS, { env: configured(influx(server.port), state) });
    try {
      await eventually(() => server.times().length >= 3, 'three samples');
      expect(server.times()).not.toContain(poisoned);
      const newest = server.times().at(-1)!;
      const taken = (await sampledSeconds(daemon)).filter((time) => time <= newest);
      expect(taken.filter((time) => !server.times().includes(time))).toEqual([poisoned]);
      expect(daemon.stderr()).toContain('answers 503: no. Samples wait');
      expect(daemon.stderr()).toContain('a sample is left out');
    } finally {
      await daemon.end();
      await server.close();
    }
  });

  it('tells of itself in /metrics', async () => {
    const server = await startLineServer(0, () => 500);
    const daemon = await startDaemon(ARGS, { env: configured(influx(server.port)) });
    try {
      await eventually(() => server.headers.length > 0, 'a request');
      const read = async (): Promise<string> => (await fetch(new URL('metrics', daemon.url))).text();
      await eventually(async () => /hecate_export_queued_samples\{export="influx",type="influx"\} [1-9]/.test(await read()), 'what waits');
      expect(await read()).toMatch(/hecate_export_errors_total\{export="influx",type="influx"\} [1-9]/);
    } finally {
      await daemon.end();
      await server.close();
    }
  });
});

describe.runIf(linux && !noMounts)('a full disk', () => {
  it('keeps samples in memory, says so once, and nothing ends', async () => {
    const { directory, wrap } = smallDisk('160k');
    const dead = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => {
      dead.once('listening', resolve);
    });
    const { port } = dead.address() as AddressInfo;
    dead.close();
    const daemon = await startDaemon(ARGS, { env: configured(influx(port), directory), wrap });
    let server: Awaited<ReturnType<typeof startLineServer>> | undefined;
    try {
      await daemon.until(/cannot be kept on the disk, and are kept in memory/, 90);
      // Not to wait for the end of a long pause: the state of the queue is what matters here.
      expect(Number((await daemon.json('healthz'))['samples'])).toBeGreaterThan(5);
      expect(statSync(seenBy(daemon.child.pid!, directory)).isDirectory()).toBe(true);
      server = await startLineServer(port);
      const { times } = server;
      await eventually(() => times().length > 5, 'samples from disk and memory', 120);
      expect(daemon.stderr().match(/kept in memory/g)).toHaveLength(1);
      const newest = times().at(-1)!;
      const taken = (await sampledSeconds(daemon)).filter((time) => time <= newest);
      expect(taken.filter((time) => !times().includes(time))).toEqual([]);
    } finally {
      await daemon.end();
      await server?.close();
    }
  });
});

describe.runIf(linux)('hecate export', () => {
  it('without any says how to begin', async () => {
    const env = configured('');
    expect(await run(['export'], { env })).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing is exported.') });
    expect(await run(['export', 'test'], { env })).toMatchObject({ status: 2, stderr: expect.stringContaining('No export is configured') });
    expect(await run(['export', 'test', 'lab'], { env })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('No export is configured'),
    });
  });

  it('lists and tries every target, tells the status, and never a secret', async () => {
    const server = await startLineServer(0, (times) => (times.length === 1 ? 204 : 400));
    const file = join(temporary('out'), 'm.csv');
    const secret = 'hunter2hunter2';
    const text = `${influx(server.port, `token = "${secret}"\n`)}
[[export]]
type = "file"
path = "${file}"
format = "csv"
[[export]]
type = "graphite"
address = "127.0.0.1:1"
`;
    const env = configured(text);
    try {
      const listed = await run(['export', 'list', '--format', 'json'], { env });
      expect(JSON.parse(listed.stdout)).toEqual([
        { name: 'influx', type: 'influx', place: `http://127.0.0.1:${server.port}/write`, every: 1, waiting: 0 },
        { name: 'file', type: 'file', place: file, every: 10, waiting: 0 },
        { name: 'graphite', type: 'graphite', place: 'tcp://127.0.0.1:1', every: 10, waiting: 0 },
      ]);
      const all = await run(['export', 'test'], { env });
      expect(all.status).toBe(1);
      expect(all.stdout).toMatch(
        /^influx: .* took a sample of .*\nfile: .* took a sample of .*\ngraphite: .* connection refused \(ECONNREFUSED\)\.\n$/,
      );
      const two = await run(['export', 'test', 'influx', 'file'], { env });
      expect(two.status).toBe(0);
      expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
      expect(server.headers.map(({ authorization }) => authorization)).toEqual([`Token ${secret}`, `Token ${secret}`]);
      const near = await run(['export', 'test', 'influ'], { env });
      expect(near).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean influx?') });
      for (const { stdout, stderr } of [listed, all, two, near, await run(['export'], { env })])
        expect(stdout + stderr).not.toContain(secret);
    } finally {
      await server.close();
    }
  });

  it('a wrong setting is a sentence with the file in it', async () => {
    const env = configured('[[export]]\ntype = "otlp"\nurl = "localhost:4318"\n');
    for (const command of [['export'], ['serve', '--port', '0']]) {
      const { status, stderr } = await run(command, { env });
      expect(status).toBe(2);
      expect(stderr).toMatch(/config\.toml, \[export\] 1: url must be a URL that begins with http:\/\//);
    }
  });

  it('a daemon warns of a secret that others may read, and says it nowhere', async () => {
    const secret = 'hunter2hunter2';
    const server = await startLineServer(0, () => 401);
    const env = configured('');
    writeFileSync(join(env['XDG_CONFIG_HOME']!, 'hecate', 'config.toml'), influx(server.port, `token = "${secret}"\n`), { mode: 0o644 });
    chmodSync(join(env['XDG_CONFIG_HOME']!, 'hecate', 'config.toml'), 0o644);
    const daemon = await startDaemon(ARGS, { env });
    try {
      await daemon.until(/config\.toml holds a secret, and other users may read it/);
      await daemon.until(/answers 401/);
      const answers = await Promise.all(
        ['healthz', 'metrics', 'api/v1/snapshot', 'api/v1/processes', 'api/v1/tuning', 'api/v1/alerts?all=1', 'api/v1/openapi.json'].map(
          async (path) => (await fetch(new URL(path, daemon.url))).text(),
        ),
      );
      for (const text of [...answers, daemon.stdout(), daemon.stderr()]) expect(text).not.toContain(secret);
    } finally {
      await daemon.end();
      await server.close();
    }
  });
});
