import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Host } from '@hecate/host';
import { UNKNOWN_GPU } from '../../domain/gpu.ts';
import { gpuProcesses } from '../gpu-processes.ts';
import { gpu } from '../gpu.ts';
import { openReading, readOnce } from '../reading.testing.ts';
import { createTree } from '../rooted-tree.testing.ts';
import type { RootedTree, Tree } from '../rooted-tree.testing.ts';
import { buildFakeNvml } from './fake-nvml.testing.ts';
import type { FakeNvml } from './fake-nvml.testing.ts';
import { NVML } from './nvml.ts';

const built = buildFakeNvml();
if (typeof built === 'string') console.warn(`SKIPPED: NVIDIA's library: ${built}`);
const nvml = built as FakeNvml;
afterAll(() => typeof built !== 'string' && built.remove());

const SERVER = '0000:3b:00.0';
const LAPTOP = '0000:01:00.0';

/** What the kernel says of two cards of its driver. */
const cards = (status: string, control: string): Tree =>
  Object.fromEntries(
    [SERVER, LAPTOP].flatMap((address) => [
      [`sys/bus/pci/drivers/nvidia/${address}`, { link: `../../devices/${address}` }],
      [`sys/bus/pci/devices/${address}/power/runtime_status`, `${status}\n`],
      [`sys/bus/pci/devices/${address}/power/control`, `${control}\n`],
    ]),
  );

let tree: RootedTree | undefined;
afterEach(() => tree?.remove());

let passed = 0;
function machine(files: Tree, lacks?: (symbol: string) => boolean): Host {
  tree = createTree(files);
  passed = 0;
  const clock = { ...tree.host.clock, monotonic: () => 1000 + passed };
  return { ...tree.host, clock, libraries: () => nvml.libraries(lacks) };
}

