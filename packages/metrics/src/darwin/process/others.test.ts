import { describe, expect, test } from 'vitest';
import type { Host } from '@hecate/host';
import { processRates } from '../../domain/process-rates.ts';
import type { ProcessTable } from '../../domain/process.ts';
import { finish } from '../../model/collector.ts';
import type { Sliced } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { constant } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { processesOf } from '../fake/processes.testing.ts';
import type { FakeProcess } from '../fake/processes.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { processes } from '../processes.ts';
import { arrive, fails, hangs } from '../text/programs.testing.ts';
import type { Run } from '../text/programs.testing.ts';

const HEADER = '  PID  PPID   UID NI STAT    RSS      VSZ      TIME     UTIME     ELAPSED COMM';
const row = (pid: number, uid: number, cpu: number): string =>
  `${pid} 1 ${uid} 0 R 64 128 0:${cpu.toFixed(2).padStart(5, '0')} 0:01.00 05:00 /usr/libexec/p${pid}`;

/** Processes of root, which this user may not read, and one of its own. */
const other = (pid: number, changes: Partial<FakeProcess> = {}): FakeProcess => ({
  ...{ pid, ppid: 1, uid: 0, name: `p${pid}`, started: 1_789_900_100, task: null, path: `/usr/libexec/p${pid}` },
  ...changes,
});
const OWN = other(60, { uid: 501, task: { pti_total_user: 24_000_000, pti_threadnum: 2, pti_resident_size: 4096 } });

function openTable(list: readonly FakeProcess[], answer: Run) {
  const fake = openFakeDarwin(merge(m1Laptop, processesOf(list)));
  let started = 0;
  const run: Host['run'] = (argv, options = {}) => {
    started++;
    expect(argv[0]).toBe('/bin/ps');
    return answer(argv, options);
  };
  const reader = processes.open({ ...fake.host, run });
  const read = () => {
    const gaps: Gap[] = [];
    const table = finish(reader.read(collectGaps(gaps)) as Sliced<ProcessTable>);
    return { table, others: gaps.find(({ field }) => field === 'processes.others')?.detail };
  };
  return { fake, reader, read, started: () => started };
}

describe.skipIf(noFakeDarwin !== null)('processes of other users', () => {
  test('are what ps tells, a pass later; their rates lie between two of its runs, and ps runs every ten seconds', async () => {
    let cpu = 2;
    const { fake, reader, read, started } = openTable([other(50), OWN], async () => ({
      ...{ status: 0, signal: null, stderr: '' },
      stdout: `${HEADER}\n${row(50, 0, cpu)}\n${row(60, 501, 9)}\n`,
    }));
    const first = read();
    // Another pass while ps runs.
    read();
    expect(first.table.row(0)).toMatchObject({ pid: 50, state: '?', cpuUser: null, rss: null });
    expect(first.others).toMatch(/1 processes of other users.*ps is asked/);
    await arrive();
    fake.advance(1);
    const second = read();
    expect(second.table.row(0)).toMatchObject({ state: 'R', cpuUser: 1, cpuSystem: 1, rss: 64 * 1024, virtual: 128 * 1024, threads: null });
    // Ours is read from the libraries.
    expect(second.table.row(1)).toMatchObject({ cpuUser: 1, rss: 4096 });
    expect(second.others).toMatch(/^Threads, faults, energy and I\/O of 1 processes/);
    expect(reader.notes!()).toEqual([expect.stringContaining('ps told 1 s ago')]);
    // One look has no rate, and standing still is not doing nothing.
    expect(processRates(first.table, second.table, 1)(0).cpu).toBeNull();
    fake.advance(8);
    const third = read();
    expect(processRates(second.table, third.table, 8)(0).cpu).toBeNull();
    expect(started()).toBe(1);
    cpu = 7;
    fake.advance(1);
    read();
    read();
    await arrive();
    expect(started()).toBe(2);
    fake.advance(1);
    const fourth = read();
    // 5 s of CPU in the 10 s between the two runs; it is told until there is a newer one.
    expect(processRates(third.table, fourth.table, 2)(0).cpu).toBeCloseTo(0.5);
    fake.advance(3);
    expect(processRates(fourth.table, read().table, 3)(0).cpu).toBeCloseTo(0.5);
    reader.close();
    fake.expectClean();
  });

  test('another process with the number, a later one and an old answer are not told of', async () => {
    const { fake, read } = openTable(
      [other(50, { uid: 88 }), other(51, { started: 1_790_000_100 }), other(52, { state: constant('SSTOP') }), other(53)],
      async () => ({
        ...{ status: 0, signal: null, stderr: '' },
        stdout: `${HEADER}\n${[50, 51, 52].map((pid) => row(pid, 0, 2)).join('\n')}\n`,
      }),
    );
    read();
    await arrive();
    fake.advance(1);
    const { table } = read();
    // Where the kernel tells the state, it counts.
    expect([2, 3].map((at) => table.row(at).state)).toEqual(['T', '?']);
    expect([0, 1, 2, 3].map((at) => table.row(at).cpuUser)).toEqual([null, null, 1, null]);
    fake.advance(100);
    expect(read().table.row(2).cpuUser).toBeNull();
  });

  test('stay unknown where ps fails, with both reasons, and it rests; one that hangs is started once', async () => {
    const failing = openTable([other(50)], fails('no luck'));
    failing.read();
    await arrive();
    for (let second = 0; second < 9; second++) {
      failing.fake.advance(1);
      expect(failing.read().others).toMatch(/can only be read as root\. .*no luck/);
      await arrive();
    }
    expect(failing.started()).toBe(1);
    const hanging = openTable([other(50)], hangs);
    for (let second = 0; second < 100; second++) {
      expect(hanging.read().table.row(0).cpuUser).toBeNull();
      hanging.fake.advance(1);
      await arrive();
    }
    expect(hanging.started()).toBe(1);
    hanging.reader.close();
  });

  test('start no program where everything may be read', () => {
    const { read, started } = openTable([OWN], fails('no'));
    read();
    expect(started()).toBe(0);
  });
});
