import fc from 'fast-check';
import { expect, test } from 'vitest';
import { facts } from './facts.testing.ts';
import { boundText, parseBitRate, parseDuration, parseSize, preferencesOf, scalarText, shareBytes, shareNumber } from './value.ts';
import type { Share } from './value.ts';

test.each([
  ['64MiB', 64 * 2 ** 20],
  ['1.5GiB', 1.5 * 2 ** 30],
  ['4 KiB', 4096],
  ['7B', 7],
  ['64MB', null],
  ['64', null],
  ['-1MiB', null],
  ['1e3MiB', null],
  ['9999999999TiB', null],
  ['constructor', null],
])('the size %s is %s bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test('times and bit rates are in seconds and bits a second', () => {
  expect([parseDuration('10us'), parseDuration('2ms'), parseDuration('10')]).toEqual([1e-5, 2e-3, null]);
  expect([parseBitRate('10Gbit'), parseBitRate('2.5Gbit'), parseBitRate('10GB')]).toEqual([1e10, 2.5e9, null]);
});

const share = (parts: Partial<Share>): Share => ({ share: 0.1, of: 'memory', least: null, most: null, unit: 'bytes', ...parts });

test.each([
  ['a tenth', share({}), 1_717_986_918],
  ['at most 1 GiB', share({ most: 2 ** 30 }), 2 ** 30],
  ['at least 4 GiB', share({ least: 4 * 2 ** 30 }), 4 * 2 ** 30],
  ['in KiB', share({ unit: 'KiB' }), 1_677_721],
  ['in MiB', share({ unit: 'MiB' }), 1638],
  ['in pages', share({ unit: 'pages' }), 419_430],
])('a share of 16 GiB, %s', (_, wanted, number) => {
  expect(shareNumber(wanted, facts())).toBe(number);
});

test('a share is never more than its most, and never less than its least', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.nat(), fc.nat(), fc.maxSafeNat(), (part, a, b, total) => {
      const [least, most] = [Math.min(a, b), Math.max(a, b)];
      const bytes = shareBytes(share({ share: part, least, most }), facts({ memory: { total } }));
      expect(bytes >= least && bytes <= most).toBe(true);
    }),
  );
});

test.each([
  ['100', '60', 'raise', '100'],
  ['100', '160', 'raise', '160'],
  ['100', '160', 'lower', '100'],
  ['4096 131072 33554432', '8192 131072 6291456', 'raise', '8192 131072 33554432'],
  ['1', '9223372036854775807', 'raise', '9223372036854775807'],
  ['100', 'always', 'raise', null],
  ['1 2', '1', 'raise', null],
  ['1', '', 'raise', null],
] as const)('%s over %s, %s: %s', (wanted, now, bound, text) => {
  expect(boundText(wanted, now, bound)).toBe(text);
});

test('preferences come one by one, and true is 1 to the kernel', () => {
  expect(preferencesOf(['bfq', 'none'])).toEqual(['bfq', 'none']);
  expect(preferencesOf('bfq')).toEqual(['bfq']);
  expect(preferencesOf(share({}))).toEqual([]);
  expect(preferencesOf(null)).toEqual([]);
  expect([true, false, 10, 'x'].map(scalarText)).toEqual(['1', '0', '10', 'x']);
});
