import { describe, expect, test } from 'vitest';
import type { NativeLibraries } from '@hecate/host';
import { frequencyRates } from '../../domain/frequency.ts';
import type { FrequencyReading } from '../../domain/frequency.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { IOREPORT } from '../binding/ioreport.ts';
import { chipOf, cpuChannels, cpusOf, cpuStates, directTable, pmgrOf } from '../fake/chip.testing.ts';
import type { FakeCluster } from '../fake/chip.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { ioReportOf, stateChannel } from '../fake/io-report.testing.ts';
import { merge, text } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { frequency } from '../frequency.ts';
import { M1, M2_ULTRA, M3_PRO, M4_MAX, M5_MAX } from '../machines/chips.testing.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { m2Ultra } from '../machines/m2-ultra.testing.ts';
import { m3Pro } from '../machines/m3-pro.testing.ts';
import { m4Max } from '../machines/m4-max.testing.ts';
import { m5Max } from '../machines/m5-max.testing.ts';
import { virtualMachine } from '../machines/virtual-machine.testing.ts';

const release: FakeMachine = { answers: { 'sysctl:kern.osrelease': text('23.5.0') } };
const CORES = 'CPU Core Performance States';
const CLUSTERS = 'CPU Complex Performance States';

interface Opened {
  readonly fake: FakeDarwin;
  read(): { reading: FrequencyReading; gaps: Gap[] };
  /** Closes the reader; nothing may be left. */
  end(): void;
}

/** A reader of a machine; `lacks` takes symbols away. */
function open(machine: FakeMachine, lacks: (symbol: string) => boolean = () => false): Opened {
  const fake = openFakeDarwin(merge(release, machine));
  const load: NativeLibraries['load'] = (path) => {
    const library = fake.libraries.load(path);
    return library && { ...library, function: (symbol, prototype) => (lacks(symbol) ? null : library.function(symbol, prototype)) };
  };
  const reader = frequency.open({ ...fake.host, libraries: () => ({ ...fake.libraries, load }) });
  return {
    fake,
    read() {
      const gaps: Gap[] = [];
      return { reading: reader.read(collectGaps(gaps)) as FrequencyReading, gaps };
    },
    end() {
      reader.close();
      reader.close();
      fake.expectClean();
    },
  };
}
const gapOf = (gaps: readonly Gap[], field: string): Gap | undefined => gaps.find((gap) => gap.field === `frequency.${field}`);
const policiesOf = ({ policies }: FrequencyReading): unknown[] =>
  policies.map(({ policy, cpus, hardwareMin, hardwareMax }) => [policy, cpus, hardwareMin! / 1e6, hardwareMax! / 1e6]);
const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

