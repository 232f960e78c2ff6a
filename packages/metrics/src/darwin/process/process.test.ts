import { describe, expect, test } from 'vitest';
import { processRates } from '../../domain/process-rates.ts';
import { finish } from '../../model/collector.ts';
import type { Sliced } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { ProcessTable } from '../../domain/process.ts';
import { constant } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { argumentsAnswer, processesOf } from '../fake/processes.testing.ts';
import type { FakeProcess } from '../fake/processes.testing.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { processes } from '../processes.ts';
import { parseArguments } from './command.ts';
import { wholeName } from './program-path.ts';

test('arguments that are cut, or none at all, are unknown; the environment is never read', () => {
  const whole = argumentsAnswer('/bin/x', ['/bin/x', '', 'two words', 'ü']);
  expect(parseArguments(whole)).toEqual(['/bin/x', '', 'two words', 'ü']);
  expect(parseArguments(argumentsAnswer('', []))).toEqual([]);
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(4), whole.subarray(0, 20), Buffer.from([255, 255, 255, 255, 47, 0])])
    expect(parseArguments(bytes)).toBeNull();
  expect(JSON.stringify(parseArguments(whole))).not.toContain('SECRET');
});

test('a name that the kernel cut is completed, one that is another is not', () => {
  expect(wholeName('Google Chrome He', '/Applications/Google Chrome Helper')).toBe('Google Chrome Helper');
  expect(wholeName('Google Chrome He', '/usr/bin/python3')).toBe('Google Chrome He');
  expect(wholeName('short', '/usr/bin/shorter')).toBe('short');
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
    expect(after.groups.find(({ name }) => name === 'p10')).toMatchObject({ processes: 1, threads: 0, rss: 0 });
    fake.expectClean();
  });

  test('the command is read when a process is new and when it executes another program, not at every pass', () => {
    const fake = openFakeDarwin(merge(m1Laptop, processesOf([busy(10, 1)])));
    const read = openTable(fake);
    for (let pass = 0; pass < 3; pass++) expect(read().row(0)).toMatchObject({ name: 'p10', command: '/bin/p10' });
    expect(fake.report().calls['proc_pidpath']).toBe(1);
    fake.change(processesOf([busy(10, 1, { name: 'other', path: '/bin/other', command: ['other', '-x'] })]));
    expect(read().row(0)).toMatchObject({ name: 'other', command: 'other -x' });
    expect(fake.report().calls['proc_pidpath']).toBe(2);
  });

  test('a system error of another kind is an error of the collector', () => {
    const fake = openFakeDarwin(
      merge(intelLaptop, { answers: { [`proc_pidinfo:77:${constant('PROC_PIDTASKINFO')}`]: { result: -1, error: constant('EIO') } } }),
    );
    expect(openTable(fake)).toThrow(expect.objectContaining({ code: 'EIO' }));
  });
});
