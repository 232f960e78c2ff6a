import fc from 'fast-check';
import protobuf from 'protobufjs';
import { beforeAll, expect, test } from 'vitest';
import { collectorsOf } from '@hecate/metrics';
import type { Group, NetworkReading, Snapshot } from '@hecate/metrics';
import { NOTHING } from '../../export/snapshot.testing.ts';
import { inputForTest, snapshotForTest } from '../frame.testing.ts';
import { otlpJson } from './otlp-json.ts';
import { otlp } from './otlp.ts';

// The messages of opentelemetry-proto 1, by their numbers, as far as metrics of numbers need them.
const { root } = protobuf.parse(`syntax = "proto3";
message Request { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
message Scope { string name = 1; string version = 2; }
message Metric { string name = 1; string description = 2; string unit = 3; oneof data { Gauge gauge = 5; Sum sum = 7; } }
message Gauge { repeated Point data_points = 1; }
message Sum { repeated Point data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Point { fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated KeyValue attributes = 7; uint32 flags = 8; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }`);
const Request = root.lookupType('Request');

interface Point {
  startTimeUnixNano?: string;
  timeUnixNano: string;
  asDouble: number;
  attributes?: { key: string; value: { stringValue?: string; intValue?: string } }[];
}
interface Data {
  dataPoints: Point[];
  aggregationTemporality?: number;
  isMonotonic?: boolean;
}
interface Metric {
  name: string;
  description: string;
  unit: string;
  gauge?: Data;
  sum?: Data;
}
interface Decoded {
  resourceMetrics: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeMetrics: { scope: { name: string }; metrics: Metric[]; schemaUrl: string }[];
    schemaUrl: string;
  }[];
}

/** What a receiver reads of a body, by a library that is not ours. */
const decode = (body: Buffer): Decoded => Request.toObject(Request.decode(body), { longs: String }) as Decoded;
const metricsIn = ({ resourceMetrics = [] }: Partial<Decoded>): Metric[] =>
  resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
const dataOf = ({ gauge, sum }: Metric): Data => gauge ?? sum!;
const attributesOf = (point: Point): Record<string, string> =>
  Object.fromEntries((point.attributes ?? []).map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']));
const encode = (...given: Parameters<typeof inputForTest>): Decoded => decode(otlp.encode(inputForTest(...given)));

let now: Snapshot;
beforeAll(async () => {
  now = await snapshotForTest();
});

test('names, units and kinds are those of the conventions', () => {
  const metrics = new Map(metricsIn(encode(now)).map((metric) => [metric.name, metric]));
  const kinds = (name: string): unknown => {
    const { unit, gauge, sum } = metrics.get(name)!;
    return { unit, kind: gauge ? 'gauge' : sum!.isMonotonic ? 'counter' : 'up-down' };
  };
  expect(kinds('system.cpu.time')).toEqual({ unit: 's', kind: 'counter' });
  expect(kinds('system.memory.usage')).toEqual({ unit: 'By', kind: 'up-down' });
  expect(kinds('system.memory.limit')).toEqual({ unit: 'By', kind: 'up-down' });
  expect(kinds('system.network.packet.count')).toEqual({ unit: '{packet}', kind: 'counter' });
  expect(kinds('system.uptime')).toEqual({ unit: 's', kind: 'gauge' });
  expect(kinds('hecate.load.load1')).toEqual({ unit: metrics.get('hecate.load.load1')!.unit, kind: 'gauge' });
  expect(kinds('hecate.cpu.context_switches')).toEqual({ unit: '{count}', kind: 'counter' });
  const cpu = metrics.get('system.cpu.time')!.sum!.dataPoints.map((point) => ({ ...attributesOf(point), value: point.asDouble }));
  const [first] = now.cpu!.cores;
  expect(cpu).toContainEqual({ 'cpu.logical_number': String(first!.cpu), 'cpu.mode': 'user', value: first!.user });
  expect(cpu).toContainEqual({ 'cpu.logical_number': String(first!.cpu), 'cpu.mode': 'interrupt', value: first!.irq! + first!.softirq! });
  expect(attributesOf(metrics.get('system.network.io')!.sum!.dataPoints[0]!)).toMatchObject({
    'network.interface.name': now.network![0]!.device,
  });
});

test('every point has its time, sums have a start, and none comes twice', () => {
  const metrics = metricsIn(encode(now));
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  const time = String(BigInt(Math.round(now.time * 1e6)) * 1000n);
  for (const metric of metrics) {
    const { dataPoints, aggregationTemporality } = dataOf(metric);
    expect(dataPoints.length).toBeGreaterThan(0);
    expect(metric.name).toMatch(/^[a-zA-Z][\w.]*$/);
    if (metric.sum) expect(aggregationTemporality).toBe(2);
    for (const point of dataPoints) {
      expect(point.timeUnixNano).toBe(time);
      expect(point.startTimeUnixNano).toBe(metric.sum ? `${now.cpu!.bootTime!}000000000` : undefined);
      expect(Number.isFinite(point.asDouble)).toBe(true);
    }
    const keys = dataPoints.map((point) => JSON.stringify(attributesOf(point)));
    expect(new Set(keys).size, metric.name).toBe(keys.length);
    for (const point of dataPoints) expect(new Set(point.attributes?.map(({ key }) => key)).size).toBe(point.attributes?.length ?? 0);
  }
});

test('the resource is this machine; labels of the settings take the place of its attributes', () => {
  const { resource, scopeMetrics, schemaUrl } = encode(now, { labels: { 'host.name': 'other', env: 'prod' } }).resourceMetrics[0]!;
  const attributes = Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue]));
  expect(attributes).toMatchObject({
    'service.name': 'hecate',
    'service.instance.id': now.host!.hostname,
    'host.name': 'other',
    'os.type': 'linux',
    env: 'prod',
  });
  expect(attributes['host.arch']).toMatch(/^(amd64|arm64|x86|\w+)$/);
  expect([schemaUrl, scopeMetrics[0]!.schemaUrl]).toEqual(Array(2).fill('https://opentelemetry.io/schemas/1.44.0'));
});

