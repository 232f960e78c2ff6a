import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRetryAfter, retryDelay } from './retry.ts';

test('the bound doubles from 1 s to 5 min, and the wait is anything from 1 s to it', () => {
  expect([1, 2, 3, 8, 9, 1000].map((failures) => retryDelay(failures, 1))).toEqual([2, 4, 8, 256, 300, 300]);
  expect([1, 2, 9].map((failures) => retryDelay(failures, 0))).toEqual([1, 1, 1]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const delay = retryDelay(failures, random);
      expect(delay).toBeGreaterThanOrEqual(1);
      expect(delay).toBeLessThanOrEqual(300);
    }),
  );
});

test('a server that asks for more time gets it, up to an hour', () => {
  expect(retryDelay(1, 0, 42)).toBe(42);
  expect(retryDelay(9, 1, 42)).toBe(300);
  expect(retryDelay(1, 0, 1e12)).toBe(3600);
});

test.each([
  [undefined, undefined],
  ['120', 120],
  [' 0 ', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 100],
  ['Wed, 21 Oct 2020 07:28:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1e9', undefined],
  ['', undefined],
])('Retry-After %j means %j seconds', (header, seconds) => {
  expect(parseRetryAfter(header, Date.UTC(2026, 9, 21, 7, 26, 20) / 1000)).toBe(seconds);
});
