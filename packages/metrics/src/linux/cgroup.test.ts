import { afterEach, describe, expect, test } from 'vitest';
import { cgroupRates } from '../domain/cgroup.ts';
import type { CgroupReading } from '../domain/cgroup.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { cgroup } from './cgroup.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { RootedTree, Tree } from './rooted-tree.testing.ts';
import { tree as v2 } from './trees/cgroups.testing.ts';

const made: RootedTree[] = [];
afterEach(() => made.splice(0).forEach((tree) => tree.remove()));

function readTree(tree: Tree): { reading: CgroupReading; gaps: Gap[] } {
  const rooted = createTree(tree);
  made.push(rooted);
  const gaps: Gap[] = [];
  const reader = cgroup.open(rooted.host);
  const reading = reader.read(collectGaps(gaps)) as CgroupReading;
  reader.close();
  return { reading, gaps };
}

describe('v2', () => {
  const total = 'MemTotal:        8000000 kB\n';

  test('the smallest limit on the way to the root counts, usage is our own', () => {
    const { reading, gaps } = readTree({ ...v2, 'proc/meminfo': total });
    expect(reading).toMatchObject({
      path: '/system.slice/hecate.service',
      version: 2,
      memoryLimit: 500_000_000,
      memoryHigh: null,
      memoryUsage: 100_000_000,
      workingSet: 70_000_000,
      rss: 40_000_000,
      cache: 50_000_000,
      swapUsage: 4096,
      swapLimit: null,
      cpuLimit: 1.5,
      cpus: 6,
      cpuUsage: 3,
      cpuUser: 2,
      cpuSystem: 1,
      periods: 100,
      throttledPeriods: 25,
      throttledTime: 0.5,
      pidsLimit: 4915,
      pids: 3,
      highHits: 3,
      limitHits: 5,
      oom: 2,
      oomKills: 1,
      pressure: { cpu: { some: { total: 4 } }, io: { full: { total: 0.5 } }, memory: { some: { avg10: 0.015 } }, irq: null },
    });
    expect(gaps).toEqual([]);
    expect(reading.controllers).toContainEqual({ name: 'net_cls', groups: 1, enabled: false });
  });

  test('a limit of all memory or more is none', () => {
    expect(readTree({ ...v2, 'proc/meminfo': 'MemTotal:         400000 kB\n' }).reading.memoryLimit).toBeNull();
  });

  test('without the controllers figures are null, and a gap says why', () => {
    const names = ['cpuset.cpus.effective', 'memory', 'pids', 'io', 'cpu.max'];
    const kept = Object.entries(v2).filter(([file]) => !names.some((name) => file.includes(`/${name}`)));
    const { reading, gaps } = readTree(Object.fromEntries(kept) as Tree);
    expect(reading).toMatchObject({ memoryUsage: null, workingSet: null, memoryLimit: null, pids: null, cpus: null, cpuUsage: 3 });
    expect(gaps.map(({ field, reason }) => [field, reason])).toEqual([
      ['cgroup.memoryUsage', 'unsupported'],
      ['cgroup.pids', 'unsupported'],
    ]);
  });

  test('in a namespace of its own a container sees its limits at the mount point', () => {
    const { reading } = readTree({
      ...v2,
      'proc/self/cgroup': '0::/\n',
      'proc/meminfo': total,
      'sys/fs/cgroup/memory.max': '67108864\n',
      'sys/fs/cgroup/cpu.max': '25000 100000\n',
    });
    expect(reading).toMatchObject({ path: '/', memoryLimit: 67_108_864, cpuLimit: 0.25 });
  });

  test('a malformed file is a gap of its own; the rest stands', () => {
    const { reading, gaps } = readTree({ ...v2, 'sys/fs/cgroup/system.slice/hecate.service/cpu.max': 'nonsense\n' });
    expect(reading).toMatchObject({ cpuLimit: null, memoryLimit: null, cpuUsage: 3, pids: 3 });
    expect(gaps).toMatchObject([{ field: 'cgroup.memoryLimit', reason: 'error' }]);
  });
});

test('rates: processors in use, share of the quota, share of throttled periods', () => {
  const { reading } = readTree(v2);
  const later = { ...reading, cpuUsage: 4.5, periods: 120, throttledPeriods: 30, throttledTime: 1.5, oomKills: 3 };
  expect(cgroupRates(reading, later, 2)).toMatchObject({
    cpuCores: 0.75,
    cpuLimitShare: 0.5,
    throttledRatio: 0.25,
    throttledTime: 0.5,
    oomKillsPerSecond: 1,
    pressure: { cpu: { some: 0 } },
  });
  expect(cgroupRates(reading, reading, 2)?.throttledRatio).toBeNull();
  expect(cgroupRates(reading, { ...later, path: '/other' }, 2)).toBeNull();
});
