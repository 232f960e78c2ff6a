import { expect, test } from 'vitest';
import { createRateLimit, isLocal } from './limits.ts';

const clocked = (perSecond: number, atOnce: number) => {
  const clock = { time: 0 };
  return { clock, limit: createRateLimit({ perSecond, atOnce }, () => clock.time) };
};

test('so many at once, then as many as come back', () => {
  const { clock, limit } = clocked(2, 3);
  expect([1, 2, 3, 4].map(() => limit.take('192.0.2.1'))).toEqual([true, true, true, false]);
  clock.time += 0.5;
  expect([limit.take('192.0.2.1'), limit.take('192.0.2.1')]).toEqual([true, false]);
  clock.time += 1000;
  expect([1, 2, 3, 4].map(() => limit.take('192.0.2.1'))).toEqual([true, true, true, false]);
  expect(limit.take('192.0.2.2')).toBe(true);
  expect([limit.retryAfter, clocked(0.2, 1).limit.retryAfter]).toEqual([1, 5]);
});

test('an address of IPv4 is the same one in IPv6, and all of a /64 is one', () => {
  const { limit } = clocked(1, 1);
  expect([limit.take('192.0.2.1'), limit.take('::ffff:192.0.2.1')]).toEqual([true, false]);
  expect(['2001:db8::1', '2001:db8:0:0:ffff::1', '2001:db8:0:0::'].map((address) => limit.take(address))).toEqual([true, false, false]);
  expect([limit.take('2001:db8:0:1::1'), limit.take('::1')]).toEqual([true, true]);
});

test('a million addresses take no more memory than a few thousand, and those that wait go on waiting', () => {
  const { clock, limit } = clocked(1, 2);
  for (let index = 0; index < 3; index++) limit.take('192.0.2.1');
  for (let index = 0; index < 100_000; index++) {
    clock.time += 0.0001;
    limit.take(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    if (index % 1000 === 0) limit.take('192.0.2.1');
  }
  expect(clock.time).toBeLessThan(11);
  expect(limit.take('10.0.0.1')).toBe(true);
});

test.each([
  ['127.0.0.1', true],
  ['::ffff:127.0.0.1', true],
  ['::1', true],
  ['192.0.2.1', false],
  ['', false],
])('%s is of this machine: %s', (address, expected) => expect(isLocal(address)).toBe(expected));
