import type { PushFormat } from '../format.ts';
import { SCHEMA_URL } from './otlp-conventions.ts';
import { metricsOf, resourceOf, timesOf } from './otlp-metrics.ts';
import type { Metric } from './otlp-metrics.ts';
import type { Attribute } from './otlp-plan.ts';

/** A request around the metrics of each sample. */
const START = '{"resourceMetrics":[';
const END = ']}';
const CUMULATIVE = 2;

/** Text in quotes; half of a surrogate pair is no text and becomes U+FFFD, as in the other formats. */
const quote = (text: string): string => JSON.stringify(Buffer.from(text).toString());

/** Attributes, without brackets around them. */
function encodeAttributes(attributes: readonly Attribute[]): string {
  return attributes
    .map(
      ([key, value]) =>
        `{"key":${quote(key)},"value":${typeof value === 'number' ? `{"intValue":"${value}"}` : `{"stringValue":${quote(value)}}`}}`,
    )
    .join(',');
}

/** Attributes of points, as they were written before. */
const written = new WeakMap<readonly Attribute[], string>();

function attributeText(attributes: readonly Attribute[]): string {
  let text = written.get(attributes);
  if (text === undefined) written.set(attributes, (text = encodeAttributes(attributes)));
  return text;
}

function encodeMetric({ plan, points }: Metric, time: string, start: string): string {
  const isGauge = plan.instrument === 'gauge';
  const times = isGauge ? time : `${start}${time}`;
  let data = '';
  for (const { attributes, more, value } of points) {
    const own = attributeText(attributes);
    const rest = attributeText(more);
    const both = own !== '' && rest !== '' ? `${own},${rest}` : own + rest;
    data += `${data === '' ? '' : ','}{${both === '' ? '' : `"attributes":[${both}],`}${times},"asDouble":${value}}`;
  }
  const sum = isGauge ? '' : `,"aggregationTemporality":${CUMULATIVE},"isMonotonic":${plan.instrument === 'counter'}`;
  const head = `"name":${quote(plan.name)},"description":${quote(plan.description)},"unit":${quote(plan.unit)}`;
  return `{${head},"${isGauge ? 'gauge' : 'sum'}":{"dataPoints":[${data}]${sum}}}`;
}

/** OTLP metrics in JSON, for receivers that read no protobuf. */
export const otlpJson: PushFormat = {
  headers: { 'Content-Type': 'application/json' },
  encode(input) {
    const { time, start } = timesOf(input.frame.snapshot);
    const startText = start === null ? '' : `"startTimeUnixNano":"${start}",`;
    let metrics = '';
    for (const metric of metricsOf(input)) {
      metrics += `${metrics === '' ? '' : ','}${encodeMetric(metric, `"timeUnixNano":"${time}"`, startText)}`;
    }
    if (metrics === '') return Buffer.alloc(0);
    const resource = `"resource":{"attributes":[${encodeAttributes(resourceOf(input))}]}`;
    const scope = `"scopeMetrics":[{"scope":{"name":"hecate"},"metrics":[${metrics}],"schemaUrl":"${SCHEMA_URL}"}]`;
    return Buffer.from(`${START}{${resource},${scope},"schemaUrl":"${SCHEMA_URL}"}${END}`);
  },
  join(chunks) {
    const parts: Buffer[] = [];
    for (const chunk of chunks) {
      if (chunk.length === 0) continue;
      parts.push(Buffer.from(parts.length === 0 ? START : ','), chunk.subarray(START.length, chunk.length - END.length));
    }
    return parts.length === 0 ? Buffer.alloc(0) : Buffer.concat([...parts, Buffer.from(END)]);
  },
};
