import { describe, expect, test } from 'vitest';
import type { SensorChip, SensorsReading } from '../domain/sensors.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { askNodeExporter, differences, exporterMissing, seriesOf } from './device-files/node-exporter.testing.ts';
import { parseAttributeName } from './hwmon/attribute-name.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { RootedTree, Tree } from './rooted-tree.testing.ts';
import { openSensors, sensors } from './sensors.ts';
import { everyChip, twins } from './trees/sensors.testing.ts';

/** Reads a tree some times and removes it; gaps are those of the last read. */
async function readTree(files: Tree, times = 1): Promise<{ reading: SensorsReading; gaps: Gap[] }> {
  const tree = createTree(files);
  const reader = openSensors(tree.host);
  try {
    let gaps: Gap[] = [];
    let reading: SensorsReading = { chips: [] };
    for (let time = 0; time < times; time++) {
      gaps = [];
      reading = await reader.read(collectGaps(gaps));
    }
    return { reading, gaps };
  } finally {
    reader.close();
    tree.remove();
  }
}

const chipOf = ({ chips }: SensorsReading, name: string): SensorChip => chips.find((chip) => chip.name === name)!;
const reasonOf = (gaps: readonly Gap[], field: string): string | undefined => gaps.find((gap) => gap.field === field)?.reason;

test('names of files', () => {
  expect(parseAttributeName('temp1_crit_alarm')).toEqual({ type: 'temp', sensor: 'temp1', element: 'crit_alarm' });
  expect(parseAttributeName('pwm12')).toEqual({ type: 'pwm', sensor: 'pwm12', element: '' });
  expect(parseAttributeName('update_interval')).toEqual({ type: 'update_interval', sensor: 'update_interval0', element: '' });
  for (const other of ['name', 'power', 'device', 'uevent', 'temp', 'temp_input', 'freq', 'gpu1_input', 'of_node', 'temp1-input', ''])
    expect(parseAttributeName(other), other).toBeNull();
});

describe('chips', () => {
  test('have ids that stay when their numbers change', async () => {
    const { reading } = await readTree(everyChip);
    expect(reading.chips.map(({ id, chip }) => `${chip} ${id}`)).toEqual([
      'hwmon0 platform_coretemp_0',
      'hwmon1 platform_coretemp_1',
      'hwmon2 lnxsybus:00_acpi000d:00',
      'hwmon3 pci0000:00_0000:00:18_3',
      'hwmon4 platform_nct6775_656',
      'hwmon5 nvme_nvme0',
      'hwmon6 0000:00:03_1_0000:0b:00_0',
      'hwmon7 1_9:1_0_0003:1b1c:1c0b_0001',
      'hwmon8 i2c_1_1_0044',
      'hwmon9 soc:firmware_raspberrypi_hwmon',
      'hwmon10 bat0',
      'hwmon11 hwmon11',
      'hwmon12 platform_w83627hf_656',
      'hwmon13 platform_dead_0',
    ]);
  });

  test('of one device are told apart by name, and by number where they share it', async () => {
    const { reading } = await readTree(twins);
    expect(reading.chips.map(({ id }) => id)).toEqual([
      'platform_asus_nb_wmi_asus',
      'platform_asus_nb_wmi_asus_wmi_sensors',
      'platform_same_0_hwmon22',
      'platform_same_0_hwmon23',
    ]);
  });
});

