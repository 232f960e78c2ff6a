/** What every sensor row has. Units below are those of the rows, not the kernel's. */
export interface SensorRow {
  /** Stable id of its chip. */
  readonly chip: string;
  /** The kernel's name of it on this chip: `temp1`, `in0`. */
  readonly sensor: string;
  /** What the driver calls it: `Package id 0`; null when it has no label. Two sensors of a chip may share one. */
  readonly label: string | null;
  /** Whether any of its alarms is on; null when it has none. */
  readonly alarm: boolean | null;
  /** Attributes without a property of their own, in the kernel's units (Documentation/hwmon/sysfs-interface.rst). */
  readonly other: Readonly<Record<string, number>>;
}

/** A row with a measured value; null with a gap when the sensor cannot be read now. */
export interface MeasuredRow extends SensorRow {
  readonly value: number | null;
  /** Lowest and highest allowed value; null where the driver has no such limit. */
  readonly min: number | null;
  readonly max: number | null;
}

/** Celsius. */
export interface TemperatureSensor extends MeasuredRow {
  readonly crit: number | null;
  /** Above this the hardware switches itself off. */
  readonly emergency: number | null;
  /** Whether the chip says that nothing is connected, or the wire is broken; null when it cannot know. */
  readonly fault: boolean | null;
}

/** Revolutions per minute. */
export interface FanSensor extends MeasuredRow {
  readonly target: number | null;
  readonly fault: boolean | null;
  /** Duty of the output with the same number, 0 to 1; null when there is none. Drivers number them alike, the kernel does not promise it. */
  readonly pwm: number | null;
  readonly pwmMode: PwmMode | null;
}

/** Volts. */
export type VoltageSensor = MeasuredRow;

/** Amperes. */
export interface CurrentSensor extends MeasuredRow {
  readonly crit: number | null;
}

/** Watts. `value` is the average where the chip makes one, otherwise the momentary input. */
export interface PowerSensor extends MeasuredRow {
  readonly average: number | null;
  readonly input: number | null;
  /** The limit that the chip enforces. */
  readonly cap: number | null;
  readonly crit: number | null;
}

/** Joules since some moment: a counter. */
export interface EnergySensor extends SensorRow {
  readonly value: number | null;
}

/** Relative humidity, 0 to 1. */
export type HumiditySensor = MeasuredRow;

/** Hertz. */
export interface FrequencySensor extends SensorRow {
  readonly value: number | null;
}

/** A case that was opened: `alarm`. */
export type IntrusionSensor = SensorRow;

/** Who sets the duty of a fan output: nobody (full speed), a person, or the chip or firmware. */
export type PwmMode = 'full' | 'manual' | 'automatic';

/** An output that drives a fan. */
export interface PwmOutput extends SensorRow {
  /** Duty, 0 to 1. */
  readonly value: number | null;
  readonly mode: PwmMode | null;
}

/** One chip with sensors. */
export interface SensorChip {
  /** Stable over boots, from where the device is: `platform_coretemp_0`. node_exporter's label `chip`. */
  readonly id: string;
  /** The kernel's number of it in this boot: `hwmon3`. It may be another at the next boot. */
  readonly chip: string;
  /** Name of the driver or the chip: `coretemp`; null when it has none. */
  readonly name: string | null;
  /** Where the device is: `/sys/devices/platform/coretemp.0`; null when the kernel does not say. */
  readonly device: string | null;
  /** Whether the device sleeps. Reading would wake it, so it is not read and all values are null. */
  readonly suspended: boolean;
  /** Seconds between two measurements of the chip; null when it does not say. */
  readonly updateInterval: number | null;
  readonly temperatures: readonly TemperatureSensor[];
  readonly fans: readonly FanSensor[];
  readonly voltages: readonly VoltageSensor[];
  readonly currents: readonly CurrentSensor[];
  readonly powers: readonly PowerSensor[];
  readonly energies: readonly EnergySensor[];
  readonly humidities: readonly HumiditySensor[];
  readonly frequencies: readonly FrequencySensor[];
  readonly intrusions: readonly IntrusionSensor[];
  readonly pwms: readonly PwmOutput[];
  /** Attributes of the chip as a whole (`vrm`, `beep_enable`), in the kernel's units. */
  readonly other: Readonly<Record<string, number>>;
}

/** All chips; none where the machine has no sensors, as most virtual ones. */
export interface SensorsReading {
  readonly chips: readonly SensorChip[];
}

/** The lists of sensors that a chip has. */
export type SensorList =
  | 'temperatures'
  | 'fans'
  | 'voltages'
  | 'currents'
  | 'powers'
  | 'energies'
  | 'humidities'
  | 'frequencies'
  | 'intrusions'
  | 'pwms';

/** A kind of sensor as the kernel names its files: `temp` of `temp1_input`. */
export interface SensorKind {
  readonly list: SensorList;
  /** The kernel's units in one of ours: 1000 for millidegrees. */
  readonly scale: number;
  /** Attribute to property. Others go to `other`. The attribute `''` is the file that is only the sensor's name. */
  readonly properties: Readonly<Record<string, string>>;
}

const limits = { input: 'value', min: 'min', max: 'max' };

/** The kinds of sensors, by the kernel's prefix (kernel: Documentation/hwmon/sysfs-interface.rst). */
export const SENSOR_KINDS: Readonly<Record<string, SensorKind>> = {
  temp: { list: 'temperatures', scale: 1000, properties: { ...limits, crit: 'crit', emergency: 'emergency' } },
  fan: { list: 'fans', scale: 1, properties: { ...limits, target: 'target' } },
  in: { list: 'voltages', scale: 1000, properties: limits },
  cpu: { list: 'voltages', scale: 1000, properties: limits },
  curr: { list: 'currents', scale: 1000, properties: { ...limits, crit: 'crit' } },
  power: {
    list: 'powers',
    scale: 1e6,
    properties: { average: 'average', input: 'input', min: 'min', max: 'max', cap: 'cap', crit: 'crit' },
  },
  energy: { list: 'energies', scale: 1e6, properties: { input: 'value' } },
  // The kernel's unit is the milli-percent.
  humidity: { list: 'humidities', scale: 1e5, properties: limits },
  freq: { list: 'frequencies', scale: 1, properties: { input: 'value' } },
  intrusion: { list: 'intrusions', scale: 1, properties: {} },
  pwm: { list: 'pwms', scale: 255, properties: { '': 'value' } },
};

/** The lists of a chip, each once. */
export const SENSOR_LISTS: readonly SensorList[] = [...new Set(Object.values(SENSOR_KINDS).map(({ list }) => list))];

/** Whether a temperature is what chips say when nothing is connected: all bits one, the lowest number, or below absolute zero. */
export function isNoTemperature(celsius: number): boolean {
  return celsius <= -100 || celsius >= 250 || (celsius >= 127 && celsius < 128);
}

/** Whether a fan's speed is what chips say when they cannot count: 65535, or all bits of a longer register. */
export function isNoSpeed(rpm: number): boolean {
  return rpm < 0 || rpm >= 65_535;
}
