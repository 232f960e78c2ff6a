import { request as requestPlain } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { causeOf, ERROR_CODES, HecateError, messageOf } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';
import { clean } from '@hecate/observe';

/** A daemon that is asked. */
export interface DaemonPlace {
  readonly base: URL;
  /** Certificates (PEM) that are trusted in place of those of the system; absent: none. */
  readonly ca?: string;
  /** What to do when nobody answers there. */
  readonly hint: string;
}

/** What is asked. */
export interface DaemonQuestion {
  readonly method: 'GET' | 'POST';
  /** `/api/v1/alerts`: what stands behind the address of the daemon. */
  readonly path: string;
  readonly token: string | undefined;
  /** JSON that is sent. */
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Milliseconds until a daemon that says nothing is given up. */
const PATIENCE = 10_000;
/** Bytes of one answer: what is longer is no answer of a hecate. */
const LONGEST = 64 * 1024 * 1024;

/** The address of a daemon. Throws INVALID for what is none. */
export function parseDaemonUrl(place: string): URL {
  const base = URL.canParse(place) ? new URL(place) : null;
  if (base && /^https?:$/.test(base.protocol)) return base;
  throw new HecateError('INVALID', `${JSON.stringify(place)} is no address of a daemon.`, {
    hint: 'Write for example http://127.0.0.1:9095.',
  });
}

/** The beginning of the answer, whatever its status. Rejects with UNAVAILABLE where nobody answers, or nobody whom we believe. */
export function openAnswer(place: DaemonPlace, { method, path, token, body, signal, headers }: DaemonQuestion): Promise<IncomingMessage> {
  const { base, ca } = place;
  // Put in piece by piece: resolved as a link, `http://here//there` would lead to another machine, and take the token along.
  const url = new URL(base);
  const [file = '', query = ''] = path.split('?', 2);
  url.pathname = base.pathname.replace(/\/$/, '') + file;
  url.search = query;
  const sent: Record<string, string> = { ...headers };
  if (token !== undefined) sent['Authorization'] = `Bearer ${token}`;
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  return new Promise((resolve, reject) => {
    const options = { method, headers: sent, agent: false as const, timeout: PATIENCE, ...(signal ? { signal } : {}) };
    const fail = (error: unknown): void => reject(noAnswer(place, error));
    try {
      const request =
        base.protocol === 'https:' ? requestSecure(url, { ...options, ...(ca === undefined ? {} : { ca }) }) : requestPlain(url, options);
      request
        .on('response', (response) => {
          // From here on whoever reads it knows how long it may be silent.
          request.setTimeout(0);
          resolve(response);
        })
        .on('error', fail);
      request.on('timeout', () => request.destroy(new Error('it says nothing')));
      request.end(body);
    } catch (error) {
      // A token with letters that no header can carry.
      fail(error);
    }
  });
}

/** The JSON that a daemon answers. Rejects with what it says when it refuses, FAILED when it is no hecate, UNAVAILABLE as {@link openAnswer}. */
export async function askDaemon(place: DaemonPlace, question: DaemonQuestion): Promise<unknown> {
  const limit = AbortSignal.timeout(PATIENCE);
  const response = await openAnswer(place, { signal: limit, ...question });
  let text: string;
  try {
    text = await readText(response, place, limit);
  } catch (error) {
    throw error instanceof HecateError ? error : noAnswer(place, error);
  }
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) return parseAnswer(text, place);
  throw refusalOf(parseAnswer(text, place), statusCode);
}

/** The whole body of an answer as text. */
export async function readText(response: IncomingMessage, place: DaemonPlace, limit?: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const stop = (): void => void response.destroy(new Error('it does not come to an end'));
  limit?.addEventListener('abort', stop);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST) throw noHecate(place);
      chunks.push(chunk);
    }
  } finally {
    limit?.removeEventListener('abort', stop);
    response.destroy();
  }
  return Buffer.concat(chunks).toString();
}

/** An answer as JSON. Throws FAILED when it is none. */
export function parseAnswer(text: string, place: DaemonPlace): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noHecate(place, error);
  }
}

/** Somebody answers, but not as a hecate does. */
export function noHecate({ base }: Pick<DaemonPlace, 'base'>, cause?: unknown): HecateError {
  return new HecateError('FAILED', `What answers at ${base.origin} is no hecate.`, cause === undefined ? {} : { cause });
}

/** Codes of Node for a certificate that is not trusted, as far as it has a family name for them. */
const DISTRUST = /CERT|SIGNATURE|ALTNAME/;

const codeOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** Whether waiting cannot mend it: there is no such machine, or nobody there whom we believe. */
export function isLasting({ cause }: Error): boolean {
  return DISTRUST.test(codeOf(cause)) || ['ENOTFOUND', 'EPROTO', 'ERR_INVALID_CHAR'].includes(codeOf(cause));
}

/** Nobody answered, or nobody whom we believe. */
function noAnswer({ base: { origin }, hint }: DaemonPlace, cause: unknown): HecateError {
  if (DISTRUST.test(codeOf(cause))) {
    return new HecateError('UNAVAILABLE', `The certificate of ${origin} is not trusted: ${messageOf(cause)}.`, {
      hint: 'One that you made yourself is trusted with NODE_EXTRA_CA_CERTS=FILE in the environment; its names must be those of the address.',
      cause,
    });
  }
  if (codeOf(cause) === 'EPROTO')
    return new HecateError('UNAVAILABLE', `What answers at ${origin} does not speak TLS.`, {
      hint: 'Try http:// instead of https://.',
      cause,
    });
  return new HecateError('UNAVAILABLE', `No daemon answers at ${origin}: ${causeOf(cause)}.`, { hint, cause });
}

/** Letters of a sentence of a daemon that are shown: it may be any program, and its words are shown on a terminal. */
const LONGEST_SENTENCE = 500;
const sentence = (given: string): string => clean(given.slice(0, LONGEST_SENTENCE));

/** What a daemon says when it refuses, in one line without anything that steers a terminal. */
export function refusalOf(answer: unknown, status: number): HecateError {
  const error = (answer as { readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly hint?: unknown } } | null)
    ?.error;
  const code = Object.keys(ERROR_CODES).find((known) => known === error?.code) as ErrorCode | undefined;
  const details = {
    ...(typeof error?.hint === 'string' ? { hint: sentence(error.hint) } : {}),
    // Who is to come back later was not answered: no cause stands for a daemon that looked, and has nothing.
    ...(status === 429 ? { cause: status } : {}),
  };
  return new HecateError(
    code ?? 'FAILED',
    typeof error?.message === 'string' ? sentence(error.message) : `The daemon answers ${status}.`,
    details,
  );
}
