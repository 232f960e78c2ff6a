import type { FanSensor, PwmOutput, SensorChip, SensorsReading, TemperatureSensor } from '@hecate/metrics';
import type { Fan, FanControl, FanMode, FanReading, FanTemperature } from './fan-driver.ts';

/** A fan with the output that drives it. */
export interface HwmonFan {
  readonly fan: Fan;
  readonly chip: SensorChip;
  /** `pwm2`; null for one without an output. */
  readonly output: string | null;
}

/** A reading of fans of hwmon chips. */
export interface HwmonReading {
  readonly reading: FanReading;
  /** Its fans, in the same order. */
  readonly found: readonly HwmonFan[];
}

/** Where the chip does not say how slow a fan may turn: four-wire fans are specified from 20 to 30 % on (Intel, 4-Wire PWM Controlled Fans). */
const LEAST_DUTY = 0.2;
/** Its file of modes says what happens at a duty of 0 (Documentation/hwmon/pwm-fan.rst); it is always for us to set. */
const ALWAYS_MANUAL = new Set(['pwmfan']);

/** What chips are called here: by their driver's name, and where two share it by their place. */
function namesOf(chips: readonly SensorChip[]): ReadonlyMap<SensorChip, string> {
  return new Map(
    chips.map((chip) => [chip, chip.name !== null && chips.filter(({ name }) => name === chip.name).length === 1 ? chip.name : chip.id]),
  );
}

/** The fans and temperatures of what the sensors say. */
export function fansOf({ chips }: SensorsReading): HwmonReading {
  const names = namesOf(chips);
  const found = chips.flatMap((chip) => fansOfChip(chip, names.get(chip)!));
  const temperatures = chips.flatMap((chip) => chip.temperatures.map((row) => temperatureOf(row, names.get(chip)!)));
  return { reading: { fans: found.map(({ fan }) => fan), temperatures, none: found.length > 0 ? null : whyNone(chips) }, found };
}

function whyNone(chips: readonly SensorChip[]): string {
  if (chips.length === 0) return 'This machine shows no chip that watches its hardware (/sys/class/hwmon is empty), so no fan either.';
  const names = [...new Set(chips.map(({ id, name }) => name ?? id))];
  return `None of the chips of this machine shows a fan: ${names.join(', ')}.`;
}

const temperatureOf = ({ sensor, label, value, crit, emergency }: TemperatureSensor, chip: string): FanTemperature => ({
  id: `${chip}/${sensor}`,
  label,
  celsius: value,
  critical: crit !== null && crit > 0 ? crit : emergency !== null && emergency > 0 ? emergency : null,
});

/** Every fan, with the output of its number; then the outputs that are left. */
function fansOfChip(chip: SensorChip, name: string): HwmonFan[] {
  const outputOf = ({ sensor }: FanSensor): PwmOutput | null =>
    chip.pwms.find((output) => output.sensor === sensor.replace('fan', 'pwm')) ?? null;
  const driven = chip.fans.map((row) => fanOf(chip, name, row, outputOf(row)));
  const used = new Set(driven.map(({ output }) => output));
  return [...driven, ...chip.pwms.filter(({ sensor }) => !used.has(sensor)).map((output) => fanOf(chip, name, null, output))];
}

function fanOf(chip: SensorChip, name: string, row: FanSensor | null, output: PwmOutput | null): HwmonFan {
  const fan: Fan = {
    id: `${name}/${(row ?? output)!.sensor}`,
    label: row?.label ?? output?.label ?? null,
    rpm: row?.value ?? null,
    leastRpm: row?.min || null,
    mostRpm: row?.max || null,
    duty: output?.value ?? null,
    mode: output ? modeOf(chip, output) : null,
    follows: output ? followsOf(output, name) : null,
    control: output && !chip.suspended ? controlOf(output) : null,
    why: chip.suspended ? 'Its device sleeps.' : output ? null : 'The chip has no output that drives it.',
  };
  return { fan, chip, output: output?.sensor ?? null };
}

/** An output without a file of modes is always for us to set. */
function modeOf({ name }: SensorChip, { mode, value, other }: PwmOutput): FanMode | null {
  if (name !== null && ALWAYS_MANUAL.has(name)) return 'manual';
  return mode ?? (value !== null && other['enable'] === undefined ? 'manual' : null);
}

/** What the chip says about its bounds, in 255ths: `pwmN_min`, `pwmN_max`, and the points of its own curve. */
function controlOf({ other }: PwmOutput): FanControl {
  const { min, max } = other;
  const points = Object.entries(other).filter(([attribute]) => /^auto_point\d+_pwm$/.test(attribute));
  const most = max !== undefined && max > 0 && max <= 255 ? max / 255 : 1;
  return {
    unit: 'duty',
    least: Math.min(most, min !== undefined && min > 0 && min <= 255 ? min / 255 : LEAST_DUTY),
    most,
    mayStop: min === 0 || points.some(([, duty]) => duty === 0),
  };
}

/** `pwmN_auto_channels_temp` is a set of bits, `pwmN_temp_sel` of nct6775 a number. */
function followsOf({ other }: PwmOutput, chip: string): readonly string[] | null {
  const { auto_channels_temp: bits, temp_sel: number } = other;
  if (bits !== undefined && bits > 0)
    return Array.from({ length: 31 }, (_, bit) => bit)
      .filter((bit) => (bits & (2 ** bit)) !== 0)
      .map((bit) => `${chip}/temp${bit + 1}`);
  return number !== undefined && number > 0 ? [`${chip}/temp${number}`] : null;
}
