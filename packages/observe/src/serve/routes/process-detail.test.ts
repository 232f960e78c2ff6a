import { expect, test } from 'vitest';
import type { ProcessDetail } from '@hecate/metrics';
import type { Caller, RouteContext, Scope } from '../route.ts';
import { PROCESS_DETAIL } from './process-detail.ts';

const GUARDED = {
  program: '/usr/bin/shop',
  programDeleted: false,
  workingDirectory: '/srv/shop',
  root: '/',
  namespaces: { net: 4_026_531_840 },
  pages: null,
  io: { readChars: 8 },
  descriptors: Array.from({ length: 250 }, (_, number) => ({ number, target: `/srv/shop/${number}` })),
};
const DETAIL = {
  pid: 7,
  arguments: ['shop', '--port', '80'],
  environment: { PASSWORD: 'told-to-nobody' },
  threads: [{ tid: 7 }, { tid: 8 }],
  ...GUARDED,
  gaps: [
    { field: 'descriptors.rest', reason: 'unsupported', detail: 'Of 99999 the first 250 are told.' },
    { field: 'ioPriority', reason: 'unsupported', detail: 'No file of the kernel tells it.' },
  ],
} as unknown as ProcessDetail;
const CONNECTIONS = [{ localPort: 80 }];

interface Told {
  readonly detail: typeof DETAIL;
  readonly connections: unknown;
}

async function toldTo(tokenToRead: boolean, scopes: readonly Scope[], detail: ProcessDetail = DETAIL): Promise<Told> {
  const caller: Caller = { address: '127.0.0.1', scopes, tokenToRead };
  const context = { processDetail: async () => ({ detail, connections: CONNECTIONS }) } as unknown as RouteContext;
  const query = new URLSearchParams('pid=7&startedAfterBoot=1');
  const { body } = await PROCESS_DETAIL.answer(context, { query, accept: '', caller });
  expect(String(body)).not.toContain('told-to-nobody');
  return JSON.parse(String(body)) as Told;
}

test('who brought a token is told all but the environment', async () => {
  for (const told of [await toldTo(true, ['read']), await toldTo(false, ['read', 'act'])]) {
    const gap = { field: 'environment', reason: 'permission', detail: expect.any(String) };
    expect(told).toEqual({ detail: { ...DETAIL, environment: null, gaps: [...DETAIL.gaps, gap] }, connections: CONNECTIONS });
  }
});

test('who brought none is told what the kernel tells everybody, and nothing of how much there is of the rest', async () => {
  const { detail, connections } = await toldTo(false, ['read']);
  expect(connections).toBeNull();
  for (const field of Object.keys(GUARDED)) expect(detail[field as keyof ProcessDetail], field).toBeNull();
  expect(detail).toMatchObject({ pid: 7, arguments: DETAIL.arguments, threads: DETAIL.threads });
  // What was not known anyway keeps its own reason.
  const guarded = Object.keys(GUARDED).filter((field) => field !== 'pages');
  expect(detail.gaps.map(({ field }) => field).sort()).toEqual(['environment', 'ioPriority', ...guarded].sort());
});

test('lists that are not known, or empty, are what they are', async () => {
  const none = { ...DETAIL, descriptors: null, threads: [] };
  expect((await toldTo(true, ['read'], none)).detail).toMatchObject({ descriptors: null, threads: [] });
});