describe.skipIf(noFakeDarwin !== null)('clusters and their frequencies', () => {
  test.each<[string, FakeMachine, unknown[]]>([
    [
      'M1',
      m1Laptop,
      [
        ['ECPU', range(0, 4), 600, 2064],
        ['PCPU', range(4, 4), 600, 3204],
      ],
    ],
    [
      'M3 Pro',
      m3Pro,
      [
        ['ECPU', range(0, 6), 744, 2748],
        ['PCPU', range(6, 6), 816, 4056],
      ],
    ],
    [
      'M2 Ultra',
      m2Ultra,
      [
        ['DIE_0_ECPU', range(0, 4), 912, 2424],
        ['DIE_1_ECPU', range(12, 4), 912, 2424],
        ['DIE_0_PCPU', range(4, 4), 702, 3696],
        ['DIE_0_PCPU1', range(8, 4), 702, 3696],
        ['DIE_1_PCPU', range(16, 4), 702, 3696],
        ['DIE_1_PCPU1', range(20, 4), 702, 3696],
      ],
    ],
    [
      'M4 Max, in kilohertz',
      m4Max,
      [
        ['ECPU', range(0, 4), 1020, 2592],
        ['PCPU', range(4, 6), 1260, 4512],
        ['PCPU1', range(10, 6), 1260, 4512],
      ],
    ],
    [
      'M5 Max, by acc-clusters',
      m5Max,
      [
        ['MCPU0', range(0, 6), 1344, 4380],
        ['MCPU1', range(6, 6), 1344, 4380],
        ['PCPU', range(12, 6), 1308, 4608],
      ],
    ],
  ])('%s', (_name, machine, policies) => {
    const opened = open(machine);
    const { reading } = opened.read();
    expect(policiesOf(reading)).toEqual(policies);
    const cores = reading.apple!.filter((one) => one.of === 'core');
    expect(cores.map(({ cpu }) => cpu).toSorted((a, b) => a! - b!)).toEqual(range(0, cores.length));
    opened.end();
  });

  test.each([
    ['M1', M1],
    ['M2 Ultra', M2_ULTRA],
    ['M3 Pro', M3_PRO],
    ['M4 Max', M4_MAX],
    ['M5 Max', M5_MAX],
  ] as const)('%s: the tables are found without the numbers that they have', (_name, clusters) => {
    const renamed = clusters.map((one, index) => ({ ...one, table: 40 + index }));
    const opened = open(chipOf(renamed, clusters === M4_MAX || clusters === M5_MAX ? 'kHz' : 'Hz'));
    const highest = new Map(opened.read().reading.policies.map(({ policy, hardwareMax }) => [policy, hardwareMax]));
    for (const { channel, megahertz } of clusters) expect(highest.get(channel)).toBe(megahertz.at(-1)! * 1e6);
    opened.end();
  });

  test('the mean between two readings; what a core did is derived from its states', () => {
    const [slow, quick] = M1 as [FakeCluster, FakeCluster];
    const channels = (seconds: number): FakeMachine =>
      ioReportOf(
        ...cpuChannels(M1, ({ megahertz }, core) => [
          100 + seconds,
          megahertz.map((_, step) => (step === 1 ? seconds * (core ?? 3) : step === 2 ? seconds : 7)),
        ]),
      );
    const opened = open(merge(m1Laptop, channels(10)));
    const first = opened.read();
    expect(first.reading.policies.map(({ current, age, currentSource }) => [current, age, currentSource])).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
    expect(gapOf(first.gaps, 'policies.current')).toMatchObject({ reason: 'no-baseline' });
    opened.fake.change(channels(12));
    const { reading, gaps } = opened.read();
    // 2 s asleep; 6 s at the second step, 2 s at the third.
    const mean = ({ megahertz }: FakeCluster): number => ((6 * megahertz[1]! + 2 * megahertz[2]!) / 8) * 1e6;
    for (const [index, cluster] of [slow, quick].entries()) expect(reading.policies[index]!.current).toBeCloseTo(mean(cluster), 0);
    expect(reading.policies[0]).toMatchObject({ currentSource: 'residency', age: 0, min: null, base: null });
    expect(gapOf(gaps, 'policies.current')).toBeUndefined();
    expect(gapOf(gaps, 'policies.min')).toMatchObject({ reason: 'unsupported' });
    const rates = frequencyRates(first.reading, reading, 2)!.channels!;
    const core = rates.find(({ channel }) => channel === 'PCPU3')!;
    expect(core).toMatchObject({ of: 'core', kind: 'P', cpu: 7 });
    expect(core.active).toBeCloseTo(8 / 10, 9);
    expect(core.frequency).toBeCloseTo(mean(quick), 0);
    expect(rates.find(({ channel }) => channel === 'ECPU0')).toMatchObject({ active: 0.5, frequency: slow.megahertz[2]! * 1e6 });
    // What counts is the time since the last reading, not since the first.
    opened.fake.change(
      ioReportOf(
        ...cpuChannels(M1, ({ megahertz }) => [112, megahertz.map((_, step) => (step === 0 ? 8 : step === 1 ? 36 : step === 2 ? 12 : 7))]),
      ),
    );
    expect(opened.read().reading.policies[0]!.current).toBe(slow.megahertz[0]! * 1e6);
    opened.end();
  });

  test('readings at once, or a counter that went back, give no mean and say so', () => {
    const opened = open(m1Laptop);
    const first = opened.read().reading;
    const { reading, gaps } = opened.read();
    expect(reading.policies.map(({ current }) => current)).toEqual([null, null]);
    expect(gapOf(gaps, 'policies.current')).toMatchObject({ reason: 'no-baseline' });
    expect(frequencyRates(first, reading, 0)!.channels![0]).toMatchObject({ active: null, frequency: null, states: [] });
    opened.fake.change(ioReportOf(...cpuChannels(M1, ({ megahertz }) => [2000, megahertz.map(() => 0)])));
    expect(opened.read().reading.policies[0]!.current).toBeNull();
    opened.end();
  });
});

