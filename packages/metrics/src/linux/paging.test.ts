import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { afterAll, expect, test } from 'vitest';
import { taintsOf } from '../domain/kernel.ts';
import { pagingGroups, pagingRates } from '../domain/paging.ts';
import type { PagingReading } from '../domain/paging.ts';
import { kernel, parseFileNumbers } from './kernel.ts';
import { createVmstatParser, paging } from './paging.ts';
import { readOnce } from './reading.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/interrupts.testing.ts';

const tree = createTree(files);
afterAll(() => tree.remove());

test('counters under names of their own, KiB as bytes, and the lines that node_exporter publishes', () => {
  const { reading } = readOnce(paging, tree.host);
  expect(reading).toMatchObject({ bytesIn: 10_240, bytesOut: 20_480, swapIn: 1, swapOut: 2, faults: 100, majorFaults: 3, oomKills: 1 });
  expect(reading).toMatchObject({ scannedBackground: 8, scannedDirect: null, hugeFaults: null });
  expect(reading.lines.map(({ name, value }) => `${name} ${value}`)).toEqual([
    'pgpgin 10',
    'pgpgout 20',
    'pswpin 1',
    'pswpout 2',
    'pgfault 100',
    'pgmajfault 3',
    'oom_kill 1',
  ]);
  expect([...pagingGroups()[1]!.rows(reading)]).toHaveLength(7);
});

test('old kernels have a line a zone, new ones a line a cause: they are added up', () => {
  const parse = createVmstatParser();
  const old = 'pgscan_kswapd_dma 1\npgscan_kswapd_normal 2\npgscan_direct_throttle 99\nallocstall 5\nworkingset_refault 7\n';
  expect(parse(bytesOf(old))).toMatchObject({ scannedBackground: 3, scannedDirect: null, directReclaims: 5, refaults: 7 });
  const young = 'allocstall_dma 1\nallocstall_normal 2\nworkingset_refault_anon 3\nworkingset_refault_file 4\npgscan_direct 5\n';
  expect(parse(bytesOf(young))).toMatchObject({ scannedBackground: null, scannedDirect: 5, directReclaims: 3, refaults: 7 });
});

test('lines that moved are found again; a file without any of them is an error', () => {
  const parse = createVmstatParser();
  parse(bytesOf('pgfault 1\npswpin 2\n'));
  expect(parse(bytesOf('new_line 0\npgfault 3\npswpin 4\n'))).toMatchObject({ faults: 3, swapIn: 4 });
  expect(parse(bytesOf('pswpin 5\n'))).toMatchObject({ faults: null, swapIn: 5 });
  expect(() => parse(bytesOf('pgfault_special 5 6\n'))).not.toThrow();
  expect(() => parse(bytesOf('\u0000\u0001\n'))).toThrow('no line');
});

test('growth per second; null for what is unknown or started over', () => {
  const { reading } = readOnce(paging, tree.host);
  const later: PagingReading = { ...reading, faults: 150, swapIn: 0 };
  expect(pagingRates(reading, later, 5)).toMatchObject({
    faultsPerSecond: 10,
    swapInPerSecond: null,
    hugeFaultsPerSecond: null,
    swapOutPerSecond: 0,
  });
});

test('open files without a limit, taint as words', () => {
  const { reading, gaps } = readOnce(kernel, tree.host);
  expect(gaps).toEqual([]);
  expect(reading).toEqual({
    filesAllocated: 1088,
    filesMaximum: Number('9223372036854775807'),
    entropyAvailable: 256,
    entropyPoolSize: 256,
    hungTasks: 2,
    taint: 12_801,
    taints: ['proprietary module', 'kernel warning', 'module from outside the tree', 'unsigned module'],
  });
  expect(taintsOf(0)).toEqual([]);
  expect(taintsOf(2 ** 19 + 2 ** 25)).toEqual(['firmware control by a program', 'bit 25']);
  expect(parseFileNumbers('1 2')).toEqual({ filesAllocated: null, filesMaximum: null });
});

const hasVmstat = process.platform === 'linux' && spawnSync('vmstat', ['--version']).status === 0;
if (!hasVmstat) console.warn('SKIPPED: paging against vmstat: it is not installed (procps)');

test.runIf(hasVmstat)('this machine: what vmstat -s counts lies between two readings', () => {
  const host = openHost();
  const before = readOnce(paging, host).reading;
  const { stdout } = spawnSync('vmstat', ['-s'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const after = readOnce(paging, host).reading;
  const judge = (name: RegExp): number => Number(new RegExp(`^\\s*(\\d+) (?:K )?${name.source}$`, 'm').exec(stdout)![1]);
  const between = (key: 'bytesIn' | 'bytesOut' | 'swapIn' | 'swapOut', value: number): void => {
    expect(value).toBeGreaterThanOrEqual(before[key]!);
    expect(value).toBeLessThanOrEqual(after[key]!);
  };
  between('bytesIn', judge(/(?:pages )?paged in/) * 1024);
  between('bytesOut', judge(/(?:pages )?paged out/) * 1024);
  between('swapIn', judge(/pages swapped in/));
  between('swapOut', judge(/pages swapped out/));
});

test.runIf(process.platform === 'linux')('this machine: every counter that a kernel of today has, and its open files', () => {
  const host = openHost();
  const { reading } = readOnce(paging, host);
  for (const key of [
    'faults',
    'majorFaults',
    'bytesIn',
    'bytesOut',
    'swapIn',
    'swapOut',
    'scannedDirect',
    'directReclaims',
    'refaults',
  ] as const) {
    expect(reading[key], key).not.toBeNull();
  }
  expect(reading.faults!).toBeGreaterThan(reading.majorFaults!);
  expect(readOnce(kernel, host).reading.filesAllocated!).toBeGreaterThan(0);
});
