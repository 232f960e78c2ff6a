import { expect, test } from 'vitest';
import { gpuNames, objectName, sensorNames, zoneNames } from './object-names.ts';
import type { NamedSensor } from './object-names.ts';

const chip = (id: string, name: string | null = null, device: string | null = null): NamedSensor['chip'] => ({ id, name, device });
const SOCKET_0 = chip('platform_coretemp_0', 'coretemp', '/sys/devices/platform/coretemp.0');
const SOCKET_1 = chip('platform_coretemp_1', 'coretemp', '/sys/devices/platform/coretemp.1');
const sensor = (of: NamedSensor['chip'], name: string, label: string | null = null): NamedSensor => ({ chip: of, sensor: name, label });

test('sensors: chip and label, the device where two have the same, more where even that is not enough', () => {
  expect(
    sensorNames([
      sensor(SOCKET_0, 'temp1', 'Package id 0'),
      sensor(SOCKET_0, 'temp2', 'Core 0'),
      sensor(SOCKET_1, 'temp1', 'Package id 1'),
      sensor(SOCKET_1, 'temp2', 'Core 0'),
      sensor(SOCKET_1, 'temp10', 'Core 0'),
    ]),
  ).toEqual(['coretemp Package id 0', 'coretemp.0 Core 0', 'coretemp Package id 1', 'coretemp.1 Core 0 temp2', 'coretemp.1 Core 0 temp10']);
  const bank = (slot: string): NamedSensor['chip'] => chip(`i2c_${slot}`, 'spd5118', `/sys/devices/pci0000:00/i2c-1/1-00${slot}`);
  expect(sensorNames([sensor(bank('50'), 'temp1'), sensor(bank('52'), 'temp1', '')])).toEqual([
    'spd5118 1-0050 temp1',
    'spd5118 1-0052 temp1',
  ]);
  const same = '/sys/devices/platform/same.0';
  expect(sensorNames([sensor(chip('same_a', 'same', same), 'temp1'), sensor(chip('same_b', 'same', same), 'temp1')])).toEqual([
    'same_a temp1',
    'same_b temp1',
  ]);
  expect(sensorNames([sensor(chip('smc'), 'temp_TC0P', 'CPU proximity')])).toEqual(['smc CPU proximity']);
  expect(sensorNames([])).toEqual([]);
});

test('cards: their model, its id where two are of one, the id alone where nobody knows the model', () => {
  const radeon = 'Radeon RX 6800';
  expect(gpuNames([{ id: '0000:03:00.0', name: radeon }])).toEqual([radeon]);
  expect(
    gpuNames([
      { id: '0000:03:00.0', name: radeon },
      { id: '0000:04:00.0', name: radeon },
      { id: '0000:05:00.0', name: null },
      { id: '0000:06:00.0', name: null },
    ]),
  ).toEqual([`${radeon} 0000:03:00.0`, `${radeon} 0000:04:00.0`, '0000:05:00.0', '0000:06:00.0']);
});

test('zones: their kind, with the number where two are of the same', () => {
  expect(
    zoneNames([
      { zone: 0, type: 'acpitz' },
      { zone: 1, type: 'acpitz' },
      { zone: 2, type: 'pch' },
      { zone: 3, type: null },
    ]),
  ).toEqual(['acpitz zone 0', 'acpitz zone 1', 'pch', 'zone 3']);
});

test('names are hostile: nothing in them steers a terminal, and none is longer than a line', () => {
  expect(gpuNames([{ id: 'a', name: '\u001b[2J\u202e evil\n' }])).toEqual(['\\x1b[2J\\x202e evil']);
  const [first, second] = sensorNames([
    sensor(SOCKET_0, 'temp1', `${'🔥'.repeat(4000)}A`),
    sensor(SOCKET_1, 'temp1', `${'🔥'.repeat(4000)}B`),
  ]) as [string, string];
  // Those that are cut are told apart by what stands before the cut.
  expect(first).toBe(`coretemp.0 ${'🔥'.repeat(68)}…`);
  expect(second).toBe(`coretemp.1 ${'🔥'.repeat(68)}…`);
  expect(gpuNames([{ id: 'a', name: ' \t' }])).toEqual(['a']);
});

test('the object of a label: without what is measured, and nothing less than that', () => {
  expect(objectName('gpu.a.usage_percent', 'Radeon X usage')).toBe('Radeon X');
  expect(objectName('gpu.a.memory_total', 'Radeon memory memory')).toBe('Radeon memory');
  expect(objectName('gpu.a.celsius', 'Radeon usage')).toBe('Radeon usage');
  expect(objectName('filesystem./mnt/a.b c used.used_percent', '/mnt/a.b c used used')).toBe('/mnt/a.b c used');
  expect(objectName('temperature.x.celsius', 'nvme Composite')).toBe('nvme Composite');
  expect(objectName('gpu.a.usage_percent', 'usage')).toBe('usage');
});
