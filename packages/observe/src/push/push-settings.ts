import { hostname } from 'node:os';
import { HecateError } from '@hecate/host';
import { boolean, integer, literal, maxValue, minValue, number, optional, picklist, pipe, regex, strictObject } from 'valibot';
import type { InferOutput } from 'valibot';
import { checkSettings } from '../settings.ts';
import type { Credentials, Secret } from './secret.ts';
import {
  size,
  familyList,
  headerTable,
  hostAndPort,
  labelTable,
  mqttTopic,
  secondsBetween,
  textInLine,
  textLike,
  urlOf,
} from '../setting-values.ts';
import type { FileTarget } from './transport/file.ts';
import type { HttpTarget } from './transport/http.ts';
import type { MqttTarget } from './transport/mqtt.ts';
import type { TcpTarget } from './transport/tcp.ts';
import type { UdpTarget } from './transport/udp.ts';

/** The kinds of targets. */
export type ExportType = 'remote-write' | 'influx' | 'otlp' | 'graphite' | 'statsd' | 'mqtt' | 'file' | 'stdout';

const FILE_FORMATS = ['json', 'csv', 'prometheus', 'influx', 'graphite'] as const;
const FILE = 'must be the path of a file';
const count = 'must be a whole number from 0 to 10000';

/** What every export has. */
const shared = {
  name: optional(textLike(/^\w[\w-]{0,63}$/, 'must be a name of letters, digits, - and _, at most 64')),
  every: optional(secondsBetween(1, 86_400), 10),
  include: optional(familyList(), []),
  exclude: optional(familyList(), []),
  labels: optional(labelTable(), {}),
  queue: optional(size('1MiB'), '256MiB'),
};
const login = { username: optional(textInLine()), password: optional(textInLine()), password_file: optional(textInLine(FILE)) };
const timeout = optional(secondsBetween(1, 300), 10);
const ca = { ca_file: optional(textInLine(FILE)) };
const http = {
  ...shared,
  ...login,
  ...ca,
  url: urlOf(['http:', 'https:']),
  token: optional(textInLine()),
  token_file: optional(textInLine(FILE)),
  headers: optional(headerTable(), {}),
  timeout,
};
const compression = optional(picklist(['gzip', 'none'], 'must be "gzip" or "none"'), 'gzip');
const fileFormat = optional(picklist(FILE_FORMATS, `must be one of ${FILE_FORMATS.map((name) => `"${name}"`).join(', ')}`), 'json');

