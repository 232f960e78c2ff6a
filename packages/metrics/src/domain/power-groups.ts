import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import type { PowerReading, PowerSummary, PowerSupply } from './power.ts';

/** Numbers that node_exporter publishes as they are: attribute to its name. */
const PLAIN: Readonly<Record<string, string>> = {
  authentic: 'authentic',
  calibrate: 'calibrate',
  capacity: 'capacity',
  capacity_alert_max: 'capacity_alert_max',
  capacity_alert_min: 'capacity_alert_min',
  cycle_count: 'cyclecount',
  online: 'online',
  present: 'present',
  time_to_empty_now: 'time_to_empty_seconds',
  time_to_full_now: 'time_to_full_seconds',
};

/** Numbers in millionths whose names there are not those of the files. */
const MILLIONTHS: Readonly<Record<string, string>> = {
  current_now: 'current_ampere',
  energy_now: 'energy_watthour',
  voltage_now: 'voltage_volt',
  charge_now: 'charge_ampere',
  power_now: 'power_watt',
};

/** Numbers in millionths with the names of the files. */
const MILLIONTHS_AS_NAMED = [
  'current_boot',
  'current_max',
  'energy_empty',
  'energy_empty_design',
  'energy_full',
  'energy_full_design',
  'voltage_boot',
  'voltage_max',
  'voltage_max_design',
  'voltage_min',
  'voltage_min_design',
  'voltage_ocv',
  'charge_control_limit',
  'charge_control_limit_max',
  'charge_counter',
  'charge_empty',
  'charge_empty_design',
  'charge_full',
  'charge_full_design',
  'charge_term_current',
  'constant_charge_current',
  'constant_charge_current_max',
  'constant_charge_voltage',
  'constant_charge_voltage_max',
  'precharge_current',
  'input_current_limit',
];

/** Tenths of a degree. */
const TENTHS = ['temp', 'temp_alert_max', 'temp_alert_min', 'temp_ambient', 'temp_ambient_max', 'temp_ambient_min', 'temp_max', 'temp_min'];

/** What node_exporter makes of each attribute: the end of the family's name and the divisor. */
const SERIES: ReadonlyMap<string, readonly [name: string, divisor: number]> = new Map<string, readonly [string, number]>([
  ...Object.entries(PLAIN).map(([file, name]) => [file, [name, 1]] as const),
  ...Object.entries(MILLIONTHS).map(([file, name]) => [file, [name, 1e6]] as const),
  ...MILLIONTHS_AS_NAMED.map((file) => [file, [file, 1e6]] as const),
  ...TENTHS.map((file) => [file, [`${file}_celsius`, 10]] as const),
]);

/** Attributes without a name at node_exporter that hold numbers. */
const OTHERS = ['charge_avg', 'current_avg', 'energy_avg', 'power_avg', 'voltage_avg', 'time_to_empty_avg', 'time_to_full_avg'];

/** Files of a supply that hold a number. */
export const SUPPLY_NUMBERS: readonly string[] = [...SERIES.keys(), ...OTHERS];

/** Files of a supply that hold words. */
export const SUPPLY_WORDS: readonly string[] = [
  'capacity_level',
  'charge_type',
  'health',
  'manufacturer',
  'model_name',
  'scope',
  'serial_number',
  'status',
  'technology',
  'type',
  'usb_type',
];

interface SupplySample {
  readonly supply: string;
  readonly family: string;
  readonly value: number;
}

function* samplesOf(reading: PowerReading): Generator<SupplySample> {
  for (const { supply, attributes } of reading.supplies) {
    for (const [file, raw] of Object.entries(attributes)) {
      const series = SERIES.get(file);
      if (series) yield { supply, family: `node_power_supply_${series[0]}`, value: raw / series[1] };
    }
  }
}

const SOURCE = '/sys/class/power_supply/*';
const UNSAID = 'the driver does not say';

/** Labels that a driver does not say are left out, as node_exporter does. */
const info = {
  name: 'node_power_supply_info',
  help: 'What each power supply is.',
  value: (): number => 1,
  sparse: true,
  properties: {
    capacity_level: 'capacityLevel',
    charge_type: 'chargeType',
    health: 'condition',
    manufacturer: 'manufacturer',
    model_name: 'model',
    scope: 'scope',
    serial_number: 'serial',
    status: 'status',
    technology: 'technology',
    type: 'type',
    usb_type: 'usbType',
  },
} as const;

