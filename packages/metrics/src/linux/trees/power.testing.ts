import type { Tree } from '../rooted-tree.testing.ts';

/** One supply: its attributes by file. */
function supply(name: string, attributes: Readonly<Record<string, string | number | Uint8Array>>): Tree {
  return Object.fromEntries(
    Object.entries(attributes).map(([file, value]) => [
      `sys/class/power_supply/${name}/${file}`,
      value instanceof Uint8Array ? value : `${value}\n`,
    ]),
  );
}

/** A laptop with two batteries, of which one counts energy and the other charge, a mouse, mains and a USB port. */
export const laptop: Tree = {
  ...supply('AC', { type: 'Mains', online: 0 }),
  ...supply('BAT0', {
    type: 'Battery',
    status: 'Discharging',
    present: 1,
    technology: 'Li-ion',
    cycle_count: 312,
    voltage_min_design: 11_520_000,
    voltage_now: 11_900_000,
    power_now: 8_000_000,
    energy_full_design: 50_000_000,
    energy_full: 40_000_000,
    energy_now: 20_000_000,
    capacity: 50,
    capacity_level: 'Normal',
    charge_control_start_threshold: 75,
    model_name: 'DELL 1VX1H93',
    manufacturer: 'BYD',
    serial_number: ' 4711',
  }),
  ...supply('BAT1', {
    type: 'Battery',
    status: 'Discharging',
    present: 1,
    technology: 'Li-poly',
    cycle_count: 0,
    voltage_min_design: 10_000_000,
    voltage_now: 12_000_000,
    current_now: -1_000_000,
    charge_full_design: 4_000_000,
    charge_full: 2_000_000,
    charge_now: 500_000,
    capacity: 25,
    temp: 312,
    model_name: new Uint8Array([76, 78, 86, 0xff, 0xfe, 7, 10]),
    manufacturer: 'LGC',
  }),
  ...supply('hidpp_battery_0', {
    type: 'Battery',
    scope: 'Device',
    status: 'Discharging',
    online: 1,
    capacity: 5,
    capacity_level: 'Low',
    model_name: 'Wireless Mouse MX',
    manufacturer: 'Logitech',
    serial_number: '40-8a-21-be',
  }),
  ...supply('ucsi-source-psy-USBC000:001', {
    type: 'USB',
    usb_type: 'C [PD] PD_PPS',
    online: 0,
    voltage_now: 5_000_000,
    voltage_max: 20_000_000,
    current_max: 3_000_000,
    current_now: 0,
  }),
};

/** Supplies of other machines: an empty bay, a phone with every attribute, a device that says nothing. */
export const tree: Tree = {
  ...laptop,
  ...supply('BAT2', { type: 'Battery', present: 0, status: 'Unknown' }),
  ...supply('battery', {
    type: 'Battery',
    status: 'Charging',
    health: 'Good',
    charge_type: 'Fast',
    capacity: 61,
    charge_counter: 2_440_000,
    current_now: -1_500_000,
    current_avg: -1_400_000,
    voltage_now: 4_100_000,
    voltage_ocv: 4_000_000,
    voltage_max_design: 4_400_000,
    charge_full: 4_000_000,
    charge_now: 2_440_000,
    time_to_full_now: 4300,
    time_to_empty_now: -1,
    temp: -5,
    temp_alert_max: 450,
    temp_ambient: 250,
    constant_charge_current: 1_500_000,
    input_current_limit: 2_000_000,
    precharge_current: 100_000,
    charge_term_current: 50_000,
    authentic: 1,
    calibrate: 0,
    capacity_alert_min: 5,
  }),
  'sys/class/power_supply/silent/uevent': 'POWER_SUPPLY_NAME=silent\n',
};
