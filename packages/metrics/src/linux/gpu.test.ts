import { afterEach, expect, test } from 'vitest';
import { gpuGroups } from '../domain/gpu-groups.ts';
import { gpuRates, UNKNOWN_GPU } from '../domain/gpu.ts';
import type { GpuReading } from '../domain/gpu.ts';
import { parseLevels } from './gpu/drivers.ts';
import { gpu } from './gpu.ts';
import { openReading, readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { RootedTree, Tree } from './rooted-tree.testing.ts';
import { samplesOf } from './storage/reading.testing.ts';
import { PCI_IDS, tree } from './trees/gpu.testing.ts';

let made: RootedTree | undefined;
const machine = (files: Tree): RootedTree => (made = createTree(files));
afterEach(() => made?.remove());

const AMD = 'sys/devices/pci0000:00/0000:00:03.1/0000:2b:00.0';

test('cards by their address on PCI: what each driver tells, in base units; a card that only shows pictures is none', () => {
  const { host } = machine({ ...tree, 'usr/share/misc/pci.ids': PCI_IDS });
  const { reading, gaps } = readOnce(gpu, host);
  expect(reading.map(({ id, card, driver, vendor }) => [id, card, driver, vendor])).toEqual([
    ['0000:00:02.0', 'card0', 'i915', 'intel'],
    ['0000:2b:00.0', 'card1', 'amdgpu', 'amd'],
    ['0000:2c:00.0', 'card2', 'amdgpu', 'amd'],
    ['1c40000.gpu', 'card3', 'panfrost', 'arm'],
    ['0000:2d:00.0', 'card10', 'xe', 'intel'],
  ]);
  const [intel, amd, asleep, arm, arc] = reading;
  expect(amd).toEqual({
    ...UNKNOWN_GPU,
    ...{ id: '0000:2b:00.0', card: 'card1', driver: 'amdgpu', vendor: 'amd', uuid: '6ef4a2b1c0d35e78', suspended: false },
    ...{ name: 'Radeon RX 6800/6800 XT / 6900 XT', usage: 0.37, memoryUsage: 0.12, unified: false },
    ...{ memoryTotal: 17_163_091_968, memoryUsed: 2_147_483_648, memoryShared: 67_108_864 },
    ...{ frequency: 1.812e9, maxFrequency: 2.575e9, memoryFrequency: 1e9, power: 87, powerLimit: 203 },
    ...{ temperature: 54, fan: 0.4, fanSpeed: 1420 },
  });
  expect(intel).toEqual({
    ...UNKNOWN_GPU,
    ...{ id: '0000:00:02.0', card: 'card0', driver: 'i915', vendor: 'intel', name: 'UHD Graphics 630' },
    ...{ suspended: false, frequency: 350e6, maxFrequency: 1.2e9, idleTime: 8000.5, unified: true },
  });
  expect(arc).toMatchObject({
    ...{ name: null, frequency: 600e6, maxFrequency: 2.4e9, idleTime: 4, memoryTotal: 2 ** 34, memoryUsed: null },
    ...{ energy: 5500, temperature: 41, fanSpeed: 0, power: null },
  });
  expect(arm).toMatchObject({ usage: null, name: null, suspended: null });
  // One that sleeps is not asked.
  expect(asleep).toMatchObject({ suspended: true, usage: null, temperature: null });
  expect(gaps).toEqual([{ field: 'gpu.0000:2c:00.0', reason: 'suspended', detail: expect.stringContaining('wake') }]);
});

test('older files: clocks in levels, i915 without GTs; what is missing stays unknown', () => {
  const sensors = Object.keys(tree).filter((file) => file.startsWith(`${AMD}/hwmon`) || file.includes('/gt/gt0/'));
  const { host } = machine(Object.fromEntries(Object.entries(tree).filter(([file]) => !sensors.includes(file))));
  const { reading } = readOnce(gpu, host);
  expect(reading[0]).toMatchObject({ frequency: 1e6, maxFrequency: 1e6, idleTime: 0.001 });
  expect(reading[1]).toMatchObject({ name: null, frequency: 1.8e9, memoryFrequency: 1e9, maxFrequency: 2.575e9, power: null, fan: null });
});

test('levels of a clock: the one with a star, and the highest; of nonsense nothing', () => {
  expect(parseLevels('S: 19Mhz *\n0: 500Mhz\n1: 2575Mhz \n')).toEqual({ current: 19e6, max: 2575e6 });
  expect(parseLevels('0: 500Mhz')).toEqual({ current: null, max: 500e6 });
  for (const text of ['', 'abc', '0: 5.0GT/s, x8 619Mhz', '0: Mhz *']) expect(parseLevels(text)).toEqual({ current: null, max: null });
});

test('a card that comes to sleep is let sleep, one that comes is found within a minute', () => {
  const opened = machine(tree);
  const reading = openReading(gpu, opened.host);
  expect(reading.read()[1]).toMatchObject({ usage: 0.37 });
  opened.write(`${AMD}/power/runtime_status`, 'suspended\n');
  expect(reading.read()[1]).toMatchObject({ suspended: true, usage: null });
  opened.write('sys/class/drm/card11/device/drm/renderD140/dev', '');
  for (let read = 0; read < 58; read++) expect(reading.read()).toHaveLength(5);
  expect(reading.read()).toHaveLength(6);
  reading.close();
});

test('an idle card that may sleep is let be for ten seconds a minute; one that works is asked every time', () => {
  const opened = machine({ ...tree, [`${AMD}/power/control`]: 'auto\n', [`${AMD}/hwmon/hwmon31/energy1_input`]: '5000000\n' });
  let now = 100;
  const reading = openReading(gpu, { ...opened.host, clock: { ...opened.host.clock, monotonic: () => now } });
  const amd = (at: number): GpuReading => {
    now = at;
    return reading.read()[1]!;
  };
  const heat = (degrees: number): void => opened.write(`${AMD}/hwmon/hwmon31/temp1_input`, `${degrees}000\n`);
  expect(amd(100)).toMatchObject({ usage: 0.37, temperature: 54 });
  heat(55);
  expect(amd(165)).toMatchObject({ temperature: 55 });
  opened.write(`${AMD}/gpu_busy_percent`, '0\n');
  expect(amd(175)).toMatchObject({ usage: 0, temperature: 55, energy: 5 });
  heat(60);
  expect(amd(229)).toMatchObject({ temperature: 60, energy: 5 });
  heat(61);
  for (const at of [230, 239]) expect(amd(at)).toMatchObject({ usage: 0, temperature: 60, energy: null });
  expect(amd(240)).toMatchObject({ temperature: 61, energy: 5 });
  opened.write(`${AMD}/power/runtime_status`, 'suspended\n');
  expect(amd(300)).toMatchObject({ suspended: true, temperature: null });
  // Awake again, it is asked for a minute.
  opened.write(`${AMD}/power/runtime_status`, 'active\n');
  expect(amd(301)).toMatchObject({ temperature: 61, suspended: false });
  reading.close();
});

test('rates, and series of others: node_exporter has those of amdgpu', () => {
  const opened = machine(tree);
  const reading = openReading(gpu, opened.host);
  const before = reading.read();
  opened.write('sys/devices/pci0000:00/0000:00:02.0/drm/card0/gt/gt0/rc6_residency_ms', '8000750\n');
  opened.write('sys/devices/pci0000:00/0000:00:04.0/0000:2d:00.0/hwmon/hwmon310/energy1_input', '5530000000\n');
  const after = reading.read();
  const rates = gpuRates(before, after, 1)!;
  expect(rates.find(({ id }) => id === '0000:00:02.0')).toMatchObject({ awake: 0.75 });
  expect(rates.find(({ id }) => id === '0000:2d:00.0')).toMatchObject({ power: 30, awake: 1 });
  const series = (name: string): string[] => samplesOf(gpuGroups(), after, name);
  expect(series('node_drm_gpu_busy_percent')).toEqual(['card=card1 37']);
  expect(series('node_drm_memory_vram_size_bytes')).toEqual(['card=card1 17163091968']);
  expect(series('hecate_gpu_utilization_ratio')).toEqual(['gpu=0000:2b:00.0 0.37']);
  expect(series('hecate_gpu_clock_hertz')).toContain('gpu=0000:00:02.0 350000000');
  reading.close();
});

test('files of nonsense are unknown, never numbers', () => {
  const junk = Object.fromEntries(
    Object.entries(tree).map(([file, content]) => [
      file,
      /hwmon\d|mem_info|busy|pp_dpm|gt0|freq_mhz|residency/.test(file) && typeof content === 'string' ? '-7 x\n' : content,
    ]),
  );
  const { reading } = readOnce(gpu, machine(junk).host);
  expect(reading).toHaveLength(5);
  for (const one of reading) expect(Object.values(one).filter((value) => typeof value === 'number' && value !== 2 ** 34)).toEqual([]);
});

test('a machine without cards has none', () => {
  expect(readOnce(gpu, machine({}).host)).toEqual({ reading: [], gaps: [] });
});
