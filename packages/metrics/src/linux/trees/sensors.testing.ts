import type { Tree } from '../rooted-tree.testing.ts';

/** How deep `hwmon/hwmonN` lies below its device: the `device` link leads back up. */
const UP = '../..';

/**
 * A chip as the kernel lays it out: its directory below the device, and the link in /sys/class/hwmon.
 * `device` is below /sys/devices.
 */
function chip(number: number, device: string, name: string, attributes: Readonly<Record<string, string | number>>): Tree {
  const directory = `sys/devices/${device}/hwmon/hwmon${number}`;
  return {
    [`sys/class/hwmon/hwmon${number}`]: { link: `../../devices/${device}/hwmon/hwmon${number}` },
    [`${directory}/name`]: `${name}\n`,
    [`${directory}/device`]: { link: UP },
    ...Object.fromEntries(Object.entries(attributes).map(([file, value]) => [`${directory}/${file}`, `${value}\n`])),
  };
}

/** A core of coretemp: label, input, max, crit, alarm. */
const core = (number: number, label: string, milli: number): Record<string, string | number> => ({
  [`temp${number}_label`]: label,
  [`temp${number}_input`]: milli,
  [`temp${number}_max`]: 84_000,
  [`temp${number}_crit`]: 100_000,
  [`temp${number}_crit_alarm`]: 0,
});

/** Two sockets of a server. Its cores 0 exist twice on a socket: two dies number them alike. */
const server: Tree = {
  ...chip(0, 'platform/coretemp.0', 'coretemp', {
    ...core(1, 'Package id 0', 55_000),
    ...core(2, 'Core 0', 54_000),
    ...core(3, 'Core 1', 52_000),
    ...core(10, 'Core 0', 51_000),
  }),
  ...chip(1, 'platform/coretemp.1', 'coretemp', { ...core(1, 'Package id 1', -3000), ...core(2, 'Core 0', 100_500), temp2_crit_alarm: 1 }),
  ...chip(2, 'LNXSYSTM:00/LNXSYBUS:00/ACPI000D:00', 'power_meter', {
    power1_average: 213_500_000,
    power1_average_interval: 1000,
    power1_average_interval_min: 1000,
    power1_average_interval_max: 60_000,
    power1_accuracy: '95.0',
    power1_cap: 300_000_000,
    power1_cap_max: 400_000_000,
    power1_alarm: 0,
  }),
};

/** A desktop: Ryzen, a Super I/O chip with unconnected inputs, an NVMe disk that has no limits. */
const desktop: Tree = {
  ...chip(3, 'pci0000:00/0000:00:18.3', 'k10temp', {
    temp1_label: 'Tctl',
    temp1_input: 61_125,
    temp3_label: 'Tccd1',
    temp3_input: 58_250,
  }),
  ...chip(4, 'platform/nct6775.656', 'nct6798', {
    in0_input: 1048,
    in0_min: 0,
    in0_max: 1744,
    in0_alarm: 0,
    in0_beep: 0,
    in1_input: 1024,
    in1_min: 0,
    in1_max: 0,
    in1_alarm: 1,
    fan1_input: 0,
    fan1_min: 0,
    fan1_alarm: 0,
    fan1_pulses: 2,
    fan2_input: 1098,
    fan2_min: 0,
    fan2_target: 27_000,
    fan2_tolerance: 0,
    fan3_input: 65_535,
    pwm1: 153,
    pwm1_enable: 5,
    pwm1_mode: 1,
    pwm1_auto_point1_pwm: 153,
    pwm1_auto_point1_temp: 30_000,
    pwm2: 255,
    pwm2_enable: 1,
    pwm3: 0,
    pwm3_enable: 0,
    temp1_label: 'SYSTIN',
    temp1_input: 33_000,
    temp1_max: 80_000,
    temp1_max_hyst: 75_000,
    temp1_alarm: 0,
    temp1_type: 4,
    temp1_offset: 0,
    temp2_label: 'AUXTIN0',
    temp2_input: -128_000,
    temp3_label: 'AUXTIN1',
    temp3_input: 127_500,
    temp4_label: 'AUXTIN2',
    temp4_input: 255_000,
    temp5_input: 41_500,
    temp5_fault: 1,
    cpu0_vid: 1100,
    vrm: 82,
    beep_enable: 1,
    update_interval: 1000,
    intrusion0_alarm: 1,
    intrusion0_beep: 0,
  }),
  ...chip(5, 'pci0000:00/0000:00:01.1/0000:01:00.0/nvme/nvme0', 'nvme', {
    temp1_label: 'Composite',
    temp1_input: 38_850,
    temp1_min: -273_150,
    temp1_max: 84_850,
    temp1_crit: 84_850,
    temp1_alarm: 0,
    temp2_label: 'Sensor 1',
    temp2_input: 40_850,
    temp2_min: -273_150,
    temp2_max: 65_261_850,
  }),
  ...chip(6, 'pci0000:00/0000:00:03.1/0000:0b:00.0', 'amdgpu', {
    temp1_label: 'edge',
    temp1_input: 44_000,
    temp1_crit: 100_000,
    temp1_crit_hyst: -273_150,
    temp1_emergency: 105_000,
    fan1_input: 0,
    fan1_min: 0,
    fan1_max: 3300,
    fan1_target: 0,
    fan1_enable: 0,
    pwm1: 0,
    pwm1_enable: 2,
    power1_label: 'PPT',
    power1_average: 33_000_000,
    power1_input: 31_500_000,
    power1_cap: 203_000_000,
    freq1_label: 'sclk',
    freq1_input: 500_000_000,
    freq2_label: 'mclk',
    freq2_input: 96_000_000,
    in0_label: 'vddgfx',
    in0_input: 768,
  }),
  'sys/devices/pci0000:00/0000:00:03.1/0000:0b:00.0/power/control': 'auto\n',
  'sys/devices/pci0000:00/0000:00:03.1/0000:0b:00.0/power/runtime_status': 'active\n',
  'sys/devices/platform/coretemp.0/power/control': 'auto\n',
  'sys/devices/platform/coretemp.0/power/runtime_status': 'unsupported\n',
};

