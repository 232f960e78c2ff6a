import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { openForeignClient } from '../packages/observe/src/grpc/interop.testing.ts';
import type { ForeignClient } from '../packages/observe/src/grpc/interop.testing.ts';
import { UNKNOWN_GPU } from '../packages/metrics/src/domain/gpu.ts';
import { createTree } from '../packages/metrics/src/linux/rooted-tree.testing.ts';
import { tree as graphics } from '../packages/metrics/src/linux/trees/gpu.testing.ts';
import { haveOpenssl, makeCertificate } from './certificate.testing.ts';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { FILES } from './tree.testing.ts';

const have = haveOpenssl();
if (!have) process.stdout.write('SKIPPED: gRPC over TLS: openssl is not installed\n');

type Row = Readonly<Record<string, unknown>>;

/** A daemon with gRPC, and where that listens. */
async function startWithGrpc(args: readonly string[] = []): Promise<{ daemon: Daemon; url: string }> {
  const daemon = await startDaemon(['--no-record', '--interval', '0.1', '--grpc-port', '0', ...args]);
  const [, url] = (await daemon.until(/gRPC: (\S+)\n/)) as unknown as [string, string];
  return { daemon, url };
}

/** Runs `use` with a daemon and a foreign client of it, and ends both. The daemon must have had nothing to complain about. */
async function withClient(use: (client: ForeignClient, daemon: Daemon, url: string) => Promise<void>): Promise<void> {
  const { daemon, url } = await startWithGrpc();
  const client = openForeignClient(url);
  try {
    await use(client, daemon, url);
    expect((await daemon.end()).status).toBe(0);
    expect(daemon.stderr()).toBe('');
  } finally {
    client.close();
    await daemon.end();
  }
}

describe('gRPC, asked by a foreign client', () => {
  it('says of this machine what the HTTP API says', () =>
    withClient(async (client, daemon) => {
      await eventually(async () => (await client.collect('Snapshot')).messages[0]!['machine'] !== undefined, 'a sample');
      const [snapshot] = (await client.collect('Snapshot')).messages as [Record<string, Record<string, Record<string, unknown>>>];
      const machine = snapshot['machine'] as Record<string, Record<string, unknown>>;
      const same = await daemon.json('api/v1/snapshot');
      const memory = same['memory'] as { total: number };
      expect(machine['host']!['bootId']).toBe((same['host'] as { bootId: string }).bootId);
      expect(machine['memory']!['total']).toBe(memory.total);

      const metrics = (await client.collect('Metrics')).messages.flatMap(
        ({ families }) => families as { name: string; samples: { value: number }[] }[],
      );
      const text = await (await fetch(new URL('metrics', daemon.url))).text();
      const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!));
      const missing = metrics.filter(({ name }) => !names.has(name)).map(({ name }) => name);
      expect(missing).toEqual([]);
      expect(metrics.find(({ name }) => name === 'node_memory_MemTotal_bytes')!.samples[0]!.value).toBe(memory.total);
      const [one] = (await client.collect('Metrics', { names: ['node_load1'] })).messages;
      expect((one!['families'] as { name: string }[]).map(({ name }) => name)).toEqual(['node_load1']);

      const processes = (await client.collect('Processes', { sort: 'pid' })).messages;
      const pids = processes.flatMap((message) => (message['processes'] as { pid: number }[]).map(({ pid }) => pid));
      expect(pids).toContain(daemon.child.pid);
      expect(pids).toEqual(pids.toSorted((a, b) => a - b));
      expect(pids).toHaveLength(processes[0]!['total'] as number);

      const history = await eventually(async () => {
        const { messages } = await client.collect('History', { series: ['load1'], band: true });
        return messages.length === 2 ? messages : null;
      }, 'a series');
      const { time } = history[0]!['times'] as { time: number[] };
      expect(history[1]!['series']).toMatchObject({ id: 'load1', mean: { length: time.length }, max: { length: time.length } });
      expect((await client.collect('Alerts', { all: true })).code).toBe(0);
      expect((await client.collect('Events')).code).toBe(0);
    }));

  it('has the GPUs of a machine as its HTTP API has them, and their series', async () => {
    const machine = createTree({ ...FILES, ...graphics });
    const { daemon, url } = await startWithGrpc(['--root', machine.directory]);
    const client = openForeignClient(url);
    try {
      const [{ machine: told }] = (await client.collect('Snapshot')).messages as unknown as [{ machine: { gpus: Row[] } }];
      const { gpu } = (await daemon.json('api/v1/snapshot')) as { gpu: Row[] };
      const names = Object.keys(UNKNOWN_GPU).filter((name) => name !== 'states');
      const figures = (rows: readonly Row[]): Row[] =>
        rows.map((row) => Object.fromEntries(['id', ...names].map((name) => [name, row[name] ?? null])));
      expect(gpu.map(({ id }) => id)).toContain('0000:2b:00.0');
      expect(figures(told.gpus)).toEqual(figures(gpu));

      const series = await new Promise<Row>((resolve, reject) => {
        const stream = client.follow('Stream', { series: ['gpu.0000:2b:00.0.usage_percent', 'gpu.0000:2c:00.0.celsius'] });
        stream.once('data', (message) => {
          resolve((message as { series: Row }).series);
          stream.cancel();
        });
        stream.on('error', reject);
      });
      expect(series).toEqual({ 'gpu.0000:2b:00.0.usage_percent': 37 });
      expect((await daemon.end()).status).toBe(0);
      expect(daemon.stderr()).toBe('');
    } finally {
      client.close();
      await daemon.end();
      machine.remove();
    }
  });

  it('ticks come, and a client that is gone is forgotten', () =>
    withClient(async (client) => {
      let ticks = 0;
      const stream = client.follow('Stream', { series: ['load1'] });
      stream.on('data', () => ticks++).on('error', () => undefined);
      await eventually(() => ticks > 5, 'ticks');
      stream.cancel();
      const many = Array.from({ length: 30 }, () =>
        client
          .follow('Events', { follow: true })
          .on('error', () => undefined)
          .resume(),
      );
      expect((await client.collect('Snapshot')).code).toBe(0);
      for (const call of many) call.cancel();
      expect((await client.collect('Snapshot')).code).toBe(0);
    }));
});

