import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NetworkReading, Snapshot } from '@hecate/metrics';
import { hostileSnapshot, NOTHING } from '../../export/snapshot.testing.ts';
import { COLUMNS } from '../../record/columns.ts';
import { inputForTest, snapshotForTest } from '../frame.testing.ts';
import { missingPrograms, startVictoria, until } from '../servers.testing.ts';
import { csv } from './csv.ts';
import { graphite } from './graphite.ts';
import { json } from './json.ts';
import { prometheus } from './prometheus.ts';
import { plainNumber, statsd } from './statsd.ts';

let now: Snapshot;
beforeAll(async () => {
  now = await snapshotForTest();
});

const withNetwork = (names: readonly string[], receiveBytes = 1): Snapshot => ({
  ...NOTHING,
  network: names.map((device) => ({ device, receiveBytes })) as unknown as NetworkReading[],
});
/** Names that a machine could have, and numbers that it should not. */
const names = fc.array(fc.string({ unit: 'binary', maxLength: 100 }), { minLength: 1, maxLength: 5 });

describe('graphite', () => {
  const encode = (...given: Parameters<typeof inputForTest>): string => graphite.encode(inputForTest(...given)).toString();

  test('a path is labels, hecate, group, row, field; dots and what else means something are no part of a name', () => {
    const snapshot = withNetwork(['eth0.100', '', 'a b;c=d/e']);
    expect(encode(snapshot, { labels: { host: 'web.1', dc: 'x' } })).toBe(
      ['eth0_100', '_', 'a_b_c_d_e'].map((device) => `web_1.x.hecate.network.${device}.receiveBytes 1 1795000000\n`).join(''),
    );
  });

  test('every line is what a server reads, whatever things are called', () => {
    fc.assert(
      fc.property(names, fc.double(), fc.string(), (devices, value, host) => {
        for (const line of encode(withNetwork(devices, value), { labels: { host } }).split('\n').slice(0, -1)) {
          expect(line).toMatch(/^[\p{L}\p{N}_%-]+\.hecate\.[\p{L}\p{N}_%.-]+ -?\d[\d.e+-]* \d+$/u);
        }
      }),
    );
  });

  test('the columns of a day file are under row', () => {
    expect(encode(now, { include: ['row'] })).toContain(`hecate.row.memory_total ${now.memory!.total} ${Math.round(now.time)}\n`);
  });

  test.skipIf(missingPrograms('victoria-metrics'))('VictoriaMetrics takes it, and has what was sent', { timeout: 60_000 }, async () => {
    const server = await startVictoria();
    try {
      const { connect } = await import('node:net');
      const socket = connect(server.ports[1]!, '127.0.0.1');
      socket.end(encode(now, { labels: { host: 'box' } }));
      const lines = encode(now, { labels: { host: 'box' } }).split('\n').length - 1;
      const all = await until(async () => {
        await fetch(`${server.url}/internal/force_flush`);
        const answer = await (await fetch(`${server.url}/api/v1/export?match=${encodeURIComponent('{__name__=~"box.*"}')}`)).text();
        const series = answer
          .split('\n')
          .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { metric: Record<string, string>; values: number[] }]));
        return series.length === lines ? series : null;
      }, `${lines} series`);
      expect(all.find(({ metric }) => metric['__name__'] === 'box.hecate.memory.total')?.values).toEqual([now.memory!.total]);
    } finally {
      await server.close();
    }
  });
});

