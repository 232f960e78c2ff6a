import { HecateError } from '@hecate/host';
import { joinPieces } from '../pieces.ts';
import { encodeProcesses, PROCESS_ORDERS } from '../process-list.ts';
import type { ProcessOrder } from '../process-list.ts';
import { frameOf, JSON_TYPE, numberOf } from '../route.ts';
import type { Route } from '../route.ts';

/** The processes. */
export const PROCESSES: Route = {
  method: 'GET',
  path: '/api/v1/processes',
  scope: 'read',
  summary: 'The processes, sorted.',
  parameters: [
    {
      name: 'sort',
      help: 'cpu, rss, read and write put the greatest first; pid and name go up',
      schema: { enum: PROCESS_ORDERS, default: 'cpu' },
    },
    { name: 'limit', help: 'the most processes to answer; all by default', schema: { type: 'integer', minimum: 0 } },
  ],
  gives: {
    'application/json': {
      type: 'object',
      properties: {
        time: { type: 'number' },
        cores: { type: ['integer', 'null'] },
        memoryTotal: { type: ['integer', 'null'] },
        processes: { type: 'array' },
      },
    },
  },
  answer: async ({ hub }, { query }) => {
    hub.look('processes');
    const sort = query.get('sort') ?? 'cpu';
    if (!(PROCESS_ORDERS as readonly string[]).includes(sort)) {
      throw new HecateError('INVALID', `sort cannot be ${JSON.stringify(sort)}.`, { hint: `Use one of ${PROCESS_ORDERS.join(', ')}.` });
    }
    const limit = query.has('limit') ? { limit: Math.trunc(numberOf(query, 'limit', 0)) } : {};
    return { type: JSON_TYPE, body: await joinPieces(encodeProcesses(await frameOf(hub), { sort: sort as ProcessOrder, ...limit })) };
  },
};
