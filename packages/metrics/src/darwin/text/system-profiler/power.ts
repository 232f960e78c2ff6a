import type { Answer } from '../../../linux/storage/json.ts';
import { flagOf, numberOf, wordOf } from './word.ts';

/** What system_profiler knows of the battery and the adapter. Null: not told. */
export interface ProfilerPower {
  /** Share of the design that the battery still takes, 0 to 1, as macOS shows it. */
  readonly health: number | null;
  readonly cycles: number | null;
  /** `Good`, `Normal`, `Fair`, `Poor`, `Service Recommended`. */
  readonly condition: string | null;
  /** Share of a full charge, 0 to 1. */
  readonly charge: number | null;
  readonly isCharging: boolean | null;
  readonly isFull: boolean | null;
  readonly deviceName: string | null;
  readonly manufacturer: string | null;
  readonly isAdapterConnected: boolean | null;
  /** Watts that the adapter can give. */
  readonly adapterPower: number | null;
}

const share = (percent: number | null): number | null => (percent === null || percent < 0 || percent > 200 ? null : percent / 100);

/** Per cent on Apple silicon; mAh of both on older Intel Macs. */
function chargeOf(battery: Answer): number | null {
  const percent = numberOf(battery, 'sppower_battery_charge_info.sppower_battery_state_of_charge');
  if (percent !== null) return share(percent);
  const now = numberOf(battery, 'sppower_battery_charge_info.sppower_battery_current_capacity');
  const most = numberOf(battery, 'sppower_battery_charge_info.sppower_battery_max_capacity');
  return now === null || !most ? null : now / most;
}

/** The part SPPowerDataType; null where it has neither a battery nor an adapter. */
export function batteryOf(rows: readonly Answer[]): ProfilerPower | null {
  const battery = rows.find((row) => row.at('sppower_battery_health_info').exists || row.at('sppower_battery_charge_info').exists);
  const adapter = rows.find((row) => row.at('sppower_battery_charger_connected').exists);
  if (!battery && !adapter) return null;
  const health = battery?.at('sppower_battery_health_info');
  const charge = battery?.at('sppower_battery_charge_info');
  const model = battery?.at('sppower_battery_model_info');
  return {
    health: health ? share(numberOf(health, 'sppower_battery_health_maximum_capacity')) : null,
    cycles: health ? numberOf(health, 'sppower_battery_cycle_count') : null,
    condition: health ? wordOf(health, 'sppower_battery_health') : null,
    charge: battery ? chargeOf(battery) : null,
    isCharging: charge ? flagOf(charge, 'sppower_battery_is_charging') : null,
    isFull: charge ? flagOf(charge, 'sppower_battery_fully_charged') : null,
    deviceName: model ? wordOf(model, 'sppower_battery_device_name') : null,
    manufacturer: model ? wordOf(model, 'sppower_battery_manufacturer') : null,
    isAdapterConnected: adapter ? flagOf(adapter, 'sppower_battery_charger_connected') : null,
    adapterPower: adapter ? numberOf(adapter, 'sppower_ac_charger_watts') : null,
  };
}
