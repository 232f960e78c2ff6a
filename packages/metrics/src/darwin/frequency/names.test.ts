import { describe, expect, test } from 'vitest';
import { coreTypesOf } from '../cpu-types/core-types.ts';
import type { ListedCpu } from '../cpu-types/cpu-list.ts';
import type { ProcessorLevel } from '../../domain/processor.ts';
import { secondsPerUnit } from '../io-report/states.ts';
import { compareNames, parseClusterName, parseCoreName } from './channel-name.ts';
import { placeClusters, placeCores } from './places.ts';
import type { NamedChannel } from './places.ts';

describe('names of channels', () => {
  test.each([
    ['ECPU7', [0, 'E', 0, 7]],
    ['PCPU12', [0, 'P', 0, 12]],
    ['MCPU3', [0, 'M', 0, 3]],
    ['ECPU030', [0, 'E', 0, 3]],
    ['PCPU140', [0, 'P', 1, 4]],
    ['DIE_1_ECPU0', [1, 'E', 0, 0]],
    ['DIE_0_PCPU_CPU1', [0, 'P', 0, 1]],
    ['DIE_0_PCPU1_CPU0', [0, 'P', 1, 0]],
  ] as const)('%s is a core', (channel, [die, kind, cluster, core]) => {
    expect(parseCoreName(channel)).toEqual({ die, kind, cluster, core });
  });

  test.each([
    ['ECPU', [0, 'E', 0]],
    ['PCPU1', [0, 'P', 1]],
    ['DIE_1_PCPU1', [1, 'P', 1]],
  ] as const)('%s is a cluster', (channel, [die, kind, cluster]) => {
    expect(parseClusterName(channel)).toEqual({ die, kind, cluster, core: null });
  });

  test.each(['', 'GPU0', 'GPUPH', 'ECPM', 'ECPU0_SRAM', 'XECPU0', 'DIE_ECPU0', 'ECPU1234', 'ECPU_CPU'])('%s is neither', (channel) => {
    expect([parseCoreName(channel), parseClusterName(channel)]).toEqual([null, null]);
  });
  test('a name without a number is no core, one with a core is no cluster', () => {
    expect([parseCoreName('ECPU'), parseClusterName('DIE_0_PCPU1_CPU0')]).toEqual([null, null]);
  });

  test('nine channels of an M3 Ultra are nine cores, in the order of its CPUs', () => {
    const channels = ['DIE_1_PCPU1_CPU0', 'DIE_1_PCPU_CPU0', 'DIE_0_PCPU1_CPU1', 'DIE_0_PCPU1_CPU0', 'DIE_0_PCPU_CPU1', 'DIE_0_PCPU_CPU0'];
    const sorted = channels.toSorted((a, b) => compareNames(parseCoreName(a)!, parseCoreName(b)!));
    expect(sorted).toEqual(channels.toReversed());
  });
});

const cores = (...names: readonly string[]): NamedChannel[] => names.map((channel) => ({ channel, name: parseCoreName(channel)! }));
const clusters = (...names: readonly string[]): NamedChannel[] => names.map((channel) => ({ channel, name: parseClusterName(channel)! }));
const cpus = (...all: readonly (readonly [kind: string, cluster: number | null])[]): ListedCpu[] =>
  all.map(([kind, cluster], cpu) => ({ cpu, kind, cluster }));

describe('which CPU a channel is of', () => {
  test('by kind, whatever is listed first; a core 10 comes after a core 9', () => {
    const list = cpus(['M', 0], ['M', 0], ['P', 1], ['M', 0]);
    expect([...placeCores(cores('PCPU0', 'MCPU10', 'MCPU9', 'MCPU0'), list)]).toEqual([
      ['MCPU0', 0],
      ['MCPU9', 1],
      ['MCPU10', 3],
      ['PCPU0', 2],
    ]);
  });

  test('a kind with more channels than CPUs is not guessed', () => {
    expect([...placeCores(cores('ECPU0', 'ECPU1', 'PCPU0'), cpus(['E', 0], ['P', 1])).keys()]).toEqual(['PCPU0']);
  });

  test('clusters have the CPUs of the device tree; without channels they are those of the tree', () => {
    const list = cpus(['E', 0], ['E', 0], ['P', 1], ['P', 2], ['P', 2]);
    const known = placeClusters(clusters('PCPU1', 'PCPU', 'ECPU'), list);
    expect(known.map(({ channel, cluster, cpus: own }) => [channel, cluster, own])).toEqual([
      ['ECPU', 0, [0, 1]],
      ['PCPU', 1, [2]],
      ['PCPU1', 2, [3, 4]],
    ]);
    expect(placeClusters([], list)).toEqual(known);
    expect(placeClusters(clusters('PCPU'), list).map(({ channel, cluster, cpus: own }) => [channel, cluster, own])).toEqual([
      ['ECPU', 0, [0, 1]],
      ['PCPU', null, []],
    ]);
  });
});

describe('what CPUs are made for', () => {
  const levels = (...all: readonly (readonly [name: string | null, threads: number])[]): ProcessorLevel[] =>
    all.map(([name, threads]) => ({
      ...{ name, cores: threads, threads, sharedBy: null, instructionCache: null, dataCache: null, levelTwoCache: null },
    }));
  test.each([
    ['M1', cpus(['E', 0], ['P', 1]), levels(['Performance', 1], ['Efficiency', 1]), ['efficiency', 'performance']],
    ['M5', cpus(['E', 0], ['P', 1]), levels(['Super', 1], ['Efficiency', 1]), ['efficiency', 'super']],
    ['M5 Max', cpus(['M', 0], ['M', 0], ['P', 1]), levels(['Super', 1], ['Performance', 2]), ['performance', 'performance', 'super']],
    ['a name that nobody knows', cpus(['E', 0], ['P', 1]), levels(['Hyper', 1], ['Efficiency', 1]), ['efficiency', undefined]],
  ])('%s', (_name, list, all, types) => {
    const found = coreTypesOf(list, all);
    expect(found.problem).toBeNull();
    expect(list.map(({ cpu }) => found.types.get(cpu))).toEqual(types);
  });

  test('a tree and a kernel that do not agree say nothing', () => {
    const list = cpus(['E', 0], ['P', 1]);
    const wrong: (readonly [ListedCpu[], ProcessorLevel[]])[] = [
      [list, levels(['Performance', 2], ['Efficiency', 1])],
      [list, levels(['Performance', 2])],
      [list, levels(['Super', 1], ['Performance', 1], ['Efficiency', 1])],
      [cpus(['E', 0], ['M', 1], ['P', 2]), levels(['Super', 1], ['Performance', 1])],
    ];
    for (const [some, all] of wrong) {
      const { types, problem } = coreTypesOf(some, all);
      expect([types.size, problem === null]).toEqual([0, false]);
    }
    expect(coreTypesOf(cpus(['P', 0], ['P', 0]), levels(['Standard', 2]))).toEqual({ types: new Map(), problem: null });
  });
});

test.each([
  ['24Mticks', 1 / 24e6],
  ['1Mticks', 1e-6],
  ['ns', 1e-9],
  ['0Mticks', null],
  ['ticks', null],
  ['constructor', null],
  [null, null],
])('the unit %s', (label, seconds) => {
  expect(secondsPerUnit(label)).toBe(seconds);
});
