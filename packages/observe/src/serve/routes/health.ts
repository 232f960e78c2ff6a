import { JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';

/** Whether the daemon lives. Answers before the first sample too. */
export const HEALTH: Route = {
  method: 'GET',
  path: '/healthz',
  scope: 'read',
  summary: 'Whether the daemon lives, and since when.',
  gives: {
    'application/json': {
      type: 'object',
      required: ['status', 'version', 'uptime', 'samples', 'recording'],
      properties: {
        status: { const: 'ok' },
        version: { type: 'string' },
        uptime: { type: 'number', description: 'Seconds since the start.' },
        samples: { type: 'integer', description: 'Samples since the start.' },
        recording: { type: 'boolean', description: 'False when recording is off, or when the last attempt to write failed.' },
      },
    },
  },
  answer: ({ hub, version, startedAt, recording }) => ({
    type: JSON_TYPE,
    body: JSON.stringify({
      status: 'ok',
      version,
      uptime: performance.now() / 1000 - startedAt,
      samples: hub.samples,
      recording: recording(),
    }),
  }),
};