describe('statsd', () => {
  const encode = (...given: Parameters<typeof inputForTest>): string => statsd.encode(inputForTest(...given)).toString();

  test('gauges and rates are gauges, counters are not sent', () => {
    const before = {
      ...now,
      time: now.time - 1,
      monotonic: now.monotonic - 1,
      runs: now.runs.map((run) => ({ ...run, readAt: run.readAt - 1 })),
      network: now.network!.map((row) => ({ ...row, receiveBytes: row.receiveBytes - 7 })),
    };
    const text = encode(now, {}, before as Snapshot);
    expect(text).toContain(`hecate.memory.total:${now.memory!.total}|g\n`);
    expect(text).not.toMatch(/receiveBytes:/);
    expect(text).toMatch(
      new RegExp(String.raw`^hecate\.rates\.network\.devices\.${now.network![0]!.device}\.receiveBytesPerSecond:7\|g$`, 'm'),
    );
    expect(text).toMatch(/^hecate\.row\.memory_total:\d+\|g$/m);
  });

  test('a gauge below 0 is set to 0 first, as a sign means a difference', () => {
    const snapshot = { ...NOTHING, load: { load1: -1.5, load5: 0, load15: 1e-7, runnable: 1e21, threads: null } } as unknown as Snapshot;
    expect(encode(snapshot, { include: ['load'] })).toBe(
      'hecate.load.load1:0|g\nhecate.load.load1:-1.5|g\nhecate.load.load5:0|g\nhecate.load.load15:0.0000001|g\nhecate.load.runnable:1000000000000000000000|g\n',
    );
  });

  test('numbers have no exponent and stay what they were, to 20 decimals', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = plainNumber(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-20);
      }),
    );
  });

  test('every line is what a server reads, whatever things are called', () => {
    fc.assert(
      fc.property(names, fc.string(), (devices, host) => {
        const snapshot = {
          ...hostileSnapshot(devices[0]!),
          interface: devices.map((device) => ({ device, up: true })) as unknown as Snapshot['interface'],
        };
        for (const line of encode(snapshot, { labels: { host } }).split('\n').slice(0, -1))
          expect(line).toMatch(/^[\p{L}\p{N}_%.-]+:-?[\d.]+\|g$/u);
      }),
    );
  });
});

describe('json', () => {
  test('an object a line, with the labels and what was asked for', () => {
    const line = json
      .encode(inputForTest(now, { labels: { host: 'a"\n' }, include: ['memory', 'load', 'cpu'], exclude: ['l*'] }))
      .toString();
    const tree = JSON.parse(line) as Record<string, Record<string, unknown> | null>;
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(tree).toMatchObject({ labels: { host: 'a"\n' }, time: now.time, load: null, disk: null, processes: null });
    expect(tree['memory']!['total']).toBe(now.memory!.total);
  });
});

describe('csv', () => {
  test('a header once, and lines of as many cells', () => {
    const input = inputForTest(now, { labels: { host: 'a,"b"', note: '=1+1' } });
    const header = csv.header!(input).toString().trimEnd().split(',');
    expect(header).toEqual(['timestamp', ...COLUMNS.map(({ name }) => name), 'host', 'note']);
    const line = csv.encode(input).toString();
    expect(line.endsWith(`,"a,""b""",'=1+1\n`)).toBe(true);
    expect(line.split(',').length).toBe(header.length + 1);
    expect(line.split(',')[header.indexOf('memory_total')]).toBe(String(now.memory!.total));
  });

  test('columns can be chosen, and header and lines agree', () => {
    const input = inputForTest(now, { include: ['memory_*'], exclude: ['*swap*'] });
    expect(csv.header!(input).toString()).toBe('timestamp,memory_used,memory_total,memory_available,memory_cached\n');
    expect(csv.encode(input).toString().split(',').length).toBe(5);
  });
});

describe('prometheus', () => {
  const encode = (...given: Parameters<typeof inputForTest>): string => prometheus.encode(inputForTest(...given)).toString();

  test('labels of the settings are on every series, unless it has its own', () => {
    const text = encode(withNetwork(['eth0']), {
      labels: { device: 'no', 'data.center': 'x"y' },
      include: ['node_network_receive_bytes_total'],
    });
    expect(text).toMatch(/^node_network_receive_bytes_total\{device="eth0",data_center="x\\"y"\} 1$/m);
  });

  test.skipIf(missingPrograms('promtool'))('promtool reads it, with hostile labels and all', () => {
    for (const snapshot of [now, hostileSnapshot('a"\n\\'), hostileSnapshot('\ud800')]) {
      const check = spawnSync('promtool', ['check', 'metrics'], {
        input: encode(snapshot, { labels: { host: 'a"\\\n' } }),
        encoding: 'utf8',
      });
      expect(check.stderr).not.toMatch(/error while linting|parsing error/i);
      // 3: it read all of it, and would have named some of it otherwise.
      expect([0, 3]).toContain(check.status);
    }
  });
});
