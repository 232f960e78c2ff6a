import { readFileSync, rmSync } from 'node:fs';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { afterEach, describe, expect, test } from 'vitest';
import { containersRates } from '../domain/containers.ts';
import type { ContainerReading } from '../domain/containers.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { runcMissing, startContainer } from './cgroup/runc.testing.ts';
import { containers } from './containers.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { RootedTree, Tree } from './rooted-tree.testing.ts';
import { DOCKER_ID, PODMAN_ID, POD_CONTAINER_ID, tree as v2 } from './trees/cgroups.testing.ts';

const made: RootedTree[] = [];
afterEach(() => made.splice(0).forEach((tree) => tree.remove()));
const plant = (tree: Tree): RootedTree => {
  const rooted = createTree(tree);
  made.push(rooted);
  return rooted;
};

/** A reader that is read several times. */
function open(host: Host): { read: () => readonly ContainerReading[]; gaps: Gap[]; close: () => void } {
  const reader = containers.open(host);
  const gaps: Gap[] = [];
  return { read: () => finish(reader.read(collectGaps(gaps)) as Sliced<readonly ContainerReading[]>), gaps, close: () => reader.close() };
}

function readOnce(tree: Tree): { rows: readonly ContainerReading[]; gaps: Gap[] } {
  const reader = open(plant(tree).host);
  const rows = reader.read();
  reader.close();
  return { rows, gaps: reader.gaps };
}

const BOOT: Tree = { ...v2, 'proc/stat': 'cpu 1 2 3 4\nbtime 1700000000\n', 'proc/meminfo': 'MemTotal: 8000000 kB\n' };

