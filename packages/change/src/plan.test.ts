import { expect, test } from 'vitest';
import { openHandlers } from './actions/index.ts';
import { parsePlan } from './plan.ts';

const handlers = openHandlers();
const change = (action: unknown): unknown => ({ action, why: 'because', source: 'here' });
const plan = (...changes: unknown[]): unknown => ({ component: 'test', title: 'a test', changes });
const swappiness = { kind: 'sysctl', key: 'vm.swappiness', value: '10' };

test('a plan of plain data: changes are live unless they say otherwise', () => {
  expect(parsePlan(plan(change(swappiness)), handlers)).toEqual({
    component: 'test',
    title: 'a test',
    changes: [{ action: swappiness, why: 'because', source: 'here', risk: 'live' }],
  });
});

test.each([
  [null, 'A plan is an object with a list of changes.'],
  [{ component: 'test', title: 'x', changes: 3 }, 'A plan is an object with a list of changes.'],
  [{ ...(plan() as object), title: ' ' }, 'The plan has no title.'],
  [plan({ why: 'x', source: 'x' }), 'Change 1 has no action.'],
  [plan(change({ kind: 'magic' })), '"magic" is no kind of change.'],
  [plan({ action: swappiness, source: 'x' }), 'Change 1 has no why.'],
  [plan({ action: swappiness, why: 'x', source: 'x', risk: 'none' }), 'Change 1 has an unknown risk "none".'],
  [plan(change(swappiness), change({ ...swappiness, value: '20' })), 'One plan changes vm.swappiness twice.'],
  // Two names of one thing.
  [
    plan(
      change({ kind: 'sysctl', key: 'vm.dirty_ratio', value: '10' }),
      change({ kind: 'sysctl', key: 'vm.dirty_bytes', value: '1048576' }),
    ),
    'One plan changes vm.dirty_ratio, vm.dirty_bytes twice.',
  ],
  [
    plan(change({ kind: 'file', path: '/etc/x', content: '' }), change({ kind: 'link', path: '/etc/x', target: 'y' })),
    'One plan changes /etc/x twice.',
  ],
])('%j: %s', (raw, sentence) => {
  expect(() => parsePlan(raw, handlers)).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence }));
});
