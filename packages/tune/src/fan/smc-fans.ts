import type { FanSensor, Gap, SensorChip, SensorsReading, TemperatureSensor } from '@hecate/metrics';
import type { Fan, FanControl, FanReading, FanTemperature } from './fan-driver.ts';

/** A fan of a Mac, and what the change engine calls it: null for one that cannot be set. */
export interface SmcFan {
  readonly fan: Fan;
  readonly place: string | null;
}

/** A reading of the fans of a Mac. */
export interface SmcReading {
  readonly reading: FanReading;
  /** Its fans, in the same order. */
  readonly found: readonly SmcFan[];
}

const CHIP = 'smc';
/** Where the controller gives a fan no least turns, as on some M4, it may stand still; while it turns it has at least this share of its most. */
const LEAST_SHARE = 0.2;
/** Celsius. Apple gives no limit; from about here on the processors of Macs slow themselves down. */
const CRITICAL = 100;
const PROCESSOR = /^(?:CPU|GPU)\b/;

/** The fans and temperatures of what the sensors of a Mac say. `why` is the reason why they say nothing of the controller; null for none. */
export function smcFansOf({ chips }: SensorsReading, why: Gap | null): SmcReading {
  const controller = chips.find(({ id }) => id === CHIP);
  const found = controller?.fans.map((row) => fanOf(row)) ?? [];
  const temperatures = chips.flatMap((chip) => chip.temperatures.map((row) => temperatureOf(chip, row)));
  const none = found.length > 0 ? null : controller ? 'This Mac has no fans.' : noController(why);
  return { reading: { fans: found.map(({ fan }) => fan), temperatures, none }, found };
}

/** A virtual machine lacks the controller; elsewhere it refuses, or nothing of this Mac can be called. */
function noController(why: Gap | null): string {
  if (!why) return 'This Mac shows no system management controller, so no fan either.';
  return why.field === 'sensors.smc' && why.reason === 'absent'
    ? `${why.detail} A virtual machine has none, and no fans.`
    : `No fan can be seen. ${why.detail}`;
}

const temperatureOf = ({ id }: SensorChip, { sensor, label, value }: TemperatureSensor): FanTemperature => ({
  id: `${id}/${sensor.replace(/^temp_/, '')}`,
  label,
  celsius: value,
  critical: PROCESSOR.test(label ?? '') ? CRITICAL : null,
});

function fanOf({ sensor, label, value, min, max, pwmMode }: FanSensor): SmcFan {
  const control = pwmMode === null ? null : controlOf(min, max);
  const fan: Fan = {
    id: `${CHIP}/${sensor}`,
    label,
    rpm: value,
    leastRpm: min,
    mostRpm: max,
    duty: null,
    mode: pwmMode,
    follows: null,
    control,
    why: control ? null : 'Its controller does not say who decides about it, or how fast it may turn.',
  };
  return { fan, place: control && `AppleSMC/F${sensor.slice('fan'.length)}` };
}

/** The bounds are the fan's own. The controller keeps to none. */
function controlOf(min: number | null, max: number | null): FanControl | null {
  if (min === null || max === null || max <= 0 || min > max) return null;
  return { unit: 'rpm', least: min > 0 ? Math.ceil(min) : Math.ceil(max * LEAST_SHARE), most: Math.floor(max), mayStop: min === 0 };
}
