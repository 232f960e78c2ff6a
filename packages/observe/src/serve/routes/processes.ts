import { HecateError } from '@hecate/host';
import { joinBytes } from '../pieces.ts';
import { encodeProcesses, PROCESS_ORDERS } from '../process-list.ts';
import type { ProcessOrder } from '../process-list.ts';
import type { Frame } from '../hub.ts';
import { frameOf, JSON_TYPE, numberOf } from '../route.ts';
import type { Route, RouteContext } from '../route.ts';

const NOT_KEPT = { hint: 'hecate replay says from when to when there are any; `processes = true` under [record] keeps them.' };

/**
 * The processes as they were: cores and memory are those of now, which do not change while a machine runs. Rejects with UNAVAILABLE
 * when they were not kept.
 */
export async function frameAt({ hub, processesAt }: Pick<RouteContext, 'hub' | 'processesAt'>, time: number): Promise<Frame> {
  const recorded = await processesAt?.(time);
  if (!recorded) throw new HecateError('UNAVAILABLE', 'The processes of that moment were not kept.', NOT_KEPT);
  const now = await frameOf(hub);
  return {
    ...now,
    snapshot: { ...now.snapshot, time: recorded.time, processes: recorded.table },
    rates: { ...now.rates, processes: recorded.rates },
  };
}

const UNKNOWN = { type: ['number', 'null'] };

/** What every row has; docs/metrics.md says what the values mean. */
const PROCESS_ROW = {
  type: 'object',
  required: ['pid', 'ppid', 'name', 'command', 'startedAfterBoot', 'state', 'cpu', 'rss', 'threads'],
  properties: {
    pid: { type: 'integer', minimum: 1 },
    ppid: { type: 'integer', minimum: 0 },
    startedAfterBoot: { type: 'number', description: 'With `pid` it names the process for ever.' },
    startTime: UNKNOWN,
    name: { type: 'string' },
    command: { type: ['string', 'null'] },
    uid: { type: ['integer', 'null'] },
    user: { type: ['string', 'null'] },
    kernel: { type: 'boolean' },
    state: { type: 'string' },
    cpuUser: UNKNOWN,
    cpuSystem: UNKNOWN,
    rss: UNKNOWN,
    virtual: UNKNOWN,
    threads: UNKNOWN,
    nice: UNKNOWN,
    readBytes: UNKNOWN,
    writeBytes: UNKNOWN,
    cpu: { ...UNKNOWN, description: 'Share of one core; null for a process that is new.' },
    readBytesPerSecond: UNKNOWN,
    writeBytesPerSecond: UNKNOWN,
    footprint: { ...UNKNOWN, description: 'macOS only.' },
    energy: { ...UNKNOWN, description: 'Joules since it started; macOS only.' },
    power: { ...UNKNOWN, description: 'Watts since the sample before; macOS only.' },
  },
};

/** The processes. */
export const PROCESSES: Route = {
  method: 'GET',
  path: '/api/v1/processes',
  scope: 'read',
  summary: 'The processes, sorted; those of now, or of a moment of the past.',
  parameters: [
    {
      name: 'sort',
      help: 'cpu, rss, read and write put the greatest first; pid and name go up',
      schema: { enum: PROCESS_ORDERS, default: 'cpu' },
    },
    {
      name: 'at',
      help: 'as they were at that moment, seconds since the epoch, or just before; now by default',
      schema: { type: 'number' },
    },
    { name: 'limit', help: 'the most processes to answer; all by default', schema: { type: 'integer', minimum: 0 } },
  ],
  gives: {
    'application/json': {
      type: 'object',
      required: ['time', 'cores', 'memoryTotal', 'processes'],
      properties: {
        time: { type: 'number' },
        cores: { type: ['integer', 'null'] },
        memoryTotal: { type: ['integer', 'null'] },
        processes: { type: 'array', items: PROCESS_ROW },
      },
    },
  },
  answer: async (context, { query }) => {
    const sort = query.get('sort') ?? 'cpu';
    if (!(PROCESS_ORDERS as readonly string[]).includes(sort)) {
      throw new HecateError('INVALID', `sort cannot be ${JSON.stringify(sort)}.`, { hint: `Use one of ${PROCESS_ORDERS.join(', ')}.` });
    }
    const limit = query.has('limit') ? { limit: Math.trunc(numberOf(query, 'limit', 0)) } : {};
    const at = query.has('at') ? numberOf(query, 'at', 0) : null;
    if (at === null) context.hub.look('processes');
    const frame = at === null ? await frameOf(context.hub) : await frameAt(context, at);
    return { type: JSON_TYPE, body: await joinBytes(encodeProcesses(frame, { sort: sort as ProcessOrder, ...limit })) };
  },
};
