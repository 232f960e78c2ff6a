import { createRequire } from 'node:module';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import type { NetworkReading, Snapshot } from '@hecate/metrics';
import { familiesOf } from '../../export/families.ts';
import { NOTHING } from '../../export/snapshot.testing.ts';
import { inputForTest, snapshotForTest } from '../frame.testing.ts';
import { missingPrograms, startPrometheus, startVictoria, until } from '../servers.testing.ts';
import { remoteWrite } from './remote-write.ts';

/** An unpacker of snappy that is not ours; it has no types. */
const snappy = createRequire(import.meta.url)('snappyjs') as { uncompress(body: Uint8Array): Uint8Array };

// From prometheus.io/docs/specs/prw/remote_write_spec.
const { root } = protobuf.parse(`syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }`);
const WriteRequest = root.lookupType('WriteRequest');

interface Series {
  labels: { name: string; value: string }[];
  samples: { value: number; timestamp: number }[];
}

/** What a server reads of a body, by two libraries that are not ours. */
function decode(body: Buffer): Series[] {
  const message = WriteRequest.decode(snappy.uncompress(body));
  return (WriteRequest.toObject(message, { longs: Number, defaults: true, arrays: true }) as { timeseries: Series[] }).timeseries;
}

const wellFormed = (text: string): string => Buffer.from(text).toString();

/** What should have been read, from the families that /metrics shows. */
function expected(snapshot: Snapshot, extra: Readonly<Record<string, string>> = {}): Series[] {
  return [...familiesOf(snapshot, 'linux')].flatMap(({ name, samples }) =>
    samples.map(({ labels, value }) => ({
      labels: Object.entries({ ...extra, ...Object.fromEntries(labels), __name__: name })
        .filter(([, text]) => text !== '')
        .map(([label, text]) => ({ name: label, value: wellFormed(text) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      samples: [{ value, timestamp: Math.round(snapshot.time * 1000) }],
    })),
  );
}

const withInterfaces = (names: readonly string[], time = 1_795_000_000): Snapshot => ({
  ...NOTHING,
  time,
  network: names.map((device, index) => ({
    device,
    index,
    physical: true,
    receiveBytes: index * 1.5,
    transmitBytes: 2 ** 53,
  })) as unknown as NetworkReading[],
});

test('what a server reads are the series of /metrics, at the time of the sample', async () => {
  const snapshot = await snapshotForTest();
  const labels = { 'data.center': 'a', device: 'never', empty: '', __name__: 'evil' };
  const chunk = remoteWrite.encode(inputForTest(snapshot, { labels }));
  expect(decode(remoteWrite.join([chunk]))).toEqual(expected(snapshot, { data_center: 'a', device: 'never' }));
});

test('chunks in one body are all their series', () => {
  const labels = {};
  const snapshots = [
    withInterfaces(['a', 'b']),
    withInterfaces(['a'], 1_795_000_010),
    withInterfaces([], 1_795_000_020),
    withInterfaces(['c', 'b', 'a'], 0),
  ];
  const chunks = snapshots.map((snapshot) => remoteWrite.encode(inputForTest(snapshot, { labels })));
  expect(decode(remoteWrite.join([...chunks, Buffer.alloc(0)]))).toEqual(snapshots.flatMap((snapshot) => expected(snapshot)));
});

test('whatever a machine calls its interfaces, and however they come and go', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('eth0', 'eth1', '', '\ud800', 'x'.repeat(10_000), 'x'.repeat(70_000)),
  );
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(name, { maxLength: 8 }), { maxLength: 6 }), fc.string(), (rounds, host) => {
      const labels = { host };
      for (const names of rounds) {
        const snapshot = withInterfaces(names);
        const chunk = remoteWrite.encode(inputForTest(snapshot, { labels }));
        expect(decode(remoteWrite.join([chunk]))).toEqual(expected(snapshot, { host }));
      }
    }),
    { numRuns: 60 },
  );
});

test('numbers that are none go as they are', () => {
  const snapshot = withInterfaces(['nan', 'inf', 'minus']);
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of values.entries()) Object.assign(snapshot.network![index]!, { receiveBytes: value });
  const read = decode(remoteWrite.join([remoteWrite.encode(inputForTest(snapshot, { include: ['node_network_receive_bytes_total'] }))]));
  expect(read.map(({ samples }) => samples[0]!.value)).toEqual(values);
});

/** A value that a server has, by the API of Prometheus, which VictoriaMetrics has too. */
async function ask(url: string, query: string, time: number): Promise<number | null> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}&time=${time}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.length === 1 ? Number(data.result[0]!.value[1]) : null;
}

const HOSTILE_NAMES = ['a"b\\c\nd', '名前', 'x'.repeat(2000), '{x="y"}'];

/** Sends this machine and hostile names, and asks for them. */
async function judge(url: string): Promise<void> {
  const snapshot = await snapshotForTest();
  const labels = { host: 'box' };
  const hostile = { ...withInterfaces(HOSTILE_NAMES, snapshot.time), runs: [] };
  const chunks = [
    remoteWrite.encode(inputForTest({ ...snapshot, network: null }, { labels })),
    remoteWrite.encode(inputForTest({ ...snapshot, time: snapshot.time + 10, network: null }, { labels })),
    remoteWrite.encode(inputForTest(hostile, { labels })),
  ];
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: remoteWrite.headers,
    body: Uint8Array.from(remoteWrite.join(chunks)),
  });
  expect(answer.status, await answer.text()).toBe(204);
  // VictoriaMetrics shows what it took after some seconds, or when it is told to; Prometheus knows no such path and shows it at once.
  await fetch(`${url}/internal/force_flush`);
  const count = `count({host="box"})`;
  const series = expected({ ...snapshot, network: null }).length + expected(hostile).length;
  await until(async () => ((await ask(url, count, snapshot.time + 1)) === series ? true : null), `${series} series`);
  expect(await ask(url, 'node_memory_MemTotal_bytes{host="box"}', snapshot.time + 11)).toBe(snapshot.memory!.total);
  expect(await ask(url, 'node_cpu_seconds_total{cpu="0",mode="user"}', snapshot.time + 1)).toBe(snapshot.cpu!.cores[0]!.user);
  for (const [index, name] of HOSTILE_NAMES.entries()) {
    const query = `node_network_receive_bytes_total{device=${JSON.stringify(name)}}`;
    expect(await ask(url, query, snapshot.time + 1), query).toBe(index * 1.5);
  }
}

test.skipIf(missingPrograms('prometheus'))('Prometheus takes it, and has the values that were sent', { timeout: 60_000 }, async () => {
  const server = await startPrometheus();
  try {
    await judge(server.url);
  } finally {
    await server.close();
  }
});

test.skipIf(missingPrograms('victoria-metrics'))(
  'VictoriaMetrics takes it, and has the values that were sent',
  { timeout: 60_000 },
  async () => {
    const server = await startVictoria();
    try {
      await judge(server.url);
    } finally {
      await server.close();
    }
  },
);
