import { openHost, openWritableHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModuleAction } from '../action.ts';
import { DUMMY, MODPROBE, openModules, OTHERS } from './module.cases.testing.ts';
import { module } from './module.ts';
import { isSameParameter } from './module/kernel-module.ts';
import { createMachine } from './machine.testing.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';

const load = (name: string, parameters?: Record<string, string>): ModuleAction => ({
  kind: 'module',
  module: name,
  loaded: true,
  ...(parameters && { parameters }),
});
const unload = (name: string): ModuleAction => ({ kind: 'module', module: name, loaded: false });

test.each([
  ['a path', { module: '../evil', loaded: true }],
  ['an option', { module: '--remove', loaded: true }],
  ['two parameters in one', { module: 'a', loaded: true, parameters: { x: '1 y=2' } }],
  ['a name with a value in it', { module: 'a', loaded: true, parameters: { 'x=1 y': '2' } }],
  ['parameters to unload with', { module: 'a', loaded: false, parameters: { x: '1' } }],
  ['no parameters at all', { module: 'a', loaded: true, parameters: {} }],
])('%s is refused', (_name, raw) => {
  expect(refusalOf(module, raw)).toMatch(/^INVALID /);
});

test('dashes and underscores are one name', () => {
  expect(module.target(module.parse({ kind: 'module', module: 'nls-cp437', loaded: true }))).toBe('nls_cp437');
});

test.each([
  ['one that is in use by another', OTHERS, unload('mbcache'), 'CONFLICT The module mbcache is in use by ext4, and cannot be unloaded.'],
  ['one that is in use by programs', OTHERS, unload('ext4'), 'CONFLICT The module ext4 is in use 1 times, and cannot be unloaded.'],
  ['one that is going', 'ext4 8 0 - Unloading 0x0\n', unload('ext4'), 'CONFLICT The module ext4 is just being unloaded.'],
  ['a part of the kernel', OTHERS, unload('loop'), 'UNSUPPORTED loop is built into this kernel, and cannot be unloaded.'],
  ['one that there is not', OTHERS, load('nothing'), 'UNAVAILABLE This kernel has no module nothing.'],
  [
    'one with other parameters',
    `${OTHERS}${DUMMY}`,
    load('dummy', { numdummies: '2' }),
    'CONFLICT The module dummy is loaded already, with numdummies=3.',
  ],
])('%s', async (_name, modules, action, sentence) => {
  const place = openModules(modules, { '/sys/module/dummy/parameters/numdummies': '3\n', '/sys/module/dummy/initstate': 'live\n' })();
  expect(await obstacleOf(module, place.host, action)).toBe(sentence);
  await place.close();
});

test('a part of the kernel is loaded already', async () => {
  const place = openModules(OTHERS)();
  for (const name of ['loop', 'nls_cp437']) {
    const was = await module.current(place.host, load(name));
    expect(was).toEqual({ loaded: true, parameters: {} });
    expect(await module.wanted(load(name), was, place.host)).toEqual(was);
  }
  await place.close();
});

test('a kernel that takes no modules', async () => {
  const tree = createWritableTree({ '/proc/sys/kernel/osrelease': '6.1.0\n', '/sys/module/loop/parameters/max_loop': '8\n' });
  expect(await obstacleOf(module, tree.host, load('dummy'))).toBe(
    'UNAVAILABLE This kernel takes no modules, and dummy is not built into it.',
  );
  expect(await module.current(tree.host, load('loop'))).toEqual({ loaded: true, parameters: {} });
  expect(await obstacleOf(module, tree.host, unload('loop'))).toMatch(/^UNSUPPORTED loop is built into/);
  tree.remove();
});

test('no right to load modules', async () => {
  const place = createMachine(
    { '/proc/modules': '', '/proc/sys/kernel/osrelease': '6.1.0\n', '/proc/self/status': 'CapEff:\t000001fffffeffff\n' },
    { modprobe: MODPROBE },
  );
  expect(await obstacleOf(module, place.host, load('dummy'))).toMatch(/^DENIED Loading a module takes the capability CAP_SYS_MODULE/);
  await place.close();
});

test('a modprobe that fails says why', async () => {
  const place = createMachine(
    { '/proc/modules': '', '/proc/sys/kernel/osrelease': '6.1.0\n' },
    { modprobe: 'echo "modprobe: ERROR: Key was rejected" >&2; exit 1' },
  );
  await expect(module.apply(place.host, load('dummy'), null)).rejects.toMatchObject({
    code: 'FAILED',
    message: 'modprobe dummy ended with status 1: modprobe: ERROR: Key was rejected',
  });
  await place.close();
});

test('how the kernel shows what it was given', () => {
  expect(['1', 'y', 'Y', 'yes', 'on'].every((given) => isSameParameter('Y', given))).toBe(true);
  expect(['0', 'n', 'N', 'off'].every((given) => isSameParameter('N', given) && !isSameParameter('Y', given))).toBe(true);
  expect(isSameParameter('a', 'b')).toBe(false);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.bigInt({ min: 0n, max: 2n ** 64n }), (one, other) => {
      expect(isSameParameter(String(one), `0x${one.toString(16)}`)).toBe(true);
      expect(isSameParameter(String(one), String(other))).toBe(one === other);
    }),
  );
});

test('this machine: what is there is seen, and looking changes nothing', async () => {
  const host = openWritableHost(openHost());
  // Every Linux has it, as a part or as a module.
  const seen = await module.current(host, load('kernel'));
  expect(seen).toEqual({ loaded: true, parameters: {} });
});
