import { HecateError } from '@hecate/host';
import { eventRow } from '../../event/event-log.ts';
import type { EventLog } from '../../event/event-log.ts';
import { JSON_TYPE, numberOf } from '../route.ts';
import type { Route } from '../route.ts';

/** The most events of one answer, and how many are given to who does not say. */
const MOST = 5000;
const USUAL = 1000;

type Row = ReturnType<typeof eventRow>;

/** A stretch of the past. Those that are still in memory have their number; what only the disk remembers has none. */
async function pastRows(events: EventLog, query: URLSearchParams, limit: number): Promise<Row[]> {
  const from = numberOf(query, 'from', 0);
  const to = numberOf(query, 'to', Number.MAX_SAFE_INTEGER / 1000);
  if (from > to) throw new HecateError('INVALID', 'from lies after to.', { hint: 'Give from and to in seconds since the epoch.' });
  const inMemory = events.since(0).filter(({ event }) => event.time >= from && event.time <= to);
  const since = events.since(0)[0]?.event.time ?? Number.POSITIVE_INFINITY;
  // 8.64e12 seconds are the last moment that a date can say.
  const older = (await events.past?.({ from, to: Math.min(to, 8.64e12), limit }))?.filter(({ time }) => time < since) ?? [];
  return [...older.map((event) => eventRow({ id: null, event })), ...inMemory.map(eventRow)].slice(-limit);
}

const TIME = { type: 'number', minimum: 0 };

/** What happened to the machine. */
export const EVENTS: Route = {
  method: 'GET',
  path: '/api/v1/events',
  scope: 'read',
  summary: 'What happened to the machine, oldest first.',
  parameters: [
    {
      name: 'since',
      help: 'only events after this one, by `id`; all when the daemon has started anew since',
      schema: { type: 'integer', minimum: 0, default: 0 },
    },
    {
      name: 'limit',
      help: 'the most events to answer; the last ones are',
      schema: { type: 'integer', minimum: 0, maximum: MOST, default: USUAL },
    },
    { name: 'from', help: 'a stretch of the past instead: its beginning, seconds since the epoch', schema: TIME },
    { name: 'to', help: 'its end', schema: TIME },
  ],
  gives: {
    'application/json': {
      type: 'object',
      required: ['events', 'newest'],
      properties: {
        events: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'time', 'kind'],
            properties: {
              id: { type: ['integer', 'null'], description: 'Counts from 1 since the daemon started; null for what happened before.' },
              time: { type: 'number' },
              kind: { type: 'string', description: 'What else there is depends on it: docs/events.md.' },
            },
          },
        },
        newest: { type: 'integer', minimum: 0, description: 'Ask for what comes after it next time.' },
      },
    },
  },
  answer: async ({ events }, { query }) => {
    const limit = Math.min(Math.trunc(numberOf(query, 'limit', USUAL)), MOST);
    const since = numberOf(query, 'since', 0);
    const newest = events?.newest ?? 0;
    if (!events || limit === 0) return { type: JSON_TYPE, body: JSON.stringify({ events: [], newest }) };
    const isPast = query.has('from') || query.has('to');
    const rows = isPast
      ? await pastRows(events, query, limit)
      : events
          .since(since > newest ? 0 : since)
          .map(eventRow)
          .slice(-limit);
    return { type: JSON_TYPE, body: JSON.stringify({ events: rows, newest }) };
  },
};
