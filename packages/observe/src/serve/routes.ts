import { HecateError } from '@hecate/host';
import { ENCODERS } from '../export/encoders.ts';
import { jsonPieces } from '../export/json.ts';
import type { HistoryQuery } from './history.ts';
import type { Frame, Hub } from './hub.ts';
import { joinPieces } from './pieces.ts';
import { encodeProcesses, PROCESS_ORDERS } from './process-list.ts';
import type { ProcessOrder } from './process-list.ts';
import { UNTUNED } from './tuning-status.ts';
import type { TuningStatus } from './tuning-status.ts';

/** What a route answers. */
export interface Answer {
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What routes can see. */
export interface RouteContext {
  readonly hub: Hub;
  readonly platform: NodeJS.Platform;
  readonly version: string;
  /** Monotonic time at which the server started. */
  readonly startedAt: number;
  /** Whether samples are being recorded now. */
  readonly recording: () => boolean;
  /** What was done to the machine; absent when the daemon tunes nothing. */
  readonly tuning?: () => TuningStatus;
  /** Older samples than the hub's, as pieces of JSON, or null when there are none; absent when nothing is recorded. */
  readonly recorded?: (query: HistoryQuery & { readonly step: number }) => Promise<Iterable<string> | null>;
}

/** A request that a route answers. */
export interface Question {
  readonly query: URLSearchParams;
  readonly accept: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Seconds that a question which comes before the first sample waits for it. */
const FIRST_SAMPLE = 3;

/** The newest frame, for somebody who looks; of a daemon that has just started, the first. */
async function frameOf(hub: Hub): Promise<Frame> {
  hub.look();
  if (hub.latest) return hub.latest;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new HecateError('UNAVAILABLE', 'There is no sample yet.', { hint: 'Ask again in a second.' }));
    }, FIRST_SAMPLE * 1000);
    const unsubscribe = hub.subscribe((frame) => {
      clearTimeout(timer);
      unsubscribe();
      resolve(frame);
    });
  });
}

/** A number of the query; `fallback` when it is not there, INVALID when it is no number or not positive. */
function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new HecateError('INVALID', `${name} must be a number that is not negative, not ${JSON.stringify(text)}.`);
  }
  return value;
}

/** The points of a chart are bounded: a browser cannot show more. */
const MOST_POINTS = 4000;

async function history({ hub, recorded }: RouteContext, query: URLSearchParams): Promise<string> {
  const now = hub.latest?.snapshot.time ?? Date.now() / 1000;
  const to = numberOf(query, 'to', now);
  const from = query.has('from') ? numberOf(query, 'from', 0) : to - numberOf(query, 'seconds', 900);
  if (from > to) throw new HecateError('INVALID', 'from lies after to.', { hint: 'Give from and to in seconds since the epoch.' });
  const step = Math.max(numberOf(query, 'step', 0), Math.ceil((to - from) / MOST_POINTS / hub.interval) * hub.interval);
  const series = query
    .get('series')
    ?.split(',')
    .filter((id) => id !== '');
  const range = { from, to, step, ...(series ? { series } : {}) };
  const inMemory = hub.history.oldest === null || from >= hub.history.oldest - hub.interval;
  return joinPieces((!inMemory && (await recorded?.(range))) || hub.history.encode(range));
}

function processes(frame: Frame, query: URLSearchParams): Generator<string> {
  const sort = query.get('sort') ?? 'cpu';
  if (!(PROCESS_ORDERS as readonly string[]).includes(sort)) {
    throw new HecateError('INVALID', `sort cannot be ${JSON.stringify(sort)}.`, { hint: `Use one of ${PROCESS_ORDERS.join(', ')}.` });
  }
  const limit = query.has('limit') ? { limit: Math.trunc(numberOf(query, 'limit', 0)) } : {};
  return encodeProcesses(frame, { sort: sort as ProcessOrder, ...limit });
}

/** The routes, by path. All are read-only and answer GET and HEAD. */
export const ROUTES: Readonly<Record<string, (context: RouteContext, question: Question) => Answer | Promise<Answer>>> = {
  '/healthz': ({ hub, version, startedAt, recording }) => ({
    type: JSON_TYPE,
    body: JSON.stringify({
      status: 'ok',
      version,
      uptime: performance.now() / 1000 - startedAt,
      samples: hub.samples,
      recording: recording(),
    }),
  }),
  '/api/v1/snapshot': async ({ hub }) => {
    const { snapshot, rates } = await frameOf(hub);
    return { type: JSON_TYPE, body: await joinPieces(jsonPieces(snapshot, rates, 'count')) };
  },
  '/api/v1/processes': async ({ hub }, { query }) => {
    hub.look('processes');
    return { type: JSON_TYPE, body: await joinPieces(processes(await frameOf(hub), query)) };
  },
  '/api/v1/history': async (context, { query }) => ({ type: JSON_TYPE, body: await history(context, query) }),
  '/api/v1/tuning': ({ tuning }) => ({ type: JSON_TYPE, body: JSON.stringify(tuning?.() ?? UNTUNED) }),
  '/metrics': async ({ hub, platform }, { accept }) => {
    const { type, pieces } = ENCODERS[accept.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus'];
    return { type, body: await joinPieces(pieces({ ...(await frameOf(hub)), platform })) };
  },
};
