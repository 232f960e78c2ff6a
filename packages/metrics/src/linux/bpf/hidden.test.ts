import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { readKernelSizes } from '../auxv.ts';
import { createColumns } from '../process/columns.ts';
import { createTree } from '../rooted-tree.testing.ts';
import { watchHidden } from './hidden.ts';

test.skipIf(process.platform !== 'linux')('a process that passes do not show is read from /proc from the second on, until they do', () => {
  const host = openHost();
  const hidden = watchHidden(host, readKernelSizes(host));
  const columns = createColumns(1);
  const pass = (saw: (pid: number) => boolean): void => {
    columns.length = 0;
    hidden.beforePass();
    hidden.addRows(columns, saw);
  };
  const notUs = (pid: number): boolean => pid !== process.pid;
  try {
    pass(notUs);
    expect(columns.length).toBe(0);
    pass(notUs);
    expect([...hidden.pids]).toEqual([process.pid]);
    expect(columns.length).toBe(1);
    expect([columns.pid[0], columns.ppid[0], columns.uid[0]]).toEqual([process.pid, process.ppid, process.geteuid!()]);
    expect(columns.cpuUser[0]).toBeGreaterThan(0);
    expect(columns.rss[0]).toBeGreaterThan(10_000_000);
    expect(columns.readBytes[0]).toBeGreaterThanOrEqual(0);
    expect([columns.cpuExact[0], columns.voluntarySwitches[0], columns.cgroupId[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    pass(() => true);
    expect([columns.length, ...hidden.pids]).toEqual([0]);
  } finally {
    hidden.close();
  }
});

test('what was missed once, or ended, is not hidden; files that may not be read are NaN', () => {
  const stat = (pid: number): string => `${pid} (a) b) S 1 1 1 0 -1 64 1 0 2 0 300 400 0 0 20 0 5 0 600 7000 8 0 0 0 0 0\n`;
  const tree = createTree({
    'proc/5/stat': stat(5),
    'proc/5/io/directory': '',
    'proc/5/status': 'Name:\ta\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n',
    'proc/6/stat': stat(6),
    'proc/7/statm': '',
  });
  const hidden = watchHidden(tree.host, { pageSize: 4096, userHz: 100 });
  try {
    const columns = createColumns(1);
    for (let pass = 0; pass < 2; pass++) {
      hidden.beforePass();
      columns.length = 0;
      hidden.addRows(columns, (pid) => pid === 6 && pass === 1);
    }
    expect([...hidden.pids]).toEqual([5]);
    expect(columns.length).toBe(1);
    const { pid, ppid, startTicks, cpuUser, cpuSystem, minorFaults, majorFaults, rss, virtual, threads, nice, priority, flags } = columns;
    expect([pid, ppid, startTicks, cpuUser, cpuSystem, minorFaults, majorFaults].map(([value]) => value)).toEqual([5, 1, 600, 3, 4, 1, 2]);
    expect([rss, virtual, threads, nice, priority, flags].map(([value]) => value)).toEqual([8 * 4096, 7000, 5, 0, 20, 64]);
    expect([columns.uid[0], columns.gid[0], columns.readBytes[0], columns.names[0]]).toEqual([2, 6, Number.NaN, 'a) b']);
  } finally {
    hidden.close();
    tree.remove();
  }
});
