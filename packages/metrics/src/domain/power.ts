import { isNoTemperature } from './sensors.ts';

/** What kind of supply it is, as the kernel names it (Documentation/ABI/testing/sysfs-class-power): `Battery`, `UPS`, `Mains`, `USB`, `Wireless`. */
export type SupplyType = string;

/**
 * One power supply. Energy is in joules, power in watts, whatever the driver counts in: a battery that counts charge is
 * converted with its design voltage, or where it has none with its present voltage, so that ratios stay what they are.
 */
export interface PowerSupply {
  /** The kernel's name: `BAT0`, `AC`, `ucsi-source-psy-USBC000:001`. */
  readonly supply: string;
  readonly type: SupplyType | null;
  /** Whether it feeds a device (a mouse, a keyboard), not the machine. Such ones do not count in the summary. */
  readonly isDevice: boolean;
  /** Whether a battery is in its bay; null when the driver does not say. */
  readonly present: boolean | null;
  /** Whether mains or USB give power; null for batteries. */
  readonly online: boolean | null;
  /** `Charging`, `Discharging`, `Not charging`, `Full`, `Unknown`. */
  readonly status: string | null;
  /** Share of the present full charge, 0 to 1. */
  readonly charge: number | null;
  /** Joules in it now. */
  readonly energy: number | null;
  /** Joules when full, as it is today. */
  readonly energyFull: number | null;
  /** Joules when full, as it was made. */
  readonly energyDesign: number | null;
  /** energyFull / energyDesign: what age has left. May be a little above 1. */
  readonly health: number | null;
  readonly cycles: number | null;
  /** Watts: positive while it is charged, negative while it is discharged. */
  readonly power: number | null;
  /** Volts. */
  readonly voltage: number | null;
  /** Amperes, with the sign of `power`. */
  readonly current: number | null;
  /** Seconds until empty; computed from energy and power where the driver has none. Null unless it is discharged. */
  readonly timeToEmpty: number | null;
  /** Seconds until full; null unless it is charged. */
  readonly timeToFull: number | null;
  /** Celsius; null also when the driver says what means no temperature. */
  readonly temperature: number | null;
  readonly technology: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  /** `Critical`, `Low`, `Normal`, `High`, `Full`: all that some mice say. */
  readonly capacityLevel: string | null;
  /** `Trickle`, `Fast`, `Standard`, … */
  readonly chargeType: string | null;
  /** The driver's own word on its state: `Good`, `Overheat`, `Dead`. */
  readonly condition: string | null;
  readonly usbType: string | null;
  /** `System` or `Device`; null when the driver does not say. */
  readonly scope: string | null;
  /** Every number that the driver gives, in the kernel's units and with its sign. */
  readonly attributes: Readonly<Record<string, number>>;
}

/** What the machine runs on. */
export type PowerSource = 'ac' | 'battery' | 'unknown';

/** The machine as a whole; batteries of devices do not count. */
export interface PowerSummary {
  readonly source: PowerSource;
  /** Names of the batteries that are in their bays. */
  readonly batteries: readonly string[];
  /** Share of all full charges together, 0 to 1; null without a battery. */
  readonly charge: number | null;
  /** Joules in all batteries; null without one, or when one does not say. */
  readonly energy: number | null;
  /** Watts of all batteries together: negative while they feed the machine. */
  readonly power: number | null;
  /** Seconds until all are empty; null unless they feed the machine. */
  readonly timeToEmpty: number | null;
  /** Seconds until all are full; null unless they are charged. */
  readonly timeToFull: number | null;
}

/** All supplies, and the machine as a whole. */
export interface PowerReading extends PowerSummary {
  readonly supplies: readonly PowerSupply[];
}

/** What a driver says of a supply: numbers and words by the names of the files. */
export interface SupplyAttributes {
  readonly numbers: Readonly<Record<string, number>>;
  readonly words: Readonly<Record<string, string>>;
}

const MICRO = 1e6;
const JOULES_OF_WATT_HOUR = 3600;
/** Nobody's battery lasts that long (seconds): the power was read while there was none. */
const LONGEST = 30 * 24 * 3600;

/** A number that must not be below zero; null otherwise. */
const natural = (value: number | undefined): number | null => (value === undefined || value < 0 ? null : value);

/** Joules of `energy_<what>`, or of `charge_<what>` at `volts`. */
function energyOf(numbers: SupplyAttributes['numbers'], what: string, volts: number | null): number | null {
  const energy = natural(numbers[`energy_${what}`]);
  if (energy !== null) return (energy / MICRO) * JOULES_OF_WATT_HOUR;
  const charge = natural(numbers[`charge_${what}`]);
  return charge === null || volts === null ? null : (charge / MICRO) * volts * JOULES_OF_WATT_HOUR;
}

/** The volts that charge is converted with. */
function nominalVoltage(numbers: SupplyAttributes['numbers']): number | null {
  for (const name of ['voltage_min_design', 'voltage_max_design', 'voltage_now', 'voltage_avg']) {
    const value = natural(numbers[name]);
    if (value) return value / MICRO;
  }
  return null;
}

/** Gives a number the sign of the status, as drivers disagree about it: positive is into the battery. */
function signed(value: number | undefined, status: string | null): number | null {
  if (value === undefined) return null;
  const size = Math.abs(value) / MICRO;
  if (status === 'Discharging') return size === 0 ? 0 : -size;
  return status === 'Charging' ? size : value / MICRO;
}

