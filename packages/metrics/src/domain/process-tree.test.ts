import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildProcessTree, sumSubtrees } from './process-tree.ts';
import type { TreeColumns } from './process-tree.ts';
import type { ProcessIdentity } from './process.ts';

/** A table of processes as (id, parent's id, start). */
const tableOf = (...processes: readonly (readonly [number, number, number])[]): TreeColumns => ({
  length: processes.length,
  identities: processes.map(([pid, ppid, startedAfterBoot]) => ({ pid, ppid, startedAfterBoot }) as ProcessIdentity),
});

test('children come below their parents, orphans and the first are roots', () => {
  const tree = buildProcessTree(tableOf([1, 0, 0], [2, 0, 0], [7, 1, 5], [8, 7, 6], [9, 1, 6], [50, 49, 9]));
  expect(tree.roots).toEqual([0, 1, 5]);
  expect([...tree.parents]).toEqual([-1, -1, 0, 2, 0, -1]);
  expect(tree.children(0)).toEqual([2, 4]);
  expect([...tree.walk()].map(({ row, depth }) => `${row}@${depth}`)).toEqual(['0@0', '2@1', '3@2', '4@1', '1@0', '5@0']);
});

test('a parent that is younger than its child is another process with an old id', () => {
  const tree = buildProcessTree(tableOf([1, 0, 0], [5, 1, 90], [6, 5, 10], [7, 7, 20]));
  expect([...tree.parents]).toEqual([-1, 0, -1, -1]);
});

test('sums of a column over subtrees', () => {
  const tree = buildProcessTree(tableOf([1, 0, 0], [7, 1, 5], [8, 7, 6], [9, 1, 6]));
  const sums = sumSubtrees(tree, [1, 10, 100, Number.NaN]);
  expect([...sums.values]).toEqual([111, 110, 100, 0]);
  expect([...sums.processes]).toEqual([4, 2, 1, 1]);
  expect([...sumSubtrees(tree, (row) => row).values]).toEqual([6, 3, 2, 3]);
});

test('a chain of fifty thousand processes is walked', () => {
  const tree = buildProcessTree(tableOf(...Array.from({ length: 50_000 }, (_, row) => [row + 1, row, row] as const)));
  expect(sumSubtrees(tree, () => 1).values[0]).toBe(50_000);
});

test('whatever ids are claimed, each process is walked once, and the roots hold the sum of all', () => {
  const number = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(number, number, number), { selector: ([pid]) => pid }), (processes) => {
      const tree = buildProcessTree(tableOf(...processes));
      const rows = [...tree.walk()].map(({ row }) => row);
      expect(rows.toSorted((a, b) => a - b)).toEqual(processes.map((_, row) => row));
      const { values } = sumSubtrees(tree, (row) => row + 1);
      expect(tree.roots.reduce((sum, row) => sum + values[row]!, 0)).toBe((processes.length * (processes.length + 1)) / 2);
    }),
  );
});
