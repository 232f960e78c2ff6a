import { JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';
import { UNTUNED } from '../tuning-status.ts';

/** What the daemon has done to the machine. */
export const TUNING: Route = {
  method: 'GET',
  path: '/api/v1/tuning',
  scope: 'read',
  summary: 'The profile in force, and what happened to it.',
  gives: {
    'application/json': {
      type: 'object',
      required: ['profile', 'events'],
      properties: {
        profile: { type: ['string', 'null'] },
        events: {
          type: 'array',
          items: { type: 'object', required: ['time', 'kind'], properties: { time: { type: 'number' }, kind: { type: 'string' } } },
        },
      },
    },
  },
  answer: ({ tuning }) => ({ type: JSON_TYPE, body: JSON.stringify(tuning?.() ?? UNTUNED) }),
};
