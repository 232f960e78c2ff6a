import type { Rates, Snapshot } from '@hecate/metrics';
import { deriveRates } from '@hecate/metrics';
import { expect, test } from 'vitest';
import { COLUMN_INDEX, COLUMNS } from '../record/columns.ts';
import { machineRow } from '../record/machine-row.ts';
import { seriesMeta, seriesValues } from './series.ts';

const NONE: Rates = deriveRates(null, { time: 0, monotonic: 0 } as Snapshot, 3, null);
type Slow = Pick<Snapshot, 'filesystem' | 'sensors' | 'thermal'>;
type Reading<Name extends keyof Slow> = NonNullable<Slow[Name]>;

const objectsOf = (slow: Slow): Record<string, number | null> =>
  Object.fromEntries([...seriesValues([], NONE, slow)].filter(({ id }) => id.includes('.')).map(({ id, value }) => [id, value]));

const filesystem = (mountpoint: string, minor: number, size: number | null): Reading<'filesystem'>[number] =>
  ({
    mountpoint,
    major: 8,
    minor,
    size,
    free: size === null ? null : size / 2,
    available: size === null ? null : size / 4,
  }) as Reading<'filesystem'>[number];

const sensors = {
  chips: [
    {
      id: 'platform_coretemp_0',
      name: 'coretemp',
      temperatures: [
        { sensor: 'temp1', label: 'Package id 0', value: 51.5 },
        { sensor: 'temp2', label: null, value: null },
      ],
      fans: [{ sensor: 'fan1', label: null, value: 1200 }],
    },
  ],
} as unknown as Reading<'sensors'>;
const thermal = {
  zones: [
    { zone: 0, type: 'acpitz', temperature: 40 },
    { zone: 1, type: null, temperature: null },
  ],
} as unknown as Reading<'thermal'>;

test('file systems, once a device, and sensors; what cannot be read has no value', () => {
  const rows = [filesystem('/', 1, 100), filesystem('/srv/bind', 1, 100), filesystem('/mnt/a.b c', 2, 400), filesystem('/hung', 3, null)];
  expect(objectsOf({ filesystem: rows, sensors, thermal })).toEqual({
    'filesystem./.used_percent': (50 / 75) * 100,
    'filesystem./mnt/a.b c.used_percent': (200 / 300) * 100,
    'temperature.platform_coretemp_0_temp1.celsius': 51.5,
    'fan.platform_coretemp_0_fan1.rpm': 1200,
  });
  expect(objectsOf({ filesystem: null, sensors: null, thermal: null })).toEqual({});
});

test('thermal zones stand in where no chip measures a temperature', () => {
  const fansOnly = { chips: [{ ...sensors.chips[0]!, temperatures: [] }] } as Reading<'sensors'>;
  expect(objectsOf({ filesystem: null, sensors: fansOnly, thermal })).toEqual({
    'fan.platform_coretemp_0_fan1.rpm': 1200,
    'temperature.thermal_zone0.celsius': 40,
  });
});

test('a slow reading is looked at once, however many ticks it stays', () => {
  let looks = 0;
  const rows = new Proxy([filesystem('/', 1, 100)], {
    get(target, key, receiver): unknown {
      if (key === 'flatMap') looks++;
      return Reflect.get(target, key, receiver);
    },
  });
  for (let tick = 0; tick < 10; tick++) objectsOf({ filesystem: rows, sensors: null, thermal: null });
  expect(looks).toBe(1);
});

test('every series says what it is', () => {
  objectsOf({ filesystem: null, sensors, thermal: null });
  expect(seriesMeta('temperature.platform_coretemp_0_temp1.celsius')).toMatchObject({
    unit: 'celsius',
    group: 'sensor',
    decimals: 1,
    label: 'coretemp Package id 0',
  });
  expect(seriesMeta('filesystem./mnt/a.b c.used_percent')).toMatchObject({
    unit: 'percent',
    group: 'filesystem',
    decimals: 2,
    label: '/mnt/a.b c used',
  });
  expect(seriesMeta('gpu.card0.memory_used')).toMatchObject({ unit: 'bytes', group: 'gpu', decimals: 0 });
  expect(seriesMeta('temperature.gone.celsius')).toMatchObject({ label: 'gone' });
  expect(seriesMeta('filesystem.used_percent')).toBeUndefined();
  expect(seriesMeta('toString.x.constructor')).toBeUndefined();
});

test('sensors of two sockets are told apart, and none gets another name when one falls silent', () => {
  const socket = (number: number, value: number | null): Reading<'sensors'>['chips'][number] => ({
    ...sensors.chips[0]!,
    id: `platform_coretemp_${number}`,
    device: `/sys/devices/platform/coretemp.${number}`,
    temperatures: [{ sensor: 'temp2', label: 'Core 0', value } as Reading<'sensors'>['chips'][number]['temperatures'][number]],
    fans: [],
  });
  const labelOf = (number: number): string | undefined => seriesMeta(`temperature.platform_coretemp_${number}_temp2.celsius`)?.label;
  objectsOf({ filesystem: null, sensors: { chips: [socket(8, 40), socket(9, null)] }, thermal: null });
  expect([labelOf(8), labelOf(9)]).toEqual(['coretemp.8 Core 0', 'platform_coretemp_9_temp2']);
  objectsOf({ filesystem: null, sensors: { chips: [socket(8, 40), socket(9, 41)] }, thermal: null });
  expect([labelOf(8), labelOf(9)]).toEqual(['coretemp.8 Core 0', 'coretemp.9 Core 0']);
});

