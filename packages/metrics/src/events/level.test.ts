import { describe, expect, test } from 'vitest';
import type { ResourcePressure } from '../domain/pressure.ts';
import { clockChanges } from './clock-change.ts';
import type { MemoryPressureLevel } from './event.ts';
import { memoryPressureLevel } from './memory-pressure.ts';
import { createThrottleWatch } from './throttle.ts';

describe('levels of memory pressure', () => {
  const shares = (some: number, full: number): ResourcePressure => {
    const stall = (avg10: number): ResourcePressure['some'] => ({ avg10, avg60: 0, avg300: 0, total: 0 });
    return { some: stall(some), full: stall(full) };
  };
  const follow = (steps: readonly (readonly [some: number, full: number])[]): MemoryPressureLevel[] => {
    let level: MemoryPressureLevel = 'normal';
    return steps.map(([some, full]) => (level = memoryPressureLevel(shares(some, full), level)));
  };

  test('rise at once and fall late', () => {
    expect(
      follow([
        [0.09, 0],
        [0.1, 0],
        [0.06, 0],
        [0.04, 0],
        [0.06, 0],
      ]),
    ).toEqual(['normal', 'warning', 'warning', 'normal', 'normal']);
    expect(
      follow([
        [0.5, 0.1],
        [0.5, 0.06],
        [0.5, 0.04],
        [0, 0],
      ]),
    ).toEqual(['critical', 'critical', 'warning', 'normal']);
    expect(
      follow([
        [0.3, 0.2],
        [0.01, 0.01],
      ]),
    ).toEqual(['critical', 'normal']);
  });

  test('a line that is missing is no pressure', () => {
    expect(memoryPressureLevel({ some: null, full: null }, 'critical')).toBe('normal');
  });
});

describe('throttling', () => {
  const point = (
    device: string,
    count: number | null,
    share: number | null = null,
  ): { device: string; count: number | null; share: number | null } => ({
    device,
    count,
    share,
  });

  test('a processor is throttled while its counter grows; what it counted before is old', () => {
    const watch = createThrottleWatch();
    expect(watch.look([point('cpu0 core', 7)], 'polling')).toEqual([]);
    expect(watch.look([point('cpu0 core', 9)], 'polling')).toEqual([
      { kind: 'throttle', change: 'on', device: 'cpu0 core', share: null, by: 'polling' },
    ]);
    expect(watch.look([point('cpu0 core', 10)], 'polling')).toEqual([]);
    expect(watch.look([point('cpu0 core', 10)], 'kernel', false)).toEqual([]);
    expect(watch.look([point('cpu0 core', 10)], 'polling')).toMatchObject([{ change: 'off' }]);
    expect(watch.look([point('cpu0 core', 3)], 'polling')).toEqual([]);
  });

  test('a cooling device is on while it is turned up, also at the first look', () => {
    const watch = createThrottleWatch();
    const device = 'cooling_device0 Processor';
    expect(watch.look([point(device, null, 0.3)], 'polling')).toMatchObject([{ change: 'on', share: 0.3 }]);
    expect(watch.look([point(device, null, 1)], 'kernel', false)).toEqual([]);
    expect(watch.look([point(device, null, 0)], 'kernel', false)).toMatchObject([{ change: 'off', share: 0, by: 'kernel' }]);
  });
});

describe('clocks', () => {
  const at = (wall: number, awake: number, boot: number): { wall: number; awake: number; boot: number } => ({ wall, awake, boot });

  test('time that just passes is no news', () => {
    expect(clockChanges(at(1000, 10, 20), at(4600.01, 3610, 3620))).toEqual([]);
  });

  test('setting and sleeping are told apart', () => {
    expect(clockChanges(at(1000, 10, 20), at(505, 15, 25))).toEqual([{ kind: 'clock', change: 'set', seconds: -500 }]);
    expect(clockChanges(at(1000, 10, 20), at(8205, 15, 7225))).toEqual([{ kind: 'clock', change: 'resumed', seconds: 7200 }]);
    expect(clockChanges(at(1000, 10, 20), at(8305, 15, 7225))).toEqual([
      { kind: 'clock', change: 'resumed', seconds: 7200 },
      { kind: 'clock', change: 'set', seconds: 100 },
    ]);
  });
});
