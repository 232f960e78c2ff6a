import http from 'node:http';
import https from 'node:https';
import { causeOf, errnoOf, HecateError } from '@hecate/host';

/** Seconds that a page may take in all. */
const PAGE_TIMEOUT = 5;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Fetches pages over connections that stay open between them. */
export interface PageReader {
  /**
   * The body of a page as UTF-8 text, redirects followed. Rejects with UNAVAILABLE when nothing answers or not in time,
   * DENIED on 401 and 403, INVALID on other answers than 200, on HTML, and past 16 MiB; with the signal's reason when it aborts.
   */
  read(url: URL, signal?: AbortSignal): Promise<string>;
  /** Closes the connections. */
  close(): void;
}

/** Opens a reader of pages; no connection is made before the first one. `timeout` is in seconds. */
export function openPageReader(timeout: number = PAGE_TIMEOUT): PageReader {
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) };
  const get = (url: URL, signal: AbortSignal): Promise<Answer> => {
    const agent = agents[url.protocol as keyof typeof agents] as http.Agent | undefined;
    if (!agent) return Promise.reject(new HecateError('INVALID', `${shown(url)} is not an http or https address.`));
    const request = url.protocol === 'https:' ? https.get : http.get;
    return new Promise((resolve, reject) => {
      const headers = { accept: 'application/openmetrics-text;q=0.5,text/plain;version=0.0.4', 'accept-encoding': 'identity' };
      request(url, { agent, signal, headers }, (response) => {
        receive(url, response).then(resolve, reject);
      }).on('error', reject);
    });
  };

  return {
    async read(url, signal) {
      const limit = AbortSignal.timeout(timeout * 1000);
      const either = signal ? AbortSignal.any([limit, signal]) : limit;
      let at = url;
      try {
        for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
          const answer = await get(at, either);
          if (!('location' in answer)) return answer.body;
          at = new URL(answer.location, at);
        }
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (limit.aborted) throw new HecateError('UNAVAILABLE', `${shown(url)} did not answer within ${timeout} s.`, { cause: error });
        throw pageError(at, error);
      }
      throw new HecateError('INVALID', `${shown(url)} redirects more than ${MOST_REDIRECTS} times.`);
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

type Answer = { readonly body: string } | { readonly location: string };

async function receive(url: URL, response: http.IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
    response.resume();
    return { location: headers.location };
  }
  const refusal = refusalOf(url, statusCode, headers);
  if (refusal) {
    response.destroy();
    throw refusal;
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) {
      response.destroy();
      throw new HecateError('INVALID', `${shown(url)} sends more than ${MOST_BYTES / 1024 / 1024} MiB.`);
    }
    parts.push(part);
  }
  return { body: Buffer.concat(parts).toString('utf8') };
}

function refusalOf(url: URL, status: number, headers: http.IncomingHttpHeaders): HecateError | null {
  if (status === 401 || status === 403) {
    return new HecateError('DENIED', `${shown(url)} wants a password (status ${status}).`, {
      hint: 'Put it into the address: http://user:password@host/metrics.',
    });
  }
  if (status === 404)
    return new HecateError('INVALID', `${shown(url)} does not exist (status 404).`, { hint: 'Metrics are usually at /metrics.' });
  if (status === 503) return new HecateError('UNAVAILABLE', `${shown(url)} has no data now (status 503).`);
  if (status !== 200) return new HecateError('INVALID', `${shown(url)} answers with status ${status}.`);
  if (/\bhtml\b/i.test(headers['content-type'] ?? '')) {
    return new HecateError('INVALID', `${shown(url)} is a web page, not metrics.`, { hint: 'Metrics are usually at /metrics.' });
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    return new HecateError('INVALID', `${shown(url)} answers in the encoding ${headers['content-encoding']}, which was not asked for.`);
  }
  return null;
}

/** What a failed request means to a user. */
function pageError(url: URL, error: unknown): HecateError {
  if (error instanceof HecateError) return error;
  // Happy eyeballs: one error for each address that was tried.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'it broke the connection off',
    EPIPE: 'it broke the connection off',
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'its name cannot be looked up now',
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    ETIMEDOUT: 'it does not answer',
  };
  return new HecateError('UNAVAILABLE', `${shown(url)} cannot be read: ${reasons[errnoOf(first) ?? ''] ?? causeOf(first)}.`, {
    hint: 'Check the address, and that something is running there.',
    cause: error,
  });
}

/** An address for messages: without its password. */
export function shown(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

/** Whether a page could not be read because nothing listens there. */
export function refused(error: unknown): boolean {
  const cause: unknown = error instanceof HecateError ? error.cause : error;
  return errnoOf(cause instanceof AggregateError ? cause.errors[0] : cause) === 'ECONNREFUSED';
}
