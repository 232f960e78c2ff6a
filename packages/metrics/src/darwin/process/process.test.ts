import { describe, expect, test } from 'vitest';
import { processRates } from '../../domain/process-rates.ts';
import { finish } from '../../model/collector.ts';
import type { Sliced } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import type { ProcessTable } from '../../domain/process.ts';
import { constant, layoutOf } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { argumentsAnswer, energyCounted, processesOf } from '../fake/processes.testing.ts';
import type { FakeProcess } from '../fake/processes.testing.ts';
import { RESOURCE_USAGE } from '../layout/process.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { processes } from '../processes.ts';
import { parseCommand } from './command.ts';
import { wholeName } from './program-path.ts';

test('arguments that are cut, or none at all, are unknown; the environment is never read', () => {
  const whole = argumentsAnswer('/bin/x', ['/bin/x', '', 'two words', 'ü']);
  expect(parseCommand(whole)).toBe('/bin/x  two words ü');
  expect(parseCommand(argumentsAnswer('', []))).toBe('');
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(4), whole.subarray(0, 20), Buffer.from([255, 255, 255, 255, 47, 0])])
    expect(parseCommand(bytes)).toBeNull();
  // The memory is that of an answer before, and longer.
  expect(parseCommand(Buffer.concat([whole, Buffer.from('rest\0')]), whole.length)).toBe('/bin/x  two words ü');
  expect(parseCommand(whole, 24)).toBeNull();
});

test('a name that the kernel cut is completed, one that is another is not', () => {
  expect(wholeName('Google Chrome He', '/Applications/Google Chrome Helper')).toBe('Google Chrome Helper');
  expect(wholeName('Google Chrome He', '/usr/bin/python3')).toBe('Google Chrome He');
  expect(wholeName('exactly15letter', '/x/exactly15letters')).toBe('exactly15letters');
  expect(wholeName('Google Chrome He', null)).toBe('Google Chrome He');
});

/** Reads the processes of the stand-in, one pass a call. */
function openTable(fake: FakeDarwin): () => ProcessTable {
  const reader = processes.open(fake.host);
  return () => finish(reader.read(collectGaps([])) as Sliced<ProcessTable>);
}
const busy = (pid: number, seconds: number, changes: Partial<FakeProcess> = {}): FakeProcess => ({
  ...{ pid, ppid: 1, uid: 501, name: `p${pid}`, started: 1_789_900_100, path: `/bin/p${pid}`, command: [`/bin/p${pid}`] },
  task: {
    pti_total_user: 24_000_000 * seconds,
    pti_faults: 100 * seconds,
    pti_pageins: 10 * seconds,
    pti_threadnum: 2,
    pti_resident_size: 4096,
  },
  resources: { ri_diskio_bytesread: 1000 * seconds, ri_diskio_byteswritten: 500 * seconds },
  ...changes,
});

