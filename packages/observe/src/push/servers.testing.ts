import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.testing.ts';

/** A real server of somebody else on loopback ports, with a directory of its own. */
export interface ServerForTest {
  readonly url: string;
  /** The ports that it was given, in the order of the question. */
  readonly ports: readonly number[];
  /** Ends it, and removes what it stored. */
  close(): Promise<void>;
}

/** Which of these programs cannot be started here, as a sentence; empty when none. */
export function missingPrograms(...names: readonly string[]): string {
  const missing = names.filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) console.warn(`Not checked against ${missing.join(', ')}: not installed.`);
  return missing.join(', ');
}

/** Asks until there is an answer that will do; what is asked decides when to give up, not a clock of the test. */
export async function until<Answer>(ask: () => Promise<Answer | null>, what: string, tries = 300): Promise<Answer> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    await new Promise((done) => {
      setTimeout(done, 100);
    });
  }
  throw new Error(`${what}: nothing came.`);
}

interface Recipe {
  readonly program: string;
  readonly ports: number;
  readonly argv: (ports: readonly number[], directory: string) => readonly string[];
  readonly env?: (ports: readonly number[], directory: string) => Readonly<Record<string, string>>;
  /** Answers 2xx when the server is ready. */
  readonly ready: string;
}

async function start({ program, ports: count, argv, env, ready }: Recipe): Promise<ServerForTest> {
  const directory = mkdtempSync(join(tmpdir(), `${program}-`));
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  const child = spawn(program, argv(ports, directory), { stdio: 'ignore', env: { ...process.env, ...env?.(ports, directory) } });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${ports[0]}`;
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await until(async () => ((await fetch(url + ready)).ok ? true : null), program);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, ports, close };
}

/** Prometheus, which takes remote write at `/api/v1/write`. */
export const startPrometheus = (): Promise<ServerForTest> =>
  start({
    program: 'prometheus',
    ports: 1,
    argv: ([port], directory) => [
      '--config.file=/dev/null',
      `--storage.tsdb.path=${directory}`,
      '--web.enable-remote-write-receiver',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: '/-/ready',
  });

/** InfluxDB 1, which takes line protocol at `/write?db=hecate`. */
export async function startInflux(): Promise<ServerForTest> {
  const server = await start({
    program: 'influxd',
    ports: 2,
    argv: () => ['-config', '/dev/null'],
    env: ([port, backup], directory) => ({
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${backup}`,
      INFLUXDB_META_DIR: join(directory, 'meta'),
      INFLUXDB_DATA_DIR: join(directory, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(directory, 'wal'),
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_MONITOR_STORE_ENABLED: 'false',
    }),
    ready: '/ping',
  });
  await fetch(`${server.url}/query?q=${encodeURIComponent('CREATE DATABASE hecate')}`, { method: 'POST' });
  return server;
}

/** VictoriaMetrics: line protocol at `/write`, remote write at `/api/v1/write`, text at `/api/v1/import/prometheus`; its second port is Graphite's. */
export const startVictoria = (): Promise<ServerForTest> =>
  start({
    program: 'victoria-metrics',
    ports: 2,
    argv: ([port, graphite], directory) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-graphiteListenAddr=127.0.0.1:${graphite}`,
      `-storageDataPath=${directory}`,
      '-search.latencyOffset=0',
      '-search.disableCache',
      '-memory.allowedBytes=64MB',
      '-retentionPeriod=100y',
    ],
    ready: '/health',
  });
