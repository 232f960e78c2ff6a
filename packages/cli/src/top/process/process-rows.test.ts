import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProcessFigure, SceneProcesses } from '../scene.ts';
import { NOON, processesOf } from '../view/picture.testing.ts';
import { SORT_COLUMNS } from './columns.ts';
import { compareBy } from './order.ts';
import { checkFilter, createRowsMaker, makeProcessRows } from './process-rows.ts';
import type { ProcessRowsState } from './process-rows.ts';

const PLAIN: ProcessRowsState = { sort: 'pid', descending: false, filter: '', tree: false, folded: new Set(), showKernel: false };

/** Processes by what is said of each; figures of others are 0. */
function processes(
  rows: readonly { pid: number; ppid?: number; start?: number; cpu?: number; name?: string; kernel?: boolean; user?: string | null }[],
): SceneProcesses {
  const made = processesOf(rows.length);
  for (const [row, { pid, ppid = 0, start = pid, name = `p${pid}`, kernel = false, user = 'ada' }] of rows.entries()) {
    Object.assign(made.identities[row]!, { pid, ppid, startedAfterBoot: start, name, command: `/bin/${name}`, kernel, user });
  }
  for (const figure of Object.values(made.figures)) figure.fill(0);
  made.figures.cpu.set(rows.map(({ cpu = 0 }) => cpu));
  made.figures.nice.set(rows.map(({ pid }) => pid));
  return made;
}

const pids = (of: SceneProcesses, state: Partial<ProcessRowsState>): number[] =>
  Array.from(createRowsMaker()(of, { ...PLAIN, ...state }, true, NOON).order, (row) => of.identities[row]!.pid);

/** The list as text: branches, number, what is folded away. */
const drawn = (of: SceneProcesses, state: Partial<ProcessRowsState>, unicode: boolean = true): string[] => {
  const rows = createRowsMaker()(of, { ...PLAIN, tree: true, ...state }, unicode, NOON);
  return Array.from(rows.order, (row, index) => {
    const { pid } = of.identities[row]!;
    return `${rows.branch(index)}${rows.isContext(index) ? `(${pid})` : pid}${rows.hidden[index]! > 0 ? `+${rows.hidden[index]}` : ''}`;
  });
};

test('no processes, one, and what is not known', () => {
  expect(makeProcessRows(null, PLAIN, true)).toMatchObject({ matched: 0, total: 0, problem: null });
  expect(makeProcessRows(null, { ...PLAIN, filter: 'cpu>' }, true).problem).toBe('After cpu> a value is missing.');
  for (const tree of [false, true]) {
    expect(pids(processes([]), { tree })).toEqual([]);
    expect(pids(processes([{ pid: 7, ppid: 7 }]), { tree })).toEqual([7]);
  }
});

test('equal ones by their number, what is not known last in both directions', () => {
  const of = processes([
    { pid: 3, cpu: 1 },
    { pid: 1, cpu: 1 },
    { pid: 9, cpu: Number.NaN },
    { pid: 5, cpu: 2 },
    { pid: 4, cpu: Number.NaN, user: null },
  ]);
  expect(pids(of, { sort: 'cpu', descending: true })).toEqual([5, 1, 3, 4, 9]);
  expect(pids(of, { sort: 'cpu' })).toEqual([1, 3, 5, 4, 9]);
  expect(pids(of, { sort: 'user' }).at(-1)).toBe(4);
  expect(pids(of, { sort: 'user', descending: true }).at(-1)).toBe(4);
});

test('threads of the kernel are there when they are asked for', () => {
  const of = processes([{ pid: 1 }, { pid: 2, kernel: true, name: 'kthreadd' }, { pid: 3, ppid: 2, kernel: true }]);
  for (const tree of [false, true]) {
    expect(pids(of, { tree })).toEqual([1]);
    expect(pids(of, { tree, showKernel: true })).toEqual([1, 2, 3]);
    expect(pids(of, { tree, filter: 'kernel=yes' })).toEqual([2, 3]);
    expect(pids(of, { tree, filter: 'name~kthreadd' })).toEqual([]);
  }
});

