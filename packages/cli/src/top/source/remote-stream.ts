import type { IncomingMessage } from 'node:http';
import { HecateError } from '@hecate/host';
import { causeOf } from '@hecate/host';
import { noHecate, openAnswer, parseAnswer, readText, refusalOf } from '../../alerts/daemon-request.ts';
import type { DaemonPlace } from '../../alerts/daemon-request.ts';
import { objectOf } from './remote-values.ts';
import type { Unchecked } from './remote-values.ts';

/** What is listened to. */
export interface FollowOptions {
  readonly place: DaemonPlace;
  readonly token: string | undefined;
  /** Seconds between two samples. */
  readonly every: number;
  readonly signal: AbortSignal;
}

/** Letters of one message: a process table of a hundred thousand rows. */
const LONGEST = 64 * 1024 * 1024;
/** Seconds in which nothing comes (a daemon says at least that it is there) after which it counts as gone. */
const SILENCE = 25;

/**
 * Samples, process tables, events and alerts of a daemon as they come (server-sent events). Returns at the signal. Rejects with UNAVAILABLE
 * when the daemon goes away, FAILED for what is no hecate, and with what it says when it refuses.
 */
export async function* followDaemon({ place, token, every, signal }: FollowOptions): AsyncGenerator<Unchecked, void, undefined> {
  const path = `/api/v1/sse?processes=1&events=1&alerts=1&every=${every}`;
  const headers = { Accept: 'text/event-stream' };
  const response = await openAnswer(place, { method: 'GET', path, token, headers, signal });
  if (response.statusCode !== 200)
    throw refusalOf(parseAnswer(await readText(response, place, AbortSignal.timeout(10_000)), place), response.statusCode ?? 0);
  if (!response.headers['content-type']?.startsWith('text/event-stream')) {
    response.destroy();
    throw noHecate(place);
  }
  const patience = Math.max(SILENCE, every * 3);
  response.setTimeout(patience * 1000, () => response.destroy(new Error(`it has said nothing for ${patience} seconds`)));
  try {
    yield* messagesOf(response, place);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof HecateError ? error : goneAway(place, error);
  } finally {
    response.destroy();
  }
  if (!signal.aborted) throw goneAway(place, null);
}

function goneAway({ base, hint }: DaemonPlace, cause: unknown): HecateError {
  const why = cause === null ? 'it ended the connection' : causeOf(cause);
  return new HecateError('UNAVAILABLE', `The daemon at ${base.origin} went away: ${why}.`, { hint, ...(cause === null ? {} : { cause }) });
}

async function* messagesOf(response: IncomingMessage, place: DaemonPlace): AsyncGenerator<Unchecked, void, undefined> {
  let text = '';
  // Where the end of a message is looked for: what was looked at before has none.
  let looked = 0;
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    let begin = 0;
    for (let end = text.indexOf('\n\n', looked); end >= 0; end = text.indexOf('\n\n', begin)) {
      const message = messageOf(text.slice(begin, end), place);
      begin = end + 2;
      if (message) yield message;
    }
    text = text.slice(begin);
    looked = Math.max(0, text.length - 1);
    if (text.length > LONGEST) throw noHecate(place);
  }
}

/** One block of lines; null for a comment or a pause. */
function messageOf(block: string, place: DaemonPlace): Unchecked | null {
  let data = '';
  for (const line of block.split('\n')) if (line.startsWith('data: ')) data += line.slice(6);
  return data === '' ? null : objectOf(parseAnswer(data, place));
}
