import { HecateError } from '@hecate/host';
import {
  array,
  boolean,
  check,
  integer,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  record,
  regex,
  strictObject,
  string,
} from 'valibot';
import type { Severity } from '../alert/alerts.ts';
import type { Credentials, Secret } from '../push/secret.ts';
import { checkSettings } from '../settings.ts';

/** How the body of a webhook is written. */
export type WebhookFormat = 'json' | 'slack' | 'discord';

/** What every target has. */
interface Target {
  /** What it is called in sentences, and the directory of what waits for it; no two are alike. */
  readonly name: string;
  /** The least severity that it is told of. */
  readonly least: Severity;
  /** Whether it is told when something is over. */
  readonly recovered: boolean;
}

/** A server that takes POST requests. */
interface Web {
  readonly url: URL;
  readonly credentials: Credentials;
  readonly headers: Readonly<Record<string, string>>;
  readonly caFile: string | null;
  /** Seconds. */
  readonly timeout: number;
}

/** One `[[alerts.notify]]` of type webhook. */
export interface WebhookSettings extends Target, Web {
  readonly type: 'webhook';
  readonly format: WebhookFormat;
}

/** One of type ntfy. */
export interface NtfySettings extends Target, Web {
  readonly type: 'ntfy';
  readonly topic: string;
}

/** One of type smtp. */
export interface SmtpSettings extends Target {
  readonly type: 'smtp';
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: asked for, and nothing is sent without; `none`: plain. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly username: string | null;
  readonly password: Secret | null;
  readonly caFile: string | null;
  readonly from: string;
  readonly to: readonly string[];
  /** Seconds. */
  readonly timeout: number;
}

/** One of type desktop: the session of the user that the daemon runs as. */
export interface DesktopSettings extends Target {
  readonly type: 'desktop';
}

/** Who is told. */
export type NotifySettings = WebhookSettings | NtfySettings | SmtpSettings | DesktopSettings;

const NAME = 'must be letters, digits, - and _, at most 40';
const HTTP = 'must be an address that begins with http:// or https://, without a name or password in it';
const ADDRESS = 'must be one mail address, such as "ops@example.org"';
const oneLine = (text: string): boolean => ![...text].some((letter) => letter < ' ' || letter === '\u007f');
const line = () => pipe(string(), minLength(1, 'must not be empty'), check(oneLine, 'must be one line'));
const isWeb = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
};
const url = () => pipe(string(HTTP), check(isWeb, HTTP));
const address = () => pipe(string(ADDRESS), regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, ADDRESS), maxLength(254, ADDRESS));
const seconds = pipe(number(), minValue(1, 'must be 1 or more'), maxValue(120, 'must be at most 120'));

