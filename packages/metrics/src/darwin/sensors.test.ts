import { describe, expect, test } from 'vitest';
import type { NativeLibraries } from '@hecate/host';
import { cpuTemperature } from '../domain/cpu-temperature.ts';
import { gpuTemperature } from '../domain/gpu-temperature.ts';
import { sensorSeriesGroups } from '../domain/sensor-series.ts';
import type { SensorSample } from '../domain/sensor-series.ts';
import { systemPower } from '../domain/system-power.ts';
import { isThrottling } from '../domain/thermal.ts';
import type { SensorsReading } from '../domain/sensors.ts';
import type { ThermalReading } from '../domain/thermal.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { CORE_FOUNDATION_VARIABLES } from './binding/core-foundation.ts';
import { openDarwin } from './binding/darwin.ts';
import { facts } from './fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from './fake/fake-darwin.testing.ts';
import { int, long, merge, text } from './fake/machine.testing.ts';
import type { FakeMachine } from './fake/machine.testing.ts';
import { hidOf, smcOf, smcValues } from './fake/smc.testing.ts';
import { distinct, openHidTemperatures } from './hid/temperatures.ts';
import { intelLaptop } from './machines/intel-laptop.testing.ts';
import { m1Laptop } from './machines/m1-laptop.testing.ts';
import { sensors } from './sensors.ts';
import { thermal } from './thermal.ts';

interface Read {
  readonly sensors: SensorsReading;
  readonly thermal: ThermalReading;
  readonly gaps: readonly Gap[];
}

/** Two reads of a machine, whose second one must be like the first; what was called for the second one, and the notes. */
async function read(machine: FakeMachine): Promise<Read & { calls: Readonly<Record<string, number>>; notes: readonly string[] }> {
  const fake = openFakeDarwin(machine);
  const [opened, pressing] = [sensors.open(fake.host), thermal.open(fake.host)];
  const first = await opened.read(collectGaps([]));
  const before = fake.report().calls;
  const gaps: Gap[] = [];
  const second = await opened.read(collectGaps(gaps));
  expect(second).toEqual(first);
  const { calls } = fake.report();
  const pressed = await pressing.read(collectGaps(gaps));
  const notes = opened.notes?.() ?? [];
  opened.close();
  pressing.close();
  fake.expectClean();
  const since = Object.entries(calls).map(([name, times]) => [name, times - (before[name] ?? 0)] as const);
  return { sensors: second as SensorsReading, thermal: pressed as ThermalReading, gaps, calls: Object.fromEntries(since), notes };
}
const release = { answers: { 'sysctl:kern.osrelease': text('25.0.0') } };
const silicon = { answers: { ...release.answers, 'sysctl:hw.optional.arm64': int(1) } };
const detailOf = ({ gaps }: Read, field: string): string | undefined => gaps.find((gap) => gap.field === field)?.detail;
const rowsOf = ({ sensors: reading }: Read, list: 'temperatures' | 'powers' | 'fans' | 'voltages'): string[] =>
  reading.chips.flatMap((chip) => chip[list].map(({ sensor, label, value }) => `${chip.id} ${sensor} ${label} ${value}`));

test.each(CORE_FOUNDATION_VARIABLES)('Core Foundation has the variable %s', (name) => {
  expect(facts.functions[name]?.exportedBy.some((place) => place.includes('CoreFoundation.framework'))).toBe(true);
});