test('cards are named when they come and not at each tick; one that is gone keeps its name, one that never was has its id', () => {
  let namings = 0;
  const tick = (cards: readonly { readonly id: string; readonly name: string | null }[]): void => {
    const gpu = new Proxy(cards as unknown as NonNullable<Snapshot['gpu']>, {
      get(target, key, receiver): unknown {
        if (key === 'map') namings++;
        return Reflect.get(target, key, receiver);
      },
    });
    // Readings are new at each tick, cards are not.
    for (let i = 0; i < 10; i++) Array.from(seriesValues([], NONE, { filesystem: null, sensors: null, thermal: null, gpu }));
  };
  const labelOf = (id: string): string | undefined => seriesMeta(`gpu.${id}.usage_percent`)?.label;
  tick([{ id: 'c0', name: 'Arc A770' }]);
  expect([namings, labelOf('c0'), labelOf('c1')]).toEqual([1, 'Arc A770 usage', 'c1 usage']);
  tick([
    { id: 'c0', name: 'Arc A770' },
    { id: 'c1', name: 'Arc A770' },
  ]);
  expect([namings, labelOf('c0'), labelOf('c1')]).toEqual([2, 'Arc A770 c0 usage', 'Arc A770 c1 usage']);
  tick([{ id: 'c1', name: 'Arc A770' }]);
  expect([namings, labelOf('c0'), labelOf('c1')]).toEqual([3, 'Arc A770 c0 usage', 'Arc A770 usage']);
});

test('GPUs by their id, named by their model; what none tells has no value, and the only one has the power that the chip tells', () => {
  const gpu = (id: string, more: Partial<NonNullable<Snapshot['gpu']>[number]>) =>
    ({
      id,
      name: 'Radeon X',
      usage: null,
      frequency: null,
      power: null,
      memoryUsed: null,
      memoryTotal: null,
      temperature: null,
      ...more,
    }) as NonNullable<Snapshot['gpu']>[number];
  const valuesOf = (gpus: NonNullable<Snapshot['gpu']>, row: (number | null)[] = [], rates = NONE): Record<string, number | null> =>
    Object.fromEntries(
      [...seriesValues(row, rates, { filesystem: null, sensors: null, thermal: null, gpu: gpus })]
        .filter(({ id }) => id.startsWith('gpu.'))
        .map(({ id, value }) => [id, value]),
    );
  const twins = [
    gpu('0000:0b:00.0', { usage: 0.37, memoryUsed: 5, memoryTotal: 9, power: 87, temperature: 54, frequency: 1e9 }),
    gpu('b', {}),
  ];
  expect(valuesOf(twins)).toEqual({
    'gpu.0000:0b:00.0.usage_percent': 37,
    'gpu.0000:0b:00.0.memory_used': 5,
    'gpu.0000:0b:00.0.memory_total': 9,
    'gpu.0000:0b:00.0.power_watts': 87,
    'gpu.0000:0b:00.0.celsius': 54,
    'gpu.0000:0b:00.0.frequency_hertz': 1e9,
  });
  expect(seriesMeta('gpu.0000:0b:00.0.usage_percent')).toMatchObject({
    unit: 'percent',
    group: 'gpu',
    label: 'Radeon X 0000:0b:00.0 usage',
  });
  const row = COLUMNS.map(({ name }) => (name === 'gpu_power_watts' ? 3.5 : null));
  const rates = { ...NONE, gpu: [{ id: 'sgx', active: 0.5, frequency: 7e8, awake: null, power: null }] };
  expect(valuesOf([gpu('sgx', { name: 'Apple M1' })], row, rates)).toEqual({
    'gpu.sgx.usage_percent': 50,
    'gpu.sgx.power_watts': 3.5,
    'gpu.sgx.frequency_hertz': 7e8,
  });
  expect(seriesMeta('gpu.sgx.celsius')).toMatchObject({ label: 'Apple M1' });
  const columns = (snapshot: Partial<Snapshot>): (number | null | undefined)[] => {
    const made = machineRow(snapshot as Snapshot, rates);
    return ['gpu_usage_percent', 'gpu_power_watts', 'gpu_temperature_celsius', 'gpu_frequency_hertz'].map(
      (name) => made[COLUMN_INDEX.get(name)!],
    );
  };
  expect(columns({ gpu: [...twins, gpu('sgx', { power: 2 })] })).toEqual([50, 89, 54, 1e9]);
  expect(columns({ gpu: [] })).toEqual([null, null, null, null]);
  expect(columns({ gpu: null })).toEqual([null, null, null, null]);
});
