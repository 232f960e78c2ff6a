import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { WritableHost } from '@hecate/host';
import type { UnitAction } from '../action.ts';
import { needsRoot } from './machine.testing.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import { unit } from './unit.ts';
import { openJob, openUnit } from './unit.cases.testing.ts';

const UNIT = 'x@1.service';
const actionOf = (wish: Omit<UnitAction, 'kind' | 'unit'>, name = UNIT): UnitAction => ({ kind: 'unit', unit: name, ...wish });

describe('refused:', () => {
  test.each([
    ['--now', { active: true }],
    ['-x.service', { active: true }],
    ['x', { active: true }],
    ['x.conf', { active: true }],
    ['a/b.service', { active: true }],
    ['x y.service', { active: true }],
    ['*.service', { active: true }],
    [`${'x'.repeat(250)}.service`, { active: true }],
    ['x@.service', { active: true }],
  ])('the name %s', (name, wish) => {
    expect(refusalOf(unit, { unit: name, ...wish })).toMatch(/^INVALID /);
  });

  test.each([
    [{}, /neither active nor enabled nor masked/],
    [{ enabled: true, masked: false }, /in one change/],
    [{ active: true, masked: true }, /cannot be started while it is masked/],
  ])('%j', (wish, sentence) => {
    expect(refusalOf(unit, { unit: UNIT, ...wish })).toMatch(sentence);
  });

  test('names of units that there are', () => {
    for (const name of ['irqbalance.service', 'dev-sda1.swap', 'getty@tty1.service', 'system-systemd\\x2dfsck.slice', 'a_b:c.timer']) {
      expect(unit.parse({ kind: 'unit', unit: name, active: true })).toEqual({ kind: 'unit', unit: name, active: true });
    }
  });
});

test('a machine without systemd, and one of files', async () => {
  const tree = createWritableTree();
  expect(await obstacleOf(unit, tree.host, actionOf({ active: true }))).toBe('UNAVAILABLE systemd does not run on this machine.');
  tree.write('/run/systemd/system', { directory: true });
  expect(await obstacleOf(unit, tree.host, actionOf({ active: true }))).toMatch(/^UNAVAILABLE systemctl cannot be run on a machine/);
  tree.remove();
});

test('a unit that there is not', async () => {
  const place = openUnit(UNIT, 'active', 'enabled');
  expect(await obstacleOf(unit, place.host, actionOf({ active: true }, 'other.service'))).toBe(
    'UNAVAILABLE There is no unit other.service on this machine.',
  );
  await place.close();
});

test.each([
  ['static', /neither enabled nor disabled/],
  ['indirect', /another unit only/],
  ['generated', /made by a generator/],
  ['transient', /gone after a boot/],
  ['alias', /use its own name/],
  ['linked', /would lose it/],
  ['masked', /is masked/],
  ['bad', /cannot read/],
  ['', /no file that could be enabled/],
])('a unit that is "%s" cannot be enabled', async (file, sentence) => {
  const place = openUnit(UNIT, 'inactive', file);
  const refusal = await obstacleOf(unit, place.host, actionOf({ enabled: true }));
  expect(refusal).toMatch(/^INVALID x@1\.service /);
  expect(refusal).toMatch(sentence);
  await place.close();
});

test('what is enabled until the next boot only cannot be disabled, for that could not be brought back', async () => {
  const place = openUnit(UNIT, 'inactive', 'enabled-runtime');
  expect(await obstacleOf(unit, place.host, actionOf({ enabled: false }))).toMatch(/^INVALID .*next boot only/);
  await place.close();
});

test.skipIf(Boolean(needsRoot))('a masked unit cannot be started (needs root)', async () => {
  const place = openUnit(UNIT, 'inactive', 'masked');
  expect(await obstacleOf(unit, place.host, actionOf({ active: true }))).toBe('CONFLICT x@1.service is masked: it cannot be started.');
  expect(await obstacleOf(unit, place.host, actionOf({ active: true, masked: false }))).toBe(null);
  await place.close();
});

