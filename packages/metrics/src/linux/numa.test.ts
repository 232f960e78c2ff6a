import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { afterAll, expect, test } from 'vitest';
import { numaGroups, numaRates } from '../domain/numa.ts';
import { hugepages, parseChoice } from './hugepages.ts';
import { numa } from './numa.ts';
import { parseCpuList } from './processor/cpu-list.ts';
import { readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/memory.testing.ts';

const tree = createTree(files);
afterAll(() => tree.remove());

test('nodes with their CPUs, distances, sizes and counters; one has memory only', () => {
  const { reading, gaps } = readOnce(numa, tree.host);
  expect(gaps).toEqual([]);
  expect(reading[1]).toMatchObject({
    node: 1,
    cpus: [4, 5],
    distances: [21, 10, 24],
    total: 16_384_000_000,
    free: 8_192_000_000,
    used: 8_192_000_000,
    files: 4_096_000,
    anonymous: null,
    hits: 100,
    misses: 11,
    foreign: 12,
    interleaved: 3,
    local: 190,
    remote: 21,
    promoted: 15,
    demoted: 10,
  });
  expect(reading[2]).toMatchObject({ node: 2, cpus: [] });
  expect(reading[0]!.lines).toContainEqual({ name: 'Active_anon', value: 10_240, bytes: true });
  expect(reading[2]!.lines).toContainEqual({ name: 'HugePages_Total', value: 2, bytes: false });
  const rows = numaGroups().flatMap((group) => [...group.rows(reading)]);
  expect(rows).toContainEqual({ node: 1, name: 'numa_hit', value: 100 });
});

test('pages per second, and the share that was wanted elsewhere', () => {
  const [before] = readOnce(numa, tree.host).reading;
  const after = { ...before!, hits: before!.hits! + 30, misses: before!.misses! + 10, remote: 0 };
  expect(numaRates([before!], [after], 10)).toEqual([
    { node: 0, hitsPerSecond: 3, missesPerSecond: 1, remotePerSecond: null, missRatio: 0.25 },
  ]);
  expect(numaRates([before!], [before!], 10)[0]!.missRatio).toBeNull();
  expect(numaRates([], [after], 10)).toEqual([]);
});

test('huge pages by size, of the machine and of its nodes; transparent ones by what was chosen', () => {
  const { reading, gaps } = readOnce(hugepages, tree.host);
  expect(gaps).toEqual([]);
  const size = 2 ** 21;
  expect(reading.pools).toContainEqual({ size, node: null, total: 6, free: 3, reserved: 2, surplus: 1, overcommit: 4 });
  expect(reading.pools).toContainEqual({ size, node: 1, total: 2, free: 1, reserved: null, surplus: 0, overcommit: null });
  expect(reading.pools.filter(({ node }) => node === null).map((pool) => pool.size)).toEqual([2 ** 30, size].toSorted((a, b) => b - a));
  expect(reading.transparent).toEqual({
    enabled: 'madvise',
    defrag: 'madvise',
    shared: 'never',
    size,
    backgroundDefrag: true,
    pagesToScan: 4096,
    scanSleep: 10,
    sizes: [{ size: 65_536, enabled: 'inherit', anonymous: 12, faults: 34, fallbacks: null }],
  });
  expect([null, '', 'always never', '[a b]', '[x]'].map(parseChoice)).toEqual([null, null, null, null, 'x']);
});

test.runIf(process.platform === 'linux')('this machine: the nodes of lscpu, and no more memory than there is', () => {
  const host = openHost();
  const { reading, gaps } = readOnce(numa, host);
  expect(gaps).toEqual([]);
  const { status, stdout } = spawnSync('lscpu', [], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (status === 0) {
    const nodes = [...stdout.matchAll(/^NUMA node(\d+) CPU\(s\):\s*(\S*)$/gm)].map(([, node, cpus]) => ({
      node: Number(node),
      cpus: parseCpuList(cpus!),
    }));
    expect(reading.filter(({ cpus }) => cpus.length > 0).map(({ node, cpus }) => ({ node, cpus }))).toEqual(nodes);
  }
  if (reading.length === 0) return;
  const total = Number(/^MemTotal:\s*(\d+) kB/m.exec(host.readText('/proc/meminfo'))![1]) * 1024;
  // Not equal: memory that a hypervisor lends by the piece is on no node.
  expect(reading.reduce((sum, node) => sum + node.total!, 0)).toBeLessThanOrEqual(total);
  for (const node of reading) expect(node.used).toBe(node.total! - node.free!);
  const pool = readOnce(hugepages, host).reading.pools.find(({ size, node }) => node === null && size === 2 ** 21);
  if (pool) expect(pool.total).toBe(Number(/^HugePages_Total:\s*(\d+)/m.exec(host.readText('/proc/meminfo'))![1]));
});