const SCHEMAS = {
  'remote-write': strictObject({ type: literal('remote-write'), ...http }),
  influx: strictObject({
    type: literal('influx'),
    ...http,
    compression,
    db: optional(textInLine()),
    rp: optional(textInLine()),
    org: optional(textInLine()),
    bucket: optional(textInLine()),
  }),
  otlp: strictObject({
    type: literal('otlp'),
    ...http,
    compression,
    encoding: optional(picklist(['protobuf', 'json'], 'must be "protobuf" or "json"'), 'protobuf'),
  }),
  graphite: strictObject({ type: literal('graphite'), ...shared, address: hostAndPort(), timeout }),
  statsd: strictObject({ type: literal('statsd'), ...shared, address: hostAndPort() }),
  mqtt: strictObject({
    type: literal('mqtt'),
    ...shared,
    ...login,
    ...ca,
    url: urlOf(['mqtt:', 'mqtts:']),
    topic: optional(mqttTopic()),
    retain: optional(boolean('must be true or false'), false),
    timeout,
  }),
  file: strictObject({
    type: literal('file'),
    ...shared,
    path: pipe(textInLine(FILE), regex(/^\//, 'must be an absolute path')),
    format: fileFormat,
    rotate: optional(picklist(['day', 'never'], 'must be "day" or "never"'), 'day'),
    max_size: optional(size('64KiB')),
    keep: optional(pipe(number(count), integer(count), minValue(0, count), maxValue(10_000, count)), 30),
  }),
  stdout: strictObject({ type: literal('stdout'), ...shared, format: fileFormat }),
};
type Raw<Type extends ExportType> = InferOutput<(typeof SCHEMAS)[Type]>;

const isExportType = (name: string): name is ExportType => Object.hasOwn(SCHEMAS, name);

/** The name of a push format. */
export type ExportFormat = 'remote-write' | 'otlp' | 'otlp-json' | 'statsd' | (typeof FILE_FORMATS)[number];

/** Where samples go. */
export type ExportTarget =
  | ({ readonly kind: 'http' } & HttpTarget)
  | ({ readonly kind: 'tcp' } & TcpTarget)
  | ({ readonly kind: 'udp' } & UdpTarget)
  | ({ readonly kind: 'mqtt' } & MqttTarget)
  | ({ readonly kind: 'file' } & FileTarget)
  | { readonly kind: 'stdout' };

/** One `[[export]]` of config.toml. */
export interface ExportSettings {
  /** What it is called in sentences, metrics and the directory of its queue; no two are alike. */
  readonly name: string;
  readonly type: ExportType;
  readonly format: ExportFormat;
  readonly target: ExportTarget;
  /** Seconds between samples, on whole multiples of it on the wall clock. */
  readonly every: number;
  /** Families that are sent; none: all. */
  readonly include: readonly string[];
  /** Families that are left out. */
  readonly exclude: readonly string[];
  /** Labels of every series. */
  readonly labels: Readonly<Record<string, string>>;
  /** The most bytes that wait on the disk. */
  readonly queueBytes: number;
}

const secretOf = (text: string | undefined, file: string | undefined): Secret | null =>
  text !== undefined ? { text } : file !== undefined ? { file } : null;

/** What is sent with a request. Throws INVALID where there is too much or half of something. */
function credentialsOf(
  raw: { readonly [Name in 'token' | 'token_file' | 'username' | 'password' | 'password_file']?: string | undefined },
  scheme: 'Bearer' | 'Token',
  place: string,
): Credentials {
  const refuse = (sentence: string): never => {
    throw new HecateError('INVALID', `${place}: ${sentence}`);
  };
  for (const name of ['token', 'password'] as const)
    if (raw[name] !== undefined && raw[`${name}_file`] !== undefined) refuse(`${name} and ${name}_file cannot both be given.`);
  const token = secretOf(raw.token, raw.token_file);
  const password = secretOf(raw.password, raw.password_file);
  if (token && (password || raw.username !== undefined)) refuse('a token and a username cannot both be given.');
  if (token) return { kind: 'token', scheme, token };
  if (password && raw.username === undefined) refuse('username must be given with a password.');
  if (raw.username !== undefined && !password) refuse('password or password_file must be given with a username.');
  if (raw.username !== undefined && password) return { kind: 'password', username: raw.username, password };
  return { kind: 'none' };
}

type HttpRaw = Raw<'remote-write'> | Raw<'otlp'> | Raw<'influx'>;

/** `path` is where such servers listen when the URL names no path of its own. */
function httpTarget(raw: HttpRaw, path: string, scheme: 'Bearer' | 'Token', place: string): ExportTarget {
  const url = new URL(raw.url);
  if (url.pathname === '/') url.pathname = path;
  return {
    kind: 'http',
    url,
    credentials: credentialsOf(raw, scheme, place),
    headers: raw.headers,
    caFile: raw.ca_file ?? null,
    gzip: 'compression' in raw && raw.compression === 'gzip',
    timeout: raw.timeout,
  };
}

/** InfluxDB 1 is asked by database, InfluxDB 2 by organisation and bucket. */
function influxTarget(raw: Raw<'influx'>, place: string): ExportTarget {
  const second = raw.bucket !== undefined;
  if (second === (raw.db !== undefined)) {
    throw new HecateError('INVALID', `${place}: either db (InfluxDB 1) or org and bucket (InfluxDB 2) must be given.`);
  }
  if (second !== (raw.org !== undefined)) throw new HecateError('INVALID', `${place}: org must be given with bucket, and only with it.`);
  if (second && raw.rp !== undefined) throw new HecateError('INVALID', `${place}: rp goes with db.`);
  const target = httpTarget(raw, second ? '/api/v2/write' : '/write', 'Token', place) as ExportTarget & HttpTarget;
  const asked = second ? { org: raw.org, bucket: raw.bucket } : { db: raw.db, rp: raw.rp };
  for (const [key, value] of Object.entries({ ...asked, precision: 'ns' }))
    if (value !== undefined) target.url.searchParams.set(key, value);
  return target;
}

function addressOf(address: string, port: number): { readonly host: string; readonly port: number } {
  const { hostname: host, port: own } = new URL(`x://${address}`);
  return { host: host.replace(/^\[|\]$/g, ''), port: own === '' ? port : Number(own) };
}

/** What the setting of each type comes to. */
const MAKERS: {
  readonly [Type in ExportType]: (
    raw: Raw<Type>,
    place: string,
  ) => {
    readonly format: ExportFormat;
    readonly target: ExportTarget;
    /** Labels that a series has there by custom; those of the settings come before them. */
    readonly labels?: Readonly<Record<string, string>>;
  };
} = {
  'remote-write': (raw, place) => ({
    format: 'remote-write',
    target: httpTarget(raw, '/api/v1/write', 'Bearer', place),
    labels: { job: 'hecate', instance: hostname() },
  }),
  influx: (raw, place) => ({ format: 'influx', target: influxTarget(raw, place), labels: { host: hostname() } }),
  otlp: (raw, place) => ({
    format: raw.encoding === 'json' ? 'otlp-json' : 'otlp',
    target: httpTarget(raw, '/v1/metrics', 'Bearer', place),
  }),
  graphite: (raw) => ({
    format: 'graphite',
    target: { kind: 'tcp', ...addressOf(raw.address, 2003), timeout: raw.timeout },
    labels: { host: hostname() },
  }),
  statsd: (raw) => ({ format: 'statsd', target: { kind: 'udp', ...addressOf(raw.address, 8125) }, labels: { host: hostname() } }),
  mqtt: (raw, place) => ({
    format: 'json',
    target: {
      kind: 'mqtt',
      url: new URL(raw.url),
      credentials: credentialsOf(raw, 'Bearer', place),
      caFile: raw.ca_file ?? null,
      topic: raw.topic ?? `hecate/${hostname().replaceAll(/[+#/]/g, '_')}`,
      retain: raw.retain,
      timeout: raw.timeout,
    },
  }),
  file: ({ path, format, rotate, max_size: mostBytes, keep }) => ({
    format,
    target: { kind: 'file', path, rotate, mostBytes: mostBytes ?? null, keep },
  }),
  stdout: ({ format }) => ({ format, target: { kind: 'stdout' } }),
};

/**
 * The `[[export]]` tables of config.toml, checked: `place` names file and section. Throws INVALID with one sentence about the first
 * thing that is wrong, which never says a secret.
 */
export function parseExports(raw: unknown, place: string): readonly ExportSettings[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) throw new HecateError('INVALID', `${place} must be a list of tables.`, { hint: 'Write [[export]].' });
  const names = new Set<string>();
  return raw.map((one: unknown, index) => {
    const settings = parseExport(one, `${place} ${index + 1}`);
    if (names.has(settings.name)) {
      const hint = 'Give each one a name of its own.';
      throw new HecateError('INVALID', `${place} ${index + 1}: there is another export ${JSON.stringify(settings.name)}.`, { hint });
    }
    names.add(settings.name);
    return settings;
  });
}

function parseExport(raw: unknown, place: string): ExportSettings {
  const type = typeof raw === 'object' && raw !== null ? (raw as { readonly type?: unknown }).type : undefined;
  if (typeof type !== 'string' || !isExportType(type)) {
    const hint = `Known are ${Object.keys(SCHEMAS).join(', ')}.`;
    throw new HecateError('INVALID', `${place}: type must be the kind of a target.`, { hint });
  }
  return made(type, raw, place);
}

function made<Type extends ExportType>(type: Type, raw: unknown, place: string): ExportSettings {
  const checked = checkSettings(SCHEMAS[type], raw, place) as Raw<Type>;
  const { format, target, labels = {} } = MAKERS[type](checked, place);
  const { name, every, include, exclude, queue } = checked;
  return { name: name ?? type, type, format, target, every, include, exclude, labels: { ...labels, ...checked.labels }, queueBytes: queue };
}

/** Whether a secret stands in the settings themselves: then nobody else may read their file. */
export function hasInlineSecret(settings: readonly ExportSettings[]): boolean {
  return settings.some(({ target }) => {
    if (target.kind !== 'http' && target.kind !== 'mqtt') return false;
    const { credentials } = target;
    const secret = credentials.kind === 'token' ? credentials.token : credentials.kind === 'password' ? credentials.password : null;
    const inHeader = target.kind === 'http' && Object.keys(target.headers).some((name) => /auth|token|key|secret|cookie/i.test(name));
    return inHeader || (secret !== null && 'text' in secret);
  });
}