describe.skipIf(noFakeDarwin !== null)('the sensors of a Mac', () => {
  test('are HID sensors too where its controller does not know its GPU by name', async () => {
    const told = await read(m1Laptop);
    expect(rowsOf(told, 'temperatures')).toEqual([
      'smc temp_TB0T Battery 0 31.25',
      'smc temp_TB1T Battery 1 30.5',
      'smc temp_TCMb CPU average 45.5',
      'smc temp_TCMz CPU hottest 58.46875',
      'smc temp_TH0a SSD 0 33',
      'smc temp_TaLP Airflow left 28.5',
      'hid temp_eACC_MTR_Temp_Sensor0 CPU efficiency core 0 41.5',
      'hid temp_pACC_MTR_Temp_Sensor0 CPU performance core 0 52.25',
      'hid temp_pACC_MTR_Temp_Sensor0_2 CPU performance core 0 #2 47.5',
      'hid temp_pACC_MTR_Temp_Sensor1 CPU performance core 1 null',
      'hid temp_GPU_MTR_Temp_Sensor1 GPU 1 44.5',
      'hid temp_NAND_CH0_temp NAND CH0 temp 36.5',
      'hid temp_gas_gauge_battery gas gauge battery null',
    ]);
    expect(told.sensors.chips[0]!.powers.map(({ label, value, input }) => [label, value, input])).toEqual([
      ['DC in', 0, 0],
      ['Battery', 6.5, 6.5],
      ['System', expect.closeTo(6.951, 3), expect.closeTo(6.951, 3)],
    ]);
    expect(told.sensors.chips[0]!.fans).toEqual([]);
    expect(cpuTemperature(told.sensors, told.thermal)).toBe(58.46875);
    expect([gpuTemperature(told.sensors), systemPower(told.sensors)]).toEqual([44.5, expect.closeTo(6.951, 3)]);
    expect(detailOf(told, 'sensors.chips.temperatures.value')).toBe(
      '2 HID sensors are of parts that are switched off now, or say nothing.',
    );
    // Services are found once, and so are keys: nine values, and an event of each sensor.
    expect(told.calls).toMatchObject({ IOHIDEventSystemClientCopyServices: 0, IOHIDServiceClientCopyProperty: 0, IOServiceOpen: 0 });
    expect(told.calls['IOConnectCallStructMethod']).toBe(9);
    expect(told.notes).toEqual(['Of the 11 keys of the SMC 9 are read, and 0 fans.']);
  });

  test('say of an Intel Mac how fast its fans turn, and who decides', async () => {
    const told = await read(intelLaptop);
    const [chip, ...others] = told.sensors.chips;
    expect(others).toEqual([]);
    expect(chip).toMatchObject({ id: 'smc', name: 'smc', suspended: false });
    expect(chip!.fans).toEqual([
      expect.objectContaining({
        sensor: 'fan0',
        label: null,
        value: expect.closeTo(3596.94, 2),
        min: 1836,
        max: 5616,
        target: 3627,
        pwmMode: 'automatic',
      }),
      expect.objectContaining({ sensor: 'fan1', value: expect.closeTo(3351.55, 2), min: 1700, max: 5200, target: 3359, pwmMode: 'manual' }),
    ]);
    expect(rowsOf(told, 'temperatures')).toEqual([
      'smc temp_TB0T Battery 0 34.5',
      'smc temp_TC0P CPU proximity 0 38.1875',
      'smc temp_TC1C CPU core 1 61',
      'smc temp_TC2C CPU core 2 63.5',
      'smc temp_TCGC GPU of the CPU 58',
      'smc temp_TG0D GPU die 0 55.25',
    ]);
    expect(rowsOf(told, 'powers')).toEqual(['smc power_PSTR System 41.5']);
    expect(rowsOf(told, 'voltages')).toEqual(['smc in_VD0R DC in 5.5']);
    expect(cpuTemperature(told.sensors, null)).toBe(63.5);
    expect([gpuTemperature(told.sensors), systemPower(told.sensors)]).toEqual([58, 41.5]);
    expect([gpuTemperature(null), systemPower({ chips: [] })]).toEqual([null, null]);
    expect(told.gaps.filter(({ field }) => field.startsWith('sensors'))).toEqual([]);
  });

  test('have the names of node_exporter, by the keys of the controller', async () => {
    const { sensors: reading } = await read(intelLaptop);
    const samples = sensorSeriesGroups().flatMap((group) => [...group.rows(reading)] as Partial<SensorSample>[]);
    const told = samples.flatMap(({ family, sensor, value }) => (family === undefined ? [] : [`${family}{${sensor}} ${value}`]));
    expect(told).toEqual(
      expect.arrayContaining([
        'node_hwmon_temp_celsius{temp_TC2C} 63.5',
        'node_hwmon_fan_rpm{fan0} 3597',
        'node_hwmon_fan_min_rpm{fan0} 1836',
        'node_hwmon_fan_target_rpm{fan1} 3359',
        'node_hwmon_power_watt{power_PSTR} 41.5',
        'node_hwmon_in_volts{in_VD0R} 5.5',
      ]),
    );
  });

  test('have the older mask where there are no modes, and names of fans', async () => {
    const keys = { F0Ac: ['fpe2', 1250], F1Ac: ['fpe2', 16_383.75], FNum: ['ui8 ', 2], 'FS! ': ['ui16', 2] } as const;
    const { sensors: reading, gaps } = await read(merge(release, smcOf({ keys })));
    expect(reading.chips[0]!.fans.map(({ value, pwmMode, min }) => [value, pwmMode, min])).toEqual([
      [1250, 'automatic', null],
      [16_383.75, 'manual', null],
    ]);
    expect(gaps.some(({ field }) => field === 'sensors.chips.fans.value')).toBe(false);
  });

  test('have modes by either of their names, and the system decides like the firmware', async () => {
    const modes = smcValues('ui8 ', { FNum: 3, F0Md: 3, F1md: 1, F2md: 0 });
    const told = await read(merge(silicon, smcOf({ keys: { ...smcValues('flt ', { F0Ac: 1000, F1Ac: 1100, F2Ac: 0 }), ...modes } })));
    expect(told.sensors.chips[0]!.fans.map(({ value, pwmMode }) => [value, pwmMode])).toEqual([
      [1000, 'automatic'],
      [1100, 'manual'],
      [0, 'automatic'],
    ]);
  });

  test('of the HID system are asked only where the controller does not tell of both CPU and GPU', async () => {
    const hid = hidOf([{ Product: 'gas gauge battery', temperature: 30.5 }]);
    const chipsOf = async (keys: Readonly<Record<string, number>>): Promise<string[]> =>
      (await read(merge(silicon, hid, smcOf({ keys: smcValues('flt ', keys) })))).sensors.chips.map(({ id }) => id);
    expect(await chipsOf({ TCMz: 50, Tg05: 45 })).toEqual(['smc']);
    expect(await chipsOf({ TCMz: 50 })).toEqual(['smc', 'hid']);
    const told = await read(merge(silicon, hid, smcOf({ keys: smcValues('flt ', { TB0T: 31 }) })));
    expect(cpuTemperature(told.sensors, null)).toBeNull();
  });

  const HID_SYMBOLS = [
    'IOHIDEventSystemClientSetMatching',
    'IOHIDEventSystemClientCopyServices',
    'IOHIDServiceClientCopyProperty',
    'CFDictionaryCreate',
  ];
  test.each(HID_SYMBOLS)('without %s say so, and leave nothing', async (symbol) => {
    const fake = openFakeDarwin(m1Laptop);
    const load: NativeLibraries['load'] = (path) => {
      const library = fake.libraries.load(path);
      return library && { ...library, function: (name, prototype) => (name === symbol ? null : library.function(name, prototype)) };
    };
    const reader = sensors.open({ ...fake.host, libraries: () => ({ ...fake.libraries, load }) });
    const gaps: Gap[] = [];
    expect(((await reader.read(collectGaps(gaps))) as SensorsReading).chips.map(({ id }) => id)).toEqual(['smc']);
    expect(gaps.find(({ field }) => field === 'sensors.hid')).toMatchObject({
      reason: 'unsupported',
      detail: expect.stringContaining(symbol),
    });
    // What failed to open is closed already.
    expect(fake.report().objects).toBe(0);
    reader.close();
    fake.expectClean();
  });

  test('of the HID system that have no event say nothing', () => {
    const fake = openFakeDarwin(hidOf([{ Product: 'a', temperature: 0 }, { Product: 'b' }, { Product: 'a', temperature: -1.5 }]));
    const hid = openHidTemperatures(openDarwin(fake.host));
    expect(hid.read()).toEqual([
      { name: 'a', celsius: 0 },
      { name: 'b', celsius: null },
      { name: 'a #2', celsius: -1.5 },
    ]);
    hid.close();
    fake.expectClean();
  });

  test('are null for a part that is switched off, with one gap for all of them', async () => {
    const keys = smcValues('flt ', { TCMb: 40.5, TCMz: 6.7, Tg01: -4, Tg02: 15, Tg03: 150, Tg04: 150.5, Tg05: 14.9, Tg06: NaN });
    const told = await read(merge(silicon, smcOf({ keys })));
    expect(told.sensors.chips[0]!.temperatures.map(({ value }) => value)).toEqual([40.5, null, null, 15, 150, null, null, null]);
    expect(told.gaps.filter(({ field }) => field.startsWith('sensors'))).toEqual([
      {
        field: 'sensors.chips.temperatures.value',
        reason: 'suspended',
        detail: '5 of 8 temperatures of the SMC are of parts that are switched off now.',
      },
    ]);
    expect(cpuTemperature(told.sensors, null)).toBe(40.5);
  });

  test('are none in a virtual machine, and that is told', async () => {
    const told = await read(merge(silicon, hidOf([])));
    expect(told.sensors).toEqual({ chips: [] });
    expect(detailOf(told, 'sensors.smc')).toContain('no system management controller');
    expect(told.thermal).toEqual({ zones: [], coolingDevices: [], apple: { pressure: null, cpuLevel: null } });
    expect(detailOf(told, 'thermal.apple.pressure')).toContain('notify_register_check');
  });

  test('are read although the controller, or the HID system, refuses', async () => {
    const hid = hidOf([{ Product: 'PMU tdie1', temperature: 45 }, { temperature: 30.5 }]);
    const told = await read(
      merge(silicon, hid, { answers: { IOHIDEventSystemClientCreate: Buffer.alloc(0) } }, smcOf({ keys: smcValues('flt ', { TB0T: 30 }) })),
    );
    expect(rowsOf(told, 'temperatures')).toEqual(['smc temp_TB0T Battery 0 30']);
    expect(detailOf(told, 'sensors.hid')).toBe('The HID event system gives no client.');
    const other = await read(merge(silicon, hid));
    expect(rowsOf(other, 'temperatures')).toEqual(['hid temp_PMU_tdie1 PMU tdie1 45', 'hid temp_unnamed unnamed 30.5']);
    expect(cpuTemperature(other.sensors, null)).toBe(45);
  });

  test('are looked for again when the connection has gone, after a rest that grows', async () => {
    const fake = openFakeDarwin(merge(silicon, smcOf({ keys: smcValues('flt ', { TCMz: 50, Tg05: 45 }) })));
    const gone = { answers: { IOConnectCallStructMethod: { result: -536_870_195 } } };
    const reader = sensors.open(fake.host);
    const look = async (): Promise<[temperatures: number, gaps: number, opened: number]> => {
      const gaps: Gap[] = [];
      const { chips } = (await reader.read(collectGaps(gaps))) as SensorsReading;
      const told = gaps.filter(({ field }) => field === 'sensors.smc').length;
      return [chips.flatMap(({ temperatures }) => temperatures).length, told, fake.report().calls['IOServiceOpen'] ?? 0];
    };
    expect(await look()).toEqual([2, 0, 1]);
    fake.change(gone);
    expect(await look()).toEqual([0, 1, 1]);
    fake.advance(5);
    expect(await look()).toEqual([0, 1, 1]);
    fake.advance(6);
    expect(await look()).toEqual([0, 1, 2]);
    fake.advance(11);
    expect(await look()).toEqual([0, 1, 2]);
    fake.advance(10);
    expect(await look()).toEqual([0, 1, 3]);
    reader.close();
    fake.expectClean();
  });

  test('that are closed while keys are looked for leave no connection', async () => {
    const many = smcValues('flt ', Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`TX${index + 10}`.slice(0, 4), 30])));
    const fake = openFakeDarwin(merge(silicon, smcOf({ keys: many })));
    const reader = sensors.open(fake.host);
    const reading = Promise.resolve(reader.read({ add: () => undefined, addError: () => undefined }));
    reader.close();
    await expect(reading).rejects.toMatchObject({ code: 'FAILED' });
    fake.expectClean();
  });

  test('of one name are told apart', () => {
    expect(distinct(['a', 'b', 'a', 'a'])).toEqual(['a', 'b', 'a #2', 'a #3']);
  });
});

