import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { finish } from '../../model/collector.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { bytesOf, createTree } from '../rooted-tree.testing.ts';
import { openBoundedFiles } from './bounded-files.ts';
import { parseControllers } from './controllers.ts';
import { openCgroupFiles } from './files.ts';
import { openDeviceFilter, parseBlkio, parseIoStat } from './io.ts';
import { countRanges, keyedNumber, keyOf, numberOrMax } from './keyed.ts';
import type { CgroupPlace } from './place.ts';
import { cgroupTreeOf } from './tree.ts';

/** A cursor on a text that has stale bytes of another file behind it, as a read's buffer has. */
const over = (text: string): ByteCursor => {
  const { buffer } = bytesOf(`${text}total_rss 9\noom_kill 9\nmax 9`);
  return new ByteCursor().reset({ buffer, length: Buffer.byteLength(text) });
};

test('a key counts at the start of a line only, and not in what is stale', () => {
  expect(keyedNumber(over('rss 1\ntotal_rss 2\n'), keyOf('rss'))).toBe(1);
  expect(keyedNumber(over('total_rss 2\n'), keyOf('rss'))).toBeNull();
  expect(keyedNumber(over('oom 3\noom_kill 4\n'), keyOf('oom_kill'))).toBe(4);
  expect(keyedNumber(over('oom 3\n'), keyOf('oom_kill'))).toBeNull();
  expect(keyedNumber(over('a 1'), keyOf('max'))).toBeNull();
  expect(() => keyedNumber(over('max none\n'), keyOf('max'))).toThrow('number');
});

test('limits and ranges', () => {
  expect(numberOrMax(over('max\n'))).toBeNull();
  expect(numberOrMax(over('17\n'))).toBe(17);
  expect(() => numberOrMax(over('\n'))).toThrow('number');
  expect([countRanges(over('0-3,8,10-11\n')), countRanges(over('\n')), countRanges(over('5\n'))]).toEqual([7, 0, 1]);
});

test('I/O of both versions, over devices that count', () => {
  const counts = (number: string): boolean => number !== '253:0';
  expect(
    parseIoStat(
      over(
        '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n259:1 \n253:0 rbytes=9 wbytes=9 rios=9 wios=9\n8:16 cost.usage=7 rbytes=10\n',
      ),
      counts,
    ),
  ).toEqual({
    readBytes: 11,
    writeBytes: 2,
    reads: 3,
    writes: 4,
  });
  expect(
    parseBlkio(
      over('8:0 Read 5\n8:0 Write 6\n8:0 Sync 11\n8:0 Total 11\n253:0 Read 5\nTotal 11\n'),
      openDeviceFilter({ list: (name) => (name.includes('253') ? ['sda'] : []) }),
    ),
  ).toEqual({
    read: 5,
    write: 6,
  });
});

test('v1: user and system from ticks where the kernel is old', () => {
  const tree = createTree({
    'g/cpuacct.usage': '2500000000\n',
    'g/cpuacct.stat': 'user 150\nsystem 100\n',
    'g/cpu.cfs_quota_us': '-1\n',
    'h/cpu.cfs_quota_us': '25000\n',
    'h/cpu.cfs_period_us': '0\n',
  });
  const files = openCgroupFiles(tree.host);
  const place: CgroupPlace = {
    unified: null,
    controllers: { cpuacct: '/g', cpu: '/g', memory: null, cpuset: null, pids: null, blkio: null, freezer: null },
  };
  expect(files.cpu(place)).toMatchObject({ usage: 2.5, user: 1.5, system: 1, periods: null });
  expect(files.cpuLimit('/g', false)).toBeNull();
  expect(() => files.cpuLimit('/h', false)).toThrow('no period');
  expect(files.memory(place)).toEqual({ usage: null, workingSet: null, rss: null, cache: null, mapped: null, swap: null });
  tree.remove();
});

test('a controller that was switched off at boot is told; a line that is none is an error', () => {
  expect(parseControllers(over('#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t0\t5\t0\n'))).toEqual([
    { name: 'memory', groups: 5, enabled: false },
  ]);
  expect(() => parseControllers(over('(nonsense) 1 2 3\n'))).toThrow('controller');
});

test.runIf(process.platform === 'linux')('files stay open up to a bound, and are closed when they were not read for a while', () => {
  const tree = createTree({ 'a/x': '1\n', 'a/y': '2\n', 'a/z': '3\n' });
  const own = (): number => readdirSync('/proc/self/fd').length;
  const start = own();
  const files = openBoundedFiles(tree.host, 2);
  const text = (name: string): string => {
    const { buffer, length } = files.read(`/a/${name}`);
    return buffer.toString('utf8', 0, length);
  };
  expect(['x', 'y', 'z', 'x'].map(text)).toEqual(['1\n', '2\n', '3\n', '1\n']);
  expect(own() - start).toBe(2);
  files.sweep();
  text('x');
  files.sweep();
  expect(own() - start).toBe(1);
  expect(() => text('missing')).toThrow('ENOENT');
  files.close();
  expect(own() - start).toBe(0);
  tree.remove();
});

test('the tree of groups: listed once, again when it changed, and at the latest when in doubt', () => {
  const tree = createTree({ 'cg/cgroup.procs': '', 'cg/a/b/cgroup.procs': '', 'cg/a/cpu.stat': '', 'cg/memory.max': '' });
  const lists: string[] = [];
  const host = { ...tree.host, list: (name: string) => (lists.push(name), tree.host.list(name)) };
  const groups = cgroupTreeOf(host, { mountpoint: '/cg', root: '/outer' });
  expect(cgroupTreeOf(host, { mountpoint: '/cg', root: '/outer' })).toBe(groups);
  const paths = (): string[] => finish(groups.scan()).map((node) => node.path);
  expect(paths()).toEqual(['/outer', '/outer/a', '/outer/a/b']);
  mkdirSync(path.join(tree.directory, 'cg/c'));
  expect(new Set(paths())).toEqual(new Set(['/outer', '/outer/a', '/outer/a/b', '/outer/c']));
  rmSync(path.join(tree.directory, 'cg/a'), { recursive: true });
  expect(paths()).toEqual(['/outer', '/outer/c']);
  groups.doubt();
  lists.length = 0;
  expect(paths()).toEqual(['/outer', '/outer/c']);
  expect(lists).toContain('/cg');
  tree.remove();
});

test.runIf(process.platform === 'linux')('on a machine that runs, two who ask at the same time share one list', () => {
  const host = openHost();
  const groups = cgroupTreeOf(host, { mountpoint: '/sys/fs/cgroup', root: '/' });
  expect(finish(groups.scan())).toBe(finish(groups.scan()));
});