describe('v2', () => {
  test('docker, containerd below Kubernetes, podman: names, figures, limits, network, pressure', () => {
    const { rows, gaps } = readOnce(BOOT);
    expect(gaps).toEqual([]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(byId.size).toBe(3);
    expect(byId.get(DOCKER_ID)).toEqual({
      id: DOCKER_ID,
      name: 'web',
      runtime: 'docker',
      image: 'nginx:1.27',
      pod: null,
      podName: null,
      namespace: null,
      containerName: null,
      path: `/system.slice/docker-${DOCKER_ID}.scope`,
      startTime: 1_700_000_000 + 4100,
      frozen: false,
      cpuUsage: 6,
      cpuUser: 4,
      cpuSystem: 2,
      periods: 200,
      throttledPeriods: 50,
      throttledTime: 1,
      cpuLimit: 0.5,
      memoryUsage: 200_000_000,
      workingSet: 140_000_000,
      rss: 80_000_000,
      cache: 100_000_000,
      mapped: 14_000_000,
      swap: 8192,
      memoryLimit: 268_435_456,
      limitHits: 10,
      oomKills: 2,
      pids: 6,
      pidsLimit: 100,
      // 253:0 is mapped onto a disk, where the same bytes are counted.
      readBytes: 2000,
      writeBytes: 4000,
      reads: 20,
      writes: 40,
      network: [
        {
          device: 'lo',
          receiveBytes: 5,
          receivePackets: 1,
          receiveErrors: 0,
          receiveDrops: 0,
          transmitBytes: 5,
          transmitPackets: 1,
          transmitErrors: 0,
          transmitDrops: 0,
        },
        {
          device: 'eth0',
          receiveBytes: 500,
          receivePackets: 20,
          receiveErrors: 1,
          receiveDrops: 2,
          transmitBytes: 600,
          transmitPackets: 30,
          transmitErrors: 3,
          transmitDrops: 4,
        },
      ],
      pressure: {
        cpu: { some: { avg10: 0.015, avg60: 0.0075, avg300: 0.0025, total: 8 }, full: { avg10: 0, avg60: 0, avg300: 0, total: 4 } },
        memory: { some: { avg10: 0.015, avg60: 0.0075, avg300: 0.0025, total: 4 }, full: { avg10: 0, avg60: 0, avg300: 0, total: 2 } },
        io: { some: { avg10: 0.015, avg60: 0.0075, avg300: 0.0025, total: 2 }, full: { avg10: 0, avg60: 0, avg300: 0, total: 1 } },
        irq: null,
      },
    });
    expect(byId.get(POD_CONTAINER_ID)).toMatchObject({
      runtime: 'containerd',
      containerName: 'api',
      podName: 'api-7d4b9',
      namespace: 'shop',
      image: 'registry.example/api:3',
      pod: '1b2c3d4e-0000-1111-2222-333344445555',
      memoryLimit: null,
      cpuLimit: null,
      pidsLimit: null,
      // It is in the network of the machine.
      network: null,
    });
    // One row, though podman makes a group inside of its own; its processes are there.
    expect(byId.get(PODMAN_ID)).toMatchObject({
      name: 'cache',
      image: 'docker.io/library/redis:7',
      runtime: 'podman',
      pidsLimit: 2048,
      startTime: 1_700_004_300,
    });
    expect(byId.get(PODMAN_ID)?.network?.[1]).toMatchObject({ device: 'eth0', receiveBytes: 700 });
  });

  test('containers come and go between reads', () => {
    const tree = plant(BOOT);
    const reader = open(tree.host);
    expect(reader.read()).toHaveLength(3);
    rmSync(`${tree.directory}/sys/fs/cgroup/system.slice/docker-${DOCKER_ID}.scope`, { recursive: true });
    expect(new Set(reader.read().map(({ id }) => id))).toEqual(new Set([PODMAN_ID, POD_CONTAINER_ID]));
    const other = 'ab'.repeat(32);
    tree.write(`sys/fs/cgroup/lxc.payload.box/docker/${other}/cpu.stat`, 'usage_usec 5000000\n');
    tree.write('sys/fs/cgroup/lxc.payload.box/cpu.stat', 'usage_usec 9000000\n');
    expect(new Set(reader.read().map(({ id }) => id))).toEqual(new Set([PODMAN_ID, POD_CONTAINER_ID, 'box', other]));
    reader.close();
  });

  test('two containers of one pod share a network: it is counted once', () => {
    const second = 'c2'.repeat(32);
    const { rows } = readOnce({
      ...BOOT,
      [`sys/fs/cgroup/system.slice/docker-${second}.scope/cpu.stat`]: 'usage_usec 1\n',
      [`sys/fs/cgroup/system.slice/docker-${second}.scope/cgroup.procs`]: '4100\n',
    });
    const networks = rows.filter(({ runtime }) => runtime === 'docker').map(({ network }) => network === null);
    expect(networks.sort()).toEqual([false, true]);
  });

  test('more than two hundred are counted in a gap', () => {
    const many = Object.fromEntries(
      Array.from({ length: 205 }, (_, index) => [
        `sys/fs/cgroup/docker/${index.toString(16).padStart(64, '0')}/cpu.stat`,
        'usage_usec 1\n',
      ]),
    );
    const { rows, gaps } = readOnce({ 'proc/1/mountinfo': v2['proc/1/mountinfo']!, ...many });
    expect(rows).toHaveLength(200);
    expect(gaps).toMatchObject([{ field: 'containers', reason: 'unsupported', detail: expect.stringContaining('5 more') as string }]);
  });

  test('files of engines that are no JSON give the id for a name', () => {
    const { rows } = readOnce({ ...BOOT, [`var/lib/docker/containers/${DOCKER_ID}/config.v2.json`]: '{"Name": "/we' });
    expect(rows.find(({ id }) => id === DOCKER_ID)).toMatchObject({ name: DOCKER_ID, image: null });
  });
});

test('rates: a container that was made anew begins again', () => {
  const { rows } = readOnce(BOOT);
  const docker = rows.find(({ id }) => id === DOCKER_ID)!;
  const later: ContainerReading = {
    ...docker,
    cpuUsage: 7,
    periods: 210,
    throttledPeriods: 55,
    readBytes: 4000,
    oomKills: 2,
    network: docker.network!.map((row) => ({ ...row, receiveBytes: row.receiveBytes + 100 })),
  };
  expect(containersRates(rows, [later], 2)).toMatchObject([
    {
      name: 'web',
      cpuCores: 0.5,
      cpuLimitShare: 1,
      throttledRatio: 0.5,
      readBytesPerSecond: 1000,
      writeBytesPerSecond: 0,
      receiveBytesPerSecond: 50,
      transmitBytesPerSecond: 0,
      oomKillsPerSecond: 0,
    },
  ]);
  expect(containersRates([docker], [{ ...later, id: 'other' }], 2)).toEqual([]);
  expect(containersRates([docker], [{ ...later, network: null, cpuUsage: 1 }], 2)).toMatchObject([
    { cpuCores: null, receiveBytesPerSecond: null },
  ]);
});

const missing = runcMissing();
if (missing) console.warn(`SKIPPED: containers of runc: ${missing}`);

describe.skipIf(missing !== null)('a container of runc on this machine', () => {
  test('is found with its limits, its processes and its use; it freezes, and is gone after its end', () => {
    const reader = open(openHost());
    const before = reader.read().length;
    const container = startContainer('docker', {
      memory: { limit: 64 << 20 },
      cpu: { quota: 50_000, period: 100_000 },
      pids: { limit: 50 },
    });
    try {
      const find = (): ContainerReading | undefined => reader.read().find(({ id }) => id === container.id);
      const file = (controller: string, name: string): string =>
        readFileSync(`/sys/fs/cgroup/${controller}${container.path}/${name}`, 'utf8');
      // Fills 8 MB of a file system in memory: pages that belong to the container.
      container.exec('/bin/dd', 'if=/dev/zero', 'of=/dev/shm/x', 'bs=1M', 'count=8');
      // The list of groups may be up to five seconds old: a new reader looks anew.
      const anew = open(openHost());
      const used = Number(file('cpuacct', 'cpuacct.usage'));
      const row = anew.read().find(({ id }) => id === container.id);
      anew.close();
      expect(row).toMatchObject({
        name: container.id,
        runtime: 'docker',
        path: container.path,
        memoryLimit: 64 << 20,
        cpuLimit: 0.5,
        pidsLimit: 50,
        pids: 1,
        oomKills: 0,
        frozen: false,
        network: [{ device: 'lo', receiveBytes: 0 }],
      });
      expect(Math.abs(row!.memoryUsage! - Number(file('memory', 'memory.usage_in_bytes')))).toBeLessThan(1 << 20);
      expect(row!.cache).toBeGreaterThanOrEqual(8 << 20);
      expect(row!.cpuUsage! * 1e9).toBeGreaterThan(used - 1);
      expect(row!.cpuUsage! * 1e9).toBeLessThan(Number(file('cpuacct', 'cpuacct.usage')) + 1);
      const started = Number(readFileSync(`/proc/${container.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]);
      const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))![1]);
      expect(Math.abs(row!.startTime! - (boot + started / 100))).toBeLessThan(2);
      container.runc('pause', container.id);
      const frozen = open(openHost());
      expect(frozen.read().find(({ id }) => id === container.id)?.frozen).toBe(true);
      container.runc('resume', container.id);
      container.remove();
      expect(frozen.read().find(({ id }) => id === container.id)).toBeUndefined();
      frozen.close();
      expect(find()).toBeUndefined();
      expect(reader.read().length).toBeLessThanOrEqual(before);
      reader.close();
    } finally {
      container.remove();
    }
  });
});
