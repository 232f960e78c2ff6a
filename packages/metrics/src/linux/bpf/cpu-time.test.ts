import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjustCpuTime } from './cpu-time.ts';

const adjusted = (exec: number, user: number, system: number, given: [number, number] = [0, 0]): [number, number] => {
  const time = { user: given[0], system: given[1] };
  adjustCpuTime(exec, user, system, time);
  return [time.user, time.system];
};

test('ticks split the exact time in their proportion', () => {
  expect(adjusted(1000, 30, 10)).toEqual([750, 250]);
  expect(adjusted(1000, 0, 0)).toEqual([1000, 0]);
  expect(adjusted(1000, 5, 0)).toEqual([1000, 0]);
  expect(adjusted(1000, 0, 5)).toEqual([0, 1000]);
});

test('neither part goes back', () => {
  expect(adjusted(1000, 30, 10, [700, 290])).toEqual([710, 290]);
  expect(adjusted(1000, 10, 30, [600, 100])).toEqual([600, 400]);
  expect(adjusted(900, 30, 10, [700, 290])).toEqual([700, 290]);
});

test('both parts are all of the exact time, as whole numbers give it', () => {
  const nanoseconds = fc.maxSafeNat();
  fc.assert(
    fc.property(nanoseconds, fc.integer({ min: 1, max: 2 ** 50 }), fc.integer({ min: 1, max: 2 ** 50 }), (exec, user, system) => {
      const [inUser, inSystem] = adjusted(exec, user, system);
      expect(inUser + inSystem).toBe(exec);
      const exact = Number((BigInt(system) * BigInt(exec)) / BigInt(system + user));
      expect(Math.abs(inSystem - exact)).toBeLessThanOrEqual(1 + exec / 2 ** 51);
    }),
  );
});