test('one name has one unit in all declarations, whatever hardware there is', () => {
  const units = new Map<string, Set<string>>();
  for (const collector of collectorsOf('linux')) {
    for (const { fields } of collector.groups() as readonly Group<never>[]) {
      for (const { otel, unit, kind } of fields) if (otel) units.set(otel.name, (units.get(otel.name) ?? new Set()).add(`${unit} ${kind}`));
    }
  }
  expect([...units].filter(([, all]) => all.size > 1)).toEqual([]);
});

test('a component of hardware has an id, and a type of the conventions', () => {
  const sensors = {
    chips: [
      {
        id: 'k10temp',
        temperatures: [
          { chip: 'k10temp', sensor: 'temp1', label: 'Tctl', value: 50, min: null, max: 90, crit: null, emergency: null, other: {} },
        ],
        fans: [],
        pwms: [],
        voltages: [],
        currents: [],
        powers: [],
        energies: [],
        humidities: [],
        frequencies: [],
        attributes: [],
        counters: [],
        intrusions: [],
        other: {},
      },
    ],
  } as unknown as Snapshot['sensors'];
  const metrics = metricsIn(encode({ ...NOTHING, sensors }, { include: ['hw.*'] }));
  const points = metrics.map((metric) => [
    metric.name,
    attributesOf(dataOf(metric).dataPoints[0]!),
    dataOf(metric).dataPoints[0]!.asDouble,
  ]);
  const own = { 'hw.id': 'sensors/k10temp/temp1/Tctl', 'hw.type': 'temperature', chip: 'k10temp', sensor: 'temp1', label: 'Tctl' };
  expect(points).toEqual([
    ['hw.temperature', own, 50],
    ['hw.temperature.limit', { ...own, 'hw.limit_type': 'max' }, 90],
  ]);
});

test('chunks in one body are all their metrics, and JSON says the same as protobuf', () => {
  const snapshots = [now, { ...now, time: now.time + 10 }];
  const bodies = [otlp, otlpJson].map((format) =>
    format.join(snapshots.map((snapshot) => format.encode(inputForTest(snapshot, { labels: { a: '"\n\ud800' } })))),
  );
  const [fromProtobuf, fromJson] = [decode(bodies[0]!), JSON.parse(bodies[1]!.toString()) as unknown];
  expect(fromProtobuf.resourceMetrics.length).toBe(2);
  // Protobuf leaves out what is empty or false.
  const compact = (_: string, value: unknown): unknown => (value === '' || value === false ? undefined : value);
  expect(JSON.parse(JSON.stringify(fromJson, compact))).toEqual(JSON.parse(JSON.stringify(fromProtobuf, compact)));
});

test('whatever a machine calls its interfaces, a receiver reads them', () => {
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('\ud800', 'x'.repeat(10_000), 'x'.repeat(20_000)));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 6, minLength: 1 }), fc.double(), (names, value) => {
      const network = names.map((device) => ({ device, receiveBytes: value })) as unknown as NetworkReading[];
      const input = inputForTest({ ...NOTHING, network }, { include: ['system.network.io'] });
      const read = metricsIn(decode(otlp.encode(input))).flatMap((metric) => dataOf(metric).dataPoints);
      const readJson = otlpJson.encode(input).toString();
      if (!Number.isFinite(value)) {
        expect([read, readJson]).toEqual([[], '']);
        return;
      }
      expect(read.map((point) => attributesOf(point)['network.interface.name'] ?? '')).toEqual(
        names.map((each) => Buffer.from(each).toString()),
      );
      expect(read.every(({ asDouble }) => asDouble === value)).toBe(true);
      expect(metricsIn(JSON.parse(readJson) as Decoded).flatMap((metric) => dataOf(metric).dataPoints).length).toBe(names.length);
    }),
    { numRuns: 150 },
  );
});