test('a wrong filter lets all through and says why; on the command line it is refused', () => {
  const of = processes([{ pid: 1 }, { pid: 2 }]);
  const rows = makeProcessRows(of, { ...PLAIN, filter: 'cpu>x' }, true);
  expect(rows).toMatchObject({ matched: 2, total: 2, problem: expect.stringContaining('"x" at character 5') });
  expect(() => checkFilter('cpu>x')).toThrow(expect.objectContaining({ code: 'INVALID', message: expect.stringContaining('character 5') }));
  expect(() => checkFilter('cpu>1')).not.toThrow();
});

const FAMILY = processes([
  { pid: 1, cpu: 0.1 },
  { pid: 10, ppid: 1, cpu: 0.1 },
  { pid: 11, ppid: 10, cpu: 5, name: 'busy' },
  { pid: 12, ppid: 10, cpu: 0 },
  { pid: 20, ppid: 1, cpu: 3 },
  { pid: 30, ppid: 999, cpu: Number.NaN },
]);

test('a tree: siblings by what they and all below them come to', () => {
  expect(drawn(FAMILY, { sort: 'cpu', descending: true })).toEqual(['1', '├─10', '│ ├─11', '│ └─12', '└─20', '30']);
  expect(drawn(FAMILY, { sort: 'cpu', descending: true }, false)).toEqual(['1', '|-10', '| |-11', '| `-12', '`-20', '30']);
  expect(drawn(FAMILY, { sort: 'cpu' })).toEqual(['1', '├─20', '└─10', '  ├─12', '  └─11', '30']);
  expect(drawn(FAMILY, { sort: 'pid', descending: true })).toEqual(['30', '1', '├─20', '└─10', '  ├─12', '  └─11']);
});

test('what is folded away is counted, and its figures are in those of who stands for it', () => {
  expect(drawn(FAMILY, { folded: new Set([10]) })).toEqual(['1', '├─10+2', '└─20', '30']);
  expect(drawn(FAMILY, { folded: new Set([1, 10, 20, 12345]) })).toEqual(['1+4', '30']);
  const rows = createRowsMaker()(FAMILY, { ...PLAIN, tree: true, folded: new Set([1]) }, true);
  expect(rows.figure(0, 'cpu')).toBeCloseTo(8.2);
  // Niceness is nothing that could be added.
  expect(rows.figure(0, 'nice')).toBe(1);
  expect(rows.figure(1, 'cpu')).toBeNaN();
  expect(rows.figure(99, 'cpu')).toBeNaN();
  expect(rows.branch(99)).toBe('');
});

test('a filter brings the ancestors along', () => {
  expect(drawn(FAMILY, { filter: 'busy' })).toEqual(['(1)', '└─(10)', '  └─11']);
  expect(drawn(FAMILY, { filter: 'busy', folded: new Set([10]) })).toEqual(['(1)', '└─(10)+1']);
  const rows = createRowsMaker()(FAMILY, { ...PLAIN, tree: true, filter: 'busy' }, true);
  expect(rows).toMatchObject({ matched: 1, total: 6 });
});

test('parents that are younger, in a circle or themselves are none', () => {
  const of = processes([
    { pid: 5, ppid: 6 },
    { pid: 6, ppid: 5 },
    { pid: 7, ppid: 7 },
    { pid: 8, ppid: 100 },
    { pid: 100, start: 200 },
  ]);
  expect(drawn(of, {})).toEqual(['5', '└─6', '7', '8', '100']);
});