test.skipIf(!needsRoot)('who is not root is told so (needs a user who is not root)', async () => {
  const place = openUnit(UNIT, 'inactive', 'disabled');
  expect(await obstacleOf(unit, place.host, actionOf({ active: true }))).toBe('DENIED Only root may change the unit x@1.service.');
  await place.close();
});

test('a unit that is starting is waited for', async () => {
  const place = openUnit(UNIT, 'active', 'static', { [`/units/${UNIT}/slow`]: '3\n' });
  expect(await unit.current(place.host, actionOf({ active: true }))).toEqual({ active: true });
  const calls = readFileSync(`${place.directory}.bin/calls`, 'utf8').trim().split('\n');
  expect(calls).toEqual(Array(4).fill(`--no-pager show --property=LoadState,ActiveState,SubState,UnitFileState -- ${UNIT}`));
  await place.close();
});

test('what forbids running comes last when it is made, and goes first', async () => {
  const place = openUnit(UNIT, 'active', 'enabled');
  const verbs = (): string[] =>
    readFileSync(`${place.directory}.bin/calls`, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => !line.includes(' show '))
      .map((line) => line.replace('--no-ask-password --quiet ', ''));
  const action = actionOf({ active: false, masked: true });
  const was = await unit.current(place.host, action);
  await unit.apply(place.host, action, was);
  await unit.restore(place.host, action, was);
  expect(verbs()).toEqual([`stop -- ${UNIT}`, `mask -- ${UNIT}`, `unmask -- ${UNIT}`, `start -- ${UNIT}`]);
  await place.close();
});

test('what systemd complains of is told', async () => {
  const place = openUnit(UNIT, 'inactive', 'enabled');
  // Masked by somebody else between the look and the start.
  writeFileSync(path.join(place.directory, 'units', UNIT, 'file'), 'masked\n');
  await expect(unit.apply(place.host, actionOf({ active: true }), { active: false })).rejects.toMatchObject({
    code: 'FAILED',
    message: `systemctl --no-ask-password --quiet start -- ${UNIT} ended with status 1: Failed to start ${UNIT}: Unit ${UNIT} is masked.`,
  });
  await place.close();
});

test('a job of launchd: not masked, not on Linux, and only one that has a file', async () => {
  expect(refusalOf(unit, { unit: 'a.b.plist', masked: true })).toMatch(/^INVALID a.b.plist cannot be masked/);
  const place = openJob('a.b', false, null);
  const linux: WritableHost = { ...place.host, platform: 'linux' };
  expect(await obstacleOf(unit, linux, actionOf({ active: true }, 'a.b.plist'))).toMatch(/^UNSUPPORTED a.b.plist is no unit/);
  expect(await obstacleOf(unit, place.host, actionOf({ active: true }, 'other.plist'))).toMatch(/^UNAVAILABLE There is no job other.plist/);
  await place.close();
  // As systems before macOS 13 write it.
  const old = openJob('a.b', false, 'true');
  expect(await unit.current(old.host, actionOf({ enabled: true }, 'a.b.plist'))).toEqual({ enabled: false });
  await old.close();
});

test('one that systemd starts again and again is one that runs, and is not waited for', async () => {
  const place = openUnit(UNIT, 'activating\nSubState=auto-restart', 'static');
  expect(await unit.current(place.host, actionOf({ active: true }))).toEqual({ active: true });
  await place.close();
});

test('one whose file comes in the same plan is not started and not enabled yet', async () => {
  const place = openUnit(UNIT, 'active', 'enabled');
  const action = unit.parse({ kind: 'unit', unit: 'new.service', active: true, enabled: true, made: true });
  const was = await unit.current(place.host, action);
  expect(was).toEqual({ active: false, enabled: false });
  expect(await unit.wanted(action, was, place.host)).toEqual({ active: true, enabled: true });
  await place.close();
});
