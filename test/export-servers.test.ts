import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../packages/observe/src/free-port.testing.ts';
import { missingPrograms, startInflux, startPrometheus, startVictoria } from '../packages/observe/src/push/servers.testing.ts';
import type { ServerForTest } from '../packages/observe/src/push/servers.testing.ts';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { configured, sampledSeconds } from './export.testing.ts';

const missing = process.platform === 'linux' ? missingPrograms('prometheus', 'influxd', 'victoria-metrics') : 'Linux';
const noBroker = process.platform === 'linux' ? missingPrograms('mosquitto', 'mosquitto_sub') : 'Linux';
const ARGS = ['--no-record', '--interval', '1'];

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();
/** The newest value of a query in Prometheus' own language; null when there is none. */
async function asked(url: string, query: string): Promise<number | null> {
  const { data } = (await json(`${url}/api/v1/query?query=${encodeURIComponent(query)}`)) as {
    data: { result: { value: [number, string] }[] };
  };
  const value = data.result[0]?.value[1];
  return value === undefined ? null : Number(value);
}

describe.skipIf(missing !== '')('real servers', () => {
  let [prometheus, influx, victoria]: (ServerForTest | undefined)[] = [];
  let daemon: Daemon | undefined;
  let total = 0;
  const statsd = createSocket('udp4');
  const datagrams: string[] = [];
  const textFile = join(temporary('textfile'), 'hecate.prom');

  beforeAll(async () => {
    [prometheus, influx, victoria] = await Promise.all([startPrometheus(), startInflux(), startVictoria()]);
    statsd.on('message', (message) => datagrams.push(message.toString())).bind(0, '127.0.0.1');
    await once(statsd, 'listening');
    const shared = 'every = 1\nlabels = { host = "box" }\n';
    const env = configured(
      [
        `type = "remote-write"\nurl = "${prometheus.url}"`,
        `type = "influx"\nurl = "${influx.url}"\ndb = "hecate"`,
        `type = "influx"\nname = "victoria"\nurl = "${victoria.url}"\ndb = "hecate"`,
        `type = "graphite"\naddress = "127.0.0.1:${victoria.ports[1]}"`,
        `type = "statsd"\naddress = "127.0.0.1:${statsd.address().port}"`,
        `type = "file"\npath = "${textFile}"\nformat = "prometheus"`,
      ]
        .map((text) => `[[export]]\n${text}\n${shared}`)
        .join(''),
    );
    daemon = await startDaemon(ARGS, { env });
    total = await eventually(async () => {
      const { memory } = (await daemon!.json('api/v1/snapshot')) as { memory?: { total: number } | null };
      return memory?.total;
    }, 'a snapshot');
  }, 120_000);
  afterAll(async () => {
    await daemon?.end();
    statsd.close();
    for (const server of [prometheus, influx, victoria]) await server?.close();
  });

  it('Prometheus by remote write', async () => {
    const value = await eventually(() => asked(prometheus!.url, 'node_memory_MemTotal_bytes{host="box",job="hecate"}'), 'a value');
    expect(value).toBe(total);
    const count = (): Promise<number | null> => asked(prometheus!.url, 'count_over_time(node_memory_MemTotal_bytes[1m])');
    await eventually(async () => ((await count()) ?? 0) >= 3, 'three samples');
  });

  it('InfluxDB 1', async () => {
    const query = encodeURIComponent(`SELECT last("total") FROM "memory" WHERE "host" = 'box'`);
    const value = await eventually(async () => {
      const { results } = (await json(`${influx!.url}/query?db=hecate&q=${query}`)) as {
        results: { series?: { values: [string, number][] }[] }[];
      };
      return results[0]?.series?.[0]?.values[0]?.[1];
    }, 'a value');
    expect(value).toBe(total);
  });

  it('VictoriaMetrics by line protocol', async () => {
    await eventually(async () => (await asked(victoria!.url, 'memory_total{host="box"}')) === total, 'the value', 90);
  });

  it('VictoriaMetrics by Graphite', async () => {
    const names = await eventually(async () => {
      const { data } = (await json(`${victoria!.url}/api/v1/label/__name__/values`)) as { data: string[] };
      const graphite = data.filter((name) => name.includes('.'));
      return graphite.length > 0 ? graphite : null;
    }, 'names with dots');
    const name = names.find((one) => one.endsWith('memory.total'));
    expect(name, names.slice(0, 20).join(' ')).toBeDefined();
    await eventually(async () => (await asked(victoria!.url, `{__name__="${name}"}`)) === total, 'the value', 90);
  });

  it('StatsD: gauges in datagrams of at most 1432 bytes', async () => {
    await eventually(() => datagrams.length > 1, 'datagrams');
    for (const datagram of datagrams) {
      expect(Buffer.byteLength(datagram)).toBeLessThanOrEqual(1432);
      for (const line of datagram.split('\n')) expect(line).toMatch(/^[\w.-]+:-?[\d.]+\|g$/);
    }
  });

  it('a text file for the collector of node_exporter', async () => {
    const read = (): string => readFileSync(textFile, 'utf8');
    await eventually(() => {
      try {
        return read().includes('node_memory_MemTotal_bytes');
      } catch {
        return false;
      }
    }, 'the file');
    expect(read()).toMatch(new RegExp(`^node_memory_MemTotal_bytes\\{host="box"\\} ${total}(?:\\.0)?$`, 'm'));
  });
});

