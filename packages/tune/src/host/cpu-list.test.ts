import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCpuMask, packCpus, parseCpuList } from './cpu-list.ts';

test('lists and masks of CPUs', () => {
  expect(parseCpuList('0-3,8\n')).toEqual([0, 1, 2, 3, 8]);
  expect(parseCpuList('')).toEqual([]);
  expect(parseCpuList('0-x')).toBeNull();
  expect(packCpus([8, 2, 1, 3, 1])).toBe('1-3,8');
  expect(encodeCpuMask([])).toBe('0');
  expect(encodeCpuMask([31, 32, 95])).toBe('80000000,00000001,80000000');
});

test('a list that is packed is the list that it was made of', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), (cpus) => {
      expect(parseCpuList(packCpus(cpus))).toEqual(cpus.toSorted((a, b) => a - b));
    }),
  );
});
