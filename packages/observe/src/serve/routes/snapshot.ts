import { jsonPieces } from '../../export/json.ts';
import { joinBytes } from '../pieces.ts';
import { frameOf, JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';

/** The newest snapshot and its rates. */
export const SNAPSHOT: Route = {
  method: 'GET',
  path: '/api/v1/snapshot',
  scope: 'read',
  summary: 'The newest snapshot and its rates; of the processes only their number.',
  gives: {
    'application/json': {
      type: 'object',
      description: 'Beside these there is a property for each collector, as docs/metrics.md says; null when it could not read.',
      required: ['time', 'rates', 'gaps', 'runs'],
      properties: {
        time: { type: 'number' },
        rates: { type: 'object', required: ['elapsed'], properties: { elapsed: { type: ['number', 'null'] } } },
        gaps: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'reason'],
            properties: { field: { type: 'string' }, reason: { type: 'string' }, detail: { type: ['string', 'null'] } },
          },
        },
        runs: {
          type: 'array',
          items: {
            type: 'object',
            required: ['collector', 'seconds', 'success'],
            properties: { collector: { type: 'string' }, seconds: { type: 'number', minimum: 0 }, success: { type: 'boolean' } },
          },
        },
      },
    },
  },
  answer: async ({ hub }) => {
    const { snapshot, rates } = await frameOf(hub);
    return { type: JSON_TYPE, body: await joinBytes(jsonPieces(snapshot, rates, 'count')) };
  },
};