const TARGET = {
  name: optional(pipe(string(), regex(/^[A-Za-z0-9][\w-]{0,39}$/, NAME))),
  least: optional(picklist(['warning', 'critical']), 'warning'),
  recovered: optional(boolean(), true),
};
const SECRETS = {
  token: optional(line()),
  token_file: optional(line()),
  username: optional(line()),
  password: optional(line()),
  password_file: optional(line()),
};
const WEB = {
  ...TARGET,
  ...SECRETS,
  headers: optional(record(pipe(string(), regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be names of headers')), line()), {}),
  ca_file: optional(line()),
  timeout: optional(seconds, 15),
};

const SCHEMAS = {
  webhook: strictObject({ type: literal('webhook'), ...WEB, url: url(), format: optional(picklist(['json', 'slack', 'discord']), 'json') }),
  ntfy: strictObject({
    type: literal('ntfy'),
    ...WEB,
    url: optional(url(), 'https://ntfy.sh'),
    topic: pipe(string(), regex(/^[-_A-Za-z0-9]{1,64}$/, 'must be letters, digits, - and _, at most 64')),
  }),
  smtp: strictObject({
    type: literal('smtp'),
    ...TARGET,
    host: pipe(line(), regex(/^[^\s/@]+$/, 'must be the name or address of a mail server')),
    port: optional(
      pipe(number(), integer('must be a whole number'), minValue(1, 'must be 1 to 65535'), maxValue(65_535, 'must be 1 to 65535')),
    ),
    security: optional(picklist(['tls', 'starttls', 'none']), 'starttls'),
    username: optional(line()),
    password: optional(line()),
    password_file: optional(line()),
    ca_file: optional(line()),
    from: address(),
    to: pipe(array(address()), minLength(1, 'must name somebody')),
    timeout: optional(seconds, 30),
  }),
  desktop: strictObject({ type: literal('desktop'), ...TARGET }),
} as const;

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/** Where mail goes, for people. */
export const mailPlace = ({ host, port, to }: SmtpSettings): string => `${host}:${port} (for ${to.join(', ')})`;

/** The targets of `[[alerts.notify]]`. Throws INVALID with one sentence about the first thing that is wrong. */
export function parseNotifyTargets(raw: readonly unknown[], place: string): NotifySettings[] {
  const targets = raw.map((one, index) => parseTarget(one, `${place}, notify ${index + 1}`));
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new HecateError('INVALID', `${place}: two notify targets are called ${JSON.stringify(twice)}.`, {
      hint: 'Give one of them a name.',
    });
  }
  return targets;
}

function parseTarget(raw: unknown, place: string): NotifySettings {
  const type = typeof raw === 'object' && raw !== null ? (raw as { readonly type?: unknown }).type : undefined;
  switch (type) {
    case 'webhook': {
      const given = checkSettings(SCHEMAS.webhook, raw, place);
      return { type, ...common(given, type), ...webOf(given, place), format: given.format };
    }
    case 'ntfy': {
      const given = checkSettings(SCHEMAS.ntfy, raw, place);
      return { type, ...common(given, type), ...webOf(given, place), topic: given.topic };
    }
    case 'smtp': {
      const given = checkSettings(SCHEMAS.smtp, raw, place);
      const { host, security, from, to, timeout } = given;
      const password = passwordOf(given, place);
      const parts = { host, security, from, to, timeout, password, username: given.username ?? null, caFile: given.ca_file ?? null };
      return { type, ...common(given, type), ...parts, port: given.port ?? PORTS[security] };
    }
    case 'desktop':
      return { type, ...common(checkSettings(SCHEMAS.desktop, raw, place), type) };
    default:
      throw new HecateError(
        'INVALID',
        `${place}: type must be one of ${Object.keys(SCHEMAS)
          .map((name) => `"${name}"`)
          .join(', ')}.`,
      );
  }
}

const common = (
  given: { readonly name?: string | undefined; readonly least: Severity; readonly recovered: boolean },
  type: string,
): Target => ({
  name: given.name ?? type,
  least: given.least,
  recovered: given.recovered,
});

interface Secrets {
  readonly token?: string | undefined;
  readonly token_file?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly password_file?: string | undefined;
}

function secretOf(text: string | undefined, file: string | undefined, name: string, place: string): Secret | null {
  if (text !== undefined && file !== undefined) {
    throw new HecateError('INVALID', `${place}: ${name} and ${name}_file cannot both be given.`);
  }
  return text !== undefined ? { text } : file !== undefined ? { file } : null;
}

/** A name and a password go together. */
function passwordOf(given: Secrets, place: string): Secret | null {
  const password = secretOf(given.password, given.password_file, 'password', place);
  if ((password === null) === (given.username === undefined)) return password;
  throw new HecateError('INVALID', `${place}: username and password (or password_file) must be given together.`);
}

function webOf(
  given: Secrets & {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly ca_file?: string | undefined;
    readonly timeout: number;
  },
  place: string,
): Web {
  const token = secretOf(given.token, given.token_file, 'token', place);
  const password = passwordOf(given, place);
  if (token && password) throw new HecateError('INVALID', `${place}: a token and a username cannot both be given.`);
  const credentials: Credentials = token
    ? { kind: 'token', scheme: 'Bearer', token }
    : password
      ? { kind: 'password', username: given.username ?? '', password }
      : { kind: 'none' };
  return { url: new URL(given.url), credentials, headers: given.headers, caFile: given.ca_file ?? null, timeout: given.timeout };
}

/** Whether a secret stands in the settings themselves: then nobody else may read their file. The hooks of Slack and Discord are secrets. */
export function hasNotifySecret(targets: readonly NotifySettings[]): boolean {
  return targets.some((target) => {
    if (target.type === 'desktop') return false;
    if (target.type === 'smtp') return isInline(target.password);
    const { credentials, headers } = target;
    if (target.type === 'webhook' && target.format !== 'json') return true;
    if (Object.keys(headers).some((name) => /auth|token|key|secret|cookie/i.test(name))) return true;
    return isInline(credentials.kind === 'token' ? credentials.token : credentials.kind === 'password' ? credentials.password : null);
  });
}

const isInline = (secret: Secret | null): boolean => secret !== null && 'text' in secret;