test('20,000 processes in one chain, and 20,000 below one', () => {
  const chain = processes(Array.from({ length: 20_000 }, (_, row) => ({ pid: row + 1, ppid: row, cpu: 1 })));
  const rows = createRowsMaker()(chain, { ...PLAIN, tree: true, sort: 'cpu', descending: true }, true);
  expect(rows.depth.at(-1)).toBe(19_999);
  expect(rows.branch(19_999)).toBe(`… ${'  '.repeat(19)}└─`);
  const folded = createRowsMaker()(chain, { ...PLAIN, tree: true, folded: new Set([1]) }, true);
  expect([folded.order.length, folded.hidden[0], folded.figure(0, 'cpu')]).toEqual([1, 19_999, 20_000]);
  const wide = processes(Array.from({ length: 20_000 }, (_, row) => ({ pid: row + 1, ppid: row === 0 ? 0 : 1 })));
  expect(createRowsMaker()(wide, { ...PLAIN, tree: true, sort: 'name' }, true).order).toHaveLength(20_000);
});

test('the same list is made once', () => {
  const make = createRowsMaker();
  const first = make(FAMILY, PLAIN, true, NOON);
  expect(make(FAMILY, { ...PLAIN }, true, NOON + 5)).toBe(first);
  for (const state of [{ sort: 'name' }, { filter: 'a' }, { tree: true }, { descending: true }, { showKernel: true }] as const) {
    expect(make(FAMILY, { ...PLAIN, ...state }, true, NOON)).not.toBe(first);
  }
  // What is folded is of no interest without a tree.
  const list = make(FAMILY, PLAIN, true, NOON);
  expect(make(FAMILY, { ...PLAIN, folded: new Set([1]) }, true, NOON)).toBe(list);
});

const machines = fc.array(
  fc.record({
    ppid: fc.nat(30),
    start: fc.nat(5),
    cpu: fc.oneof(fc.constantFrom(0, 1, Number.NaN), fc.double({ min: 0, max: 9, noNaN: true })),
    name: fc.constantFrom('a', 'b', 'é', '\u001b[2J', '名'),
    kernel: fc.boolean(),
    user: fc.constantFrom('root', 'ada', null),
  }),
  { maxLength: 30 },
);

test('each is there once, in the order of a naive model, its parent above it', () => {
  fc.assert(
    fc.property(
      machines,
      fc.constantFrom(...SORT_COLUMNS),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      fc.subarray([1, 2, 3, 4, 5, 6]),
      (made, sort, descending, tree, showKernel, fold) => {
        const of = processes(made.map((process, index) => ({ ...process, pid: index + 1 })));
        const state: ProcessRowsState = { ...PLAIN, sort, descending, tree, showKernel, filter: 'name~a or cpu>50', folded: new Set(fold) };
        const rows = createRowsMaker()(of, state, true, NOON);
        const order = [...rows.order];
        expect(new Set(order).size).toBe(order.length);
        const wanted = made
          .map((_, row) => row)
          .filter((row) => (showKernel || !made[row]!.kernel) && (made[row]!.name === 'a' || made[row]!.cpu > 0.5));
        expect(rows.matched).toBe(wanted.length);
        if (!tree) {
          expect(order).toEqual(wanted.toSorted(compareBy(of, sort, descending)));
          return;
        }
        const shown = order.filter((_, index) => !rows.isContext(index));
        const away = rows.hidden.reduce((sum, count) => sum + count, 0);
        expect(shown.length + away).toBeGreaterThanOrEqual(wanted.length);
        if (fold.length === 0) expect(new Set(shown)).toEqual(new Set(wanted));
        const last: number[] = [];
        for (const [index, row] of order.entries()) {
          const depth = rows.depth[index]!;
          expect(depth).toBeLessThanOrEqual(last.length);
          last.length = depth;
          // One level up stands its parent.
          if (depth > 0) expect(of.identities[row]!.ppid).toBe(of.identities[last[depth - 1]!]!.pid);
          last.push(row);
          const figures: ProcessFigure[] = ['cpu', 'nice'];
          for (const name of figures) rows.figure(index, name);
          expect(rows.branch(index)).toHaveLength(depth * 2);
        }
      },
    ),
    { numRuns: 500 },
  );
});
