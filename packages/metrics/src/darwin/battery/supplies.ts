import { describeSupply } from '../../domain/power.ts';
import type { PowerSupply } from '../../domain/power.ts';
import { booleanAt, dictionaryAt, numberAt, textAt } from '../core-foundation/dictionary.ts';
import type { CfDictionary } from '../core-foundation/value.ts';

/** Minutes that mean that the battery does not know yet. */
const UNKNOWN_MINUTES = 65_535;
const SECONDS_OF_MINUTE = 60;
/** mV, mA and mAh to the millionths that `describeSupply` takes. */
const MILLI_TO_MICRO = 1000;

/** Numbers or texts by name, without those that are not known. */
const known = <Value extends number | string>(values: Readonly<Record<string, Value | null>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== null));
const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
/** Minutes as seconds; null for what means that they are not known. */
const secondsOf = (minutes: number | null): number | null =>
  minutes === null || minutes <= 0 || minutes >= UNKNOWN_MINUTES ? null : minutes * SECONDS_OF_MINUTE;

function statusOf(battery: CfDictionary): string | null {
  if (booleanAt(battery, 'IsCharging') === true) return 'Charging';
  if (booleanAt(battery, 'FullyCharged') === true) return 'Full';
  const isConnected = booleanAt(battery, 'ExternalConnected');
  return isConnected === null ? null : isConnected ? 'Not charging' : 'Discharging';
}

/**
 * Charge in mAh. On Apple silicon `CurrentCapacity` and `MaxCapacity` are per cent; there and on newer Intel Macs other properties hold
 * the charge. Health is what is left of the design.
 */
function chargeOf(battery: CfDictionary): { now: number | null; full: number | null; percent: number | null } {
  const now = numberAt(battery, 'CurrentCapacity');
  const most = numberAt(battery, 'MaxCapacity');
  const inPercent = most !== null && most <= 100;
  return {
    now: numberAt(battery, 'AppleRawCurrentCapacity') ?? (inPercent ? null : now),
    full: numberAt(battery, 'AppleRawMaxCapacity') ?? numberAt(battery, 'NominalChargeCapacity') ?? (inPercent ? null : most),
    percent: now === null || !most ? null : (now / most) * 100,
  };
}

/** The battery, from the properties of AppleSmartBattery. */
export function batteryOf(battery: CfDictionary, name: string): PowerSupply {
  const { now, full, percent } = chargeOf(battery);
  const remaining = secondsOf(numberAt(battery, 'TimeRemaining'));
  const isCharging = booleanAt(battery, 'IsCharging') === true;
  const isInstalled = booleanAt(battery, 'BatteryInstalled');
  return describeSupply(name, {
    numbers: known({
      present: isInstalled === null ? null : Number(isInstalled),
      capacity: percent,
      charge_now: scaled(now, MILLI_TO_MICRO),
      charge_full: scaled(full, MILLI_TO_MICRO),
      charge_full_design: scaled(numberAt(battery, 'DesignCapacity'), MILLI_TO_MICRO),
      voltage_now: scaled(numberAt(battery, 'Voltage'), MILLI_TO_MICRO),
      current_now: scaled(numberAt(battery, 'Amperage'), MILLI_TO_MICRO),
      cycle_count: numberAt(battery, 'CycleCount'),
      // Hundredths of a degree; the function takes tenths.
      temp: scaled(numberAt(battery, 'Temperature'), 0.1),
      time_to_empty_now: secondsOf(numberAt(battery, 'AvgTimeToEmpty')) ?? (isCharging ? null : remaining),
      time_to_full_now: secondsOf(numberAt(battery, 'AvgTimeToFull')) ?? (isCharging ? remaining : null),
    }),
    words: known({
      type: 'Battery',
      status: statusOf(battery),
      manufacturer: textAt(battery, 'Manufacturer'),
      model_name: textAt(battery, 'DeviceName'),
      serial_number: textAt(battery, 'Serial') ?? textAt(battery, 'BatterySerialNumber'),
    }),
  });
}

/** What the power sources say of the adapter, where the battery does not say what it can give; null when they do not know it either. */
export type AskAdapter = () => CfDictionary | null;

/** The power adapter, as the battery sees it; null when the battery does not say whether there is one. */
export function adapterOf(battery: CfDictionary, askAdapter: AskAdapter): PowerSupply | null {
  const isConnected = booleanAt(battery, 'ExternalConnected');
  if (isConnected === null) return null;
  const seen = dictionaryAt(battery, 'AdapterDetails') ?? {};
  const details = isConnected && numberAt(seen, 'Watts') === null ? { ...seen, ...askAdapter() } : seen;
  return describeSupply('adapter', {
    numbers: known({
      online: Number(isConnected),
      // What it can give, not what it gives now: macOS tells the former.
      power_max: scaled(numberAt(details, 'Watts'), 1e6),
      voltage_now: scaled(numberAt(details, 'AdapterVoltage'), MILLI_TO_MICRO),
    }),
    words: known({ type: 'Mains', manufacturer: textAt(details, 'Manufacturer'), model_name: textAt(details, 'Name') }),
  });
}

/** The batteries of a machine, from the properties of each, and after the first one the adapter that it sees. */
export const suppliesOf = (batteries: readonly CfDictionary[], askAdapter: AskAdapter): PowerSupply[] =>
  batteries.flatMap((battery, index) => {
    const adapter = index === 0 ? adapterOf(battery, askAdapter) : null;
    return [batteryOf(battery, index === 0 ? 'battery' : `battery${index}`), ...(adapter ? [adapter] : [])];
  });

/** A UPS, from what the power sources say of it. */
export function upsOf(source: CfDictionary, name: string): PowerSupply {
  const now = numberAt(source, 'Current Capacity');
  const most = numberAt(source, 'Max Capacity');
  const onBattery = textAt(source, 'Power Source State') === 'Battery Power';
  const isCharging = booleanAt(source, 'Is Charging') === true;
  return describeSupply(name, {
    numbers: known({
      capacity: now === null || !most ? null : (now / most) * 100,
      time_to_empty_now: secondsOf(numberAt(source, 'Time to Empty')),
      time_to_full_now: secondsOf(numberAt(source, 'Time to Full Charge')),
    }),
    words: known({
      type: 'UPS',
      status: onBattery ? 'Discharging' : isCharging ? 'Charging' : 'Not charging',
      model_name: textAt(source, 'Name'),
    }),
  });
}
