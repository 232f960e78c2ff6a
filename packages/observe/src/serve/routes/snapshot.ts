import { jsonPieces } from '../../export/json.ts';
import { joinPieces } from '../pieces.ts';
import { frameOf, JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';

/** The newest snapshot and its rates. */
export const SNAPSHOT: Route = {
  method: 'GET',
  path: '/api/v1/snapshot',
  scope: 'read',
  summary: 'The newest snapshot and its rates; of the processes only their number.',
  gives: { 'application/json': { type: 'object', description: 'The properties are those of docs/metrics.md.' } },
  answer: async ({ hub }) => {
    const { snapshot, rates } = await frameOf(hub);
    return { type: JSON_TYPE, body: await joinPieces(jsonPieces(snapshot, rates, 'count')) };
  },
};