describe('values', () => {
  test('temperatures with labels, limits and alarms; two sensors may share a label', async () => {
    const { reading, gaps } = await readTree(everyChip);
    const [first, second] = reading.chips;
    expect(first!.temperatures.map(({ sensor, label, value }) => [sensor, label, value])).toEqual([
      ['temp1', 'Package id 0', 55],
      ['temp2', 'Core 0', 54],
      ['temp3', 'Core 1', 52],
      ['temp10', 'Core 0', 51],
    ]);
    expect(first!.temperatures[0]).toMatchObject({ min: null, max: 84, crit: 100, emergency: null, alarm: false, fault: null });
    expect(second!.temperatures).toMatchObject([{ value: -3 }, { value: 100.5, alarm: true, other: { crit_alarm: 1 } }]);
    expect(gaps.filter(({ field }) => field.startsWith('sensors.platform_coretemp'))).toEqual([]);
  });

  test('what chips say when nothing is connected is no value, and said', async () => {
    const { reading, gaps } = await readTree(everyChip);
    const chip = chipOf(reading, 'nct6798');
    expect(chip.temperatures.map(({ value }) => value)).toEqual([33, null, null, null, null]);
    expect(chip.temperatures[4]!.fault).toBe(true);
    expect(chip.fans.map(({ value }) => value)).toEqual([0, 1098, null]);
    for (const sensor of ['temp2', 'temp3', 'temp4', 'temp5', 'fan3'])
      expect(reasonOf(gaps, `sensors.platform_nct6775_656.${sensor}`), sensor).toBe('absent');
  });

  test('a limit that means none is none', async () => {
    const { reading } = await readTree(everyChip);
    expect(chipOf(reading, 'nvme').temperatures).toMatchObject([
      { value: 38.85, min: null, max: 84.85, other: { min: -273_150 } },
      { value: 40.85, min: null, max: null, other: { min: -273_150, max: 65_261_850 } },
    ]);
  });

  test('fans with the output of their number, and its mode', async () => {
    const { reading } = await readTree(everyChip);
    const chip = chipOf(reading, 'nct6798');
    expect(chip.fans.map(({ pwm, pwmMode, target }) => [pwm, pwmMode, target])).toEqual([
      [0.6, 'automatic', null],
      [1, 'manual', 27_000],
      [0, 'full', null],
    ]);
    expect(chip.pwms[0]).toMatchObject({ sensor: 'pwm1', value: 0.6, mode: 'automatic', other: { mode: 1, auto_point1_temp: 30_000 } });
    expect(chip).toMatchObject({
      updateInterval: 1,
      other: { vrm: 82, beep_enable: 1 },
      intrusions: [{ sensor: 'intrusion0', alarm: true }],
    });
  });

  test('volts, amperes, watts, joules, humidity, hertz', async () => {
    const { reading } = await readTree(everyChip);
    expect(chipOf(reading, 'amdgpu')).toMatchObject({
      powers: [{ label: 'PPT', value: 33, average: 33, input: 31.5, cap: 203 }],
      frequencies: [{ label: 'sclk', value: 5e8 }, { value: 9.6e7 }],
      voltages: [{ label: 'vddgfx', value: 0.768 }],
    });
    expect(chipOf(reading, 'corsairpsu')).toMatchObject({
      currents: [{ value: 12.5, crit: 70 }, { value: -0.025 }],
      powers: [{ value: 164, average: null, crit: 850 }],
      energies: [{ value: 5000.000123 }],
    });
    expect(chipOf(reading, 'sht3x').humidities).toMatchObject([{ value: 0.456, min: 0, max: 1 }]);
    expect(chipOf(reading, 'power_meter').powers).toMatchObject([{ value: 213.5, cap: 300, max: null, other: { cap_max: 4e8 } }]);
  });

  test('a dead sensor is a gap, and does not harm its neighbours', async () => {
    const { reading, gaps } = await readTree(everyChip);
    expect(chipOf(reading, 'dead').temperatures.map(({ value }) => value)).toEqual([null, null, null, null, 20]);
    for (const sensor of ['temp1', 'temp2', 'temp3', 'temp4', 'fan1'])
      expect(reasonOf(gaps, `sensors.platform_dead_0.${sensor}`), sensor).toBe('error');
  });
});

test('a chip whose device sleeps is left alone', async () => {
  const card = 'sys/devices/pci0000:00/0000:00:03.1/0000:0b:00.0';
  const asleep = await readTree({ ...everyChip, [`${card}/power/runtime_status`]: 'suspended\n' });
  const chip = chipOf(asleep.reading, 'amdgpu');
  expect(chip).toMatchObject({ suspended: true, temperatures: [{ value: null, label: null, crit: null }], fans: [{ value: null }] });
  expect(asleep.gaps.filter(({ field }) => field.includes('0000:0b:00_0'))).toEqual([
    { field: 'sensors.0000:00:03_1_0000:0b:00_0', reason: 'suspended', detail: expect.any(String) },
  ]);
});