/** Other chips: a power supply unit, a humidity sensor, a board computer, a battery without a device, and one of old with files at the device. */
const others: Tree = {
  ...chip(7, 'pci0000:00/0000:00:14.0/usb1/1-9/1-9:1.0/0003:1B1C:1C0B.0001', 'corsairpsu', {
    curr1_label: 'curr +12v',
    curr1_input: 12_500,
    curr1_crit: 70_000,
    curr2_input: -25,
    power1_label: 'power total',
    power1_input: 164_000_000,
    power1_crit: 850_000_000,
    in0_input: 230_000,
    energy1_input: 5_000_000_123,
    fan1_input: 0,
  }),
  ...chip(8, 'platform/i2c-1/1-0044', 'sht3x', { humidity1_input: 45_600, humidity1_min: 0, humidity1_max: 100_000, temp1_input: 21_340 }),
  ...chip(9, 'platform/soc/soc:firmware/raspberrypi-hwmon', 'rpi_volt', { in0_lcrit_alarm: 0 }),
  'sys/class/hwmon/hwmon10/name': 'BAT0\n',
  'sys/class/hwmon/hwmon10/in0_input': '12110\n',
  'sys/class/hwmon/hwmon10/curr1_input': '0\n',
  'sys/class/hwmon/hwmon11/temp1_input': '30000\n',
  'sys/class/hwmon/hwmon12': { link: '../../devices/platform/w83627hf.656/hwmon/hwmon12' },
  'sys/devices/platform/w83627hf.656/hwmon/hwmon12/device': { link: UP },
  'sys/devices/platform/w83627hf.656/name': 'w83627hf\n',
  'sys/devices/platform/w83627hf.656/in0_input': '1216\n',
  'sys/devices/platform/w83627hf.656/power/control': 'auto\n',
};

/** A chip whose sensors are dead: directories in place of files, no number, nothing at all, one that is fine. */
const dead: Tree = chip(13, 'platform/dead.0', 'dead', {
  'temp1_input/x': 1,
  temp2_input: 'N/A',
  temp3_input: '',
  temp4_input: '9'.repeat(40),
  temp5_input: 20_000,
  'fan1_input/x': 1,
});

/** A machine with every kind of chip; each chip has an id of its own even by rules of old. */
export const everyChip: Tree = { ...server, ...desktop, ...others, ...dead };

/** Chips of one device: told apart by name, and two that share even that by number. */
export const twins: Tree = {
  ...chip(20, 'platform/asus-nb-wmi', 'asus', { pwm1_enable: 2 }),
  ...chip(21, 'platform/asus-nb-wmi', 'asus_wmi_sensors', { pwm1_enable: 2 }),
  ...chip(22, 'platform/same.0', 'same', { temp1_input: 1000 }),
  ...chip(23, 'platform/same.0', 'same', { temp1_input: 2000 }),
};

/** Sensors of many machines in one. */
export const tree: Tree = { ...everyChip, ...twins };
