import { HecateError } from '@hecate/host';
import type { Route } from '../route.ts';
import { EVENT_STREAM_TYPE } from '../sse.ts';
import { subscriptionOfQuery, TICKS_ONLY } from '../stream/subscription.ts';

const FLAG = { enum: ['0', '1'] };

/** The stream for who speaks HTTP only. */
export const SSE: Route = {
  method: 'GET',
  path: '/api/v1/sse',
  scope: 'read',
  summary: 'Every sample, event and alert as it comes, as server-sent events.',
  parameters: [
    { name: 'series', help: 'ids, separated by commas; all by default, none when it is empty', schema: { type: 'string' } },
    { name: 'every', help: 'seconds between two samples; every one by default', schema: { type: 'number', minimum: 0, maximum: 86_400 } },
    { name: 'processes', help: 'whether the processes come with each sample', schema: { ...FLAG, default: '0' } },
    { name: 'events', help: 'whether events come', schema: { ...FLAG, default: '1' } },
    { name: 'alerts', help: 'whether changes of alerts come', schema: { ...FLAG, default: '1' } },
  ],
  gives: {
    'text/event-stream': { type: 'string', description: 'Events `tick`, `processes`, `event` and `alert`; the data of each is JSON.' },
  },
  answer: ({ stream }, { query, headers }) => {
    const subscription = subscriptionOfQuery(query, { ...TICKS_ONLY, events: true, alerts: true });
    if (!stream || stream.full) throw new HecateError('UNAVAILABLE', 'The stream has too many clients.', { hint: 'Try again later.' });
    const mark = headers?.['last-event-id'];
    return {
      type: EVENT_STREAM_TYPE,
      body: '',
      // A proxy that collects what it forwards would hold every tick back.
      headers: { 'X-Accel-Buffering': 'no' },
      take: (response) => stream.attach(response, subscription, typeof mark === 'string' ? mark : null),
    };
  },
};
