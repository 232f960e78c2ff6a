import { describe, expect, test } from 'vitest';
import { gpuFrequency, gpuRates, gpuUsage, UNKNOWN_GPU } from '../../domain/gpu.ts';
import { finish } from '../../model/collector.ts';
import type { Collector } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { gpuLimit, gpusOf, statesOfGpu } from '../fake/gpu.testing.ts';
import { ioReportOf, stateChannel } from '../fake/io-report.testing.ts';
import { merge, text } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { gpuProcesses } from '../gpu-processes.ts';
import { gpu } from '../gpu.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { m5Max } from '../machines/m5-max.testing.ts';

const MEBI = 2 ** 20;

/** The table of an M1's GPU: the state that is off, then six that work. Frequencies as published, voltages made up. */
const FREQUENCIES = [0, 396e6, 528e6, 720e6, 924e6, 1128e6, 1278e6];
const tableOf = (frequencies: readonly number[]): Buffer =>
  Buffer.concat(
    frequencies.map((frequency) => {
      const entry = Buffer.alloc(8);
      entry.writeUInt32LE(frequency, 0);
      entry.writeUInt32LE(frequency === 0 ? 0 : 700, 4);
      return entry;
    }),
  );
const pmgrOf = (frequencies: readonly number[]): FakeMachine => ({
  registry: [{ name: 'pmgr', classes: ['AppleARMIODevice'], properties: { 'voltage-states9': tableOf(frequencies) } }],
});
const phases = statesOfGpu;
const apple = gpusOf([{ driver: 'AGXAcceleratorG13G', properties: { model: 'Apple M1', PerformanceStatistics: {} } }]);
const release: FakeMachine = { answers: { 'sysctl:kern.osrelease': text('23.5.0') } };

interface Opened<Reading> {
  readonly fake: FakeDarwin;
  readonly gaps: Gap[];
  read(): Reading;
  close(): void;
}

function open<Reading>(collector: Collector<string, Reading>, ...machines: readonly FakeMachine[]): Opened<Reading> {
  const fake = openFakeDarwin(merge(...machines));
  const reader = collector.open(fake.host);
  const gaps: Gap[] = [];
  return {
    fake,
    gaps,
    read() {
      gaps.length = 0;
      return finish(reader.read(collectGaps(gaps)) as Reading);
    },
    close: () => reader.close(),
  };
}

function readOnce<Reading>(collector: Collector<string, Reading>, ...machines: readonly FakeMachine[]): { reading: Reading; gaps: Gap[] } {
  const opened = open(collector, ...machines);
  const reading = opened.read();
  opened.close();
  opened.fake.expectClean();
  return { reading, gaps: opened.gaps };
}

const gapOf = (gaps: readonly Gap[], field: string): Gap | undefined => gaps.find((gap) => gap.field === field);