const sane = (seconds: number): number | null => (seconds >= 0 && seconds <= LONGEST ? seconds : null);

/** What the driver says, else energy / power; drivers say 0 and -1 when they do not know. */
function timeOf(said: readonly (number | undefined)[], energy: number | null, power: number | null): number | null {
  for (const value of said) {
    const seconds = value === undefined || value <= 0 ? null : sane(value);
    if (seconds !== null) return seconds;
  }
  return energy === null || power === null || power === 0 ? null : sane(energy / Math.abs(power));
}

/** Celsius of tenths; null for what batteries say when they cannot measure it. */
function temperatureOf(tenths: number | undefined): number | null {
  return tenths === undefined || isNoTemperature(tenths / 10) ? null : tenths / 10;
}

/** Puts together what a driver says of one supply; pure. */
export function describeSupply(supply: string, { numbers, words }: SupplyAttributes): PowerSupply {
  const say = (word: string): string | null => words[word] || null;
  const status = say('status');
  const volts = nominalVoltage(numbers);
  const [energy, energyFull, energyDesign] = ['now', 'full', 'full_design'].map((what) => energyOf(numbers, what, volts)) as [
    number | null,
    number | null,
    number | null,
  ];
  const voltage = natural(numbers['voltage_now']) ?? natural(numbers['voltage_avg']);
  const current = signed(numbers['current_now'] ?? numbers['current_avg'], status);
  const ownPower = signed(numbers['power_now'] ?? numbers['power_avg'], status);
  const power = ownPower ?? (current === null || voltage === null ? null : current * (voltage / MICRO));
  const capacity = natural(numbers['capacity']);
  const share = energy !== null && energyFull ? energy / energyFull : null;
  const isBattery = say('type') === 'Battery' || say('type') === 'UPS';
  const missing = energyFull === null || energy === null ? null : Math.max(0, energyFull - energy);
  return {
    supply,
    type: say('type'),
    isDevice: say('scope') === 'Device',
    present: numbers['present'] === undefined ? null : numbers['present'] !== 0,
    online: isBattery || numbers['online'] === undefined ? null : numbers['online'] > 0,
    status,
    charge: capacity !== null && capacity <= 100 ? capacity / 100 : share === null ? null : Math.min(1, share),
    energy,
    energyFull,
    energyDesign,
    health: energyFull !== null && energyDesign ? energyFull / energyDesign : null,
    // ACPI says 0 when it does not count.
    cycles: natural(numbers['cycle_count']) || null,
    power,
    voltage: voltage === null ? null : voltage / MICRO,
    current,
    timeToEmpty: status === 'Discharging' ? timeOf([numbers['time_to_empty_now'], numbers['time_to_empty_avg']], energy, power) : null,
    timeToFull: status === 'Charging' ? timeOf([numbers['time_to_full_now'], numbers['time_to_full_avg']], missing, power) : null,
    temperature: temperatureOf(numbers['temp']),
    technology: say('technology'),
    manufacturer: say('manufacturer'),
    model: say('model_name'),
    serial: say('serial_number'),
    capacityLevel: say('capacity_level'),
    chargeType: say('charge_type'),
    condition: say('health'),
    usbType: say('usb_type'),
    scope: say('scope'),
    attributes: numbers,
  };
}

/** The sum over all rows; null without any, or when one is unknown. */
function sumOfAll(rows: readonly PowerSupply[], value: (row: PowerSupply) => number | null): number | null {
  let sum: number | null = null;
  for (const row of rows) {
    const part = value(row);
    if (part === null) return null;
    sum = (sum ?? 0) + part;
  }
  return sum;
}

/** The mains decide; then a battery that is discharged; then USB and wireless supplies, whose ports also give power away. */
function sourceOf(supplies: readonly PowerSupply[], batteries: readonly PowerSupply[]): PowerSource {
  const online = (type: (name: string | null) => boolean): boolean =>
    supplies.some((supply) => type(supply.type) && supply.online === true);
  if (online((type) => type === 'Mains')) return 'ac';
  if (batteries.some(({ status }) => status === 'Discharging')) return 'battery';
  if (online((type) => type !== 'Mains')) return 'ac';
  if (batteries.some(({ status }) => status === 'Charging' || status === 'Full' || status === 'Not charging')) return 'ac';
  return 'unknown';
}

/** Sums up the supplies that feed the machine; pure. */
export function summarizePower(supplies: readonly PowerSupply[]): PowerSummary {
  const own = supplies.filter(({ isDevice }) => !isDevice);
  const batteries = own.filter(({ type, present }) => type === 'Battery' && present !== false);
  const energy = sumOfAll(batteries, (row) => row.energy);
  const full = sumOfAll(batteries, (row) => row.energyFull);
  const power = sumOfAll(batteries, (row) => row.power);
  const charges = sumOfAll(batteries, (row) => row.charge);
  const mean = charges === null ? null : charges / batteries.length;
  const only = batteries.length === 1 ? batteries[0]! : null;
  const missing = energy === null || full === null ? null : Math.max(0, full - energy);
  return {
    source: sourceOf(own, batteries),
    batteries: batteries.map(({ supply }) => supply),
    charge: only ? only.charge : energy !== null && full ? Math.min(1, energy / full) : mean,
    energy,
    power,
    timeToEmpty: only ? only.timeToEmpty : power !== null && power < 0 ? timeOf([], energy, power) : null,
    timeToFull: only ? only.timeToFull : power !== null && power > 0 ? timeOf([], missing, power) : null,
  };
}
