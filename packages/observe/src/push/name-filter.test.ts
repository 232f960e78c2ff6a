import { expect, test } from 'vitest';
import { nameFilter } from './name-filter.ts';

const sends = (name: string, include: readonly string[], exclude: readonly string[] = []): boolean =>
  nameFilter({ include, exclude })(name);

test.each([
  ['cpu', [], [], true],
  ['cpu', ['cpu'], [], true],
  ['cpu.cores', ['cpu'], [], false],
  ['cpu.cores', ['cpu*'], [], true],
  ['cpu.cores', ['*'], ['*cores'], false],
  ['cpu.cores', ['c*u*s'], [], true],
  ['aba', ['ab*ba'], [], false],
  ['abba', ['ab*ba'], [], true],
  ['abcabc', ['*bc*bc'], [], true],
  ['abc', ['*bc*bc'], [], false],
  ['a', ['**'], [], true],
  ['', ['*'], [], true],
  ['a.c', ['a.c'], [], true],
  ['abc', ['a.c'], [], false],
  ['abc', ['a*', 'b*'], ['abd'], true],
  ['abc', [''], [], false],
] as const)('%j with %j without %j: %s', (name, include, exclude, sent) => {
  expect(sends(name, include, exclude)).toBe(sent);
});

test('a pattern of many stars takes no longer than its length times that of the name', () => {
  // Backtracking would try 10^30 ways here; the test would never end.
  expect(sends('a'.repeat(10_000), [`${'*a'.repeat(500)}b`])).toBe(false);
  expect(sends('a'.repeat(10_000), [`${'*a'.repeat(500)}*b*`])).toBe(false);
});
