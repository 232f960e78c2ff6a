import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { afterAll, expect, test } from 'vitest';
import type { ProcessorReading } from '../domain/processor.ts';
import { processor, parseVulnerability } from './processor.ts';
import { parseCpuList } from './processor/cpu-list.ts';
import { askPython, psutilMissing } from './debian-python.testing.ts';
import { openReading, readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/processor.testing.ts';

const tree = createTree(files);
afterAll(() => tree.remove());

test('lists of CPUs', () => {
  expect(parseCpuList('0-3,8,10-11\n')).toEqual([0, 1, 2, 3, 8, 10, 11]);
  expect(parseCpuList('0-7:2/4')).toEqual([0, 1, 4, 5]);
  for (const text of [null, '', '\n', 'x', '0-7:2/0', '3-1', '1234567']) expect(parseCpuList(text)).toEqual([]);
  expect(parseCpuList('0-999999')).toHaveLength(65_536);
});

test('a hybrid processor: types, threads, caches by kind, one CPU offline', () => {
  const { reading, gaps } = readOnce(processor, tree.host);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject({
    vendor: 'GenuineIntel',
    modelName: 'Hybrid(R) Test(TM) CPU @ 2.50GHz',
    family: '6',
    model: '183',
    stepping: '1',
    microcode: '0x129',
    packages: 1,
    dies: 1,
    cores: 4,
    threads: 6,
    performanceCores: 2,
    efficiencyCores: 2,
    typeSource: 'processor',
    smtControl: 'on',
    smtActive: true,
    online: [0, 1, 2, 3, 4, 5],
    offline: [6],
    isolated: [3],
    tickless: [3, 5],
    flags: ['fpu', 'vme', 'avx2', 'hwp', 'hwp_epp'],
    bugs: ['spectre_v1', 'spectre_v2', 'rfds'],
  });
  const place = { package: 0, die: 0, capacity: null };
  expect(reading.cpus[3]).toEqual({
    cpu: 3,
    ...place,
    online: true,
    cluster: 8,
    core: 4,
    type: 'performance',
    isolated: true,
    tickless: true,
  });
  expect(reading.cpus[4]).toMatchObject({ cluster: 16, core: 8, type: 'efficiency', isolated: false });
  expect(reading.cpus[6]).toMatchObject({ cpu: 6, online: false, package: null, core: null, type: null });
  expect(reading.info[5]).toMatchObject({ cpu: 5, package: 0, core: 9, cacheSize: '24576 KB' });
  const kind = { lineSize: 64, ways: 12 };
  expect(reading.caches).toEqual([
    {
      level: 1,
      type: 'data',
      size: 49_152,
      ...kind,
      shared: [
        [0, 1],
        [2, 3],
      ],
    },
    {
      level: 1,
      type: 'instruction',
      size: 32_768,
      ...kind,
      shared: [
        [0, 1],
        [2, 3],
      ],
    },
    {
      level: 2,
      type: 'unified',
      size: 2_097_152,
      ...kind,
      shared: [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    },
    { level: 3, type: 'unified', size: 25_165_824, ...kind, shared: [[0, 1, 2, 3, 4, 5]] },
    { level: 1, type: 'data', size: 32_768, ...kind, shared: [[4], [5]] },
    { level: 1, type: 'instruction', size: 65_536, ...kind, shared: [[4], [5]] },
  ]);
  expect(reading.vulnerabilities.map(({ codename, state }) => `${codename} ${state}`).toSorted()).toEqual([
    'itlb_multihit unknown',
    'meltdown not affected',
    'mmio_stale_data vulnerable',
    'reg_file_data_sampling mitigation',
    'spec_store_bypass vulnerable',
  ]);
  expect(parseVulnerability('x', 'Vulnerable: no microcode')).toEqual({ codename: 'x', state: 'vulnerable', mitigation: 'no microcode' });
});

const arm = (capacities: readonly (number | null)[], frequencies: readonly number[]): ReturnType<typeof createTree> => {
  const made: Record<string, string> = {
    'proc/cpuinfo':
      'processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n\nprocessor\t: 1\n',
    'sys/devices/system/cpu/online': `0-${frequencies.length - 1}\n`,
  };
  for (const [cpu, frequency] of frequencies.entries()) {
    const folder = `sys/devices/system/cpu/cpu${cpu}`;
    if (capacities[cpu] !== null) made[`${folder}/cpu_capacity`] = `${capacities[cpu]}\n`;
    made[`${folder}/cpufreq/cpuinfo_max_freq`] = `${frequency}\n`;
    made[`${folder}/topology/core_id`] = `${cpu}\n`;
    made[`${folder}/topology/cluster_id`] = '65535\n';
    made[`${folder}/topology/physical_package_id`] = '-1\n';
  }
  return createTree(made);
};

test('big.LITTLE by capacity; cores of one type whose speeds differ a little are alike; else by frequency', () => {
  const ask = (...given: Parameters<typeof arm>): ProcessorReading => {
    const machine = arm(...given);
    const { reading } = readOnce(processor, machine.host);
    machine.remove();
    return reading;
  };
  expect(ask([446, 446, 1024], [1_400_000, 1_400_000, 1_800_000])).toMatchObject({
    vendor: 'ARM',
    modelName: 'Cortex-A72',
    typeSource: 'capacity',
    performanceCores: 1,
    efficiencyCores: 2,
    packages: null,
    flags: ['fp', 'asimd'],
    cpus: [
      { type: 'efficiency', cluster: null, package: null, capacity: 446 / 1024 },
      { type: 'efficiency' },
      { type: 'performance', capacity: 1 },
    ],
  });
  expect(ask([1024, 980], [3_000_000, 2_900_000])).toMatchObject({
    typeSource: null,
    performanceCores: null,
    cpus: [{ type: null }, { type: null }],
  });
  expect(ask([null, null, null], [5_100_000, 5_100_000, 3_300_000])).toMatchObject({
    typeSource: 'frequency',
    performanceCores: 2,
    efficiencyCores: 1,
  });
});

test('a reading stays the one before until a CPU comes or goes', () => {
  const changing = createTree(files);
  const opened = openReading(processor, changing.host);
  const first = opened.read();
  expect(opened.read()).toBe(first);
  changing.write(`sys/devices/system/cpu/online`, '0-4\n');
  expect(opened.read()).toMatchObject({ threads: 5, cores: 3, offline: [5, 6] });
  opened.close();
  changing.remove();
});

test('a machine that tells nothing has nulls and one gap', () => {
  const empty = createTree({});
  const { reading, gaps } = readOnce(processor, empty.host);
  expect(reading).toMatchObject({ vendor: null, cores: null, threads: null, smtActive: null, cpus: [], caches: [], typeSource: null });
  expect(gaps.map(({ field, reason }) => `${field} ${reason}`)).toEqual(['processor.info absent']);
  empty.remove();
});

const hasLscpu = process.platform === 'linux' && spawnSync('lscpu', ['--version']).status === 0;
if (!hasLscpu) console.warn('SKIPPED: the processor against lscpu: it is not installed (util-linux)');

test.runIf(hasLscpu)('this machine as lscpu sees it', () => {
  const ask = (...argv: string[]): unknown =>
    JSON.parse(spawnSync('lscpu', ['--json', ...argv], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout);
  type Entry = { readonly field: string; readonly data: string; readonly children?: readonly Entry[] };
  const facts = new Map<string, string>();
  const walk = (entries: readonly Entry[]): void => {
    for (const { field, data, children } of entries) {
      facts.set(field.replace(/:$/, ''), data);
      walk(children ?? []);
    }
  };
  walk((ask() as { lscpu: readonly Entry[] }).lscpu);
  const { reading } = readOnce(processor, openHost());
  expect(reading.online).toEqual(parseCpuList(facts.get('On-line CPU(s) list') ?? ''));
  if (facts.has('Model name')) expect(reading.modelName).toBe(facts.get('Model name'));
  if (facts.has('Vendor ID')) expect(reading.vendor).toBe(facts.get('Vendor ID'));
  if (facts.has('Socket(s)')) expect(reading.packages).toBe(Number(facts.get('Socket(s)')));
  if (facts.has('Flags')) expect(reading.flags.join(' ')).toBe(facts.get('Flags'));
  const { cpus } = ask('--extended=CPU,CORE,SOCKET', '--online') as { cpus: readonly { core: number; socket: number }[] };
  expect(reading.cores).toBe(new Set(cpus.map(({ core }) => core)).size);
  expect(reading.threads).toBe(cpus.length);
  const judged = [...facts.values()].filter((value) => value.startsWith('Vulnerable'));
  expect(reading.vulnerabilities.filter(({ state }) => state === 'vulnerable')).toHaveLength(judged.length);
  const { caches } = ask('--caches', '--bytes') as {
    caches: readonly { level: number | string; type: string; 'one-size': string; 'all-size': string }[];
  };
  for (const { level, type, 'one-size': one, 'all-size': all } of caches) {
    const kinds = reading.caches.filter((kind) => kind.level === Number(level) && kind.type === type.toLowerCase());
    expect(kinds.map(({ size }) => size)).toContain(Number(one));
    expect(kinds.reduce((sum, { size, shared }) => sum + size * shared.length, 0)).toBe(Number(all));
  }
});

const noPsutil = psutilMissing();
if (noPsutil) console.warn(`SKIPPED: counts of CPUs against psutil: ${noPsutil}`);

test.skipIf(noPsutil)('this machine: as many CPUs and cores as psutil counts', () => {
  const counts = askPython('import json, psutil; print(json.dumps([psutil.cpu_count(), psutil.cpu_count(logical=False)]))');
  const { reading } = readOnce(processor, openHost());
  expect([reading.threads, reading.cores]).toEqual(counts);
});
