import { group } from '../model/field.ts';
import type { Field, Group, Unit } from '../model/field.ts';
import { sensorSeriesGroups } from './sensor-series.ts';
import type {
  CurrentSensor,
  EnergySensor,
  FanSensor,
  FrequencySensor,
  HumiditySensor,
  PowerSensor,
  PwmOutput,
  SensorChip,
  SensorRow,
  SensorsReading,
  TemperatureSensor,
  VoltageSensor,
} from './sensors.ts';

const UNREAD = 'the sensor cannot be read now, or says that nothing is connected (a gap says which)';
const UNSET = 'the driver has no such limit';

/** Fields of one kind of sensor; a name of OpenTelemetry for the value and, with `.limit`, for its limits. */
function sensors<Row extends SensorRow & { readonly value: number | null }>(
  list: string,
  rows: (chip: SensorChip) => readonly Row[],
  unit: Unit,
  help: string,
  limits: Readonly<Partial<Record<keyof Row & string, string>>>,
  otel?: { readonly value: string; readonly limit?: string },
  kind: 'gauge' | 'counter' = 'gauge',
): Group<SensorsReading> {
  const fields: Field<Row>[] = [
    { key: 'value', kind, unit, help, nullWhen: UNREAD, ...(otel ? { otel: { name: otel.value } } : {}) },
    ...Object.entries(limits as Readonly<Record<string, string>>).map(([key, text]): Field<Row> => ({
      key: key as keyof Row & string,
      kind: 'gauge',
      unit,
      help: text,
      nullWhen: UNSET,
      ...(otel?.limit ? { otel: { name: otel.limit, attributes: { 'hw.limit_type': key } } } : {}),
    })),
  ];
  return group<SensorsReading, Row>({
    name: `sensors.${list}`,
    json: `sensors.chips[].${list}[]`,
    source: '/sys/class/hwmon/*',
    rows: (reading) => reading.chips.flatMap((chip) => [...rows(chip)]),
    labels: { chip: 'chip', sensor: 'sensor', label: 'label' },
    fields,
  });
}

const highest = 'Highest allowed value.';
const lowest = 'Lowest allowed value.';

/** Fields of {@link SensorsReading}. Prometheus gets each attribute under node_exporter's name. */
export const sensorGroups = (): readonly Group<SensorsReading>[] => [
  group<SensorsReading, SensorChip>({
    name: 'sensors.chips',
    source: '/sys/class/hwmon/*',
    rows: (reading) => reading.chips,
    labels: { chip: 'id' },
    fields: [
      { key: 'name', kind: 'info', unit: 'none', help: 'Name of the driver or the chip.', nullWhen: 'it has none' },
      { key: 'device', kind: 'info', unit: 'none', help: 'Where the device is in /sys.', nullWhen: 'the kernel does not say' },
      {
        key: 'suspended',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the device sleeps and is left alone.',
        prometheus: { name: 'hecate_sensor_chip_suspended' },
      },
      { key: 'updateInterval', kind: 'gauge', unit: 'seconds', help: 'Time between two measurements of the chip.', nullWhen: UNSET },
    ],
  }),
  sensors<TemperatureSensor>(
    'temperatures',
    (chip) => chip.temperatures,
    'celsius',
    'Temperature.',
    { min: lowest, max: highest, crit: 'Critical value.', emergency: 'The hardware switches off above this.' },
    { value: 'hw.temperature', limit: 'hw.temperature.limit' },
  ),
  sensors<FanSensor>(
    'fans',
    (chip) => chip.fans,
    'rpm',
    'Speed.',
    { min: lowest, max: highest, target: 'Speed that the chip aims at.' },
    {
      value: 'hw.fan.speed',
      limit: 'hw.fan.speed.limit',
    },
  ),
  sensors<PwmOutput>('pwms', (chip) => chip.pwms, 'ratio', 'Duty of an output that drives a fan.', {}, { value: 'hw.fan.speed_ratio' }),
  sensors<VoltageSensor>(
    'voltages',
    (chip) => chip.voltages,
    'volts',
    'Voltage.',
    { min: lowest, max: highest },
    {
      value: 'hw.voltage',
      limit: 'hw.voltage.limit',
    },
  ),
  sensors<CurrentSensor>('currents', (chip) => chip.currents, 'amperes', 'Current.', {
    min: lowest,
    max: highest,
    crit: 'Critical value.',
  }),
  sensors<PowerSensor>(
    'powers',
    (chip) => chip.powers,
    'watts',
    'Power: the average where the chip makes one, otherwise the momentary input.',
    { average: 'Average power.', input: 'Momentary power.', cap: 'Limit that the chip enforces.', max: highest, crit: 'Critical value.' },
    { value: 'hw.power' },
  ),
  sensors<EnergySensor>(
    'energies',
    (chip) => chip.energies,
    'joules',
    'Energy used since some moment.',
    {},
    { value: 'hw.energy' },
    'counter',
  ),
  sensors<HumiditySensor>('humidities', (chip) => chip.humidities, 'ratio', 'Relative humidity.', { min: lowest, max: highest }),
  sensors<FrequencySensor>('frequencies', (chip) => chip.frequencies, 'hertz', 'Frequency.', {}),
  ...sensorSeriesGroups(),
];
