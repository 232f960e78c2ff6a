import type { Snapshot } from '@hecate/metrics';
import { afterEach, expect, it } from 'vitest';
import { createGpuForTest } from '../record/gpu.testing.ts';
import type { TestGpu } from '../record/gpu.testing.ts';
import { startHandServer } from './server.testing.ts';
import type { HandServer } from './server.testing.ts';

let hand: HandServer | undefined;
afterEach(async () => {
  await hand?.close();
  expect(hand?.errors ?? []).toEqual([]);
  hand = undefined;
});

interface Told {
  readonly gpus?: readonly Readonly<Record<string, unknown>>[];
  readonly thermal?: Readonly<Record<string, unknown>>;
}

/** A message without what the foreign client adds to it for each field that is optional: `_power: 'power'`. */
const plain = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (key.startsWith('_') ? undefined : one))) as Value;

/** What a foreign client is told of a machine after these samples, the last of them at 1002 where there are two. */
async function tell(...samples: readonly Partial<Snapshot>[]): Promise<Told> {
  hand = await startHandServer();
  for (const [index, sample] of samples.entries()) hand.hand.tick(1000 + 2 * index, { monotonic: 10 + 2 * index, ...sample });
  const { messages, code } = await hand.client().collect('Snapshot');
  expect(code).toBe(0);
  return plain(messages[0]!['machine']) as Told;
}

/** A card that tells everything, as none does. */
const FULL: TestGpu = {
  ...{ id: '0000:0b:00.0', name: 'Radeon "X" ü', vendor: 'amd', driver: 'amdgpu', card: 'card1', uuid: 'u', cores: 7 },
  ...{ suspended: false, unified: true, usage: 0.5, rendererUsage: 0.25, tilerUsage: 0.75, mediaUsage: 0, memoryUsage: 1 },
  ...{ memoryTotal: 2 ** 40, memoryUsed: 5, memoryShared: 6, memoryLimit: 0, frequency: 1e9, maxFrequency: 2e9, memoryFrequency: 3e9 },
  ...{ power: 87.5, powerLimit: 203, energy: 5.5, temperature: 54, fan: 0.5, fanSpeed: 1420, resets: 3, idleTime: 1.5 },
  states: [
    { state: 'OFF', frequency: null, active: false, time: 10 },
    { state: 'P1', frequency: 5e8, active: true, time: 2 },
  ],
};

it('everything that a card tells is there under its name', async () => {
  const { gpus, thermal } = await tell({ gpu: [FULL] });
  const [gpu] = gpus!;
  expect(Object.keys(FULL)).toHaveLength(30);
  for (const [name, value] of Object.entries(FULL)) if (name !== 'states') expect(gpu, name).toHaveProperty(name, value);
  const [off, works] = gpu!['states'] as object[];
  expect(off).toEqual({ state: 'OFF', time: 10 });
  expect(works).toEqual({ state: 'P1', frequency: 5e8, active: true, time: 2 });
  // Before the second sample there are no means.
  expect(Object.keys(gpu!).filter((name) => !(name in FULL))).toEqual([]);
  expect(thermal ?? null).toBeNull();
});

it('what a card does not tell is not there, and neither is a GPU where there is none, or none could be read', async () => {
  const none: Partial<Snapshot> = { gpu: [createGpuForTest('a'), createGpuForTest('b', { suspended: true })] };
  expect((await tell(none)).gpus).toEqual([{ id: 'a' }, { id: 'b', suspended: true }]);
  await hand?.close();
  expect((await tell({ gpu: [] })).gpus ?? []).toEqual([]);
  await hand?.close();
  expect((await tell({ gpu: null, thermal: { zones: [], coolingDevices: [] } })).gpus ?? []).toEqual([]);
});

it('a Mac: the means of the time since the last sample, what the chip and its sensors tell of the only GPU, and how hard heat presses', async () => {
  const apple = (energy: number, off: number, works: number, pressure: 'nominal' | 'heavy'): Partial<Snapshot> => ({
    gpu: [createGpuForTest('sgx', { energy, states: [{ ...FULL.states[0]!, time: off }, { ...FULL.states[1]!, time: works }] })],
    sensors: { chips: [{ id: 'smc', name: 'smc', temperatures: [{ sensor: 't', label: 'GPU 1', value: 61 }], fans: [], powers: [], voltages: [] }] } as never,
    thermal: { zones: [], coolingDevices: [], apple: { pressure, cpuLevel: null } },
  }); // oxfmt-ignore
  const told = await tell(apple(10, 0, 0, 'nominal'), apple(16, 0.5, 1.5, 'heavy'));
  expect(told.gpus).toMatchObject([
    { usage: 0.75, active: 0.75, frequency: 5e8, meanFrequency: 5e8, power: 3, meanPower: 3, temperature: 61 },
  ]);
  expect(told.thermal).toEqual({ pressure: 'heavy' });
  await hand?.close();
  const intel: Partial<Snapshot> = { thermal: { zones: [], coolingDevices: [], apple: { pressure: null, cpuLevel: 70 } } };
  expect((await tell(intel)).thermal).toEqual({ cpuLevel: 70 });
});

it('of two cards neither has what is told of both together', async () => {
  const sensors = { chips: [{ id: 'smc', name: 'smc', temperatures: [{ sensor: 't', label: 'GPU 1', value: 61 }], fans: [], powers: [], voltages: [] }] } as never; // oxfmt-ignore
  const { gpus } = await tell({ gpu: [createGpuForTest('a', { power: 2 }), createGpuForTest('b')], sensors });
  expect(gpus).toEqual([{ id: 'a', power: 2 }, { id: 'b' }]);
});

it('a client of Stream gets the series of one card, by its id', async () => {
  hand = await startHandServer();
  hand.hand.tick(1000, { gpu: [FULL, createGpuForTest('b', { temperature: 40 })] });
  const ids = ['gpu.0000:0b:00.0.celsius', 'gpu.b.celsius', 'gpu.b.power_watts'];
  const stream = hand.client().follow('Stream', { series: ids });
  const message = await new Promise((resolve) => {
    stream.once('data', resolve).on('error', () => undefined);
  });
  stream.cancel();
  expect(message).toEqual({ time: 1000, series: { 'gpu.0000:0b:00.0.celsius': 54, 'gpu.b.celsius': 40 } });
});
