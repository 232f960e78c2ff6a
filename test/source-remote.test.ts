import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRemoteSource } from '../packages/cli/src/top/source/remote.ts';
import type { Scene } from '../packages/cli/src/top/scene.ts';
import type { TopSource } from '../packages/cli/src/top/source.ts';
import { haveOpenssl, makeCertificate } from './certificate.testing.ts';
import { eventually, start, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { readToken } from '../packages/observe/src/serve/token.ts';
import { configOf, sceneWhere, silent } from './source.testing.ts';

const onLinux = describe.skipIf(process.platform !== 'linux');
const hasPid =
  (wanted: number | undefined) =>
  ({ processes }: Scene): boolean =>
    processes?.identities.some(({ pid }) => pid === wanted) ?? false;

onLinux('a daemon that is looked at from afar', () => {
  let daemon: Daemon;
  const state = temporary('state');
  beforeAll(async () => {
    daemon = await startDaemon(['--no-record', '--interval', '0.2'], { env: { XDG_STATE_HOME: state } });
  });
  afterAll(async () => {
    expect((await daemon.end()).status).toBe(0);
    expect(daemon.stderr()).toBe('');
  });
  const open = (): TopSource => openRemoteSource({ url: daemon.url, interval: 0.2, say: silent });

  it('scenes have all that those of the machine itself have', async () => {
    const source = open();
    const scene = await sceneWhere(
      source,
      ({ values, processes }) => typeof values.get('cpu_usage_percent') === 'number' && processes !== null,
    );
    expect(scene.machine.kernel).toContain('Linux');
    expect(scene.machine.bootTime).toBeLessThan(scene.time);
    expect(scene.values.get('memory_total')).toBeGreaterThan(0);
    expect(scene.mounts).toEqual(expect.any(Array));
    expect(scene.alerts).toEqual(expect.any(Array));
    const row = scene.processes!.identities.findIndex(({ pid }) => pid === daemon.child.pid);
    expect(scene.processes!.figures.rss[row]).toBeGreaterThan(1e6);
    expect(scene.processes!.figures.threads[row]).toBeGreaterThan(1);
    expect(source.label).toBe(daemon.url.replace(/\/$/, ''));
    await source.close();
  });

  it('history, the extent of it, a moment of it; nothing where nothing was', async () => {
    const source = open();
    const scene = await sceneWhere(source, ({ values }) => typeof values.get('cpu_usage_percent') === 'number');
    const stretch = await source.stretch({ from: scene.time - 60, to: scene.time, step: 1, series: ['load1', 'nonsense'] });
    expect([...stretch!.series.keys()]).toEqual(['load1']);
    const extent = await source.extent();
    expect(extent!.to).toBeGreaterThanOrEqual(extent!.from);
    const then = await source.at(scene.time);
    expect(then!.values.get('load1')).toBeGreaterThanOrEqual(0);
    expect(then!.processes).toBeNull();
    expect(then!.gaps).toHaveLength(1);
    expect(await source.at(1e9)).toBeNull();
    expect(await source.stretch({ from: 1e9, to: 1e9 + 60, step: 1 })).toBeNull();
  });

  it('another interval while scenes run: the next ones come at that pace', async () => {
    const source = open();
    source.interval = 60;
    const times: number[] = [];
    await sceneWhere(source, ({ time }) => {
      times.push(time);
      if (times.length === 1) source.interval = 0.2;
      return times.length === 4;
    });
    expect(times.at(-1)! - times[0]!).toBeLessThan(50);
  });

  it('all of one process, without its environment; of one that is gone nothing, of nonsense a refusal', async () => {
    const program = 'require("net").createServer().listen(0, "127.0.0.1", () => process.stdout.write("up"))';
    const env = { ...process.env, SECRET_OF_MINE: 'told-to-nobody' };
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'], env });
    try {
      await once(child.stdout, 'data');
      const token = readToken(join(state, 'hecate', 'act-token'));
      const source = openRemoteSource({ url: daemon.url, token, interval: 0.2, say: silent });
      const scene = await sceneWhere(source, hasPid(child.pid));
      const key = scene.processes!.identities.find(({ pid }) => pid === child.pid)!;
      const found = await eventually(async () => {
        const one = await source.detail(key);
        return one?.connections?.some(({ state: is }) => is === 'listen') ? one : null;
      }, 'the socket of the child is told of');
      expect(found.detail).toMatchObject({ pid: child.pid, environment: null, ppid: process.pid });
      expect(JSON.stringify(found)).not.toContain('told-to-nobody');
      expect(found.detail.descriptors!.length).toBeGreaterThan(2);
      expect(await source.detail({ ...key, startedAfterBoot: key.startedAfterBoot - 100 })).toBeNull();

      // Who brings no token is told what the kernel tells every user.
      const other = (await openRemoteSource({ url: daemon.url, token: 'x'.repeat(32), say: silent }).detail(key))!;
      expect(other.detail).toMatchObject({ descriptors: null, io: null, workingDirectory: null, program: null, namespaces: null });
      expect(other.detail.gaps).toContainEqual(expect.objectContaining({ field: 'descriptors', reason: 'permission' }));
      expect(other.connections).toBeNull();
      expect(other.detail.threads!.length).toBeGreaterThan(1);
      expect(other.detail.arguments).toEqual(found.detail.arguments);
      const wrong = [
        '',
        '?pid=1',
        '?pid=x&startedAfterBoot=1',
        '?pid=1.5&startedAfterBoot=0',
        '?pid=0&startedAfterBoot=0',
        '?pid=1&startedAfterBoot=',
      ];
      for (const query of wrong) expect((await fetch(new URL(`api/v1/processes/detail${query}`, daemon.url))).status).toBe(400);
      expect((await fetch(new URL('api/v1/processes/detail?pid=4194000&startedAfterBoot=1', daemon.url))).status).toBe(503);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('a daemon that was not allowed to act: nothing can be done, and that is said', async () => {
    const source = open();
    await sceneWhere(source, () => true);
    expect(source.actor).toBeNull();
    expect(source.whyNoActor).toContain('--allow-act');
  });
});

onLinux('a daemon that wants a token', () => {
  const tokenIn = async (state: string, name: string): Promise<string> => {
    const file = join(state, 'hecate', name);
    const read = (): string | null => {
      try {
        return readFileSync(file, 'utf8').trim();
      } catch {
        return null;
      }
    };
    return eventually(read, `there is a token in ${file}`);
  };

  it('to act: signals and priorities go through its own checks', async () => {
    const state = temporary('state');
    const daemon = await startDaemon(['--no-record', '--interval', '0.2', '--allow-act'], { env: { XDG_STATE_HOME: state } });
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    try {
      // The daemon makes the token with the first request that brings one.
      await fetch(new URL('api/v1/access', daemon.url), { headers: { Authorization: 'Bearer none' } });
      const token = await tokenIn(state, 'act-token');
      const wrong = openRemoteSource({ url: daemon.url, token: 'wrong', interval: 0.2, say: silent });
      const source = openRemoteSource({ url: daemon.url, token, interval: 0.2, say: silent });
      const scene = await sceneWhere(source, hasPid(child.pid));
      const key = scene.processes!.identities.find(({ pid }) => pid === child.pid)!;
      await expect(wrong.actor!.signal(key, 'KILL')).rejects.toMatchObject({ code: 'DENIED' });
      await source.actor!.setNice(key, 7);
      expect((await source.detail(key))!.detail.nice).toBe(7);
      await expect(source.actor!.signal({ ...key, startedAfterBoot: 1 }, 'KILL')).rejects.toMatchObject({ code: 'CONFLICT' });
      const ended = once(child, 'exit');
      await source.actor!.signal(key, 'TERM');
      expect(await ended).toEqual([null, 'SIGTERM']);
    } finally {
      child.kill('SIGKILL');
      await daemon.end();
    }
  });

  it.skipIf(!haveOpenssl())('to look, and TLS: a wrong one is refused in a sentence, a certificate that is named is trusted', async () => {
    const state = temporary('state');
    const { cert, key } = makeCertificate(temporary('tls'), 'localhost');
    const env = { XDG_STATE_HOME: state, XDG_CONFIG_HOME: configOf('[serve]\ntoken = true\n') };
    const daemon = await startDaemon(['--no-record', '--tls-cert', cert, '--tls-key', key], { env });
    try {
      const url = daemon.url.replace(/\?.*/, '');
      const token = await tokenIn(state, 'token');
      const ca = readFileSync(cert, 'utf8');
      const first = (options: { readonly url: string; readonly token?: string; readonly ca?: string }): Promise<Scene> =>
        sceneWhere(openRemoteSource({ ...options, say: silent }), () => true);
      await expect(first({ url, token })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('is not trusted'),
      });
      await expect(first({ url, token: 'wrong', ca })).rejects.toMatchObject({ code: 'DENIED' });
      await expect(first({ url, token: 'no\nheader', ca })).rejects.toMatchObject({ code: expect.stringMatching(/INVALID|UNAVAILABLE/) });
      await expect(first({ url: url.replace('https', 'http'), token })).rejects.toMatchObject({
        code: expect.stringMatching(/UNAVAILABLE|FAILED/),
      });
      expect((await first({ url, token, ca })).values.get('memory_total')).toBeGreaterThan(0);
    } finally {
      await daemon.end();
    }
  });
});

onLinux('a daemon that comes and goes', () => {
  it('is waited for: told once that it is gone, once that it is back, and scenes go on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const serve = async (): Promise<ReturnType<typeof start>> => {
      const running = start(['serve', '--port', String(port), '--no-record', '--interval', '0.2']);
      await running.until(/hecate watches this machine/);
      return running;
    };
    let daemon = await serve();
    const said: string[] = [];
    const source = openRemoteSource({ url: `http://127.0.0.1:${port}`, interval: 0.2, say: (sentence) => void said.push(sentence) });
    const ending = new AbortController();
    const scenes: Scene[] = [];
    const running = (async () => {
      for await (const scene of source.scenes(ending.signal)) scenes.push(scene);
    })();
    try {
      await eventually(() => scenes.length > 2, 'scenes come');
      await daemon.end('SIGKILL');
      await eventually(() => said.length === 1, 'it is told that the daemon is gone');
      expect(said[0]).toMatch(/went away|No daemon answers/);
      const before = scenes.length;
      daemon = await serve();
      await eventually(() => scenes.length > before + 2, 'scenes go on');
      expect(said).toEqual([expect.anything(), `http://127.0.0.1:${port} answers again.`]);
    } finally {
      ending.abort();
      await running;
      await daemon.end();
    }
  });
});