describe.skipIf(noFakeDarwin !== null)('GPUs of a Mac', () => {
  test("the GPU of an M1: what its driver says, memory of the machine's, the limit that somebody set", () => {
    const { reading, gaps } = readOnce(gpu, m1Laptop);
    expect(reading).toHaveLength(1);
    expect(reading[0]).toMatchObject({
      ...{ id: 'AGXAcceleratorG13G', name: 'Apple M1', vendor: 'apple', driver: 'AGXAcceleratorG13G', cores: 8, suspended: null },
      ...{ usage: 0.42, rendererUsage: 0.4, tilerUsage: 0.17, resets: 2, unified: true, memoryTotal: null },
      ...{ memoryUsed: 700_000_000, memoryShared: 2_500_000_000, memoryLimit: 6144 * MEBI },
      ...{ power: null, temperature: null, fan: null, energy: null },
    });
    expect(gapOf(gaps, 'gpu.memoryTotal')?.detail).toContain('memory from that of the machine');
    expect(gapOf(gaps, 'gpu.power')?.detail).toContain('rates of energy');
  });

  test('a Mac with two kinds of cards: units, memory of their own, and one that is switched off says nothing', () => {
    const { reading, gaps } = readOnce(gpu, intelLaptop);
    const [intel, amd, off] = reading;
    expect(intel).toMatchObject({
      ...{ id: 'IntelAccelerator', name: 'Intel UHD Graphics 630', vendor: 'intel', usage: 0.07, unified: true, memoryTotal: null },
      ...{ memoryUsed: 268_435_456, memoryShared: 536_870_912, memoryLimit: null, suspended: null },
    });
    expect(amd).toMatchObject({
      ...{ id: 'AMDRadeonX6000_AMDNavi14GraphicsAccelerator', name: 'AMD Radeon Pro 5300M', vendor: 'amd', suspended: false },
      ...{ usage: 0.63, unified: false, memoryTotal: 4096 * MEBI, memoryUsed: 2048 * MEBI, memoryShared: 32 * MEBI },
      ...{ temperature: 71, power: 38, frequency: 1.25e9, memoryFrequency: 1.5e9, fan: 0.35, fanSpeed: 2100 },
    });
    expect(off).toEqual({
      ...UNKNOWN_GPU,
      ...{ id: 'AMDRadeonX6000_AMDNavi14GraphicsAccelerator-2', name: 'AMD Radeon Pro 5300M', vendor: 'amd', suspended: true },
      driver: 'AMDRadeonX6000_AMDNavi14GraphicsAccelerator',
    });
    expect(gapOf(gaps, 'gpu.fan')).toMatchObject({ reason: 'unsupported' });
    expect(gapOf(gaps, 'gpu.usage')).toMatchObject({ reason: 'suspended' });
    // Nothing is asked of a chip that is not Apple's.
    expect(gapOf(gaps, 'gpu.states')).toBeUndefined();
  });

  test('values that are none are unknown: 128 degrees, a negative share, a clock of 0; shares above 100 % are 1', () => {
    const odd = gpusOf([
      {
        driver: 'AMDRadeonX4000',
        properties: {
          PerformanceStatistics: {
            ...{ 'GPU Activity(%)': 150, 'Renderer Utilization %': -1, 'Temperature(C)': 128, 'Core Clock(MHz)': 0, 'Fan Speed(%)': 0 },
            ...{ vramUsedBytes: 3 * MEBI, vramFreeBytes: 5 * MEBI, 'Total Power(W)': 1e9 },
          },
        },
      },
      { driver: 'Unknown', properties: {} },
      { driver: 'Other', properties: {}, device: { 'vendor-id': Buffer.from('02100000', 'hex'), model: Buffer.from('Card') } },
    ]);
    const { reading } = readOnce(gpu, release, odd);
    expect(reading[0]).toMatchObject({
      ...{ vendor: 'amd', usage: 1, rendererUsage: null, temperature: null, frequency: null, fan: 0, power: null },
      ...{ memoryTotal: 8 * MEBI, memoryUsed: 3 * MEBI, unified: false, name: null },
    });
    expect(reading[1]).toMatchObject({ vendor: null, usage: null, memoryUsed: null, unified: null });
    expect(reading[2]).toMatchObject({ vendor: 'amd', name: 'Card', driver: 'Other' });
  });

  test('what the registry refuses is null; a Mac without any GPU has an empty reading; 0 is no limit', () => {
    const refused = gpusOf([{ driver: 'AGXAcceleratorG13G', properties: { model: 'Apple M1' }, result: 0xe00002c1 | 0 }]);
    const { reading, gaps } = readOnce(gpu, release, refused, gpuLimit(0));
    expect(reading[0]).toMatchObject({ name: null, usage: null, vendor: 'apple', memoryLimit: null });
    expect(gapOf(gaps, 'gpu.usage')).toMatchObject({ reason: 'unsupported' });
    expect(readOnce(gpu, release).reading).toEqual([]);
  });

  test('the time in each state, with its frequency; rates say how busy it was and how fast', () => {
    const opened = open(gpu, release, apple, pmgrOf(FREQUENCIES), phases([100, 10, 0, 0, 0, 0, 5]));
    const before = opened.read();
    expect(before[0]!.maxFrequency).toBe(1278e6);
    expect(before[0]!.states.map(({ state, frequency, active, time }) => [state, frequency, active, time])).toEqual([
      ['OFF', null, false, 100],
      ['P1', 396e6, true, 10],
      ...['P2', 'P3', 'P4', 'P5'].map((state, index) => [state, FREQUENCIES[index + 2], true, 0]),
      ['P6', 1278e6, true, 5],
    ]);
    opened.fake.change(phases([100.5, 10.125, 0, 0, 0, 0, 5.375]));
    const after = opened.read();
    const [rates] = gpuRates(before, after, 1)!;
    expect(rates).toMatchObject({ id: 'AGXAcceleratorG13G', active: 0.5, awake: null, power: null });
    expect(rates!.frequency).toBeCloseTo(0.25 * 396e6 + 0.75 * 1278e6, 3);
    expect(gpuUsage(after[0]!, rates)).toBe(0.5);
    expect(gpuFrequency(after[0]!, rates)).toBe(rates!.frequency);
    opened.close();
    opened.fake.expectClean();
    expect(opened.gaps.some(({ field }) => field.startsWith('gpu.states'))).toBe(false);
  });

  test('tables that do not fit: more states than frequencies are unknown where they are used, fewer are unknown altogether', () => {
    const used = readOnce(gpu, release, apple, pmgrOf(FREQUENCIES.slice(0, 3)), phases([1, 1, 1, 0]));
    expect(used.reading[0]!.states.map(({ frequency }) => frequency)).toEqual([null, 396e6, 528e6, null]);
    expect(gapOf(used.gaps, 'gpu.states.frequency')).toBeUndefined();
    const beyond = readOnce(gpu, release, apple, pmgrOf(FREQUENCIES.slice(0, 3)), phases([1, 1, 1, 2]));
    expect(gapOf(beyond.gaps, 'gpu.states.frequency')).toMatchObject({ reason: 'error', detail: expect.stringContaining('3 working') });
    const fewer = readOnce(gpu, release, apple, pmgrOf(FREQUENCIES), phases([1, 1, 1]));
    expect(fewer.reading[0]!.states.map(({ frequency }) => frequency)).toEqual([null, null, null]);
    expect(gapOf(fewer.gaps, 'gpu.states.frequency')).toMatchObject({ reason: 'error' });
  });

  test('M5 Max has states beyond its table; none of them is ever used', () => {
    const { reading, gaps } = readOnce(gpu, m5Max);
    expect(reading[0]).toMatchObject({ name: 'Apple M5 Max', cores: 40, maxFrequency: 1620e6 });
    const frequencies = reading[0]!.states.map(({ frequency }) => frequency);
    expect(frequencies).toHaveLength(16);
    expect([frequencies[0], frequencies[1], frequencies[13], frequencies[14]]).toEqual([null, 338e6, 1620e6, null]);
    expect(gapOf(gaps, 'gpu.states.frequency')).toBeUndefined();
  });

  test('without a table there are states without frequencies; without the channel, or in another unit, there are none', () => {
    const bare = readOnce(gpu, release, apple, phases([2, 3]));
    expect(bare.reading[0]).toMatchObject({ maxFrequency: null, states: [{ time: 2 }, { time: 3, frequency: null }] });
    expect(gapOf(bare.gaps, 'gpu.maxFrequency')).toMatchObject({ reason: 'unsupported', detail: expect.stringContaining('power manager') });
    const none = readOnce(gpu, release, apple);
    expect(none.reading[0]!.states).toEqual([]);
    expect(gapOf(none.gaps, 'gpu.states')).toMatchObject({ reason: 'unsupported' });
    const odd = readOnce(gpu, release, apple, phases([1, 2], 'parsecs'));
    expect(odd.reading[0]!.states).toEqual([]);
    expect(gapOf(odd.gaps, 'gpu.states')).toMatchObject({ reason: 'error', detail: expect.stringContaining('parsecs') });
  });

  test('two dies that count the same seconds are one GPU; where their states differ there are none', () => {
    const die = (name: string, states: readonly (readonly [string, number])[]) =>
      stateChannel('GPU Stats', 'GPU Performance States', name, states, 'ns');
    const [off, on] = [['OFF', 4e9] as const, ['P1', 2e9] as const];
    const both = readOnce(gpu, release, apple, ioReportOf(die('DIE_0_GPUPH', [off, on]), die('DIE_1_GPUPH', [off, ['P1', 6e9]])));
    expect(both.reading[0]!.states.map(({ state, time }) => [state, time])).toEqual([
      ['OFF', 4],
      ['P1', 4],
    ]);
    const odd = readOnce(gpu, release, apple, ioReportOf(die('DIE_0_GPUPH', [off, on]), die('DIE_1_GPUPH', [off])));
    expect(odd.reading[0]!.states).toEqual([]);
    expect(gapOf(odd.gaps, 'gpu.states')).toMatchObject({ reason: 'error', detail: 'The dies of the GPU do not count the same states.' });
  });

  test('a card beside the chip has none of its states', () => {
    const beside = gpusOf([
      { driver: 'AGXAcceleratorG13G', properties: {} },
      { driver: 'AMDRadeonX4000', properties: {} },
    ]);
    const { reading } = readOnce(gpu, release, beside, pmgrOf(FREQUENCIES), phases([1, 2]), gpuLimit(5));
    expect(reading.map(({ states, maxFrequency, memoryLimit }) => [states.length, maxFrequency, memoryLimit])).toEqual([
      [2, 1278e6, 5 * MEBI],
      [0, null, null],
    ]);
  });

  test('read again and again it subscribes once, and gives the subscription back', () => {
    const opened = open(gpu, release, apple, pmgrOf(FREQUENCIES), phases([1, 2]));
    for (let time = 0; time < 4; time++) opened.read();
    expect(opened.fake.report().calls['IOReportCreateSubscription']).toBe(1);
    opened.close();
    opened.close();
    opened.fake.expectClean();
  });
});

