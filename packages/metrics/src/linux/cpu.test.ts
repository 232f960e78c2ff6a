import { expect, test } from 'vitest';
import { cpuRates, cpuUsage } from '../domain/cpu.ts';
import type { CpuTimes } from '../domain/cpu.ts';
import { ByteCursor } from '../model/cursor.ts';
import { cpu as cpuCollector, parseStat } from './cpu.ts';
import { openReading } from './reading.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';

const parse = (text: string): ReturnType<typeof parseStat> => parseStat(new ByteCursor().reset(bytesOf(text)));

const times = (changes: Partial<CpuTimes>): CpuTimes => ({
  user: 0,
  nice: 0,
  system: 0,
  idle: 0,
  iowait: 0,
  irq: 0,
  softirq: 0,
  steal: 0,
  guestUser: 0,
  guestNice: 0,
  ...changes,
});

test('all columns are seconds and cores keep their numbers, also when some are offline', () => {
  const stat = parse(
    'cpu  301854 612 111922 8979004 3552 2 3944 15 40 5\ncpu0 44490 19 21045 1087069 220 1 3410 4 1 2\ncpu7 1 2 3 4 5 6 7 8 9 10\nintr 8885917 17 0 0\nctxt 38014093\nbtime 1418183276\nprocesses 26442\nprocs_running 2\nprocs_blocked 1\nsoftirq 5057579 250191 1481983\n',
  );
  expect(stat.total).toEqual({
    user: 3018.54,
    nice: 6.12,
    system: 1119.22,
    idle: 89790.04,
    iowait: 35.52,
    irq: 0.02,
    softirq: 39.44,
    steal: 0.15,
    guestUser: 0.4,
    guestNice: 0.05,
  });
  expect(stat.cores.map(({ cpu }) => cpu)).toEqual([0, 7]);
  expect(stat).toMatchObject({
    contextSwitches: 38014093,
    interrupts: 8885917,
    forks: 26442,
    procsRunning: 2,
    procsBlocked: 1,
    bootTime: 1418183276,
  });
});

test('a kernel of 2.4 with four columns has zeros for the rest, and lines that are missing are null', () => {
  const stat = parse('cpu 1 2 3 4\n');
  expect(stat.total).toEqual(times({ user: 0.01, nice: 0.02, system: 0.03, idle: 0.04 }));
  expect(stat.bootTime).toBeNull();
});

test('nonsense is an error', () => {
  expect(() => parse('')).toThrow('no cpu line');
  expect(() => parse('cpu  x y\n')).toThrow('number was expected');
});

test('guests are part of user: they are not counted twice', () => {
  const usage = cpuUsage(times({}), times({ user: 50, guestUser: 50, idle: 50 }));
  expect(usage).toMatchObject({ user: 0.5, idle: 0.5, usage: 0.5 });
});

test('iowait is idle time: it is no usage', () => {
  expect(cpuUsage(times({}), times({ user: 1, iowait: 3 }))!.usage).toBe(0.25);
});

test('an iowait that goes down counts as nothing', () => {
  expect(cpuUsage(times({ iowait: 5, idle: 10 }), times({ iowait: 4, idle: 10, user: 1 }))).toMatchObject({ iowait: 0, user: 1, usage: 1 });
});

test('a CPU that was offline in between has no usage, nor one for which no time passed', () => {
  expect(cpuUsage(times({ idle: 100 }), times({ idle: 3 }))).toBeNull();
  expect(cpuUsage(times({ idle: 1 }), times({ idle: 1 }))).toBeNull();
});

test('cores are paired by number when one went away', () => {
  const core = (cpu: number, user: number, idle: number) => ({ cpu, ...times({ user, idle }) });
  const reading = (cores: ReturnType<typeof core>[], user: number, idle: number) => ({
    total: times({ user, idle }),
    cores,
    contextSwitches: 100,
    interrupts: null,
    forks: 5,
    procsRunning: 1,
    procsBlocked: 0,
    bootTime: 1,
  });
  const rates = cpuRates(
    reading([core(0, 0, 0), core(1, 0, 0), core(2, 0, 0)], 0, 0),
    { ...reading([core(0, 1, 0), core(2, 0, 1)], 1, 1), contextSwitches: 300 },
    2,
  );
  expect(rates!.cores.map(({ cpu, usage }) => [cpu, usage])).toEqual([
    [0, 1],
    [2, 0],
  ]);
  expect(rates).toMatchObject({ contextSwitchesPerSecond: 100, interruptsPerSecond: null, forksPerSecond: 0 });
});

test('a steal that jumps by more time than there was makes the sample unknown, not 100 %', () => {
  const reading = (total: CpuTimes) => ({
    total,
    cores: [{ cpu: 0, ...total }],
    contextSwitches: 1,
    interrupts: 1,
    forks: 1,
    procsRunning: 1,
    procsBlocked: 0,
    bootTime: 1,
  });
  expect(cpuRates(reading(times({ idle: 1 })), reading(times({ idle: 2, steal: 1e6 })), 1)).toBeNull();
  expect(cpuRates(reading(times({ idle: 1 })), reading(times({ idle: 2 })), 1)).toMatchObject({ idle: 1, usage: 0 });
});

test('times that go back stay what they were; a CPU that was offline starts over', () => {
  const stat = (idle0: number, iowait0: number, idle1: number): string =>
    `cpu  10 0 10 ${idle0 + idle1} ${iowait0} 0 0 0 0 0\ncpu0 5 0 5 ${idle0} ${iowait0} 0 0 0 0 0\ncpu1 5 0 5 ${idle1} 0 0 0 0 0 0\n`;
  const tree = createTree({ 'proc/stat': stat(5000, 700, 9000) });
  const { read, close } = openReading(cpuCollector, tree.host);
  const first = read();
  tree.write('proc/stat', stat(4990, 699, 50));
  const second = read();
  expect(first.cores.map(({ idle }) => idle)).toEqual([50, 90]);
  expect(second.cores.map(({ idle, iowait }) => [idle, iowait])).toEqual([
    [50, 7],
    [0.5, 0],
  ]);
  tree.write('proc/stat', 'cpu  10 0 10 6000 0 0 0 0 0 0\ncpu1 5 0 5 40 0 0 0 0 0 0\n');
  expect(read().cores).toMatchObject([{ cpu: 1, idle: 0.5 }]);
  close();
  tree.remove();
});
