import { closeSync, existsSync, mkdtempSync, openSync, rmSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

const CONTROL = '/sys/class/zram-control';
const canZram = process.getuid?.() === 0 && existsSync(CONTROL) && spawnSync('mknod', ['--version']).status === 0;
if (!canZram) console.warn('SKIPPED: a real zram device: this needs root and the zram module');

test.runIf(canZram)('a real zram device: what is written is stored, and compressed', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-zram-'));
  const number = readFileSync(`${CONTROL}/hot_add`, 'utf8').trim();
  const device = `zram${number}`;
  try {
    const unused = readOnce(swap, openHost()).reading.zram.map((row) => row.device);
    expect(unused).not.toContain(device);
    writeFileSync(`/sys/block/${device}/disksize`, '8M');
    const [major, minor] = readFileSync(`/sys/block/${device}/dev`, 'utf8').trim().split(':');
    const node = path.join(directory, 'node');
    expect(spawnSync('mknod', [node, 'b', major!, minor!]).status).toBe(0);
    // Each page is text that compresses well, and none is the same word all over.
    const text = (page: number): string => Array.from({ length: 700 }, (_, line) => `page ${page} line ${line % 50};`).join(' ');
    const block = Buffer.concat(Array.from({ length: 256 }, (_, page) => Buffer.from(text(page)).subarray(0, 4096)));
    const descriptor = openSync(node, 'r+');
    writeSync(descriptor, block);
    closeSync(descriptor);
    spawnSync('sync');
    const row = readOnce(swap, openHost()).reading.zram.find((found) => found.device === device);
    expect(row).toMatchObject({ size: 8 * 2 ** 20, stored: 2 ** 20, samePages: 0 });
    expect(row!.compressed).toBeLessThan(2 ** 19);
    expect(row!.ratio).toBeGreaterThan(2);
    expect(row!.algorithm).toMatch(/^\w[\w-]*$/);
  } finally {
    writeFileSync(`/sys/block/${device}/reset`, '1');
    writeFileSync(`${CONTROL}/hot_remove`, number);
    rmSync(directory, { recursive: true });
  }
});