describe('gRPC and who may ask', () => {
  it('takes the token as metadata where the HTTP server takes one', async () => {
    const { daemon, url } = await startWithGrpc(['--host', '0.0.0.0']);
    const [, token] = await daemon.until(/\?token=(\S+)\n/);
    const client = openForeignClient(url.replace('0.0.0.0', '127.0.0.1'));
    try {
      expect(await client.collect('Snapshot')).toMatchObject({ code: 16, details: expect.stringContaining('authorization') as string });
      expect(await client.collect('Stream', {}, { token: 'wrong' })).toMatchObject({ code: 16 });
      expect(await client.collect('Snapshot', {}, { token: token! })).toMatchObject({ code: 0 });
      const guesses = await Promise.all(Array.from({ length: 30 }, () => client.collect('Snapshot', {}, { token: 'guess' })));
      expect(guesses.map(({ code }) => code)).toContain(8);
      // In an address it would be in logs.
      const session = connect(url.replace('0.0.0.0', '127.0.0.1'));
      const stream = session.request({
        ':method': 'POST',
        ':path': `/hecate.v1.Hecate/Snapshot?token=${token}`,
        'content-type': 'application/json',
      });
      const status = new Promise((resolve) => {
        stream.once('response', (head) => resolve(head[':status']));
      });
      stream.end('{}');
      expect(await status).toBe(401);
      session.destroy();
    } finally {
      client.close();
      await daemon.end();
    }
  });

  it.skipIf(!have)('speaks TLS with the certificate of the HTTP server', async () => {
    const { cert, key } = makeCertificate(temporary('grpc-tls'), 'one');
    const { daemon, url } = await startWithGrpc(['--tls-cert', cert, '--tls-key', key]);
    const [known, unknown] = [credentials.createSsl(readFileSync(cert)), credentials.createInsecure()];
    const named = url.replace('127.0.0.1', 'localhost');
    const clients = [openForeignClient(named, known), openForeignClient(named, unknown)] as const;
    try {
      expect(url).toMatch(/^https:/);
      expect(await clients[0].collect('Snapshot')).toMatchObject({ code: 0 });
      expect(await clients[1].collect('Snapshot', {}, { deadline: 3000 })).toMatchObject({ messages: [] });
    } finally {
      for (const client of clients) client.close();
      await daemon.end();
    }
  });
});

describe('gRPC and the daemon', () => {
  it('is not loaded by a daemon that has no port for it', async () => {
    const place = temporary('grpc-loaded');
    const probe = join(place, 'probe.cjs');
    writeFileSync(
      probe,
      "process.on('exit', () => require('fs').writeFileSync(process.env.LOADED, Object.keys(require.cache).concat(process.moduleLoadList).join()))",
    );
    const loadedBy = async (name: string, args: readonly string[]): Promise<string> => {
      const loaded = join(place, name);
      const daemon = await startDaemon(['--no-record', ...args], { env: { NODE_OPTIONS: `--require ${probe}`, LOADED: loaded } });
      await daemon.end();
      return readFileSync(loaded, 'utf8');
    };
    expect(await loadedBy('with', ['--grpc-port', '0'])).toMatch(/serve-grpc\.cjs[^]*internal\/http2/);
    expect(await loadedBy('without', [])).not.toMatch(/serve-grpc|internal\/http2/);
  });

  it('a port that is taken is said so, and the daemon ends', async () => {
    const { daemon, url } = await startWithGrpc();
    try {
      const { status, stderr } = await run(['serve', '--no-record', '--port', '0', '--grpc-port', new URL(url).port]);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/Port \d+ on 127\.0\.0\.1 is taken\.[^]*--grpc-port/);
    } finally {
      await daemon.end();
    }
  });

  it('is in config.toml too', async () => {
    const config = temporary('grpc-config');
    mkdirSync(join(config, 'hecate'));
    writeFileSync(join(config, 'hecate', 'config.toml'), '[serve]\ngrpc_port = 0\n');
    const daemon = await startDaemon(['--no-record'], { env: { XDG_CONFIG_HOME: config } });
    try {
      await daemon.until(/gRPC: http:\/\/127\.0\.0\.1:\d+\/\n/);
    } finally {
      await daemon.end();
    }
  });
});