describe.skipIf(typeof built === 'string')("NVIDIA's library", () => {
  test('a card of a server tells everything, in base units; one of a laptop what it has', () => {
    nvml.reset();
    const { reading, gaps } = readOnce(gpu, machine(cards('active', 'on')));
    expect(gaps).toEqual([]);
    expect(reading).toHaveLength(2);
    expect(reading[0]).toEqual({
      ...UNKNOWN_GPU,
      ...{ id: SERVER, name: 'NVIDIA H100 80GB HBM3', vendor: 'nvidia', driver: 'nvidia', suspended: false, cores: 16_896 },
      ...{ uuid: 'GPU-00000000-0000-0000-0000-000000000001', usage: 0.85, memoryUsage: 0.4, mediaUsage: 0.2, unified: false },
      ...{ memoryTotal: 80 * 2 ** 30, memoryUsed: 60 * 2 ** 30, frequency: 1.755e9, maxFrequency: 1.98e9, memoryFrequency: 2.619e9 },
      ...{ power: 512.345, powerLimit: 700, energy: 12_345_678_901.234, temperature: 61, fan: 0.3 },
    });
    expect(reading[1]).toMatchObject({
      ...{ id: LAPTOP, usage: 0, memoryTotal: 4 * 2 ** 30, memoryUsed: 300 * 2 ** 20, temperature: 44, power: 5 },
      ...{ fan: null, energy: null, powerLimit: null, mediaUsage: null },
    });
    expect([nvml.faults(), nvml.open()]).toEqual([0, 0]);
  });

  test('it stays open between reads where cards cannot sleep, and is given back once', () => {
    nvml.reset();
    const reading = openReading(gpu, machine(cards('active', 'on')));
    for (let read = 0; read < 5; read++) reading.read();
    expect([nvml.starts(), nvml.open()]).toEqual([1, 1]);
    reading.close();
    reading.close();
    expect([nvml.faults(), nvml.open()]).toEqual([0, 0]);
  });

  test('a card that may sleep is asked every half minute, and the library is not kept open', () => {
    nvml.reset();
    const reading = openReading(gpu, machine(cards('active', 'auto')));
    for (let read = 0; read < 29; read++, passed++) expect(reading.read()[0]).toMatchObject({ usage: 0.85, energy: null });
    expect([nvml.starts(), nvml.open()]).toEqual([1, 0]);
    passed += 2;
    reading.read();
    expect(nvml.starts()).toBe(2);
    reading.close();
    expect(nvml.faults()).toBe(0);
  });

  test('while one sleeps nothing is asked, and what is open is given back', () => {
    nvml.reset();
    const reading = openReading(gpu, machine(cards('active', 'on')));
    reading.read();
    tree!.write(`sys/bus/pci/devices/${LAPTOP}/power/runtime_status`, 'suspended\n');
    expect(reading.read().map(({ id, usage, suspended }) => [id, usage, suspended])).toEqual([
      [LAPTOP, null, true],
      [SERVER, null, false],
    ]);
    expect([nvml.starts(), nvml.open()]).toEqual([1, 0]);
    expect(reading.gaps).toEqual([{ field: 'gpu.nvidia', reason: 'suspended', detail: expect.stringContaining('wake') }]);
    reading.close();
    expect(nvml.faults()).toBe(0);
  });

  test('a library that refuses, as after an update, and a machine of files: the cards are there, and say nothing', () => {
    nvml.reset(18);
    const refused = readOnce(gpu, machine(cards('active', 'on')));
    expect(refused.reading.map(({ id, usage }) => [id, usage])).toEqual([
      [LAPTOP, null],
      [SERVER, null],
    ]);
    expect(refused.gaps).toEqual([{ field: 'gpu.nvidia', reason: 'error', detail: 'nvmlInit_v2 answered 18.' }]);
    tree?.remove();
    tree = createTree(cards('active', 'on'));
    expect(readOnce(gpu, tree.host).gaps).toEqual([
      { field: 'gpu.nvidia', reason: 'absent', detail: expect.stringContaining('only files') },
    ]);
  });

  test('a library that refused is started again after half a minute', () => {
    nvml.reset(18);
    const reading = openReading(gpu, machine(cards('active', 'on')));
    for (let read = 0; read < 30; read++, passed++) expect(reading.read()[0]).toMatchObject({ usage: null });
    expect(nvml.starts()).toBe(1);
    nvml.reset();
    expect(reading.read()[0]).toMatchObject({ usage: 0.85 });
    reading.close();
  });

  test('nothing is loaded where its driver drives nothing', () => {
    nvml.reset();
    const host = machine({});
    expect(readOnce(gpu, { ...host, libraries: () => expect.fail('it was loaded') }).reading).toEqual([]);
  });

  test.each(Object.keys(NVML).filter((symbol) => symbol !== 'nvmlShutdown'))('a version without %s: a reading, and no fault', (symbol) => {
    nvml.reset(0, 77);
    const host = machine({ ...cards('active', 'on'), 'proc/77/comm': 'train\n' }, (name) => name === symbol);
    const { reading } = readOnce(gpu, host);
    for (const one of reading) expect(Object.values(one).some((value) => value === undefined || Number.isNaN(value))).toBe(false);
    readOnce(gpuProcesses, host);
    expect(nvml.faults()).toBe(0);
  });

  test('processes: each once a card, numbers that are no process are left out, unknown memory is unknown', () => {
    for (const crowded of [false, true]) {
      nvml.reset(0, 77, crowded);
      const { reading } = readOnce(gpuProcesses, machine({ ...cards('active', 'on'), 'proc/77/comm': 'train\n' }));
      expect(reading).toEqual([
        { gpu: SERVER, pid: 77, name: 'train', time: null, memory: 5 * 2 ** 30 },
        { gpu: LAPTOP, pid: 77, name: 'train', time: null, memory: null },
      ]);
      expect([nvml.faults(), nvml.open()]).toEqual([0, 0]);
      tree?.remove();
    }
  });
});
