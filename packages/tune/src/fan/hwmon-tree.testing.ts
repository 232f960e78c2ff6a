import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A machine of files with chips that watch its hardware. */
export interface HwmonTree {
  readonly root: string;
  /** A file of a chip: `nct6798/pwm1`. */
  read(file: string): string;
  write(file: string, value: string | number): void;
  /** Makes a file of a chip one that nobody may write. */
  protect(file: string): void;
  /** Any other file of the machine. */
  put(file: string, text: string): void;
  remove(): void;
}

/** Makes one; chips by name, each with its files. */
export function createHwmonTree(chips: Readonly<Record<string, Readonly<Record<string, string | number>>>>): HwmonTree {
  const root = mkdtempSync(path.join(tmpdir(), 'hecate-fans-'));
  const placeOf = (file: string): string => {
    const [chip, name = ''] = file.split('/');
    return path.join(root, 'sys/devices/platform', `${chip}.0`, 'hwmon', `hwmon${Object.keys(chips).indexOf(chip!)}`, name);
  };
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const write = (file: string, value: string | number): void => {
    mkdirSync(path.dirname(placeOf(file)), { recursive: true });
    writeFileSync(placeOf(file), `${value}\n`);
  };
  put('proc/sys/kernel/random/boot_id', 'one\n');
  mkdirSync(path.join(root, 'sys/class/hwmon'), { recursive: true });
  for (const [index, [chip, files]] of Object.entries(chips).entries()) {
    write(`${chip}/name`, chip);
    for (const [name, value] of Object.entries(files)) write(`${chip}/${name}`, value);
    symlinkSync('../..', placeOf(`${chip}/device`));
    symlinkSync(`../../devices/platform/${chip}.0/hwmon/hwmon${index}`, path.join(root, `sys/class/hwmon/hwmon${index}`));
  }
  return {
    root,
    put,
    write,
    read: (file) => readFileSync(placeOf(file), 'utf8').trim(),
    protect: (file) => chmodSync(placeOf(file), 0o444),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A desktop: a Super I/O chip with three fans and an output that nobody counts, and a processor. */
export const DESKTOP = {
  nct6798: {
    fan1_input: 1000,
    fan1_min: 300,
    pwm1: 153,
    pwm1_enable: 5,
    pwm1_temp_sel: 2,
    fan2_input: 900,
    fan2_label: 'CPU fan',
    pwm2: 120,
    pwm2_enable: 1,
    pwm2_auto_point1_pwm: 0,
    pwm2_auto_channels_temp: 3,
    fan3_input: 700,
    pwm5: 255,
    temp1_input: 33_000,
    temp1_label: 'SYSTIN',
    temp2_input: 42_000,
  },
  k10temp: { temp1_input: 61_000, temp1_label: 'Tctl', temp1_crit: 95_000 },
} as const;