describe.skipIf(noFakeDarwin !== null)('the process table', () => {
  test('rates come from two passes, by the identity of each process', () => {
    const fake = openFakeDarwin(merge(m1Laptop, processesOf([busy(10, 1), busy(11, 4), busy(12, 9), busy(14, 1)])));
    const read = openTable(fake);
    const before = read();
    fake.advance(2);
    // 11 is gone, so 14 moves up a row; 12 is another process with the same id; 15 is new.
    fake.change(processesOf([busy(10, 2), busy(12, 1, { started: 1_789_950_000 }), busy(14, 3), busy(15, 1)]));
    const after = read();
    expect(after.identities[0]).toBe(before.identities[0]);
    expect(after.identities[1]).not.toBe(before.identities[2]);
    const rates = processRates(before, after, 2);
    expect(rates(0)).toMatchObject({
      cpu: 0.5,
      readBytesPerSecond: 500,
      writeBytesPerSecond: 250,
      minorFaultsPerSecond: 45,
      majorFaultsPerSecond: 5,
    });
    expect(rates(1)).toMatchObject({ cpu: null, readBytesPerSecond: null });
    expect(rates(2)).toMatchObject({ cpu: 1, readBytesPerSecond: 1000, writeBytesPerSecond: 500 });
    expect(rates(3).cpu).toBeNull();
    const groups = new Map(after.groups.map((group) => [group.name, group]));
    expect(groups.get('p11')).toMatchObject({ processes: 0, cpuUser: 4, readBytes: 4000 });
    expect(groups.get('p10')).toMatchObject({ processes: 1, cpuUser: 2, threads: 2 });
    fake.expectClean();
  });

  test('a process of another user has no rate, also when it had one as root', () => {
    const fake = openFakeDarwin(merge(m1Laptop, processesOf([busy(10, 1)])));
    const read = openTable(fake);
    const before = read();
    fake.advance(1);
    fake.change(processesOf([busy(10, 0, { task: null })]));
    const after = read();
    expect(processRates(before, after, 1)(0)).toMatchObject({ cpu: null, readBytesPerSecond: null, minorFaultsPerSecond: null });
    expect(after.groups.find(({ name }) => name === 'p10')).toMatchObject({ processes: 1, threads: null, rss: null, cpuUser: null });
    fake.expectClean();
  });

  test('the command is read when a process is new and when it executes another program, not at every pass', () => {
    const fake = openFakeDarwin(merge(m1Laptop, processesOf([busy(10, 1)])));
    const read = openTable(fake);
    for (let pass = 0; pass < 3; pass++) expect(read().row(0)).toMatchObject({ name: 'p10', command: '/bin/p10' });
    const { calls } = fake.report();
    // The kernel gave the whole name: nobody asks for the path.
    expect(calls['proc_pidpath']).toBeUndefined();
    const long = 'a program with a long name';
    fake.change(processesOf([busy(10, 1, { name: long, path: `/bin/${long}`, command: ['other', '-x'] })]));
    for (let pass = 0; pass < 3; pass++) expect(read().row(0)).toMatchObject({ name: long, command: 'other -x' });
    expect(fake.report().calls['proc_pidpath']).toBe(1);
    expect(fake.report().calls['sysctl']).toBe(calls['sysctl']! + 4);
  });

  test('energy is that of the processor, in joules, and its growth is watts', () => {
    const without = ({ resources: _resources, ...process }: FakeProcess): FakeProcess => process;
    const used = (seconds: number, joules: number): FakeMachine =>
      processesOf([
        busy(10, seconds, { resources: { ri_energy_nj: joules * 1e9, ri_penergy_nj: joules * 0.9e9, ri_billed_energy: 77 } }),
        without(busy(11, seconds)),
        busy(12, 0, { task: null }),
      ]);
    const fake = openFakeDarwin(merge(m1Laptop, used(1, 5)));
    const read = openTable(fake);
    const before = read();
    expect(before.row(0)).toMatchObject({ energy: 5 });
    fake.advance(2);
    fake.change(merge(used(2, 8), processesOf([busy(10, 2, { resources: { ri_energy_nj: 8e9 } }), busy(11, 2), busy(13, 1)])));
    const after = read();
    expect(after.row(0)).toMatchObject({ energy: 8 });
    expect(after.row(1).energy).toBe(0);
    const rates = processRates(before, after, 2);
    expect([rates(0), rates(1), rates(2)].map(({ power }) => power)).toEqual([1.5, null, null]);
    fake.expectClean();
  });

  test('energy is not known, and a gap says why: no such structure, no such counter, none asked for', () => {
    const one = busy(10, 1, { resources: { ri_energy_nj: 5e9, ri_billed_energy: 77, ri_phys_footprint: 4096 } });
    const told = (...machines: readonly FakeMachine[]): { energy: unknown; why: unknown; footprint: unknown } => {
      const fake = openFakeDarwin(merge(m1Laptop, ...machines));
      const gaps: Gap[] = [];
      const reader = processes.open(fake.host);
      for (let pass = 0; pass < 2; pass++) {
        gaps.length = 0;
        const row = finish(reader.read(collectGaps(gaps)) as Sliced<ProcessTable>).row(0);
        if (pass === 1) {
          fake.expectClean();
          return { energy: row.energy, footprint: row.footprint, why: gaps.filter(({ field }) => field === 'processes.energy') };
        }
      }
      throw new Error('never here');
    };
    const why = (part: string): unknown => [expect.objectContaining({ detail: expect.stringContaining(part) })];
    expect(told(processesOf([one]))).toEqual({ energy: 5, footprint: 4096, why: [] });
    expect(told(processesOf([{ ...one, newest: 4 }]))).toEqual({ energy: null, footprint: 4096, why: why('since version 13') });
    expect(told(processesOf([one]), energyCounted(false))).toEqual({ energy: null, footprint: 4096, why: why('does not measure') });
    const refused = { answers: { 'sysctl:kern.pervasive_energy': { result: -1, error: constant('ENOENT') } } };
    expect(told(processesOf([{ ...one, newest: 4 }]), refused)).toEqual({ energy: null, footprint: 4096, why: why('pervasive_energy') });
  });

  test('what does not change between two versions lies at the same place in both', () => {
    const older = layoutOf('rusage_info_v4').leaves;
    for (const [name, [path, offset]] of Object.entries(RESOURCE_USAGE.fields))
      if (name !== 'energy') expect(older.get(path)?.offset, name).toBe(offset);
    expect(layoutOf('rusage_info_v4').size).toBeLessThan(RESOURCE_USAGE.size);
  });

  test('whatever the order of the kernel, rows are in that of the ids, and each command is its own', () => {
    const long = busy(30, 3, { name: 'sh', command: ['/bin/long', 'one', 'two', 'three', 'four', 'five', 'six'] });
    const { command: _, ...refused } = busy(20, 2);
    const fake = openFakeDarwin(merge(m1Laptop, processesOf([long, refused, busy(25, 1), busy(10, 4)])));
    const [kernel, one] = ['CTL_KERN', 'KERN_PROCARGS2'].map((name) => constant(name));
    // Of 25 the answer is cut: it has an argument less than it says, and behind it lies what the memory had before.
    const cut = argumentsAnswer('/bin/cut', ['a']).subarray(0, 18);
    cut.writeInt32LE(3);
    fake.change({ answers: { [`sysctl:${kernel}.${one}.25`]: cut } });
    const read = openTable(fake);
    expect(
      read()
        .toJSON()
        .map(({ pid, cpuUser, command }) => [pid, cpuUser, command]),
    ).toEqual([
      [10, 4, '/bin/p10'],
      [20, 2, null],
      [25, 1, null],
      [30, 3, '/bin/long one two three four five six'],
    ]);
    // Ids were given out anew: who comes after the long one now is refused, or cut.
    fake.change(processesOf([{ ...long, pid: 5 }, { ...refused, pid: 6 }, busy(25, 1, { started: 1_789_900_200 })]));
    fake.change({ answers: { [`sysctl:${kernel}.${one}.25`]: cut } });
    expect(
      read()
        .toJSON()
        .map(({ command }) => command),
    ).toEqual(['/bin/long one two three four five six', null, null]);
    // The shell became a program whose name begins like its own.
    fake.change(processesOf([{ ...long, pid: 5, name: 'shell', command: ['shell'] }]));
    expect(read().row(0)).toMatchObject({ name: 'shell', command: 'shell' });
    fake.expectClean();
  });

  test('a list that grew since the last time is read whole, one that shrank has no rest of it', () => {
    const some = (many: number): FakeMachine => processesOf(Array.from({ length: many }, (_, index) => busy(100 + index, 1)));
    const fake = openFakeDarwin(merge(m1Laptop, some(3)));
    const read = openTable(fake);
    for (const many of [3, 40, 2, 41]) {
      fake.change(some(many));
      const table = read();
      expect(table.identities.map(({ pid }) => pid)).toEqual(Array.from({ length: many }, (_, index) => 100 + index));
      expect(table.toJSON().every(({ cpuUser }) => cpuUser === 1)).toBe(true);
    }
    fake.expectClean();
  });

  test('a system error of another kind is an error of the collector', () => {
    const fake = openFakeDarwin(
      merge(intelLaptop, { answers: { [`proc_pidinfo:77:${constant('PROC_PIDTASKINFO')}`]: { result: -1, error: constant('EIO') } } }),
    );
    expect(openTable(fake)).toThrow(expect.objectContaining({ code: 'EIO' }));
  });
});
