import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWindow } from './window.ts';
import type { WindowFunction } from './window.ts';

type Point = { readonly time: number; readonly value: number };

/** The same over a list of all points, those of the last `parts` parts. */
function slowly(use: WindowFunction, points: readonly Point[], now: number, parts: number, length: number): number | null {
  const last = Math.floor(now / length);
  const kept = points.filter(({ time }) => Math.floor(time / length) > last - parts);
  const values = kept.map(({ value }) => value);
  if (values.length === 0) return null;
  const sum = values.reduce((a, b) => a + b, 0);
  if (use === 'sum') return sum;
  if (use === 'change') {
    // A part is its first value.
    return points.at(-1)!.value - values[0]!;
  }
  if (new Set(kept.map(({ time }) => Math.floor(time / length))).size * 2 < parts) return null;
  return use === 'mean' ? sum / values.length : use === 'min' ? Math.min(...values) : Math.max(...values);
}

test('a window says what a list of all values would say, whatever comes when', () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 400 }), value: fc.option(fc.integer({ min: -1000, max: 1000 })) });
  fc.assert(
    fc.property(
      fc.constantFrom<WindowFunction>('mean', 'min', 'max', 'sum', 'change'),
      fc.integer({ min: 2, max: 80 }),
      fc.array(step, { maxLength: 200 }),
      (use, span, steps) => {
        const parts = Math.min(60, span);
        const window = createWindow(use, span, 1);
        const points: Point[] = [];
        let time = 1000;
        for (const { wait, value } of steps) {
          time += wait / 10;
          window.add(time, value);
          if (value !== null) points.push({ time, value });
          const said = window.read(time);
          const right = slowly(use, points, time, parts, span / parts);
          if (right === null) expect(said).toBeNull();
          else expect(said).toBeCloseTo(right, 9);
        }
      },
    ),
  );
});

test('a mean does not drift over a million values, and its memory does not grow', () => {
  const window = createWindow('mean', 600, 1);
  for (let time = 0; time < 1_000_000; time++) window.add(time, 1e9 + (time % 2) / 10);
  expect(window.read(999_999)).toBeCloseTo(1e9 + 0.05, 6);
});

test('the last value is forgotten when it becomes unknown', () => {
  const window = createWindow('last', 0, 1);
  expect(window.read(0)).toBeNull();
  window.add(1, 5);
  expect(window.read(1)).toBe(5);
  window.add(2, null);
  expect(window.read(2)).toBeNull();
});

test('a mean says nothing before half of its time is known', () => {
  const window = createWindow('mean', 600, 1);
  for (let time = 0; time < 280; time++) window.add(time, 100);
  expect(window.read(279)).toBeNull();
  for (let time = 280; time < 310; time++) window.add(time, 100);
  expect(window.read(309)).toBe(100);
});
