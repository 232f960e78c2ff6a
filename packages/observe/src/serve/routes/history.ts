import { HecateError } from '@hecate/host';
import type { HistoryQuery } from '../history.ts';
import type { Hub } from '../hub.ts';
import { joinBytes } from '../pieces.ts';
import { JSON_TYPE, numberOf } from '../route.ts';
import type { Route, RouteContext } from '../route.ts';

/** The points of a chart are bounded: a browser cannot show more. */
const MOST_POINTS = 4000;

/** The newest moment that there is anything of, seconds since the epoch. */
export const newestMoment = (hub: Hub): number => hub.latest?.snapshot.time ?? Date.now() / 1000;

/** The pieces of the answer, from memory or as it was recorded; points stand for longer where there would be too many. INVALID for no stretch. */
export async function readHistory(
  { hub, recorded }: Pick<RouteContext, 'hub' | 'recorded'>,
  query: HistoryQuery,
): Promise<Iterable<string>> {
  const { from, to } = query;
  if (from > to) throw new HecateError('INVALID', 'from lies after to.', { hint: 'Give from and to in seconds since the epoch.' });
  const step = Math.max(query.step ?? 0, Math.ceil((to - from) / MOST_POINTS / hub.interval) * hub.interval);
  // Before the first sample there is nothing in memory, and all that was recorded before the start on the disk.
  const { oldest } = hub.history;
  const inMemory = oldest !== null && from >= oldest - hub.interval;
  return (!inMemory && (await recorded?.({ ...query, step }))) || hub.history.encode({ ...query, step });
}

async function history(context: RouteContext, query: URLSearchParams): Promise<Buffer> {
  const to = numberOf(query, 'to', newestMoment(context.hub));
  const from = query.has('from') ? numberOf(query, 'from', 0) : to - numberOf(query, 'seconds', 900);
  const series = query
    .get('series')
    ?.split(',')
    .filter((id) => id !== '');
  const range = { from, to, step: numberOf(query, 'step', 0), band: query.get('band') === '1', ...(series ? { series } : {}) };
  return joinBytes(await readHistory(context, range));
}

const TIME = { type: 'number', minimum: 0 };
const SERIES = { type: 'object', additionalProperties: { type: 'array', items: { type: ['number', 'null'] } } };

/** Series over a stretch of time. */
export const HISTORY: Route = {
  method: 'GET',
  path: '/api/v1/history',
  scope: 'read',
  summary: 'Series over a stretch of time, averaged over steps.',
  parameters: [
    { name: 'seconds', help: 'how far back from `to`', schema: { ...TIME, default: 900 } },
    { name: 'from', help: 'beginning, seconds since the epoch; overrides `seconds`', schema: TIME },
    { name: 'to', help: 'end, seconds since the epoch; now by default', schema: TIME },
    { name: 'series', help: 'ids, separated by commas; all that have a value by default', schema: { type: 'string' } },
    { name: 'step', help: 'seconds that one point stands for', schema: TIME },
    {
      name: 'band',
      help: '1: the least and greatest value of each point too, as `min` and `max`',
      schema: { type: 'string', enum: ['0', '1'] },
    },
  ],
  gives: {
    'application/json': {
      type: 'object',
      properties: {
        step: { type: 'number' },
        time: { type: 'array', items: { type: 'number' } },
        series: SERIES,
        min: SERIES,
        max: SERIES,
        meta: { type: 'object' },
      },
    },
  },
  answer: async (context, { query }) => ({ type: JSON_TYPE, body: await history(context, query) }),
};
