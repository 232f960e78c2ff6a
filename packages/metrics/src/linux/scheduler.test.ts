import { openHost } from '@hecate/host';
import { afterAll, expect, test } from 'vitest';
import { fragmentation } from '../domain/buddyinfo.ts';
import { schedulerRates } from '../domain/scheduler.ts';
import { zoneinfoGroups } from '../domain/zoneinfo.ts';
import { ByteCursor } from '../model/cursor.ts';
import { buddyinfo } from './buddyinfo.ts';
import { readOnce } from './reading.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { parseSchedstat, scheduler } from './scheduler.ts';
import { slab } from './slab.ts';
import { tree as files } from './trees/interrupts.testing.ts';
import { zoneinfo } from './zoneinfo.ts';

const tree = createTree(files);
afterAll(() => tree.remove());

test('seconds of running and waiting by CPU', () => {
  expect(readOnce(scheduler, tree.host).reading).toEqual([
    { cpu: 0, running: 5, waiting: 0.25, timeslices: 1000 },
    { cpu: 2, running: 4, waiting: 0, timeslices: 10 },
  ]);
  expect(parseSchedstat(new ByteCursor().reset(bytesOf('cpu0 1 2 3\ncpu1 0 0 0 0 0 0 1 2\ncpu 1 2 3 4 5 6 7 8 9\n')))).toEqual([]);
});

test('tasks that run and wait, by CPU and all together', () => {
  const before = [
    { cpu: 0, running: 5, waiting: 1, timeslices: 100 },
    { cpu: 1, running: 5, waiting: 1, timeslices: 100 },
    { cpu: 9, running: 0, waiting: 0, timeslices: 0 },
  ];
  const after = [
    { cpu: 0, running: 6, waiting: 5, timeslices: 300 },
    { cpu: 1, running: 5, waiting: 1, timeslices: 100 },
    { cpu: 5, running: 9, waiting: 9, timeslices: 9 },
  ];
  expect(schedulerRates(before, after, 2)).toEqual({
    running: 0.5,
    waiting: 2,
    timeslicesPerSecond: 100,
    latency: 0.02,
    cpus: [
      { cpu: 0, running: 0.5, waiting: 2, timeslicesPerSecond: 100, latency: 0.02 },
      { cpu: 1, running: 0, waiting: 0, timeslicesPerSecond: 0, latency: null },
    ],
  });
  expect(schedulerRates([], after, 2)).toBeNull();
  expect(schedulerRates(before, after, 0)).toBeNull();
});

test('a kernel without these statistics has none, and one gap says so', () => {
  const empty = createTree({});
  const { reading, gaps } = readOnce(scheduler, empty.host);
  expect(reading).toEqual([]);
  expect(gaps).toEqual([expect.objectContaining({ field: 'scheduler', reason: 'unsupported' })]);
  empty.remove();
});

test('free blocks by size, and how broken up they are', () => {
  const [zone] = readOnce(buddyinfo, tree.host).reading;
  expect(zone).toEqual({ node: 0, zone: 'Normal', blocks: [4, 2, 1] });
  expect(fragmentation(zone!, 2)).toBeCloseTo(8 / 12);
  expect(fragmentation(zone!, 0)).toBe(0);
  expect(fragmentation({ ...zone!, blocks: [0, 0] }, 0)).toBeNull();
});

test('zones with their levels; what is listed by CPU is left out', () => {
  const { reading } = readOnce(zoneinfo, tree.host);
  expect(reading).toEqual([
    {
      node: 0,
      zone: 'Normal',
      protection: [0, 0, 30],
      stats: [
        { name: 'nr_dirtied', value: 7 },
        { name: 'free', value: 100 },
        { name: 'min', value: 8 },
        { name: 'nr_free_pages', value: 100 },
      ],
    },
  ]);
  const rows = zoneinfoGroups().flatMap((group) => [...group.rows(reading)]) as { name: string; value: number }[];
  expect(rows.map(({ name, value }) => `${name} ${value}`)).toEqual([
    'min_pages 8',
    'nr_free_pages 100',
    'nr_dirtied_total 7',
    'protection_0 0',
    'protection_1 0',
    'protection_2 30',
  ]);
});

test('slabs', () => {
  expect(readOnce(slab, tree.host).reading).toEqual([
    { slab: 'dentry', active: 120, objects: 128, objectSize: 192, objectsPerSlab: 21, pagesPerSlab: 1 },
  ]);
});

test.runIf(process.platform === 'linux')('this machine: free blocks and zones tell of the same memory; slabs only to root', () => {
  const host = openHost();
  const blocks = readOnce(buddyinfo, host).reading;
  const zones = readOnce(zoneinfo, host).reading.filter(({ stats }) => stats.some(({ name, value }) => name === 'managed' && value > 0));
  if (zones.length > 0) expect(blocks.map(({ node, zone }) => `${node} ${zone}`)).toEqual(zones.map(({ node, zone }) => `${node} ${zone}`));
  for (const { node, zone, blocks: free } of blocks) {
    const managed = zones.find((found) => found.node === node && found.zone === zone)!.stats.find(({ name }) => name === 'managed')!.value;
    expect(free.reduce((sum, count, order) => sum + count * 2 ** order, 0)).toBeLessThanOrEqual(managed);
  }
  const { reading, gaps } = readOnce(slab, host);
  if (gaps.length > 0)
    expect(gaps).toEqual([expect.objectContaining({ field: 'slab', reason: expect.stringMatching(/permission|absent/) as string })]);
  else for (const row of reading) expect(row.active).toBeLessThanOrEqual(row.objects);
});
