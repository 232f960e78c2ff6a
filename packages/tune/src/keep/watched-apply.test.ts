import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Snapshot } from '@hecate/metrics';
import { createTunedTree, planOf } from './tree.testing.ts';
import type { TunedTree } from './tree.testing.ts';
import { applyWatched } from './watched-apply.ts';
import type { WatchedApplyOptions } from './watched-apply.ts';

let tree: TunedTree;
beforeEach(() => {
  tree = createTunedTree({ 'vm.swappiness': '60' });
});
afterEach(() => tree.remove());

const plan = planOf('profile server', { 'vm.swappiness': '10' });
const snapshot = {} as Snapshot;
const options = (more: Partial<WatchedApplyOptions> = {}): WatchedApplyOptions => ({
  look: () => Promise.resolve(snapshot),
  judge: () => ({ healthy: true, reason: null }),
  seconds: 0.05,
  guard: () => Promise.resolve(),
  ...more,
});

test('a machine that stays well keeps the plan', async () => {
  const transaction = await applyWatched(tree.engine, plan, options());
  expect(transaction.phase).toBe('active');
  expect(tree.read('vm.swappiness')).toBe('10');
});

test('a machine that gets worse gets everything back, with the reason', async () => {
  const judge = (): { healthy: boolean; reason: string } => ({ healthy: false, reason: 'Memory ran out.' });
  await expect(applyWatched(tree.engine, plan, options({ judge }))).rejects.toMatchObject({
    code: 'ROLLED_BACK',
    message: 'Memory ran out.',
  });
  expect(tree.read('vm.swappiness')).toBe('60');
  expect(tree.engine.show(1)).toMatchObject({ phase: 'ended', why: 'Memory ran out.' });
});

test('nothing is kept that nobody could judge: a signal, or a look that fails', async () => {
  const ending = new AbortController();
  const stopped = applyWatched(tree.engine, plan, options({ seconds: 60, signal: ending.signal }));
  await expect.poll(() => tree.read('vm.swappiness')).toBe('10');
  ending.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'ROLLED_BACK' });
  expect(tree.read('vm.swappiness')).toBe('60');
  let looks = 0;
  const look = (): Promise<Snapshot> => (looks++ === 0 ? Promise.resolve(snapshot) : Promise.reject(new Error('no /proc')));
  await expect(applyWatched(tree.engine, plan, options({ look }))).rejects.toMatchObject({
    code: 'ROLLED_BACK',
    message: expect.stringContaining('no /proc'),
  });
  expect(tree.read('vm.swappiness')).toBe('60');
});

test('a guard that cannot start: nothing is changed', async () => {
  const guard = (): Promise<void> => Promise.reject(new Error('no guard'));
  await expect(applyWatched(tree.engine, plan, options({ guard }))).rejects.toMatchObject({ message: 'no guard' });
  expect(tree.read('vm.swappiness')).toBe('60');
});