test('a bus that sleeps whenever it is idle, and a device whose sleep nobody manages, keep no chip from being read', async () => {
  const { reading } = await readTree({
    ...everyChip,
    'sys/devices/pci0000:00/0000:00:03.1/power/control': 'auto\n',
    'sys/devices/pci0000:00/0000:00:03.1/power/runtime_status': 'suspended\n',
    'sys/devices/platform/i2c-1/1-0044/power/runtime_status': 'suspended\n',
  });
  expect(chipOf(reading, 'amdgpu')).toMatchObject({ suspended: false, temperatures: [{ value: 44 }] });
  expect(chipOf(reading, 'sht3x')).toMatchObject({ suspended: false, temperatures: [{ value: 21.34 }] });
});

/** Reads, changes the tree, reads again. */
async function readTwice(files: Tree, change: (tree: RootedTree) => void): Promise<[SensorsReading, SensorsReading]> {
  const tree = createTree(files);
  const reader = openSensors(tree.host);
  try {
    const before = await reader.read(collectGaps([]));
    change(tree);
    return [before, await reader.read(collectGaps([]))];
  } finally {
    reader.close();
    tree.remove();
  }
}

test('a chip that comes is seen at the next read', async () => {
  const [before, after] = await readTwice({ 'sys/class/hwmon/hwmon0/temp1_input': '1000\n' }, (tree) =>
    tree.write('sys/class/hwmon/hwmon1/temp1_input', '2000\n'),
  );
  expect(before.chips).toHaveLength(1);
  expect(after.chips.map(({ temperatures }) => temperatures[0]!.value)).toEqual([1, 2]);
});

test('values are read anew each time, settings are not', async () => {
  const files = { 'sys/class/hwmon/hwmon0/temp1_input': '1000\n', 'sys/class/hwmon/hwmon0/temp1_max': '5000\n' };
  const [before, after] = await readTwice(files, (tree) => {
    tree.write('sys/class/hwmon/hwmon0/temp1_input', '3000\n');
    tree.write('sys/class/hwmon/hwmon0/temp1_max', '7000\n');
  });
  expect(before.chips[0]!.temperatures).toMatchObject([{ value: 1, max: 5 }]);
  expect(after.chips[0]!.temperatures).toMatchObject([{ value: 3, max: 5 }]);
});

const missing = exporterMissing();
if (missing) console.warn(`SKIPPED: sensors against node_exporter: ${missing}`);
test.skipIf(missing)('node_exporter has the same series, but for what says nothing', async () => {
  const tree = createTree(everyChip);
  const reader = openSensors(tree.host);
  try {
    const theirs = await askNodeExporter(tree.directory, ['hwmon']);
    const ours = seriesOf(sensors, await reader.read(collectGaps([])));
    expect(theirs.size).toBeGreaterThan(120);
    const nothing = [
      'node_hwmon_fan_rpm{chip="platform_nct6775_656",sensor="fan3"}',
      // Forty digits are a number to its parser.
      'node_hwmon_temp_celsius{chip="platform_dead_0",sensor="temp4"}',
      ...['temp2', 'temp3', 'temp4', 'temp5'].map((sensor) => `node_hwmon_temp_celsius{chip="platform_nct6775_656",sensor="${sensor}"}`),
    ];
    expect(differences(theirs, ours)).toEqual(nothing.map((key) => `${key}: missing`));
    // Frequencies are new in later versions of it; the conformance check has them.
    const more = differences(ours, theirs).filter((line) => !/freq_freq|sensor="freq\d"/.test(line));
    // It looks for the name of a chip in one place only.
    expect(more).toEqual(['node_hwmon_chip_names{chip="platform_w83627hf_656",chip_name="w83627hf"}: missing']);
  } finally {
    reader.close();
    tree.remove();
  }
});
