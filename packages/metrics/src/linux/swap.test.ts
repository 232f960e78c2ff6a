import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { afterAll, expect, test } from 'vitest';
import { ksm } from './ksm.ts';
import { readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { parseMmStat } from './swap/zram.ts';
import { parseSwaps, swap } from './swap.ts';
import { tree as files } from './trees/memory.testing.ts';

const tree = createTree(files);
afterAll(() => tree.remove());

test('swap devices with escaped names and priorities below zero; zswap; zram that is in use', () => {
  const { reading, gaps } = readOnce(swap, tree.host);
  expect(gaps).toEqual([]);
  expect(reading).toEqual({
    devices: [
      { device: '/dev/sdz2', type: 'partition', size: 8_388_604 * 1024, used: 76 * 1024, priority: -2 },
      { device: '/var/swap file', type: 'file', size: 1_048_576, used: 0, priority: -3 },
      { device: '/dev/zram1', type: 'partition', size: 2_097_152, used: 4096, priority: 100 },
    ],
    zswap: {
      enabled: true,
      compressor: 'zstd',
      maxPool: 0.2,
      pool: 1_024_000,
      stored: 3_584_000,
      ratio: 3.5,
      writtenBack: 11,
      poolLimitHits: 2,
    },
    zram: [
      {
        device: 'zram1',
        size: 2_097_152,
        algorithm: 'zstd',
        stored: 1_048_576,
        compressed: 262_144,
        memory: 349_525,
        memoryLimit: null,
        memoryPeak: 400_000,
        samePages: 16,
        hugePages: 3,
        ratio: 1_048_576 / 349_525,
      },
    ],
  });
});

test('names that are not ASCII, deleted files, lines that are cut short', () => {
  const text = 'Filename Type Size Used Priority\n/s\u00c3\u00a4\\011x (deleted) file 10 2 -1\n/dev/cut partition 5\n\n';
  expect(parseSwaps(text)).toEqual([{ device: '/s\u00e4\tx (deleted)', type: 'file', size: 10_240, used: 2048, priority: -1 }]);
  expect(parseMmStat('')).toMatchObject({ stored: null, memory: null, ratio: null });
  expect(parseMmStat('4096 74 12288 65536 0 0 0')).toMatchObject({ memoryLimit: 65_536, hugePages: null, ratio: 1 / 3 });
});

test('a machine without any of it has empty lists and no gap', () => {
  const empty = createTree({});
  expect(readOnce(swap, empty.host)).toEqual({ reading: { devices: [], zswap: null, zram: [] }, gaps: [] });
  const { reading, gaps } = readOnce(ksm, empty.host);
  expect(Object.values(reading).every((value) => value === null)).toBe(true);
  expect(gaps.map(({ field, reason }) => `${field} ${reason}`)).toEqual(['ksm unsupported']);
  empty.remove();
});

test('merging of equal pages; a profit can be a loss', () => {
  expect(readOnce(ksm, tree.host).reading).toMatchObject({
    run: 1,
    pagesShared: 5,
    pagesSharing: 50,
    profit: -64,
    sleep: 0.02,
    advisor: 'none',
    fullScans: null,
    mergesAcrossNodes: null,
  });
});

test.runIf(process.platform === 'linux')('this machine: the devices of swapon', () => {
  const { status, stdout } = spawnSync('swapon', ['--show=NAME,TYPE,SIZE,PRIO', '--bytes', '--noheadings', '--raw'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  });
  expect(status, 'swapon of util-linux').toBe(0);
  const expected = stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const { devices } = readOnce(swap, openHost()).reading;
  expect(devices.map(({ device, type, size, priority }) => [device, type, String(size), String(priority)])).toEqual(expected);
});
