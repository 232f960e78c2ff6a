import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePrometheus } from './prometheus.ts';
import type { Sample } from './prometheus.ts';

const plain = ({ name, labels, value, timestamp }: Sample): unknown[] => [name, Object.fromEntries(labels), value, timestamp];
const parse = (text: string): unknown[][] => parsePrometheus(text).samples.map(plain);

test('the example of the Prometheus documentation', () => {
  const { samples, errors } = parsePrometheus(`# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
rpc_duration_seconds{quantile="0.01"} NaN
`);
  expect(errors).toBe(0);
  expect(samples.map(plain)).toEqual([
    ['http_requests_total', { method: 'post', code: '200' }, 1027, 1395066363000],
    ['http_requests_total', { method: 'post', code: '400' }, 3, 1395066363000],
    ['msdos_file_access_time_seconds', { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' }, 1.458255915e9, null],
    ['metric_without_timestamp_and_labels', {}, 12.47, null],
    ['something_weird', { problem: 'division by zero' }, Infinity, -3982045],
    ['http_request_duration_seconds_bucket', { le: '0.05' }, 24054, null],
    ['http_request_duration_seconds_bucket', { le: '+Inf' }, 144320, null],
    ['rpc_duration_seconds', { quantile: '0.01' }, Number.NaN, null],
  ]);
});

test('OpenMetrics: exemplars, times in seconds, and nothing after the end', () => {
  expect(
    parse(
      '# TYPE a counter\n# UNIT a seconds\na_total{b="c"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67\na_created 1520430000.123\n# EOF\nb 1\n',
    ),
  ).toEqual([
    ['a_total', { b: 'c' }, 17, 1520879607.789],
    ['a_created', {}, 1520430000.123, null],
  ]);
});

test.each([
  ['a{} 1', ['a', {}, 1, null]],
  ['a{b="c",} 1', ['a', { b: 'c' }, 1, null]],
  ['a { b = "c" , d = "e" } 1', ['a', { b: 'c', d: 'e' }, 1, null]],
  ['  a 1', ['a', {}, 1, null]],
  ['a\t1\t2', ['a', {}, 1, 2]],
  ['a 1\r', ['a', {}, 1, null]],
  ['a{b="}"} 1', ['a', { b: '}' }, 1, null]],
  ['a{b="\\x"} 1', ['a', { b: '\\x' }, 1, null]],
  ['a{b="ü 💡"} 1', ['a', { b: 'ü 💡' }, 1, null]],
  ['{"my.metric",b="c"} 1', ['my.metric', { b: 'c' }, 1, null]],
  ['a{"my.label"="c"} 1', ['a', { 'my.label': 'c' }, 1, null]],
  ['a{__proto__="c"} 1', ['a', { ['__proto__']: 'c' }, 1, null]],
  ['a:b_c1 -1.5E-3', ['a:b_c1', {}, -0.0015, null]],
  ['a .5', ['a', {}, 0.5, null]],
  ['a -inf', ['a', {}, -Infinity, null]],
])('%s', (line, expected) => {
  const { samples, errors } = parsePrometheus(`${line}\n`);
  expect(errors).toBe(0);
  const sample = samples[0]!;
  expect([sample.name, [...sample.labels], sample.value, sample.timestamp]).toEqual([
    expected[0],
    Object.entries(expected[1] as object),
    expected[2],
    expected[3],
  ]);
});

test.each([
  '1a 1',
  'a',
  'a b',
  'a{b="c" 1',
  'a{b=c} 1',
  'a{b="c} 1',
  'a{b="c"}',
  'a{b="c"d="e"} 1',
  'a{b="c",b="d"} 1',
  'a 1 2 3',
  'a 1x',
  'a 0x10',
  'a 1_000',
  'a{,} 1',
  'a{b} 1',
  'a-b 1',
  '{b="c"} 1',
  'a{"b"} 1',
  'a"b" 1',
  'a{1b="c"} 1',
  '<html>',
  'a 1e',
  'a --1',
  'a1.5',
])('%s is counted as an error and left out', (line) => {
  const { samples, errors } = parsePrometheus(`good 1\n${line}\ngood 2\n`);
  expect(errors).toBe(1);
  expect(samples.map(({ value }) => value)).toEqual([1, 2]);
});

test.each(['', '\n\n', '# HELP only comments\n', '<!doctype html><p>Hello</p>', '{"a":1}'])(
  'a page without a sample is refused: %j',
  (text) => {
    expect(() => parsePrometheus(text)).toThrow(HecateError);
  },
);

test('any text at all: samples, counted errors or a HecateError', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a', '{', '}', '"', '\\', ',', '=', ' ', '\n', '\r\n', '#', '1', 'NaN', '# EOF\n', 'b="c"', '\0'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      try {
        const { samples, errors } = parsePrometheus(text);
        expect(samples.length + errors).toBeLessThanOrEqual(text.split('\n').length);
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
    { numRuns: 3000 },
  );
});

test('what is written by the rules is read back, whatever is in it', () => {
  const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,10}$/);
  const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
  const sample = fc.record({
    name,
    labels: fc.uniqueArray(fc.tuple(label, fc.string({ unit: 'grapheme' })), { selector: ([key]) => key, maxLength: 4 }),
    value: fc.double(),
    time: fc.option(fc.integer()),
  });
  const escape = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  const number = (value: number): string => String(value).replace('Infinity', 'Inf');
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1 }), (written) => {
      const text = written
        .map(
          ({ name: of, labels, value, time }) =>
            `${of}{${labels.map(([key, content]) => `${key}="${escape(content)}"`).join(',')}} ${number(value)}${time === null ? '' : ` ${time}`}\n`,
        )
        .join('');
      const { samples, errors } = parsePrometheus(text);
      expect(errors).toBe(0);
      expect(samples.map((read) => [read.name, [...read.labels], read.value, read.timestamp])).toEqual(
        written.map(({ name: of, labels, value, time }) => [of, labels, Object.is(value, -0) ? 0 : value, time]),
      );
    }),
    { numRuns: 500 },
  );
});

test('a long line of backslashes or quotes takes no long time', () => {
  for (const text of [
    'a{b="' + '\\'.repeat(200_001),
    'a{b="' + '\\"'.repeat(100_000),
    'a{' + 'b="c",'.repeat(50_000),
    ' '.repeat(200_000) + 'a',
  ]) {
    const start = process.cpuUsage();
    expect(() => parsePrometheus(`good 1\n${text}\n`)).not.toThrow();
    expect(process.cpuUsage(start).user).toBeLessThan(5e6);
  }
});
