import { energyChannel, ioReportOf, stateChannel } from './io-report.testing.ts';
import type { FakeChannel } from './io-report.testing.ts';
import { merge } from './machine.testing.ts';
import type { CfTree, FakeMachine, RegistryEntry } from './machine.testing.ts';

/** Ticks of IOReport in a second. */
const TICKS = 24_000_000;

/** A cluster of cores. */
export interface FakeCluster {
  /** `E`, `P`, `M`. */
  readonly kind: string;
  /** `ECPU`, `DIE_0_PCPU1`. */
  readonly channel: string;
  /** Names of the channels of its cores. */
  readonly cores: readonly string[];
  /** The N of `voltage-statesN-sram`. */
  readonly table: number;
  /** Megahertz of each step. */
  readonly megahertz: readonly number[];
}

/** Names of cores: `ECPU0`, `ECPU1`. */
export const plainCores = (prefix: string, count: number, suffix: string = ''): string[] =>
  Array.from({ length: count }, (_, core) => `${prefix}${core}${suffix}`);

/** Steps from the lowest to the highest, evenly, where only these two are published. */
export const evenSteps = (lowest: number, highest: number, count: number): number[] =>
  Array.from({ length: count }, (_, step) => Math.round(lowest + ((highest - lowest) * step) / (count - 1)));

const words = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
};

/** A table with frequencies, in the unit that this chip counts in; each row with a made-up voltage. */
export const directTable = (megahertz: readonly number[], unit: 'Hz' | 'kHz'): Buffer =>
  words(...megahertz.flatMap((one, step) => [one * (unit === 'Hz' ? 1e6 : 1e3), 600 + 10 * step]));

/** A table with periods, rounded as the chip rounds. */
export const periodTable = (megahertz: readonly number[]): Buffer =>
  words(...megahertz.flatMap((one, step) => [Math.round(65_536_000 / one), 600 + 10 * step]));

/** The power manager of a chip, by the names of its properties. Another device of the class comes before it. */
export const pmgrOf = (properties: { readonly [key: string]: CfTree }): FakeMachine => ({
  registry: [
    { name: 'aic', classes: ['AppleARMIODevice'], properties: { 'voltage-states5-sram': directTable([4200], 'Hz') } },
    { name: 'pmgr', classes: ['AppleARMIODevice'], properties: { ...properties, 'clock-gates': Buffer.alloc(8) } },
  ],
});

/** The CPUs in the device tree: kind and cluster of each, in the order of their numbers. */
export const cpusOf = (cpus: readonly (readonly [kind: string, cluster: number])[]): FakeMachine => ({
  registry: [
    { name: 'cpus', classes: ['IOPlatformDevice'], properties: {} },
    ...cpus.map(([kind, cluster], cpu): RegistryEntry => ({
      name: `cpu${cpu}`,
      classes: ['IOPlatformDevice'],
      properties: { 'cluster-type': Buffer.from(`${kind}\0`), 'logical-cpu-id': cpu, 'logical-cluster-id': cluster, reg: words(cpu) },
    })),
  ],
});

/** States of a channel: seconds asleep, and at each step. */
export const cpuStates = (idle: number, seconds: readonly number[]): [string, number][] => [
  ['DOWN', 0],
  ['IDLE', idle * TICKS],
  ...seconds.map((one, step): [string, number] => [`V${step}P${seconds.length - 1 - step}`, one * TICKS]),
];

/** The channels of clusters and of their cores; `secondsOf` gives the seconds asleep and at each step. */
export const cpuChannels = (
  clusters: readonly FakeCluster[],
  secondsOf: (cluster: FakeCluster, core: number | null) => readonly [idle: number, seconds: readonly number[]],
): FakeChannel[] => [
  ...clusters.flatMap((one) => [
    stateChannel('CPU Stats', 'CPU Complex Performance States', one.channel, cpuStates(...secondsOf(one, null))),
    // One that nobody asks for.
    stateChannel('CPU Stats', 'CPU Complex Idle Residency', one.channel, [['IDLE', 1]]),
  ]),
  ...clusters.flatMap((one) =>
    one.cores.map((name, core) => stateChannel('CPU Stats', 'CPU Core Performance States', name, cpuStates(...secondsOf(one, core)))),
  ),
];

/** How long a cluster, or one of its cores, has slept and was at each step since boot: other numbers for each core. */
const secondsSoFar = ({ megahertz }: FakeCluster, core: number | null): readonly [idle: number, steps: readonly number[]] => [
  1000,
  megahertz.map((_, step) => (core ?? 0) + step),
];

/** A whole chip: its CPUs in the device tree, its tables, its channels. `named`: it says which cluster has which table, as M5 does. */
export function chipOf(
  clusters: readonly FakeCluster[],
  unit: 'Hz' | 'kHz',
  { named = false, gpu = [] as readonly number[], energy = [] as readonly FakeChannel[] } = {},
): FakeMachine {
  const tables = Object.fromEntries(
    clusters.flatMap(({ table, megahertz }) => [
      [`voltage-states${table}-sram`, directTable(megahertz, unit)],
      [`voltage-states${table}`, periodTable(megahertz)],
    ]),
  );
  const acc = Buffer.concat(clusters.map(({ table }, cluster) => Buffer.from([table, cluster, 0, 0, 0, 0, 0, 0])));
  return merge(
    cpusOf(clusters.flatMap(({ kind, cores }, cluster) => cores.map(() => [kind, cluster] as const))),
    pmgrOf({
      ...tables,
      ...(named ? { 'acc-clusters': acc } : {}),
      // Tables of the GPU are in hertz on every chip, and begin with a step that is off.
      ...(gpu.length > 0
        ? { 'voltage-states9': directTable([0, ...gpu], 'Hz'), 'voltage-states9-sram': directTable([0, ...gpu], 'Hz') }
        : {}),
    }),
    ioReportOf(...cpuChannels(clusters, secondsSoFar), ...energy),
  );
}

/**
 * The channels of a chip a moment later: for each cluster the seconds that it and all its cores have slept since then, were at their
 * lowest step, and at their highest.
 */
export const workedFor = (
  clusters: readonly FakeCluster[],
  seconds: readonly (readonly [asleep: number, lowest: number, highest: number])[],
): FakeMachine =>
  ioReportOf(
    ...cpuChannels(clusters, (cluster, core) => {
      const [idle, steps] = secondsSoFar(cluster, core);
      const [asleep, lowest, highest] = seconds[clusters.indexOf(cluster)]!;
      return [idle + asleep, steps.map((time, step) => time + (step === 0 ? lowest : step === steps.length - 1 ? highest : 0))];
    }),
  );

/** Counters of `Energy Model` as an M1 has them: totals, clusters, cores, and blocks that nobody can name. */
export const energyOf = (joules: {
  readonly cpu: number;
  readonly gpu: number;
  readonly ane: number;
  readonly dram: number;
}): FakeChannel[] => [
  energyChannel('EACC_CPU0', 1000),
  energyChannel('EACC_CPU0_SRAM', 10),
  energyChannel('ECPU', joules.cpu * 250),
  energyChannel('PCPU', joules.cpu * 750),
  energyChannel('CPU Energy', joules.cpu * 1e3),
  energyChannel('GPU SRAM0', 0),
  energyChannel('ANE0', joules.ane * 1e3),
  energyChannel('DRAM0', joules.dram * 1e3),
  energyChannel('AMCC0', 77_000),
  energyChannel('GPU Energy', BigInt(Math.round(joules.gpu * 1e9)), 'nJ'),
];
