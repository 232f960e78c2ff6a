import type { Host } from '@hecate/host';
import { afterAll, expect, test } from 'vitest';
import { frequencyGroups, frequencyRates } from '../domain/frequency.ts';
import { frequency } from './frequency.ts';
import { openReading, readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/processor.testing.ts';

const CPUS = 'sys/devices/system/cpu';
const tree = createTree(files);
afterAll(() => tree.remove());

test('each policy: what it does now, what it may, what it could; boost the other way round at intel_pstate', () => {
  const { reading, gaps } = readOnce(frequency, tree.host);
  expect(gaps).toEqual([]);
  expect(reading.boost).toBe(true);
  expect(reading.policies).toHaveLength(6);
  expect(reading.policies[4]).toEqual({
    policy: 'policy4',
    cpus: [4],
    current: 3_300_000_000,
    currentSource: 'driver',
    average: null,
    min: 400_000_000,
    max: 3_800_000_000,
    hardwareMin: 400_000_000,
    hardwareMax: 4_100_000_000,
    base: 1_800_000_000,
    governor: 'powersave',
    governors: ['performance', 'powersave'],
    driver: 'intel_pstate',
    energyPreference: 'balance_performance',
    boost: null,
    age: 0,
  });
  expect(reading.clocks[0]).toEqual({ cpu: 0, package: 0, core: 0, frequency: 4_812_345_000 });
  const governors = [
    ...frequencyGroups()
      .find(({ name }) => name === 'frequency.governors')!
      .rows(reading),
  ];
  expect(governors).toContainEqual({ cpu: 4, governor: 'performance', active: false });
  expect(governors).toContainEqual({ cpu: 4, governor: 'powersave', active: true });
});

test('throttling is counted once a core and once a package', () => {
  const { reading } = readOnce(frequency, tree.host);
  expect(reading.coreThrottles).toEqual([
    { package: 0, core: 0, throttles: 7, duration: 0.7 },
    { package: 0, core: 4, throttles: 0, duration: 0 },
    { package: 0, core: 8, throttles: 2, duration: 0.2 },
    { package: 0, core: 9, throttles: 0, duration: 0 },
  ]);
  expect(reading.packageThrottles).toEqual([{ package: 0, throttles: 9, duration: 1.25 }]);
  const later = { ...reading, coreThrottles: reading.coreThrottles.map((row) => ({ ...row, throttles: row.throttles + 3 })) };
  expect(frequencyRates(reading, later, 2)).toEqual({ coreThrottlesPerSecond: 6, packageThrottlesPerSecond: 0 });
  expect(frequencyRates({ ...reading, coreThrottles: [], packageThrottles: [] }, later, 2)).toBeNull();
});

/** A machine on which the files of frequencies take their time, by a clock of its own. */
function slowly(host: Host, seconds: number): { host: Host; asked: string[]; pass(seconds: number): void } {
  let now = 100;
  const asked: string[] = [];
  const touch = (file: string): void => {
    if (!file.endsWith('scaling_cur_freq')) return;
    now += seconds;
    asked.push(/policy(\d+)/.exec(file)![1]!);
  };
  return {
    asked,
    pass(time) {
      now += time;
    },
    host: {
      ...host,
      clock: { now: () => now, monotonic: () => now },
      readText(file) {
        touch(file);
        return host.readText(file);
      },
    },
  };
}

test('a dear driver is asked once; after that the clocks of /proc/cpuinfo are taken', () => {
  const { host, asked } = slowly(tree.host, 0.015);
  const opened = openReading(frequency, host);
  const first = opened.read();
  expect(asked).toEqual(['0']);
  expect(opened.gaps).toEqual([]);
  expect(first.policies.map(({ currentSource }) => currentSource)).toEqual(['driver', ...Array.from({ length: 5 }, () => 'cpuinfo')]);
  // It is tried again when it has been left alone for a while.
  for (let time = 0; time < 60; time++) {
    expect(opened.read().policies[0]).toMatchObject({ current: 4_812_345_000, currentSource: 'cpuinfo', age: 0, governor: 'powersave' });
    expect(asked).toEqual(['0']);
  }
  expect(opened.read().policies[1]).toMatchObject({ currentSource: 'driver' });
  expect(asked).toEqual(['0', '1']);
  opened.close();
});

test('where /proc/cpuinfo has no clocks, a dear driver is asked for one policy a time, and ages are told', () => {
  const { 'proc/cpuinfo': _cpuinfo, ...rest } = files;
  const bare = createTree({ ...rest, 'proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp\n' });
  const { host, asked } = slowly(bare.host, 0.015);
  const opened = openReading(frequency, host);
  const first = opened.read();
  expect(opened.gaps).toEqual([expect.objectContaining({ field: 'frequency.policies', reason: 'timeout' })]);
  expect(first.policies[1]).toMatchObject({ policy: 'policy1', current: null, age: null, max: 5e9, governor: 'powersave' });
  for (let time = 0; time < 5; time++) opened.read();
  expect(asked).toEqual(['0', '1', '2', '3', '4', '5']);
  const { policies } = opened.read();
  expect(asked.at(-1)).toBe('0');
  expect(policies.map(({ current }) => current)).toEqual([4812345, 4812345, 4812345, 4812345, 3300000, 3300000].map((khz) => khz * 1000));
  // Policy 0 was asked just now, policy 1 five readings before that.
  expect(policies[0]!.age).toBe(0);
  expect(policies[1]!.age).toBeCloseTo(5 * 0.015);
  opened.close();
  bare.remove();
});

test('a policy whose CPUs are all offline is not shown', () => {
  const off = createTree({ ...files, [`${CPUS}/cpufreq/policy5/affected_cpus`]: '\n' });
  expect(readOnce(frequency, off.host).reading.policies.map(({ policy }) => policy)).toEqual([
    'policy0',
    'policy1',
    'policy2',
    'policy3',
    'policy4',
  ]);
  off.remove();
});

test('with very many policies, what people set is read once a minute', () => {
  const many: Record<string, string> = { [`${CPUS}/online`]: '0-19\n' };
  for (let cpu = 0; cpu < 20; cpu++) {
    const folder = `${CPUS}/cpufreq/policy${cpu}`;
    Object.assign(many, {
      [`${folder}/affected_cpus`]: `${cpu}\n`,
      [`${folder}/scaling_cur_freq`]: '1\n',
      [`${folder}/scaling_max_freq`]: '7\n',
    });
  }
  const machine = createTree(many);
  const { host, pass } = slowly(machine.host, 0.0001);
  const opened = openReading(frequency, host);
  opened.read();
  machine.write(`${CPUS}/cpufreq/policy3/scaling_max_freq`, '9\n');
  machine.write(`${CPUS}/cpufreq/policy3/scaling_cur_freq`, '2\n');
  expect(opened.read().policies[3]).toMatchObject({ current: 2000, max: 7000 });
  pass(60);
  expect(opened.read().policies[3]).toMatchObject({ current: 2000, max: 9000 });
  opened.close();
  machine.remove();
});

test('a quick driver is asked for as many as the time allows', () => {
  const { host, asked } = slowly(tree.host, 0.0009);
  const opened = openReading(frequency, host);
  opened.read();
  expect(asked).toHaveLength(6);
  opened.close();
});

test('old kernels have the files below each CPU; CPUs that come or go change the policies', () => {
  const old = createTree({
    [`${CPUS}/online`]: '0\n',
    [`${CPUS}/cpu0/cpufreq/scaling_cur_freq`]: '1000000\n',
    [`${CPUS}/cpufreq/boost`]: '0\n',
  });
  const opened = openReading(frequency, old.host);
  expect(opened.read()).toMatchObject({
    boost: false,
    policies: [{ policy: 'policy0', cpus: [0], current: 1e9, governors: [], governor: null }],
  });
  old.write(`${CPUS}/online`, '0-1\n');
  old.write(`${CPUS}/cpu1/cpufreq/scaling_cur_freq`, '2000000\n');
  expect(opened.read().policies.map(({ policy, current }) => [policy, current])).toEqual([
    ['policy0', 1e9],
    ['policy1', 2e9],
  ]);
  opened.close();
  old.remove();
});

test('the clocks are read anew each time, and one that is unknown just now is left out', () => {
  const block = (cpu: number, mhz: string): string => `processor\t: ${cpu}\ncpu MHz\t\t: ${mhz}\nphysical id\t: 1\ncore id\t\t: ${cpu}\n\n`;
  const living = createTree({ 'proc/cpuinfo': block(0, '1000.5') + block(1, '2000') });
  const opened = openReading(frequency, living.host);
  const read = (): unknown => opened.read().clocks.map(({ cpu, frequency: hertz }) => [cpu, hertz]);
  expect(read()).toEqual([
    [0, 1_000_500_000],
    [1, 2e9],
  ]);
  living.write('proc/cpuinfo', block(0, '1111.111') + block(1, '2222'));
  expect(read()).toEqual([
    [0, 1_111_111_000],
    [1, 2_222_000_000],
  ]);
  living.write('proc/cpuinfo', block(0, 'Unknown') + block(1, '3000'));
  expect(read()).toEqual([[1, 3e9]]);
  opened.close();
  living.remove();
});
