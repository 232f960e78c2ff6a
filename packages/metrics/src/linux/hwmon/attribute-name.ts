/** A file of a chip, taken apart: `temp1_crit_alarm` is attribute `crit_alarm` of sensor `temp1`. */
export interface AttributeName {
  /** `temp`, `in`, `fan`, … */
  readonly type: string;
  /** `temp1`; of the chip's own attributes, `update_interval0`. */
  readonly sensor: string;
  /** `input`, `max`, …; empty where the file is only the sensor's name (`pwm1`). */
  readonly element: string;
}

/** What a chip's files start with (kernel: Documentation/hwmon/sysfs-interface.rst). */
const TYPES = new Set(['in', 'cpu', 'fan', 'pwm', 'temp', 'curr', 'power', 'energy', 'humidity', 'intrusion', 'freq']);

/** Attributes of a chip as a whole. */
export const CHIP_ATTRIBUTES: readonly string[] = ['update_interval', 'beep_enable', 'vrm'];

/** Takes a file's name apart; null when it is no attribute of a sensor. */
export function parseAttributeName(file: string): AttributeName | null {
  if (CHIP_ATTRIBUTES.includes(file)) return { type: file, sensor: `${file}0`, element: '' };
  const match = /^([a-z]+)(\d{1,6})(?:_(.+))?$/.exec(file);
  if (!match || !TYPES.has(match[1]!)) return null;
  return { type: match[1]!, sensor: `${match[1]!}${Number(match[2]!)}`, element: match[3] ?? '' };
}

/** Attributes that are measured or change by themselves; the others are settings. */
export function isLive(element: string): boolean {
  return ['', 'input', 'average', 'target', 'output', 'enable', 'fault'].includes(element) || element.endsWith('alarm');
}