/** A broker that only knows `hecate`, and a listener to all of its topics. */
async function startBroker(port: number, storage: string): Promise<{ close(signal?: NodeJS.Signals): Promise<void> }> {
  const file = join(storage, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nuser root\n`);
  const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await eventually(
    () =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)));
        socket.on('error', () => resolve(false));
      }),
    'a broker',
  );
  return {
    async close(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

function listenTo(port: number): { readonly heard: Heard[]; close(): Promise<void> } {
  const heard: Heard[] = [];
  const child = spawn('mosquitto_sub', ['-p', String(port), '-t', '#', '-q', '1', '-F', '%r %t %p'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [, retained, topic, payload] = /^([01]) (\S+) (.*)$/.exec(line)!;
      heard.push({ topic: topic!, text: payload!, retained: retained === '1' });
    }
  });
  return {
    heard,
    async close() {
      child.kill();
      await ended;
    },
  };
}

describe.skipIf(noBroker !== '')('MQTT, with mosquitto', () => {
  it('a message a sample; online, offline at the end, and offline when it vanishes', async () => {
    const [port, storage] = [await freePort(), temporary('broker')];
    const broker = await startBroker(port, storage);
    const { heard, close } = listenTo(port);
    const env = configured(`[[export]]\ntype = "mqtt"\nurl = "mqtt://127.0.0.1:${port}"\ntopic = "lab/box"\nevery = 1\n`);
    const status = (): string[] => heard.filter(({ topic }) => topic === 'lab/box/status').map(({ text }) => text);
    const samples = (): Record<string, unknown>[] =>
      heard.filter(({ topic }) => topic === 'lab/box/snapshot').map(({ text }) => JSON.parse(text) as Record<string, unknown>);
    try {
      const first = await startDaemon(ARGS, { env });
      await eventually(() => samples().length >= 2, 'samples');
      expect(status()).toEqual(['online']);
      await first.end();
      await eventually(() => status().length === 2, 'the goodbye');
      expect(status()).toEqual(['online', 'offline']);
      const second = await startDaemon(ARGS, { env });
      await eventually(() => status().length === 3, 'online again');
      await second.end('SIGKILL');
      await eventually(() => status().length === 4, 'the last will');
      expect(status()).toEqual(['online', 'offline', 'online', 'offline']);
      const late = listenTo(port);
      await eventually(
        () => late.heard.some(({ topic, text, retained }) => retained && topic.endsWith('/status') && text === 'offline'),
        'it is kept',
      );
      await late.close();
      expect(heard.every(({ topic }) => topic.startsWith('lab/box/'))).toBe(true);
    } finally {
      await close();
      await broker.close();
    }
  });

  it('a broker that dies and comes back gets every sample, in order', async () => {
    const [port, storage] = [await freePort(), temporary('broker')];
    let broker = await startBroker(port, storage);
    let listener = listenTo(port);
    const times: number[] = [];
    const take = (): void => {
      for (const { topic, text } of listener.heard.splice(0))
        if (topic.endsWith('/snapshot')) times.push(Math.floor((JSON.parse(text) as { time: number }).time));
    };
    const daemon = await startDaemon(ARGS, { env: configured(`[[export]]\ntype = "mqtt"\nurl = "mqtt://127.0.0.1:${port}"\nevery = 1\n`) });
    try {
      await eventually(() => (take(), times.length >= 2), 'samples');
      await broker.close();
      take();
      await listener.close();
      await daemon.until(/Export mqtt: .* Samples wait, and are sent later\./);
      broker = await startBroker(port, storage);
      listener = listenTo(port);
      const before = times.length;
      await eventually(() => (take(), times.length >= before + 4), 'what waited');
      // At least once: what the broker had just taken may come again.
      const seen = [...new Set(times)];
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      const taken = (await sampledSeconds(daemon)).filter((time) => time >= seen[0]! && time <= seen.at(-1)!);
      expect(seen).toEqual(taken);
    } finally {
      await daemon.end();
      await listener.close();
      await broker.close();
    }
  });
});