describe.skipIf(noFakeDarwin !== null)('thermal pressure', () => {
  const at = (level: number): FakeMachine => merge(silicon, { answers: { 'notify:com.apple.system.thermalpressurelevel': long(level) } });
  test.each([
    [0, 'nominal', false],
    [1, 'moderate', false],
    [2, 'heavy', true],
    [3, 'trapping', true],
    [4, 'sleeping', true],
  ])('%i is %s; it slows programs down: %s', async (level, pressure, throttles) => {
    const told = await read(at(level));
    expect(told.thermal.apple).toEqual({ pressure, cpuLevel: null });
    expect(isThrottling({ frequency: null, thermal: null }, { frequency: null, thermal: told.thermal })).toBe(throttles);
  });

  test('that is not known is null', async () => {
    const told = await read(at(5));
    expect(told.thermal.apple?.pressure).toBeNull();
    expect(detailOf(told, 'thermal.apple.pressure')).toBe('The thermal pressure level is 5, which is not known.');
    expect(detailOf(told, 'thermal.apple.cpuLevel')).toContain('Intel');
    expect(isThrottling({ frequency: null, thermal: null }, { frequency: null, thermal: told.thermal })).toBeNull();
  });

  test('of an Intel Mac has the level of its CPU beside it', async () => {
    expect((await read(intelLaptop)).thermal.apple).toEqual({ pressure: 'heavy', cpuLevel: 34 });
  });
});
