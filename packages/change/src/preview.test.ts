import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HecateError } from '@hecate/host';
import type { Action } from './action.ts';
import { createWritableTree, pictureOf } from './actions/tree-picture.testing.ts';
import type { WritableTree } from './actions/tree-picture.testing.ts';
import { simpleHandlers } from './crash/handlers.testing.ts';
import { openEngine } from './engine.ts';
import type { ActionHandler } from './handler.ts';
import type { Plan } from './plan.ts';

let tree: WritableTree;
beforeEach(() => {
  tree = createWritableTree({ '/sys/one': '1\n', '/sys/two': '2\n', '/etc/file': 'text\n' });
});
afterEach(() => tree.remove());

const set = (file: string, value: string): Action => ({ kind: 'sysfs', path: file, value });
const planOf = (...actions: Action[]): Plan => ({
  component: 'test',
  title: 'test',
  changes: actions.map((action) => ({ action, why: 'It is tried.', source: 'test', risk: 'live' })),
});
const engineWith = (more: Partial<ActionHandler> = {}): ReturnType<typeof openEngine> => {
  const sysfs = { ...simpleHandlers.get('sysfs')!, ...more };
  return openEngine({
    host: tree.host,
    handlers: new Map([...simpleHandlers, ['sysfs', sysfs]]),
    directory: path.join(tree.directory, 'journal'),
  });
};

describe('a preview', () => {
  it('says what would be changed from what to what, and changes nothing', async () => {
    const before = pictureOf(tree.directory);
    const steps = await engineWith({ sideEffect: () => 'It does more.' }).preview(planOf(set('/sys/one', '1'), set('/sys/two', '5')));
    expect(steps.map(({ target, verdict, was, wanted, sideEffect }) => [target, verdict, was, wanted, sideEffect])).toEqual([
      ['/sys/one', 'same', '1', '1', 'It does more.'],
      ['/sys/two', 'change', '2', '5', 'It does more.'],
    ]);
    expect(pictureOf(tree.directory)).toEqual(before);
  });

  it('names every obstacle with its code, and goes on behind it', async () => {
    const check = (_host: unknown, { path: file }: { path: string }): void => {
      if (file === '/sys/two') throw new HecateError('DENIED', 'Two may not be written.');
    };
    const steps = await engineWith({ check: check as unknown as ActionHandler['check'] }).preview(
      planOf(set('/sys/none', '1'), set('/sys/two', '5'), set('/sys/one', '7')),
    );
    expect(steps.map(({ verdict, obstacle }) => [verdict, obstacle?.code ?? null])).toEqual([
      ['impossible', 'UNAVAILABLE'],
      ['impossible', 'DENIED'],
      ['change', null],
    ]);
  });

  it.each([
    ['EACCES', 'DENIED'],
    ['EROFS', 'DENIED'],
    ['ENODEV', 'UNAVAILABLE'],
    ['EIO', 'FAILED'],
  ])('takes %s of the system for %s', async (errno, code) => {
    const fail = (): never => {
      throw Object.assign(new Error(`${errno}: it was wanted so`), { code: errno });
    };
    expect((await engineWith({ current: fail }).preview(planOf(set('/sys/one', '7'))))[0]?.obstacle?.code).toBe(code);
  });

  it('does not take a defect for an obstacle', async () => {
    const fail = (): never => {
      throw new TypeError('a defect');
    };
    await expect(engineWith({ current: fail }).preview(planOf(set('/sys/one', '7')))).rejects.toThrow(TypeError);
  });
});

describe('a plan with an obstacle', () => {
  it.each<[string, Plan, string]>([
    ['a thing that is not there', planOf(set('/sys/one', '7'), set('/sys/none', '1')), 'UNAVAILABLE'],
    ['the same thing twice', planOf(set('/sys/one', '7'), set('/sys/one', '8')), 'INVALID'],
    ['a kind that nobody handles', planOf(set('/sys/one', '7'), { kind: 'module', module: 'dummy', loaded: true }), 'INVALID'],
  ])('is refused before anything is written or journalled: %s', async (_, plan, code) => {
    const engine = engineWith();
    await expect(engine.apply(plan)).rejects.toMatchObject({ code });
    expect(tree.read('/sys/one')).toBe('1\n');
    expect(readdirSync(path.join(tree.directory, 'journal'))).toEqual([]);
    expect(engine.list()).toEqual([]);
  });

  it('says how many more there are', async () => {
    const refusal = engineWith().apply(planOf(set('/sys/none', '1'), set('/sys/nothing', '1'), set('/sys/one', '7')));
    await expect(refusal).rejects.toMatchObject({ hint: 'Nothing was changed. 1 more change is impossible too.' });
  });
});