const gauge = (
  key: keyof PowerSupply & string,
  unit: Field<PowerSupply>['unit'],
  help: string,
  otel?: Field<PowerSupply>['otel'],
  name?: string,
): Field<PowerSupply> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  nullWhen: UNSAID,
  ...(otel ? { otel } : {}),
  ...(name ? { prometheus: { name } } : {}),
});

const whole = (
  key: keyof PowerSummary & string,
  unit: Field<PowerReading>['unit'],
  help: string,
  nullWhen: string,
  name: string,
): Field<PowerReading> => ({ key, kind: 'gauge', unit, help, nullWhen, prometheus: { name } });

/** Fields of {@link PowerReading}. Prometheus gets each number of a driver under node_exporter's name. */
export const powerGroups = (): readonly Group<PowerReading>[] => [
  group<PowerReading, PowerSupply>({
    name: 'power.supplies',
    source: SOURCE,
    rows: (reading) => reading.supplies,
    labels: { power_supply: 'supply' },
    fields: [
      { key: 'type', kind: 'info', unit: 'none', help: 'Battery, Mains, USB, UPS or Wireless.', nullWhen: UNSAID, prometheus: info },
      { key: 'isDevice', kind: 'info', unit: 'none', help: 'Whether it feeds a device (a mouse), not the machine.' },
      { key: 'present', kind: 'gauge', unit: 'none', help: 'Whether the battery is in its bay.', nullWhen: UNSAID },
      { key: 'online', kind: 'gauge', unit: 'none', help: 'Whether it gives power.', nullWhen: 'it is a battery' },
      { key: 'status', kind: 'info', unit: 'none', help: 'Charging, Discharging, Not charging, Full, Unknown.', nullWhen: UNSAID },
      gauge('charge', 'ratio', 'Share of the present full charge.', { name: 'hw.battery.charge' }),
      gauge('energy', 'joules', 'Energy in it.'),
      gauge('energyFull', 'joules', 'Energy when full, as it is today.'),
      gauge('energyDesign', 'joules', 'Energy when full, as it was made.'),
      gauge('health', 'ratio', 'What age has left: full energy today over that of its design.', undefined, 'hecate_battery_health_ratio'),
      gauge('cycles', 'count', 'Times that it was charged and discharged.'),
      gauge('power', 'watts', 'Power into it; negative while it is discharged.', { name: 'hw.power' }, 'hecate_power_supply_power_watts'),
      gauge('voltage', 'volts', 'Voltage.', { name: 'hw.voltage' }),
      gauge('current', 'amperes', 'Current into it; negative while it is discharged.'),
      gauge('timeToEmpty', 'seconds', 'Time until it is empty, while it is discharged.', { name: 'hw.battery.time_left' }),
      gauge('timeToFull', 'seconds', 'Time until it is full, while it is charged.'),
      gauge('temperature', 'celsius', 'Temperature.', { name: 'hw.temperature' }),
    ],
  }),
  group<PowerReading, PowerReading>({
    name: 'power',
    source: SOURCE,
    rows: (reading) => [reading],
    fields: [
      {
        key: 'source',
        kind: 'info',
        unit: 'none',
        help: 'What the machine runs on: ac, battery or unknown.',
        prometheus: {
          name: 'hecate_on_battery',
          help: '1 while the machine runs on batteries, 0 while it does not.',
          value: (row) => (row.source === 'unknown' ? null : Number(row.source === 'battery')),
        },
      },
      { key: 'batteries', kind: 'info', unit: 'none', help: 'Names of the batteries of the machine that are in their bays.' },
      whole('charge', 'ratio', 'Share of the full charge of all batteries.', 'it has no battery', 'hecate_battery_charge_ratio'),
      whole('energy', 'joules', 'Energy in all batteries.', 'it has no battery, or one does not say', 'hecate_battery_energy_joules'),
      whole(
        'power',
        'watts',
        'Power into all batteries; negative while they feed the machine.',
        'as for energy',
        'hecate_battery_power_watts',
      ),
      whole('timeToEmpty', 'seconds', 'Time until all are empty.', 'they do not feed the machine', 'hecate_battery_time_to_empty_seconds'),
      whole('timeToFull', 'seconds', 'Time until all are full.', 'they are not charged', 'hecate_battery_time_to_full_seconds'),
    ],
  }),
  group<PowerReading, SupplySample>({
    name: 'power.attributes',
    source: SOURCE,
    rows: samplesOf,
    labels: { power_supply: 'supply' },
    fields: [],
    open: {
      pattern: 'node_power_supply_<attribute>',
      name: (row) => row.family,
      help: (row) => `${row.family.slice('node_power_supply_'.length)} of the power supply.`,
      value: (row) => row.value,
      kind: 'gauge',
    },
  }),
];
