import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createProcessGrouper, groupNameOf } from './process-groups.ts';
import type { GroupedColumns, ProcessGroupOptions, ProcessGroupReading } from './process-groups.ts';
import type { ProcessIdentity } from './process.ts';

interface Sample {
  readonly identity: ProcessIdentity;
  readonly cpu: number;
  readonly read?: number;
  readonly state?: string;
}

const identityOf = (name: string, more: Partial<ProcessIdentity> = {}): ProcessIdentity =>
  ({
    name,
    command: name,
    user: 'root',
    unit: null,
    slice: null,
    container: null,
    kernel: false,
    startTime: 100,
    ...more,
  }) as ProcessIdentity;

function columnsOf(samples: readonly Sample[]): GroupedColumns {
  const all = (of: (sample: Sample) => number): number[] => samples.map(of);
  return {
    length: samples.length,
    identities: samples.map(({ identity }) => identity),
    state: all(({ state = 'S' }) => state.charCodeAt(0)),
    threads: all(() => 2),
    rss: all(() => 10),
    virtual: all(() => 20),
    cpuUser: all(({ cpu }) => cpu),
    cpuSystem: all(() => 0),
    minorFaults: all(({ cpu }) => cpu * 10),
    majorFaults: all(() => 0),
    readBytes: all(({ read = Number.NaN }) => read),
    writeBytes: all(() => Number.NaN),
    voluntarySwitches: all(() => Number.NaN),
    involuntarySwitches: all(() => Number.NaN),
  };
}

/** Reads one tick after the other: who is new is assigned, who is missing has ended. */
function createReader(options?: ProcessGroupOptions): (...samples: readonly Sample[]) => Record<string, ProcessGroupReading> {
  const grouper = createProcessGrouper(options);
  let before = columnsOf([]);
  return (...samples) => {
    const columns = columnsOf(samples);
    before.identities.forEach((identity, row) => {
      if (!columns.identities.includes(identity)) grouper.end(before, row);
    });
    samples.forEach((_, row) => grouper.assign(columns, row));
    before = columns;
    return Object.fromEntries(
      grouper
        .snapshot(columns)()
        .map((group) => [group.name, group]),
    );
  };
}

test('processes of one name are one group, threads of the kernel another', () => {
  const read = createReader();
  const groups = read(
    { identity: identityOf('a', { startTime: 50 }), cpu: 1, read: 5, state: 'R' },
    { identity: identityOf('a'), cpu: 2 },
    { identity: identityOf('kworker/0:1', { kernel: true }), cpu: 3, state: 'I' },
    { identity: identityOf('kworker/1:1', { kernel: true }), cpu: 4, state: 'D' },
  );
  expect(groups['a']).toMatchObject({ processes: 2, threads: 4, running: 1, sleeping: 1, oldestStartTime: 50, rss: 20, virtual: 40 });
  expect(groups['a']).toMatchObject({ cpuUser: 3, minorFaults: 30, readBytes: 5, writeBytes: null });
  expect(groups['kernel']).toMatchObject({ processes: 2, cpuUser: 7, sleeping: 1, waiting: 1, readBytes: null });
});

test('what ended members did stays', () => {
  const read = createReader();
  const [first, second] = [identityOf('a'), identityOf('a')];
  read({ identity: first, cpu: 5, read: 7 }, { identity: second, cpu: 1 });
  expect(read({ identity: second, cpu: 2 })['a']).toMatchObject({ processes: 1, cpuUser: 7, readBytes: 7 });
  expect(read()['a']).toMatchObject({ processes: 0, threads: 0, cpuUser: 7, oldestStartTime: null });
  expect(read({ identity: identityOf('a'), cpu: 4, read: 1 })['a']).toMatchObject({ processes: 1, cpuUser: 11, readBytes: 8 });
});

test('an earlier table keeps its sums', () => {
  const grouper = createProcessGrouper();
  const columns = columnsOf([{ identity: identityOf('a'), cpu: 5 }]);
  grouper.assign(columns, 0);
  const early = grouper.snapshot(columns);
  grouper.end(columns, 0);
  expect(early()).toMatchObject([{ name: 'a', cpuUser: 5, processes: 1 }]);
  expect(grouper.snapshot(columnsOf([]))()).toMatchObject([{ name: 'a', cpuUser: 5, processes: 0 }]);
});

test('a process that becomes another program takes nothing along, and the old group keeps it', () => {
  const read = createReader();
  const identity = identityOf('sh');
  read({ identity, cpu: 3 });
  identity.name = 'server';
  const groups = read({ identity, cpu: 5 });
  expect(groups['sh']).toMatchObject({ cpuUser: 5, processes: 0 });
  expect(groups['server']).toMatchObject({ cpuUser: 0, processes: 1 });
  expect(read({ identity, cpu: 9 })['server']).toMatchObject({ cpuUser: 4 });
  expect(read()['server']).toMatchObject({ cpuUser: 4 });
});

test('there are never more groups than asked for, and the rest is one of them', () => {
  const read = createReader({ most: 3 });
  const groups = read(...Array.from({ length: 50 }, (_, index) => ({ identity: identityOf(`p${index}`), cpu: 1 })));
  expect(Object.keys(groups)).toEqual(['p0', 'p1', 'p2', 'other']);
  expect(groups['other']).toMatchObject({ processes: 47, cpuUser: 47 });
});

test('the first rule that fits names the group', () => {
  const rules = [
    { property: 'container' },
    { property: 'command', pattern: /--postgres/, label: 'database' },
    { property: 'unit', pattern: /\.service$/ },
  ] as const;
  expect(groupNameOf(identityOf('a', { container: 'c1', unit: 'x.service' }), rules)).toBe('c1');
  expect(groupNameOf(identityOf('a', { command: 'x --postgres', unit: 'x.service' }), rules)).toBe('database');
  expect(groupNameOf(identityOf('a', { unit: 'x.service' }), rules)).toBe('x.service');
  expect(groupNameOf(identityOf('a', { unit: 'x.scope' }), rules)).toBe('other');
  expect(groupNameOf(identityOf('a', { kernel: true }), rules)).toBe('kernel');
});

test('counters of groups never go back, whoever comes, works, is renamed and ends', () => {
  const step = fc.record({ who: fc.nat(5), does: fc.constantFrom('work', 'end', 'rename', 'begin'), name: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const read = createReader({ most: 2 });
      const alive = new Map<number, { identity: ProcessIdentity; cpu: number; read: number }>();
      let last: Record<string, ProcessGroupReading> = {};
      for (const { who, does, name } of steps) {
        const process = alive.get(who);
        if (does === 'end') alive.delete(who);
        else if (!process) alive.set(who, { identity: identityOf(name), cpu: who, read: who });
        else if (does === 'rename') process.identity.name = name;
        else alive.set(who, { ...process, cpu: process.cpu + 1, read: process.read + 2 });
        const groups = read(...alive.values());
        for (const [group, { cpuUser, readBytes }] of Object.entries(last)) {
          expect(groups[group]!.cpuUser).toBeGreaterThanOrEqual(cpuUser!);
          expect(groups[group]!.readBytes ?? -1).toBeGreaterThanOrEqual(readBytes ?? -1);
        }
        last = groups;
      }
    }),
  );
});
