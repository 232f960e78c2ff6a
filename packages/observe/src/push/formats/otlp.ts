import type { PushFormat } from '../format.ts';
import { createProtobufWriter } from '../protobuf-writer.ts';
import type { ProtobufWriter } from '../protobuf-writer.ts';
import { SCHEMA_URL } from './otlp-conventions.ts';
import { metricsOf, resourceOf, timesOf } from './otlp-metrics.ts';
import type { Metric } from './otlp-metrics.ts';
import type { Attribute } from './otlp-plan.ts';

// Tags of opentelemetry/proto/{collector/metrics,metrics,common,resource}/v1, by message.
const RESOURCE_METRICS = { inRequest: 0x0a, resource: 0x0a, scopeMetrics: 0x12, schemaUrl: 0x1a };
const RESOURCE = { attributes: 0x0a };
const SCOPE_METRICS = { scope: 0x0a, metrics: 0x12, schemaUrl: 0x1a };
const SCOPE = { name: 0x0a };
const METRIC = { name: 0x0a, description: 0x12, unit: 0x1a, gauge: 0x2a, sum: 0x3a };
const DATA = { points: 0x0a, temporality: 0x10, monotonic: 0x18 };
const POINT = { start: 0x11, time: 0x19, value: 0x21, attributes: 0x3a };
const ATTRIBUTE = { key: 0x0a, value: 0x12, text: 0x0a, whole: 0x18 };
const CUMULATIVE = 2;
/** Bytes of a double with its tag. */
const DOUBLE = 9;

function writeAttributes(writer: ProtobufWriter, tag: number, attributes: readonly Attribute[]): void {
  for (const [key, value] of attributes) {
    const attribute = writer.open(tag);
    writer.text(ATTRIBUTE.key, key);
    const any = writer.open(ATTRIBUTE.value);
    if (typeof value === 'number') writer.varint(ATTRIBUTE.whole, value);
    else writer.text(ATTRIBUTE.text, value);
    writer.close(any);
    writer.close(attribute);
  }
}

/** Attributes of points and the heads of metrics, as they were written before. */
const written = new WeakMap<object, Buffer>();

function attributeBytes(attributes: readonly Attribute[]): Buffer {
  let bytes = written.get(attributes);
  if (!bytes) {
    const writer = createProtobufWriter(256);
    writeAttributes(writer, POINT.attributes, attributes);
    written.set(attributes, (bytes = writer.finish()));
  }
  return bytes;
}

function headBytes(plan: Metric['plan']): Buffer {
  let bytes = written.get(plan);
  if (!bytes) {
    const writer = createProtobufWriter(256);
    writer.text(METRIC.name, plan.name);
    if (plan.description !== '') writer.text(METRIC.description, plan.description);
    if (plan.unit !== '') writer.text(METRIC.unit, plan.unit);
    written.set(plan, (bytes = writer.finish()));
  }
  return bytes;
}

/** The times of a point, with their tags. */
function timeBytes(start: bigint | null, time: bigint): Buffer {
  const bytes = Buffer.alloc(start === null ? 9 : 18);
  if (start !== null) {
    bytes[0] = POINT.start;
    bytes.writeBigUInt64LE(start, 1);
  }
  bytes[bytes.length - 9] = POINT.time;
  bytes.writeBigUInt64LE(time, bytes.length - 8);
  return bytes;
}

function writeMetric(writer: ProtobufWriter, { plan, points }: Metric, times: { readonly gauge: Buffer; readonly sum: Buffer }): void {
  const metric = writer.open(SCOPE_METRICS.metrics, 2);
  writer.raw(headBytes(plan));
  const isGauge = plan.instrument === 'gauge';
  const data = writer.open(isGauge ? METRIC.gauge : METRIC.sum, 2);
  const time = isGauge ? times.gauge : times.sum;
  for (const { attributes, more, value } of points) {
    const own = attributeBytes(attributes);
    const rest = attributeBytes(more);
    writer.begin(DATA.points, time.length + DOUBLE + own.length + rest.length);
    writer.raw(time);
    writer.double(POINT.value, value);
    if (own.length > 0) writer.raw(own);
    if (rest.length > 0) writer.raw(rest);
  }
  if (!isGauge) writer.varint(DATA.temporality, CUMULATIVE);
  if (plan.instrument === 'counter') writer.varint(DATA.monotonic, 1);
  writer.close(data);
  writer.close(metric);
}

/** OTLP metrics in protobuf: an ExportMetricsServiceRequest. Messages put one after another are one message that has all of both. */
export const otlp: PushFormat = {
  headers: { 'Content-Type': 'application/x-protobuf' },
  encode(input) {
    const { time, start } = timesOf(input.frame.snapshot);
    const times = { gauge: timeBytes(null, time), sum: timeBytes(start, time) };
    const writer = createProtobufWriter(262_144);
    const request = writer.open(RESOURCE_METRICS.inRequest, 3);
    const resource = writer.open(RESOURCE_METRICS.resource, 2);
    writeAttributes(writer, RESOURCE.attributes, resourceOf(input));
    writer.close(resource);
    const scope = writer.open(RESOURCE_METRICS.scopeMetrics, 3);
    const name = writer.open(SCOPE_METRICS.scope);
    writer.text(SCOPE.name, 'hecate');
    writer.close(name);
    let isEmpty = true;
    for (const metric of metricsOf(input)) {
      isEmpty = false;
      writeMetric(writer, metric, times);
    }
    if (isEmpty) return Buffer.alloc(0);
    writer.text(SCOPE_METRICS.schemaUrl, SCHEMA_URL);
    writer.close(scope);
    writer.text(RESOURCE_METRICS.schemaUrl, SCHEMA_URL);
    writer.close(request);
    return writer.finish();
  },
  join: (chunks) => Buffer.concat(chunks),
};
