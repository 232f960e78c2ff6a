import { openRootedHost } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTree } from '../linux/rooted-tree.testing.ts';
import { DEFAULT_EVENT_KINDS, EVENT_KIND_NAMES, EVENT_KINDS } from './event-kinds.ts';
import type { EventKind } from './event.ts';
import { createStallWatch, parsePressureTrigger } from './pressure-trigger.ts';
import { watchEvents } from './watch-events.ts';
import { planWatch } from './watch-plan.ts';

const invalid = (message: RegExp | string): unknown =>
  expect.objectContaining({ code: 'INVALID', message: expect.stringMatching(message), hint: expect.any(String) });

describe('what is watched', () => {
  test('by default all that needs nothing more to be said', () => {
    const { kinds, pressure, processes } = planWatch({});
    expect([...kinds]).toEqual(DEFAULT_EVENT_KINDS);
    for (const kind of ['pressure', 'process-exit', 'process'] as const) expect(kinds.has(kind)).toBe(false);
    expect([pressure, processes]).toEqual([[], []]);
  });

  test('thresholds and processes add their kinds; pressure alone has thresholds of its own', () => {
    const trigger = parsePressureTrigger('memory=full:100ms/2s');
    expect([...planWatch({ only: ['link'], pressure: [trigger], pids: [1] }).kinds]).toEqual(['link', 'pressure', 'process-exit']);
    expect(planWatch({ only: [], pids: [7, { pid: 8, startedAfterBoot: 1.5 }] }).processes).toEqual([
      { pid: 7 },
      { pid: 8, startedAfterBoot: 1.5 },
    ]);
    expect(planWatch({ only: ['pressure'] }).pressure.map(({ resource }) => resource)).toEqual(['cpu', 'io', 'memory']);
  });

  test('nonsense is refused at the call', () => {
    expect(() => planWatch({ only: ['nonsense' as EventKind] })).toThrow(invalid('no event "nonsense"'));
    expect(() => planWatch({ only: ['toString' as EventKind] })).toThrow(invalid('no event'));
    expect(() => planWatch({ only: [] })).toThrow(invalid('Nothing'));
    expect(() => planWatch({ only: ['process-exit'] })).toThrow(invalid('needs the processes'));
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31])
      expect(() => planWatch({ pids: [pid] })).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });

  test('a machine of files has no events', () => {
    const tree = createTree({});
    try {
      expect(() => watchEvents(openRootedHost(tree.directory))).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
      expect(() => watchEvents({ ...tree.host, kind: 'real', platform: 'freebsd' })).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED' }),
      );
    } finally {
      tree.remove();
    }
  });

  test('every kind is declared for people', () => {
    for (const kind of EVENT_KIND_NAMES) {
      expect(EVENT_KINDS[kind].help.length, kind).toBeLessThanOrEqual(60);
      expect(kind.length).toBeLessThanOrEqual(15);
    }
  });
});

describe('thresholds of pressure', () => {
  test('are read from text', () => {
    expect(parsePressureTrigger('memory=some:150ms/2s')).toEqual({ resource: 'memory', stall: 'some', threshold: 0.15, window: 2 });
    expect(parsePressureTrigger('io=full:500000us/1.5s@/a b.slice/@x')).toEqual({
      resource: 'io',
      stall: 'full',
      threshold: 0.5,
      window: 1.5,
      cgroup: '/a b.slice/@x',
    });
    expect(parsePressureTrigger('cpu=full:1s/2s@/x').stall).toBe('full');
  });

  test.each([
    ['', 'not understood'],
    ['memory', 'not understood'],
    ['memory=some:150/2s', 'not understood'],
    ['memory=some:150ms/2s@relative', 'not understood'],
    ['disk=some:150ms/2s', 'no pressure of "disk"'],
    ['memory=any:150ms/2s', 'no stall "any"'],
    ['memory=some:0ms/2s', 'more than 0'],
    ['memory=some:3s/2s', 'at most as long'],
    ['memory=some:1ms/400ms', '0.5 to 10'],
    ['memory=some:1s/11s', '0.5 to 10'],
    ['irq=some:1s/2s', 'only as full'],
    ['cpu=full:1s/2s', 'control group only'],
    ['memory=some:1s/2s@/a/../../etc', 'path from the root'],
  ])('%j is refused', (text, why) => expect(() => parsePressureTrigger(text)).toThrow(invalid(why)));

  test('any text is a threshold that makes sense, or refused', () => {
    const part = fc.constantFrom(
      'memory',
      'cpu',
      '=',
      'some',
      'full',
      ':',
      '1',
      '0',
      '.',
      'ms',
      's',
      '/',
      '@',
      '/g',
      ' ',
      '\n',
      '9'.repeat(20),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            const { threshold, window } = parsePressureTrigger(text);
            expect(threshold > 0 && threshold <= window && window <= 10).toBe(true);
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID' });
          }
        },
      ),
    );
  });
});

describe('looking instead of being told', () => {
  const watch = (): ReturnType<typeof createStallWatch> => createStallWatch({ threshold: 0.5, window: 2 });

  test('waiting within a window crosses the threshold, the same waiting over a longer time does not', () => {
    const quick = watch();
    expect([0, 0.2, 0.4, 0.6].map((total, time) => quick.read(total, time))).toEqual([false, false, false, false]);
    const dense = watch();
    expect([0, 0.3, 0.6, 0.7].map((total, time) => dense.read(total, time))).toEqual([false, false, true, false]);
  });

  test('there is at most one event a window, and steps longer than the window are measured by their own length', () => {
    const busy = watch();
    const fired = Array.from({ length: 11 }, (_, time) => busy.read(time, time)).filter(Boolean);
    expect(fired.length).toBeLessThanOrEqual(10);
    const slow = watch();
    expect([slow.read(0, 0), slow.read(0.6, 10), slow.read(3.2, 20)]).toEqual([false, false, true]);
  });

  test('a counter that went back starts anew', () => {
    const other = watch();
    expect([other.read(100, 0), other.read(1, 1), other.read(1.1, 2)]).toEqual([false, false, false]);
  });
});
