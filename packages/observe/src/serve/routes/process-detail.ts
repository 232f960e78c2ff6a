import { HecateError } from '@hecate/host';
import type { ProcessDetail } from '@hecate/metrics';
import { joinBytes } from '../pieces.ts';
import { JSON_TYPE, numberOf } from '../route.ts';
import type { Caller, Route } from '../route.ts';
import type { WholeProcess } from '../whole-process.ts';

/** What a process was given as environment is where secrets are: who looks over the network is not told. */
const SECRET = ['environment'] as const;
const SECRET_WHY = 'The daemon keeps it to itself.';
/** What the kernel tells the owner of a process only (proc(5), PTRACE_MODE_READ): nor do we tell it to every user of the machine. */
const GUARDED = ['program', 'programDeleted', 'workingDirectory', 'root', 'namespaces', 'pages', 'io', 'descriptors'] as const;
const GUARDED_WHY = 'It is told to who brings a token: that for acting (hecate token act), or that for looking where `token = true`.';

function without(detail: ProcessDetail, fields: readonly (keyof ProcessDetail)[], why: string): ProcessDetail {
  const kept = fields.filter((field) => detail[field] !== null);
  const own = kept.map((field) => ({ field, reason: 'permission' as const, detail: why }));
  // What was said of parts of it goes too.
  const others = detail.gaps.filter((gap) => !kept.some((field) => gap.field.startsWith(`${field}.`)));
  return { ...detail, ...Object.fromEntries(kept.map((field) => [field, null])), gaps: [...others, ...own] };
}

/** As much of a process as the caller may know. Who has no token may be any user of this machine; the daemon may be root. */
function toldTo(caller: Caller | undefined, { detail, connections }: WholeProcess): WholeProcess {
  const told = without(detail, SECRET, SECRET_WHY);
  const isKnown = caller === undefined || caller.tokenToRead || caller.scopes.includes('act');
  return isKnown ? { detail: told, connections } : { detail: without(told, GUARDED, GUARDED_WHY), connections: null };
}

/** How much is encoded between two pauses. */
const SLICE = 100;

function* encodeList(list: readonly object[] | null): Generator<string> {
  if (list === null) return yield 'null';
  yield '[';
  for (let at = 0; at < list.length; at += SLICE) {
    yield `${at > 0 ? ',' : ''}${JSON.stringify(list.slice(at, at + SLICE)).slice(1, -1)}`;
  }
  return yield ']';
}

/** As pieces of one JSON object: a process may have thousands of threads and open files. */
function* encodeWhole({ detail: { descriptors, threads, ...detail }, connections }: WholeProcess): Generator<string> {
  yield `{"detail":${JSON.stringify(detail).slice(0, -1)},"descriptors":`;
  yield* encodeList(descriptors);
  yield ',"threads":';
  yield* encodeList(threads);
  yield '},"connections":';
  yield* encodeList(connections);
  yield '}';
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
  answer: async ({ processDetail }, { query, caller }) => {
    const target = { pid: numberOf(query, 'pid', 0), startedAfterBoot: numberOf(query, 'startedAfterBoot', Number.NaN) };
    if (!Number.isInteger(target.pid) || target.pid < 1 || Number.isNaN(target.startedAfterBoot)) {
      throw new HecateError('INVALID', 'pid and startedAfterBoot name the process.', { hint: 'GET /api/v1/processes tells both.' });
    }
    if (!processDetail) throw new HecateError('UNSUPPORTED', 'This daemon tells nothing of single processes.');
    const found = await processDetail(target);
    if (!found) throw new HecateError('UNAVAILABLE', `There is no process ${target.pid} that started then.`);
    return { type: JSON_TYPE, body: await joinBytes(encodeWhole(toldTo(caller, found))) };
  },
};
