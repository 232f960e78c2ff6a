import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProcessRow } from '../src/api.ts';
import { arrangeProcesses, processKey } from '../src/process-tree.ts';
import type { ProcessSort, ProcessView } from '../src/process-tree.ts';

const view = (change: Partial<ProcessView> = {}): ProcessView => ({
  sort: 'pid',
  descending: false,
  filter: '',
  tree: false,
  collapsed: new Set(),
  states: new Set(),
  ...change,
});

function process(pid: number, ppid: number, change: Partial<ProcessRow> = {}): ProcessRow {
  return {
    pid,
    ppid,
    name: `p${pid}`,
    command: `/bin/p${pid}`,
    state: 'S',
    user: 'root',
    uid: 0,
    kernel: false,
    startTime: 0,
    startedAfterBoot: pid,
    cpu: 0,
    cpuUser: 0,
    cpuSystem: 0,
    rss: 0,
    virtual: 0,
    threads: 1,
    nice: 0,
    readBytes: 0,
    writeBytes: 0,
    readBytesPerSecond: 0,
    writeBytesPerSecond: 0,
    ...change,
  };
}

const outline = (processes: ProcessRow[], change: Partial<ProcessView> = {}): string[] =>
  arrangeProcesses(processes, view({ tree: true, ...change })).map(({ process: { pid }, depth }) => `${'.'.repeat(depth)}${pid}`);

const FAMILY = [
  process(1, 0),
  process(10, 1, { cpu: 0.1 }),
  process(11, 1, { cpu: 0.9, user: 'anna' }),
  process(20, 11, { name: 'Postgres', cpu: 0.5 }),
  process(2, 0),
];

test('sorts, with the unknown last in both directions and equal ones by pid', () => {
  const rows = [process(3, 0, { cpu: null }), process(2, 0, { cpu: 1 }), process(5, 0, { cpu: 1 }), process(4, 0, { cpu: 2 })];
  const order = (descending: boolean): number[] =>
    arrangeProcesses(rows, view({ sort: 'cpu', descending })).map(({ process: { pid } }) => pid);
  expect(order(true)).toEqual([4, 2, 5, 3]);
  expect(order(false)).toEqual([2, 5, 4, 3]);
});

test('lines that are held keep their places; what is new comes last, in the order of the view', () => {
  const by = { sort: 'cpu', descending: true } as const;
  const held = arrangeProcesses([process(1, 0, { cpu: 3 }), process(2, 1, { cpu: 2 }), process(3, 1, { cpu: 1 })], view(by));
  const rows = [5, 4, 3, 1].map((pid) => process(pid, pid === 1 ? 0 : 1, { cpu: pid }));
  const pids = (change: Partial<ProcessView>): number[] =>
    arrangeProcesses(rows, view({ ...by, ...change }), held).map(({ process: { pid } }) => pid);
  expect(pids({})).toEqual([1, 3, 5, 4]);
  expect(pids({ tree: true })).toEqual([1, 3, 5, 4]);
  // Another process under the same number is not the one that had the place.
  const other = { ...rows[2]!, startedAfterBoot: 99, cpu: 0 };
  expect(arrangeProcesses([rows[3]!, rows[0]!, other], view(by), held).map(({ process: { pid } }) => pid)).toEqual([1, 5, 3]);
});

test('every column sorts', () => {
  const sorts: ProcessSort[] = ['pid', 'name', 'user', 'state', 'cpu', 'rss', 'threads', 'nice', 'read', 'write', 'time', 'start'];
  const small = process(1, 0, { name: 'a', user: 'a', state: 'R' });
  const large = process(2, 0, {
    name: 'b',
    user: 'b',
    state: 'S',
    cpu: 1,
    rss: 1,
    threads: 2,
    nice: 1,
    readBytesPerSecond: 1,
    writeBytesPerSecond: 1,
    cpuUser: 1,
  });
  for (const sort of sorts)
    expect(
      arrangeProcesses([large, small], view({ sort })).map(({ process: { pid } }) => pid),
      sort,
    ).toEqual([1, 2]);
});

test('filters by name, command, user and pid; all words are needed', () => {
  const found = (filter: string): number[] => arrangeProcesses(FAMILY, view({ filter })).map(({ process: { pid } }) => pid);
  expect(found('POSTGRES')).toEqual([20]);
  expect(found('anna')).toEqual([11]);
  expect(found('/bin/p10')).toEqual([10]);
  expect(found('root p2')).toEqual([2, 20]);
  expect(found('nothing')).toEqual([]);
});

test('filters by state', () => {
  const rows = [process(1, 0, { state: 'Z' }), process(2, 0, { state: 'R' }), process(3, 0)];
  expect(arrangeProcesses(rows, view({ states: new Set(['Z', 'R']) })).length).toBe(2);
});

test('a tree has children below parents, sorted among siblings', () => {
  expect(outline(FAMILY)).toEqual(['1', '.10', '.11', '..20', '2']);
  expect(outline(FAMILY, { sort: 'cpu', descending: true })).toEqual(['1', '.11', '..20', '.10', '2']);
});

test('folding hides what is below', () => {
  expect(outline(FAMILY, { collapsed: new Set([processKey(FAMILY[2]!)]) })).toEqual(['1', '.10', '.11', '2']);
});

test('a filtered tree keeps the parents of what matches, marked', () => {
  const lines = arrangeProcesses(FAMILY, view({ tree: true, filter: 'postgres' }));
  expect(lines.map(({ process: { pid }, matches }) => [pid, matches])).toEqual([
    [1, false],
    [11, false],
    [20, true],
  ]);
});

test('a fold does not hide what the filter finds', () => {
  expect(outline(FAMILY, { filter: 'postgres', collapsed: new Set([processKey(FAMILY[0]!), processKey(FAMILY[2]!)]) })).toEqual([
    '1',
    '.11',
    '..20',
  ]);
});

test('lost parents, own parents and circles make roots', () => {
  expect(outline([process(5, 99), process(6, 5)])).toEqual(['5', '.6']);
  expect(outline([process(7, 7)])).toEqual(['7']);
  expect(outline([process(1, 2), process(2, 1), process(3, 2)]).length).toBe(3);
});

test('a chain of 20,000 processes does not overflow', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => process(index + 1, index));
  expect(arrangeProcesses(chain, view({ tree: true })).at(-1)?.depth).toBe(19_999);
});

test('a tree shows each process once, whatever the parents are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 14 }), (parents) => {
      const rows = parents.map((ppid, index) => process(index + 1, ppid));
      const pids = arrangeProcesses(rows, view({ tree: true })).map(({ process: { pid } }) => pid);
      expect(pids.sort((a, b) => a - b)).toEqual(rows.map(({ pid }) => pid));
    }),
  );
});
