import { expect, test } from 'vitest';
import type { CollectorName } from '@hecate/metrics';
import { createAttention } from './attention.ts';

function openRoom(platform: NodeJS.Platform = 'darwin') {
  let now = 1000;
  const clock = { now: () => now, monotonic: () => now };
  const attention = createAttention({ clock, platform }, new Set<CollectorName>(['sensors']));
  return { attention, pass: (seconds: number) => void (now += seconds) };
}

test('while nobody asks anything, what is dear is read rarely, and what is cheap at each tick', () => {
  const { attention, pass } = openRoom();
  const periods = () =>
    (['sensors', 'processes', 'cpu', 'energy'] as const).map((name) => attention.demand(name, name === 'sensors' ? 'slow' : 'fast'));
  expect(periods()).toEqual([0, 5, 0, 0]);
  pass(89);
  expect(periods()).toEqual([0, 5, 0, 0]);
  pass(1);
  expect(periods()).toEqual([30, 5, 0, 0]);
  attention.look();
  expect(periods()).toEqual([0, 5, 0, 0]);
});

test('what a program measures for a second is measured once a minute, until somebody asks anything', () => {
  const { attention, pass } = openRoom();
  expect(attention.demand('energy', 'slow')).toBe(0);
  pass(90);
  expect(attention.demand('energy', 'slow')).toBe(60);
  expect(attention.demand('energy', 'fast')).toBe(0);
  // Other programs only tell: they end at once.
  expect(attention.demand('memory', 'slow')).toBe(0);
  attention.look('processes');
  expect(attention.demand('energy', 'slow')).toBe(0);
  const linux = openRoom('linux');
  linux.pass(90);
  expect(linux.attention.demand('frequency', 'slow')).toBe(0);
});

test('what somebody looks at is read at each tick, for ten seconds after each look', () => {
  const { attention, pass } = openRoom();
  pass(100);
  attention.look('processes');
  attention.look('sensors');
  pass(9.9);
  expect([attention.isWatched('processes'), attention.demand('processes', 'fast')]).toEqual([true, 0]);
  pass(0.1);
  expect([attention.isWatched('processes'), attention.demand('processes', 'fast')]).toEqual([false, 5]);
});