describe.skipIf(noFakeDarwin !== null)('what a Mac lacks', () => {
  test('no power manager: times without frequencies', () => {
    const { registry, ...rest } = m1Laptop;
    const opened = open({ ...rest, registry: registry!.map((one) => (one.name === 'pmgr' ? { ...one, name: 'other' } : one)) });
    opened.read();
    const { reading, gaps } = opened.read();
    expect(reading.policies[0]).toMatchObject({ policy: 'ECPU', hardwareMax: null, current: null });
    expect(reading.apple!.flatMap(({ states }) => states).every(({ frequency: hertz }) => hertz === null)).toBe(true);
    expect(gapOf(gaps, 'policies.hardwareMax')).toMatchObject({ reason: 'unsupported', detail: expect.stringContaining('pmgr') });
    opened.end();
  });

  test.each<[string, FakeMachine, (symbol: string) => boolean, RegExp]>([
    ['no libIOReport', m1Laptop, (symbol) => Object.hasOwn(IOREPORT, symbol), /has no IOReport/],
    [
      'nobody may subscribe',
      merge(m1Laptop, { answers: { IOReportCreateSubscription: { result: -1 } } }),
      () => false,
      /gave nothing for CPU Stats/,
    ],
    ['no such channels', merge(m1Laptop, { trees: { 'IOReport:CPU Stats': [] } }), () => false, /counts nothing in the group CPU Stats/],
  ])('%s: the limits of the hardware, and no times', (_name, machine, lacks, why) => {
    const opened = open(machine, lacks);
    opened.read();
    const { reading, gaps } = opened.read();
    expect(policiesOf(reading)).toEqual([
      ['ECPU', range(0, 4), 600, 2064],
      ['PCPU', range(4, 4), 600, 3204],
    ]);
    expect(reading.apple).toBeUndefined();
    expect(gapOf(gaps, 'apple')?.detail).toMatch(why);
    expect(gapOf(gaps, 'policies.current')?.detail).toMatch(why);
    opened.end();
  });

  test('no device tree: frequencies by kind, and no CPU is named', () => {
    const { registry, ...rest } = m5Max;
    const opened = open({ ...rest, registry: registry!.filter(({ name }) => !name.startsWith('cpu')) });
    const { reading, gaps } = opened.read();
    expect(policiesOf(reading)).toEqual([
      ['MCPU0', [], 1344, 4380],
      ['MCPU1', [], 1344, 4380],
      ['PCPU', [], 1308, 4608],
    ]);
    expect(reading.apple!.every(({ cpu }) => cpu === null)).toBe(true);
    expect(gapOf(gaps, 'apple.cpu')).toMatchObject({ reason: 'error', detail: expect.stringContaining('lists 0 CPUs') });
    expect(gapOf(gaps, 'policies.cpus')).toMatchObject({ reason: 'error' });
    opened.end();
  });

  test('cores without clusters: those of the device tree, with the mean of their cores', () => {
    // A core that works for 1 s at the first step, and one that works for 3 s at the second; the others sleep.
    const channels = (time: number): FakeMachine =>
      ioReportOf(
        ...cpuChannels(M1, ({ megahertz }, core) => [
          10 + time * (core! > 1 ? 4 : core === 0 ? 3 : 1),
          megahertz.map((_, step) => time * (core === 0 && step === 0 ? 1 : core === 1 && step === 1 ? 3 : 0)),
        ]).filter(({ subgroup }) => subgroup === CORES),
      );
    const opened = open(merge(m1Laptop, channels(1)));
    opened.read();
    opened.fake.change(channels(2));
    const { reading } = opened.read();
    expect(reading.policies.map(({ current }) => Math.round(current! / 1e6))).toEqual([(600 + 3 * 972) / 4, (600 + 3 * 828) / 4]);
    expect(policiesOf(reading)).toEqual([
      ['ECPU', range(0, 4), 600, 2064],
      ['PCPU', range(4, 4), 600, 3204],
    ]);
    expect(reading.apple).toHaveLength(8);
    opened.end();
  });

  test('other numbers of states, other units, other names', () => {
    const odd = [
      stateChannel('CPU Stats', CLUSTERS, 'PCPU', cpuStates(1, [1, 1, 1])),
      stateChannel('CPU Stats', CORES, 'PCPU0', cpuStates(1, [1, 1, 1]), 'fortnights'),
      stateChannel('CPU Stats', CORES, 'CPM', cpuStates(1, [1])),
    ];
    const machine = merge(
      cpusOf([['P', 0]]),
      pmgrOf({ 'voltage-states5-sram': directTable([600, 3204], 'Hz'), 'acc-clusters': Buffer.alloc(3) }),
      ioReportOf(...odd),
    );
    const opened = open(machine);
    const { reading, gaps } = opened.read();
    expect(reading.apple?.map(({ channel }) => channel)).toEqual(['PCPU']);
    expect(gapOf(gaps, 'apple.states.frequency')?.detail).toContain('have 2 steps, and cores P have 3');
    expect(gapOf(gaps, 'apple')?.detail).toContain('counts PCPU0 in "fortnights"');
    opened.end();
  });

  test('steps are counted by their names, whatever their order', () => {
    const states: [string, number][] = [
      ['V1P0', 48e6],
      ['IDLE', 24e6],
      ['V0P1', 24e6],
      ['DOWN', 0],
      ['OFF', 0],
    ];
    const opened = open(
      merge(
        cpusOf([['P', 0]]),
        pmgrOf({ 'voltage-states5-sram': directTable([600, 3204], 'Hz') }),
        ioReportOf(stateChannel('CPU Stats', CLUSTERS, 'PCPU', states)),
      ),
    );
    const [channel] = opened.read().reading.apple!;
    expect(channel!.states.map(({ state, active, frequency: hertz, seconds }) => [state, active, hertz, seconds])).toEqual([
      ['V1P0', true, 3204e6, 2],
      ['IDLE', false, null, 1],
      ['V0P1', true, 600e6, 1],
      ['DOWN', false, null, 0],
      ['OFF', false, null, 0],
    ]);
    opened.end();
  });

  test('Intel: what it is sold for; a virtual machine: nothing, and why', async () => {
    const intel = open(intelLaptop);
    const { reading, gaps } = intel.read();
    expect(reading).toMatchObject({
      policies: [{ policy: 'cpu', cpus: range(0, 12), current: null, base: 2.6e9, hardwareMin: 8e8, hardwareMax: 2.6e9, age: null }],
    });
    expect(reading.apple).toBeUndefined();
    expect(gapOf(gaps, 'policies.current')).toMatchObject({ reason: 'unsupported' });
    intel.end();
    const virtual = open(virtualMachine);
    await expect(virtual.read().reading).rejects.toThrow('shows no power manager (pmgr)');
    await expect(virtual.read().reading).rejects.toThrow('shows no power manager (pmgr)');
    virtual.end();
  });

  test('a chip is looked up once', () => {
    const opened = open(m1Laptop);
    opened.read();
    const { IOServiceGetMatchingServices: before, IOReportCreateSubscription: subscriptions } = opened.fake.report().calls;
    opened.read();
    expect(opened.fake.report().calls).toMatchObject({ IOServiceGetMatchingServices: before, IOReportCreateSubscription: subscriptions });
    opened.end();
  });
});
