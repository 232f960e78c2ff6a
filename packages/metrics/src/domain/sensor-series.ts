import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import { SENSOR_KINDS, SENSOR_LISTS } from './sensors.ts';
import type { SensorChip, SensorRow, SensorsReading } from './sensors.ts';

/** A name as node_exporter makes labels of it: lower case, other letters an underscore, none around. */
export function cleanSensorName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9:_]/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

/** One sample of an attribute under node_exporter's name. */
export interface SensorSample {
  readonly chip: string;
  readonly sensor: string;
  readonly family: string;
  readonly value: number;
}

/** Prefix of a sensor's files: `temp` of `temp1`, and of `temp_TC0P` as macOS has them. */
const typeOf = (sensor: string): string => /^[a-z]+/.exec(sensor)?.[0] ?? '';

/** node_exporter's suffix and divisor of an attribute in the kernel's unit. Some are wrong (an alarm is no voltage), and kept, as dashboards use them. */
function unitOf(type: string, element: string): readonly [suffix: string, divisor: number] {
  if (element === 'fault' || element === 'alarm') return ['', 1];
  if (element === 'beep') return ['_enabled', 1];
  if (type === 'in' || type === 'cpu') return ['_volts', 1000];
  if (type === 'temp' && element !== 'type') return ['_celsius', 1000];
  if (type === 'curr') return ['_amps', 1000];
  if (type === 'energy') return ['_joule_total', 1e6];
  if (type === 'power') {
    if (element === 'accuracy') return ['', 1e6];
    return /^average_interval(_min|_max)?$/.test(element) ? ['_seconds', 1000] : ['_watt', 1e6];
  }
  if (type === 'humidity') return ['', 1e6];
  if (type === 'fan' && ['input', 'min', 'max', 'target'].includes(element)) return ['_rpm', 1];
  return ['', 1];
}

/** The sample of one attribute, `raw` in the kernel's unit; null when node_exporter has none. */
function sampleOf(row: SensorRow, type: string, element: string, raw: number, hasPlain: boolean): SensorSample | null {
  const { chip, sensor } = row;
  if (type === 'freq' && element === 'input') {
    if (row.label === null) return null;
    return { chip, sensor: cleanSensorName(row.label), family: 'node_hwmon_freq_freq_mhz', value: raw / 1e6 };
  }
  const [suffix, divisor] = unitOf(type, element);
  const middle = element === 'input' ? (hasPlain ? '_input' : '') : element === '' ? '' : `_${cleanSensorName(element)}`;
  return { chip, sensor, family: `node_hwmon_${type}${middle}${suffix}`, value: raw / divisor };
}

/** Every sensor of a chip. */
function* sensorsOf(chip: SensorChip): Generator<SensorRow> {
  for (const list of SENSOR_LISTS) yield* chip[list];
}

function* samplesOfRow(row: SensorRow): Generator<SensorSample> {
  const type = typeOf(row.sensor);
  const kind = SENSOR_KINDS[type];
  if (!kind) return;
  const hasPlain = '' in kind.properties || '' in row.other;
  for (const [element, property] of Object.entries(kind.properties)) {
    const value = (row as unknown as Readonly<Record<string, number | null | undefined>>)[property];
    if (value === null || value === undefined) continue;
    const sample = sampleOf(row, type, element, Math.round(value * kind.scale), hasPlain);
    if (sample) yield sample;
  }
  for (const [element, raw] of Object.entries(row.other)) {
    const sample = sampleOf(row, type, element, raw, hasPlain);
    if (sample) yield sample;
  }
}

function* samplesOfChip({ id, updateInterval, other }: SensorChip): Generator<SensorSample> {
  const sample = (sensor: string, family: string, value: number): SensorSample => ({ chip: id, sensor: `${sensor}0`, family, value });
  if (updateInterval !== null) yield sample('update_interval', 'node_hwmon_update_interval_seconds', updateInterval);
  if (other['beep_enable'] !== undefined) yield sample('beep_enable', 'node_hwmon_beep_enabled', other['beep_enable'] === 1 ? 1 : 0);
  if (other['vrm'] !== undefined) yield sample('vrm', 'node_hwmon_voltage_regulator_version', other['vrm']);
}

/** All samples of a reading, counters (`energy`) or gauges. */
function* samplesOf(reading: SensorsReading, counters: boolean): Generator<SensorSample> {
  for (const chip of reading.chips) {
    if (counters) {
      for (const row of chip.energies) yield* samplesOfRow(row);
      continue;
    }
    yield* samplesOfChip(chip);
    for (const row of sensorsOf(chip)) if (!row.sensor.startsWith('energy')) yield* samplesOfRow(row);
  }
}

const SOURCE = '/sys/class/hwmon/*';
const open = (kind: 'gauge' | 'counter', pattern: string) => ({
  pattern,
  name: (row: SensorSample): string => row.family,
  help: (row: SensorSample): string => `Attribute of a sensor in /sys/class/hwmon: ${row.family.slice('node_hwmon_'.length)}.`,
  value: (row: SensorSample): number => row.value,
  kind,
});

/** The series of sensors under node_exporter's names, which come from the names of the files. */
export const sensorSeriesGroups = (): readonly Group<SensorsReading>[] => [
  group<SensorsReading, { readonly id: string; readonly chipName: string }>({
    name: 'sensors.chips.name',
    json: null,
    source: SOURCE,
    rows: (reading) => reading.chips.flatMap(({ id, name }) => (name === null ? [] : [{ id, chipName: cleanSensorName(name) }])),
    labels: { chip: 'id' },
    fields: [
      {
        key: 'chipName',
        kind: 'info',
        unit: 'none',
        help: 'Name of the driver or the chip.',
        nullWhen: 'it has none',
        prometheus: {
          name: 'node_hwmon_chip_names',
          properties: { chip_name: 'chipName' },
          value: (row) => (row.chipName === '' ? null : 1),
        },
      },
    ],
  }),
  group<SensorsReading, SensorRow>({
    name: 'sensors.labels',
    json: null,
    source: SOURCE,
    rows: (reading) => reading.chips.flatMap((chip) => [...sensorsOf(chip)]),
    labels: { chip: 'chip', sensor: 'sensor' },
    fields: [
      {
        key: 'label',
        kind: 'info',
        unit: 'none',
        help: 'What the driver calls the sensor.',
        nullWhen: 'it has no label',
        prometheus: { name: 'node_hwmon_sensor_label', properties: { label: 'label' } },
      },
      {
        key: 'alarm',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether any alarm of the sensor is on.',
        nullWhen: 'it has no alarms',
        prometheus: { name: 'hecate_sensor_alarm' },
      },
    ],
  }),
  group<SensorsReading, SensorSample>({
    name: 'sensors.attributes',
    source: SOURCE,
    rows: (reading) => samplesOf(reading, false),
    labels: { chip: 'chip', sensor: 'sensor' },
    fields: [],
    open: open('gauge', 'node_hwmon_<kind>_<attribute>_<unit>'),
  }),
  group<SensorsReading, SensorSample>({
    name: 'sensors.counters',
    source: SOURCE,
    rows: (reading) => samplesOf(reading, true),
    labels: { chip: 'chip', sensor: 'sensor' },
    fields: [],
    open: open('counter', 'node_hwmon_energy_joule_total'),
  }),
];
