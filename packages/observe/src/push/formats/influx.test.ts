import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NetworkReading, Snapshot } from '@hecate/metrics';
import { NOTHING } from '../../export/snapshot.testing.ts';
import { inputForTest, snapshotForTest } from '../frame.testing.ts';
import { missingPrograms, startInflux, startVictoria, until } from '../servers.testing.ts';
import { influx } from './influx.ts';

const TIME = 1_795_000_000;
const withNetwork = (names: readonly string[], more: Partial<Snapshot> = {}): Snapshot => ({
  ...NOTHING,
  time: TIME,
  network: names.map((device, index) => ({ device, index, receiveBytes: index + 1 })) as unknown as NetworkReading[],
  ...more,
});
const encode = (...given: Parameters<typeof inputForTest>): string => influx.encode(inputForTest(...given)).toString();

test('a measurement is a group, a tag a label, a field a reading; all numbers are floats', () => {
  const text = encode({
    ...NOTHING,
    time: TIME + 0.25,
    load: { load1: 1.5, load5: 2, load15: 0, runnable: 1, threads: 2 },
    interface: [{ device: 'lo', up: true, operstate: 'un"known', mtu: null }] as unknown as Snapshot['interface'],
  });
  expect(text).toContain('load load1=1.5,load5=2,load15=0,runnable=1,threads=2 1795000000250000000\n');
  expect(text).toMatch(/^interface,device=lo .*operstate="un\\"known".* 1795000000250000000$/m);
  expect(text).not.toContain('mtu=');
  expect(text).not.toMatch(/=\d+i/);
  expect(text).toContain('hecate_row load1=1.5,load5=2,load15=0 1795000000250000000\n');
});

test.each([
  ['a,b=c d', String.raw`a\,b\=c\ d`],
  ['a\nb', String.raw`a\nb`],
  [String.raw`dev\x2duuid`, String.raw`dev\x2duuid`],
  [String.raw`a\,b`, String.raw`a\\\,b`],
  ['end\\', String.raw`end\_`],
  ['"quoted"', '"quoted"'],
])('the tag %j is written %s', (device, written) => {
  expect(encode(withNetwork([device]))).toContain(`network,device=${written} receiveBytes=1 `);
});

test('labels of the settings are tags of every line, sorted, unless the row has its own', () => {
  const text = encode(withNetwork(['lo', 'eth0']), {
    labels: { zone: 'b', device: 'x', 'a b': 'c', none: '' },
    include: ['network', 'hecate_row'],
  });
  expect(text.split('\n').slice(0, 2)).toEqual([
    String.raw`network,a\ b=c,device=lo,zone=b receiveBytes=1 1795000000000000000`,
    String.raw`network,a\ b=c,device=eth0,zone=b receiveBytes=2 1795000000000000000`,
  ]);
});

test('numbers that are none, and rows without one, are left out', () => {
  const snapshot = withNetwork(['nan', 'inf', 'fine']);
  Object.assign(snapshot.network![0]!, { receiveBytes: Number.NaN });
  Object.assign(snapshot.network![1]!, { receiveBytes: Number.POSITIVE_INFINITY });
  expect(encode(snapshot)).not.toMatch(/nan|inf/i);
  expect(encode(snapshot)).toContain('device=fine receiveBytes=3 ');
});

/** Names that a machine could have, as no server changes them: what is no text, and what a line cannot hold, is changed by us. */
const names = fc.uniqueArray(
  fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.stringMatching(/^[\\,= "a\n]{1,8}$/),
    fc.constantFrom('x'.repeat(10_000), 'a\tb', '#comment', '\\', '"', ' ', ',', '='),
  ),
  { minLength: 400, maxLength: 400, selector: (name) => influx.encode(inputForTest(withNetwork([name]))).toString() },
);

/** What a tag reads as: the backslashes before others are doubled, as there is no way to write just one. */
const readBack = (name: string): string => {
  const oneLine = name
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replace(/\\$/, String.raw`\_`);
  return Buffer.from(oneLine.replaceAll(/\\(?=[\\,= ])/g, String.raw`\\`)).toString();
};

test.skipIf(missingPrograms('influxd'))('InfluxDB takes it, and has what was sent', { timeout: 60_000 }, async () => {
  const server = await startInflux();
  const write = async (body: Buffer): Promise<void> => {
    const answer = await fetch(`${server.url}/write?db=hecate`, { method: 'POST', headers: influx.headers, body: Uint8Array.from(body) });
    expect(answer.status, await answer.text()).toBe(204);
  };
  const ask = async (query: string): Promise<unknown[][]> => {
    const answer = await fetch(`${server.url}/query?db=hecate&epoch=ms&q=${encodeURIComponent(query)}`);
    const { results } = (await answer.json()) as { results: { series?: { values: unknown[][] }[] }[] };
    return results[0]!.series?.flatMap(({ values }) => values) ?? [];
  };
  try {
    const snapshot = await snapshotForTest();
    const labels = { host: 'box' };
    const chunks = [snapshot, { ...snapshot, time: snapshot.time + 10 }].map((each) => influx.encode(inputForTest(each, { labels })));
    await write(influx.join(chunks));
    expect(await ask('SELECT total FROM memory ORDER BY time')).toEqual(
      [0, 10].map((later) => [Math.round((snapshot.time + later) * 1000), snapshot.memory!.total]),
    );
    expect(await ask(`SELECT "user" FROM "cpu.cores" WHERE cpu='1' AND host='box' LIMIT 1`)).toEqual([
      [Math.round(snapshot.time * 1000), snapshot.cpu!.cores[1]!.user],
    ]);
    expect(await ask('SELECT memory_total FROM hecate_row LIMIT 1')).toEqual([[Math.round(snapshot.time * 1000), snapshot.memory!.total]]);
    expect(await ask('SELECT node_memory_MemTotal_bytes FROM "memory.lines" LIMIT 1')).toEqual([
      [Math.round(snapshot.time * 1000), snapshot.memory!.total],
    ]);
    const [sample] = fc.sample(names, 1);
    await write(Buffer.from(encode(withNetwork(sample!))));
    const read = await ask(`SELECT device, receiveBytes FROM network WHERE time = ${TIME}s`);
    expect(new Map(read.map(([, device, value]) => [device, value]))).toEqual(
      new Map(sample!.map((name, index) => [readBack(name), index + 1])),
    );
  } finally {
    await server.close();
  }
});

test.skipIf(missingPrograms('victoria-metrics'))('VictoriaMetrics takes it, and has what was sent', { timeout: 60_000 }, async () => {
  const server = await startVictoria();
  try {
    const snapshot = await snapshotForTest();
    const [sample] = fc.sample(names, 1);
    const body = Buffer.concat([
      influx.encode(inputForTest(snapshot, { labels: { host: 'box' } })),
      Buffer.from(encode(withNetwork(sample!))),
    ]);
    expect((await fetch(`${server.url}/write`, { method: 'POST', headers: influx.headers, body: Uint8Array.from(body) })).status).toBe(204);
    await fetch(`${server.url}/internal/force_flush`);
    const ask = async (match: string): Promise<{ metric: Record<string, string>; values: number[]; timestamps: number[] }[]> => {
      const answer = await (await fetch(`${server.url}/api/v1/export?match=${encodeURIComponent(match)}`)).text();
      return answer.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    };
    const total = await until(async () => (await ask('memory_total{host="box"}'))[0] ?? null, 'memory_total');
    expect(total).toMatchObject({ values: [snapshot.memory!.total], timestamps: [Math.round(snapshot.time * 1000)] });
    const devices = await until(async () => {
      const series = await ask('network_receiveBytes{host=""}');
      return series.length === sample!.length ? series : null;
    }, 'all devices');
    expect(devices.flatMap(({ values }) => values).toSorted((a, b) => a - b)).toEqual(sample!.map((_, index) => index + 1));
    const read = new Map(devices.map(({ metric, values }) => [values[0]!, metric['device']]));
    // It reads a doubled backslash as one; names without any must be what they were.
    for (const [index, name] of sample!.entries())
      if (!/[\\\n\r]/.test(name)) expect(read.get(index + 1)).toBe(Buffer.from(name).toString());
  } finally {
    await server.close();
  }
});
