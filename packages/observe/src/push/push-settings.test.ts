import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { hasInlineSecret, parseExports } from './push-settings.ts';

const parse = (...raw: readonly object[]): ReturnType<typeof parseExports> => parseExports(raw, 'config.toml, [export]');
const SECRET = 'hunter2';

test('nothing is exported by default', () => {
  expect(parseExports(undefined, 'x')).toEqual([]);
  expect(parse()).toEqual([]);
});

test('the least that each type needs', () => {
  const all = parse(
    { type: 'remote-write', url: 'http://a:9090' },
    { type: 'influx', url: 'https://b', db: 'hecate' },
    { type: 'influx', name: 'influx2', url: 'http://b:8086', org: 'o', bucket: 'b c' },
    { type: 'otlp', url: 'http://c:4318' },
    { type: 'otlp', name: 'otlp2', url: 'http://c:4318', encoding: 'json' },
    { type: 'graphite', address: 'd' },
    { type: 'statsd', address: '[::1]:9125' },
    { type: 'mqtt', url: 'mqtt://e' },
    { type: 'file', path: '/var/log/hecate.csv', format: 'csv' },
    { type: 'stdout' },
  );
  const places = all.map(({ name, format, target }) => [
    name,
    format,
    'url' in target ? target.url.href : 'host' in target ? `${target.host} ${target.port}` : target.kind,
  ]);
  expect(places).toEqual([
    ['remote-write', 'remote-write', 'http://a:9090/api/v1/write'],
    ['influx', 'influx', 'https://b/write?db=hecate&precision=ns'],
    ['influx2', 'influx', 'http://b:8086/api/v2/write?org=o&bucket=b+c&precision=ns'],
    ['otlp', 'otlp', 'http://c:4318/v1/metrics'],
    ['otlp2', 'otlp-json', 'http://c:4318/v1/metrics'],
    ['graphite', 'graphite', 'd 2003'],
    ['statsd', 'statsd', '::1 9125'],
    ['mqtt', 'json', 'mqtt://e'],
    ['file', 'csv', 'file'],
    ['stdout', 'json', 'stdout'],
  ]);
  expect(all[0]).toMatchObject({
    every: 10,
    include: [],
    exclude: [],
    labels: { job: 'hecate', instance: hostname() },
    queueBytes: 256 * 1024 * 1024,
    target: { credentials: { kind: 'none' }, gzip: false, timeout: 10 },
  });
  expect(all[1]!.target).toMatchObject({ gzip: true });
  expect(all[7]!.target).toMatchObject({ topic: `hecate/${hostname()}`, retain: false });
  expect(all[8]!.target).toEqual({ kind: 'file', path: '/var/log/hecate.csv', rotate: 'day', mostBytes: null, keep: 30 });
});

test('everything that can be said', () => {
  const [one] = parse({
    type: 'influx',
    name: 'lab',
    url: 'https://influx:8443/base/write',
    org: 'o',
    bucket: 'b',
    token_file: '/etc/hecate/token',
    headers: { 'X-Lab': '1' },
    ca_file: '/etc/ssl/lab.pem',
    timeout: 3,
    compression: 'none',
    every: 60,
    include: ['cpu*'],
    exclude: ['cpu.cores'],
    labels: { site: 'north', host: 'h1' },
    queue: '1GiB',
  });
  expect(one).toEqual({
    name: 'lab',
    type: 'influx',
    format: 'influx',
    every: 60,
    include: ['cpu*'],
    exclude: ['cpu.cores'],
    labels: { site: 'north', host: 'h1' },
    queueBytes: 1024 ** 3,
    target: {
      kind: 'http',
      url: new URL('https://influx:8443/base/write?org=o&bucket=b&precision=ns'),
      credentials: { kind: 'token', scheme: 'Token', token: { file: '/etc/hecate/token' } },
      headers: { 'X-Lab': '1' },
      caFile: '/etc/ssl/lab.pem',
      gzip: false,
      timeout: 3,
    },
  });
});

