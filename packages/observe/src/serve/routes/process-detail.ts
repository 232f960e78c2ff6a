import { HecateError } from '@hecate/host';
import type { ProcessDetail } from '@hecate/metrics';
import { JSON_TYPE, numberOf } from '../route.ts';
import type { Route } from '../route.ts';

/** What a process was given as environment is where secrets are: who looks over the network is not told. */
function withoutEnvironment(detail: ProcessDetail): ProcessDetail {
  if (detail.environment === null) return detail;
  const gap = { field: 'environment', reason: 'permission', detail: 'The daemon keeps it to itself.' } as const;
  return { ...detail, environment: null, gaps: [...detail.gaps, gap] };
}

/** All of one process. */
export const PROCESS_DETAIL: Route = {
  method: 'GET',
  path: '/api/v1/processes/detail',
  scope: 'read',
  summary: 'All of one process: threads, open files, connections, limits, memory.',
  parameters: [
    { name: 'pid', help: 'the number of the process', required: true, schema: { type: 'integer', minimum: 1 } },
    {
      name: 'startedAfterBoot',
      help: 'as /api/v1/processes says it: of another process with this number nothing is told',
      required: true,
      schema: { type: 'number', minimum: 0 },
    },
  ],
  gives: {
    'application/json': {
      type: 'object',
      required: ['detail', 'connections'],
      properties: {
        detail: {
          type: 'object',
          description: 'What is null has a reason in `gaps`.',
          required: ['pid', 'ppid', 'name', 'state', 'startedAfterBoot', 'gaps'],
          properties: {
            pid: { type: 'integer', minimum: 1 },
            ppid: { type: 'integer', minimum: 0 },
            name: { type: 'string' },
            state: { type: 'string' },
            startedAfterBoot: { type: 'number' },
            arguments: { type: ['array', 'null'], items: { type: 'string' } },
            environment: { type: 'null', description: 'The daemon keeps it to itself.' },
            memory: { type: 'object' },
            io: { type: ['object', 'null'] },
            limits: { type: ['array', 'null'], items: { type: 'object' } },
            descriptors: { type: ['array', 'null'], items: { type: 'object' } },
            threads: { type: ['array', 'null'], items: { type: 'object' } },
            gaps: { type: 'array', items: { type: 'object' } },
          },
        },
        connections: {
          type: ['array', 'null'],
          description: 'Sockets of TCP and UDP that it has open; null where they may not be known.',
          items: { type: 'object' },
        },
      },
    },
  },
  answer: async ({ processDetail }, { query }) => {
    const target = { pid: numberOf(query, 'pid', 0), startedAfterBoot: numberOf(query, 'startedAfterBoot', Number.NaN) };
    if (!Number.isInteger(target.pid) || target.pid < 1 || Number.isNaN(target.startedAfterBoot)) {
      throw new HecateError('INVALID', 'pid and startedAfterBoot name the process.', { hint: 'GET /api/v1/processes tells both.' });
    }
    if (!processDetail) throw new HecateError('UNSUPPORTED', 'This daemon tells nothing of single processes.');
    const found = await processDetail(target);
    if (!found) throw new HecateError('UNAVAILABLE', `There is no process ${target.pid} that started then.`);
    return { type: JSON_TYPE, body: JSON.stringify({ detail: withoutEnvironment(found.detail), connections: found.connections }) };
  },
};
