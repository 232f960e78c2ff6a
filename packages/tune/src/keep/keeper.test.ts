import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepTuned } from './keeper.ts';
import type { KeeperOptions, TuneEvent } from './keeper.ts';
import { createTunedTree, planOf } from './tree.testing.ts';
import type { TunedTree } from './tree.testing.ts';

let tree: TunedTree;
let ending: AbortController;
let events: TuneEvent[];
beforeEach(() => {
  tree = createTunedTree({ 'vm.swappiness': '60', 'vm.page-cluster': '3' });
  ending = new AbortController();
  events = [];
});
afterEach(() => tree.remove());

const keep = (options: Partial<KeeperOptions> = {}): Promise<void> =>
  keepTuned({
    engine: tree.engine,
    plan: null,
    apply: (plan) => tree.engine.apply(plan, { replace: true }),
    settle: 0,
    period: 0.05,
    say: (event) => events.push(event),
    signal: ending.signal,
    ...options,
  });
const kinds = (): string[] => events.map(({ kind }) => kind);

test('brings a plan in force once, and finds it in force at the next start', async () => {
  const plan = (): Promise<ReturnType<typeof planOf>> => Promise.resolve(planOf('profile server', { 'vm.swappiness': '10' }));
  const first = keep({ plan });
  await expect.poll(kinds).toEqual(['tuned']);
  ending.abort();
  await first;
  expect(tree.read('vm.swappiness')).toBe('10');
  expect(events).toMatchObject([{ kind: 'tuned', title: 'profile server', changes: 1, isNew: true }]);
  ending = new AbortController();
  const second = keep({ plan });
  await expect.poll(kinds).toEqual(['tuned', 'tuned']);
  ending.abort();
  await second;
  expect(events[1]).toMatchObject({ id: 1, isNew: false });
  expect(tree.engine.list()).toHaveLength(1);
});

test('a new plan takes the place of the old one, and rolling it back brings the first values', async () => {
  await tree.engine.apply(planOf('profile server', { 'vm.swappiness': '10', 'vm.page-cluster': '0' }));
  const done = keep({ plan: () => Promise.resolve(planOf('profile latency', { 'vm.swappiness': '1' })) });
  await expect.poll(kinds).toEqual(['tuned']);
  ending.abort();
  await done;
  expect([tree.read('vm.swappiness'), tree.read('vm.page-cluster')]).toEqual(['1', '3']);
  await tree.engine.rollBack(2);
  expect([tree.read('vm.swappiness'), tree.read('vm.page-cluster')]).toEqual(['60', '3']);
});

test('drift is told once for each value, and again after it was put right', async () => {
  await tree.engine.apply(planOf('profile server', { 'vm.swappiness': '10' }));
  const done = keep();
  tree.write('vm.swappiness', '33');
  await expect.poll(kinds).toEqual(['drift']);
  tree.write('vm.swappiness', '34');
  await expect.poll(kinds).toEqual(['drift', 'drift']);
  tree.write('vm.swappiness', '10');
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  tree.write('vm.swappiness', '33');
  await expect.poll(kinds).toEqual(['drift', 'drift', 'drift']);
  ending.abort();
  await done;
  expect(events[0]).toMatchObject({ kind: 'drift', id: 1, target: 'vm.swappiness' });
  expect(tree.read('vm.swappiness')).toBe('33');
});

test('a plan that cannot be made or applied is told, and the watch goes on', async () => {
  const done = keep({ plan: () => Promise.resolve(planOf('profile odd', { 'vm.swappiness': 'eleven' })) });
  await expect.poll(kinds).toEqual(['refused']);
  await tree.engine.apply(planOf('by hand', { 'vm.swappiness': '10' }));
  tree.write('vm.swappiness', '33');
  await expect.poll(kinds).toEqual(['refused', 'drift']);
  ending.abort();
  await done;
  expect(events[0]).toMatchObject({ title: 'profile odd', reason: expect.stringContaining('vm.swappiness') });
});

test('what was not confirmed in time is rolled back at the start', async () => {
  await tree.engine.apply(planOf('by hand', { 'vm.swappiness': '10' }), { confirm: 0.01 });
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  const done = keep();
  await expect.poll(kinds).toEqual(['recovered']);
  ending.abort();
  await done;
  expect(tree.read('vm.swappiness')).toBe('60');
  expect(events).toMatchObject([{ id: 1, failures: [] }]);
});