describe.skipIf(noFakeDarwin !== null)('processes on the GPUs of a Mac', () => {
  test('each once, with the time of all its clients in seconds; names may hold commas', () => {
    const { reading, gaps } = readOnce(gpuProcesses, m1Laptop);
    expect(reading).toEqual([
      { gpu: 'AGXAcceleratorG13G', pid: 391, name: 'WindowServer', time: 1500.75, memory: null },
      { gpu: 'AGXAcceleratorG13G', pid: 501, name: 'Google, Chrome H', time: 3, memory: null },
    ]);
    expect(gapOf(gaps, 'gpuprocesses.memory')).toMatchObject({ reason: 'unsupported' });
  });

  test('clients without a process, and other children, are passed over; a client that counts itself counts', () => {
    const machine = gpusOf([
      {
        driver: 'IntelAccelerator',
        properties: {},
        clients: [
          { creator: 'process 4', nanoseconds: [1] },
          { creator: 'pid 7,', nanoseconds: [] },
        ],
      },
    ]);
    const own = { name: 'IntelUserClient', classes: ['IOUserClient'], parent: 1 };
    const registry = [
      ...(machine.registry ?? []),
      { ...own, properties: { IOUserClientCreator: 'pid 9, x', accumulatedGPUTime: 2e9 } },
      { ...own, properties: { IOUserClientCreator: 'pid 10, shares memory' } },
      { ...own, properties: { IOUserClientCreator: 'pid 11, other names', AppUsage: [{ API: 'Metal', gpuTime: 5 }, 'Metal'] } },
      {
        ...own,
        properties: { IOUserClientCreator: 'pid 12, two', AppUsage: [{ accumulatedGPUTime: 2e9 }, { accumulatedGPUTime: -1 }, {}] },
      },
    ];
    const { reading } = readOnce(gpuProcesses, release, { registry });
    expect(reading).toEqual([
      { gpu: 'IntelAccelerator', pid: 7, name: null, time: 0, memory: null },
      { gpu: 'IntelAccelerator', pid: 9, name: 'x', time: 2, memory: null },
      { gpu: 'IntelAccelerator', pid: 12, name: 'two', time: 2, memory: null },
    ]);
  });

  test('a client that is gone takes no other with it', () => {
    const machine = gpusOf([
      {
        driver: 'AGX',
        properties: {},
        clients: [
          { creator: 'pid 1, a', nanoseconds: [1e9] },
          { creator: 'pid 2, b', nanoseconds: [2e9] },
        ],
      },
    ]);
    const gone = (machine.registry ?? []).find(({ name }) => name === 'AGXDeviceUserClient');
    const registry = (machine.registry ?? []).map((one) => (one === gone ? { ...one, result: 0xe00002c0 | 0 } : one));
    const { reading, gaps } = readOnce(gpuProcesses, release, { registry });
    expect(reading?.map(({ pid }) => pid)).toEqual([2]);
    expect(gaps).toContainEqual(
      expect.objectContaining({ field: 'gpuprocesses', detail: expect.stringContaining('1 of 3 did not answer') }),
    );
  });

  test('clients that all refuse leave a gap, and nothing leaks', () => {
    const machine = gpusOf([{ driver: 'AGX', properties: {}, clients: [{ creator: 'pid 1, a', nanoseconds: [1] }] }]);
    const registry = (machine.registry ?? []).map((one) => (one.name === 'AGXDeviceUserClient' ? { ...one, result: 0xe00002c1 | 0 } : one));
    const { reading, gaps } = readOnce(gpuProcesses, release, { registry });
    expect(reading).toEqual([]);
    expect(gapOf(gaps, 'gpuprocesses')).toMatchObject({ detail: expect.stringContaining('did not answer') });
  });
});