const http = { type: 'remote-write', url: 'http://a' };
test.each([
  [{}, 'config.toml, [export] 1: type must be the kind of a target.'],
  [3, 'config.toml, [export] 1: type must be the kind of a target.'],
  [{ type: 'constructor' }, 'config.toml, [export] 1: type must be the kind of a target.'],
  [{ type: 'otlp' }, 'config.toml, [export] 1: url must be given.'],
  [{ ...http, ulr: 1 }, 'config.toml, [export] 1: there is no setting "ulr".'],
  [{ ...http, url: 'ftp://a' }, 'url must be a URL that begins with http:// or https://, without a user or password in it.'],
  [{ ...http, url: `http://me:${SECRET}@a` }, 'url must be a URL that begins with http:// or https://, without a user'],
  [{ ...http, url: 'a:9090' }, 'url must be a URL'],
  [{ ...http, every: 0.5 }, 'every must be a number of seconds from 1 to 86400.'],
  [{ ...http, every: '10s' }, 'every must be a number of seconds'],
  [{ ...http, timeout: 0 }, 'timeout must be a number of seconds from 1 to 300.'],
  [{ ...http, queue: 1000 }, 'queue must be a size of at least 1MiB, such as "256MiB".'],
  [{ ...http, queue: '1KiB' }, 'queue must be a size of at least 1MiB'],
  [{ ...http, name: '../etc' }, 'name must be a name of letters, digits, - and _, at most 64.'],
  [{ ...http, include: 'cpu' }, 'include must be a list of names, with * for any text.'],
  [{ ...http, include: ['(a+)+'] }, 'include 1 must be a list of names, with * for any text.'],
  [{ ...http, labels: { 'a b': 'c' } }, 'must be a table of labels'],
  [{ ...http, labels: { a: 1 } }, 'labels.a must be a table of labels'],
  [{ ...http, headers: { Authorization: SECRET } }, 'is a header that is made here.'],
  [{ ...http, headers: { 'X-A': `${SECRET}\r\nEvil: 1` } }, 'must be a table of headers'],
  [{ ...http, token: 5 }, 'token must be text in quotes, in one line.'],
  [{ ...http, token: `${SECRET}\n` }, 'token must be text in quotes, in one line.'],
  [{ ...http, token: SECRET, token_file: '/a' }, 'token and token_file cannot both be given.'],
  [{ ...http, username: 'a', password: SECRET, password_file: '/a' }, 'password and password_file cannot both be given.'],
  [{ ...http, username: 'a', token: SECRET }, 'a token and a username cannot both be given.'],
  [{ ...http, password: SECRET }, 'username must be given with a password.'],
  [{ ...http, username: 'a' }, 'password or password_file must be given with a username.'],
  [{ type: 'influx', url: 'http://a' }, 'either db (InfluxDB 1) or org and bucket (InfluxDB 2) must be given.'],
  [{ type: 'influx', url: 'http://a', db: 'a', bucket: 'b' }, 'either db (InfluxDB 1)'],
  [{ type: 'influx', url: 'http://a', bucket: 'b' }, 'org must be given with bucket, and only with it.'],
  [{ type: 'influx', url: 'http://a', bucket: 'b', org: 'o', rp: 'week' }, 'rp goes with db.'],
  [{ type: 'influx', url: 'http://a', db: 'd', compression: 'zip' }, 'compression must be "gzip" or "none".'],
  [{ type: 'graphite', address: 'http://a' }, 'address must be a host, or a host and a port'],
  [{ type: 'graphite', address: 'a:0' }, 'address must be a host'],
  [{ type: 'statsd', address: 'a:99999' }, 'address must be a host'],
  [{ type: 'mqtt', url: 'http://a' }, 'url must be a URL that begins with mqtt:// or mqtts://'],
  [{ type: 'mqtt', url: 'mqtt://a', topic: 'a/#' }, 'topic must be a topic'],
  [{ type: 'mqtt', url: 'mqtt://a', topic: '/a' }, 'topic must be a topic'],
  [{ type: 'mqtt', url: 'mqtt://a', retain: 1 }, 'retain must be true or false.'],
  [{ type: 'file', path: 'a.csv' }, 'path must be an absolute path.'],
  [{ type: 'file', path: '/a', format: 'xml' }, 'format must be one of "json", "csv"'],
  [{ type: 'file', path: '/a', rotate: 'hour' }, 'rotate must be "day" or "never".'],
  [{ type: 'file', path: '/a', keep: 1.5 }, 'keep must be a whole number from 0 to 10000.'],
  [{ type: 'stdout', path: '/a' }, 'there is no setting "path".'],
])('%j is refused: %s', (raw, sentence) => {
  const told = expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(sentence) }) as Error;
  expect(() => parse(raw as object)).toThrow(told);
  expect(() => parse(raw as object)).not.toThrow(SECRET);
});

test('names are unique, and the list is a list', () => {
  expect(() => parse({ type: 'stdout' }, { type: 'stdout' })).toThrow('config.toml, [export] 2: there is another export "stdout".');
  expect(() => parseExports({ type: 'stdout' }, 'config.toml, [export]')).toThrow('config.toml, [export] must be a list of tables.');
});

test('secrets in the settings are known as such', () => {
  expect(hasInlineSecret(parse({ ...http, token_file: '/a' }, { type: 'stdout' }))).toBe(false);
  for (const secret of [{ token: SECRET }, { username: 'a', password: SECRET }, { headers: { 'X-Api-Key': SECRET } }])
    expect(hasInlineSecret(parse({ ...http, ...secret })), JSON.stringify(secret)).toBe(true);
  expect(hasInlineSecret(parse({ type: 'mqtt', url: 'mqtt://a', username: 'a', password: SECRET }))).toBe(true);
});
