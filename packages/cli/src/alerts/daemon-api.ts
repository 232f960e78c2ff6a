import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOf, errnoOf, ERROR_CODES, HecateError, messageOf } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';
import { isLoopback, readToken } from '@hecate/observe';
import type { ServeSettings } from '@hecate/observe';
import { stateDirectory } from '../directories.ts';

/** The API of a daemon that runs. */
export interface DaemonApi {
  /** The JSON of a path. Rejects with UNAVAILABLE where no daemon answers, otherwise with what the daemon says. */
  get(path: string): Promise<unknown>;
  /** Sends JSON to a path that changes something. */
  post(path: string, body: object): Promise<unknown>;
}

/** File with the token for acting. */
const ACT_TOKEN = 'act-token';
/** Milliseconds until a daemon that says nothing is given up. */
const PATIENCE = 10_000;

/** Where the daemon of the configuration listens, as somebody on this machine asks it. */
function ownAddress({ address, port, tls }: ServeSettings): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '[::1]' : address.includes(':') ? `[${address}]` : address;
  return `${tls ? 'https' : 'http'}://${host}:${port}`;
}

/** The token of this user in a file of the daemon; undefined where there is none. */
function ownToken(name: string): string | undefined {
  try {
    return readFileSync(join(stateDirectory(), name), 'utf8').trim();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** The API at an address; without one, that of the configuration. Throws INVALID for what is no address. */
export function openDaemonApi(url: string | undefined, settings: ServeSettings): DaemonApi {
  const place = url ?? ownAddress(settings);
  const base = URL.canParse(place) ? new URL(place) : null;
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new HecateError('INVALID', `${JSON.stringify(place)} is no address of a daemon.`, {
      hint: 'Write for example http://127.0.0.1:9095.',
    });
  }
  // Our tokens are for the daemon of this machine, not for whoever listens at an address that was typed.
  const isOurs = url === undefined || isLoopback(base.hostname.replace(/^\[|\]$/g, ''));
  const tokenOf = (file: string): string | undefined => {
    if (process.env['HECATE_TOKEN']) return process.env['HECATE_TOKEN'];
    if (!isOurs) return undefined;
    // The daemon of this user makes the token for acting with the first request that brings one: it will find this.
    return file === ACT_TOKEN ? readToken(join(stateDirectory(), file)) : ownToken(file);
  };

  const ask = async (path: string, tokenFile: string, init: { readonly method: string; readonly body?: string }): Promise<unknown> => {
    const token = tokenOf(tokenFile);
    const headers: Record<string, string> = init.body === undefined ? {} : { 'Content-Type': 'application/json' };
    if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
    let response: Response;
    try {
      response = await fetch(new URL(path, base), { ...init, headers, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw noAnswer(base.origin, cause);
    }
    const text = await response.text();
    if (response.ok) return parse(text, base.origin);
    throw refusalOf(parse(text, base.origin), response.status);
  };
  return {
    get: (path) => ask(path, 'token', { method: 'GET' }),
    post: (path, body) => ask(path, ACT_TOKEN, { method: 'POST', body: JSON.stringify(body) }),
  };
}

/** Codes of Node for a certificate that is not trusted, as far as it has a family name for them. */
const DISTRUST = /CERT|SIGNATURE|ALTNAME/;

/** Nobody answered, or nobody whom we believe. */
function noAnswer(origin: string, cause: unknown): HecateError {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (typeof code === 'string' && DISTRUST.test(code)) {
    return new HecateError('UNAVAILABLE', `The certificate of ${origin} is not trusted: ${messageOf(cause)}.`, {
      hint: 'One that you made yourself is trusted with NODE_EXTRA_CA_CERTS=FILE in the environment; its names must be those of the address.',
      cause,
    });
  }
  return new HecateError('UNAVAILABLE', `No daemon answers at ${origin}: ${causeOf(cause)}.`, {
    hint: 'Start it with hecate serve, or name its address with --url.',
    cause,
  });
}

function parse(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HecateError('FAILED', `What answers at ${origin} is no hecate.`, { cause: error });
  }
}

/** What a daemon says when it refuses. */
function refusalOf(answer: unknown, status: number): HecateError {
  const error = (answer as { readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly hint?: unknown } } | null)
    ?.error;
  const code = Object.keys(ERROR_CODES).find((known) => known === error?.code) as ErrorCode | undefined;
  const hint = typeof error?.hint === 'string' ? { hint: error.hint } : {};
  return new HecateError(code ?? 'FAILED', typeof error?.message === 'string' ? error.message : `The daemon answers ${status}.`, hint);
}
