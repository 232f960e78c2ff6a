import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { causeOf, errnoOf, sentenceOf } from '@hecate/host';
import { clean } from '../../terminal/text.ts';
import { parseRetryAfter } from '../retry.ts';
import { authorization } from '../secret.ts';
import type { Credentials } from '../secret.ts';
import { SENT } from '../transport.ts';
import type { Outcome, Transport } from '../transport.ts';

/** A server that takes POST requests. */
export interface HttpTarget {
  readonly url: URL;
  readonly credentials: Credentials;
  readonly headers: Readonly<Record<string, string>>;
  /** File with the certificates to trust instead of the usual ones; null: the usual ones. */
  readonly caFile: string | null;
  /** Whether bodies are compressed by gzip. */
  readonly gzip: boolean;
  /** Seconds for a request with its answer. */
  readonly timeout: number;
}

/** Bytes of an answer that are read, and letters of it that are told. */
const MOST_ANSWER = 65_536;
const MOST_TOLD = 200;
/**
 * Statuses below 500 that say something of the target or of us and nothing of the samples: a token that has expired, a database or
 * path that is not there yet, a server that is busy. The samples wait.
 */
const LATER: ReadonlySet<number> = new Set([401, 403, 404, 407, 408, 421, 425, 429]);

const zip = promisify(gzip);

/** A URL for people: without the query, which may have a token in it. */
const placeOf = (url: URL): string => `${url.origin}${url.pathname}`;

/** Posts each delivery as one body. A redirect is not followed: credentials stay with the server that they are for. */
export function createHttpTransport(target: HttpTarget): Transport {
  const place = placeOf(target.url);
  let line: Promise<Line> | null = null;

  return {
    place,
    async send({ chunks, format, signal }) {
      let secrets: readonly string[] = [];
      try {
        const proof = authorization(target.credentials);
        secrets = proof?.secrets ?? [];
        let body = format.join(chunks);
        const headers: Record<string, string | number> = { 'User-Agent': 'hecate', ...format.headers, ...target.headers };
        if (target.gzip && !('Content-Encoding' in format.headers)) {
          body = await zip(body, { level: 1 });
          headers['Content-Encoding'] = 'gzip';
        }
        if (proof) headers['Authorization'] = proof.header;
        headers['Content-Length'] = body.length;
        line ??= openLine(target);
        const { request, options } = await line;
        const ask = (): Promise<HttpAnswer> =>
          post((listener) => request(target.url, { ...options, method: 'POST', headers }, listener), {
            body,
            signal,
            timeout: target.timeout,
          });
        const answer = await ask().catch((error: unknown) => {
          if (error !== STALE) throw error;
          return ask();
        });
        return outcomeOf(answer, secrets);
      } catch (error) {
        // Next time the certificates are read anew.
        if (line !== null) await closeLine(line);
        line = null;
        return { kind: 'failed', why: hide(`cannot be reached: ${reason(error)}`, secrets) };
      }
    },
    async close() {
      if (line !== null) await closeLine(line);
    },
  };
}

interface Line {
  readonly request: typeof httpRequest;
  readonly options: RequestOptions & { readonly agent: Agent };
}

/** What connects: TLS is loaded for who needs it. */
async function openLine({ url, caFile }: HttpTarget): Promise<Line> {
  const settings = { keepAlive: true, maxSockets: 1 };
  if (url.protocol === 'http:') return { request: httpRequest, options: { agent: new Agent(settings) } };
  const https = await import('node:https');
  const ca = caFile === null ? {} : { ca: readFileSync(caFile) };
  return { request: https.request, options: { agent: new https.Agent({ ...settings, ...ca }) } };
}

async function closeLine(line: Promise<Line>): Promise<void> {
  await line.then(
    ({ options }) => options.agent.destroy(),
    () => undefined,
  );
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

interface Posting {
  readonly body: Buffer;
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/** The server closed a connection that nobody used at the moment in which we did: that says nothing about it. */
const STALE = new Error('the connection was closed');

/** One request with its answer, of which no more than the beginning is kept. Rejects when there is none in time. */
function post(
  start: (listener: (answer: IncomingMessage) => void) => ClientRequest,
  { body, signal, timeout }: Posting,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = start((response) => {
      const parts: Buffer[] = [];
      let total = 0;
      const finish = (): void => {
        stop();
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      };
      response.on('data', (part: Buffer) => {
        if (total < MOST_ANSWER) parts.push(part.subarray(0, MOST_ANSWER - total));
        total += part.length;
        if (total < MOST_ANSWER) return;
        // The status is what counts; nobody reads megabytes.
        finish();
        request.destroy();
      });
      response.on('end', finish);
      response.on('error', fail);
    });
    const fail = (error: Error): void => {
      stop();
      request.destroy();
      reject(request.reusedSocket && errnoOf(error) === 'ECONNRESET' ? STALE : error);
    };
    const abort = (): void => fail(new Error('it was given up'));
    // A bound on the whole: a server that sends a byte now and then is idle for us too.
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeout} s`)), timeout * 1000);
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    request.on('error', fail);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    request.end(body);
  });
}

function outcomeOf({ status, headers, text }: HttpAnswer, secrets: readonly string[]): Outcome {
  if (status >= 200 && status < 300) return SENT;
  const said = hide(clean(text.trim().split('\n')[0]!), secrets).slice(0, MOST_TOLD);
  const why = `answers ${status}${said === '' ? '' : `: ${said}`}`;
  if (status >= 300 && status < 400) return { kind: 'failed', why: `${why} (redirects are not followed)` };
  if (status >= 400 && status < 500 && !LATER.has(status)) return { kind: 'refused', why };
  const retryAfter = parseRetryAfter(headers['retry-after'], Date.now() / 1000);
  return { kind: 'failed', why, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** An error of Node says little of several addresses that were tried: the last one counts. */
function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors.at(-1));
  const { path } = error as NodeJS.ErrnoException;
  return (path === undefined ? causeOf(error) || (error as NodeJS.ErrnoException).code || '' : sentenceOf(error)).replace(/\.$/, '');
}

/** A server may say what it was sent. */
const hide = (text: string, secrets: readonly string[]): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
