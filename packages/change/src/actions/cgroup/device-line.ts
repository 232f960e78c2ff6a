import { HecateError } from '@hecate/host';
import { quote } from '../raw-action.ts';

/**
 * Files with a line for each block device. What is not set has no line, and reads as `unset` here; writing that takes the line away.
 * Documentation/admin-guide/cgroup-v2.rst (IO), admin-guide/cgroup-v1/blkio-controller.rst.
 */
const UNSET: Readonly<Record<string, string>> = {
  'io.max': 'rbps=max wbps=max riops=max wiops=max',
  'io.latency': 'target=0',
  'io.weight': 'default',
  'io.bfq.weight': 'default',
  'blkio.throttle.read_bps_device': '0',
  'blkio.throttle.write_bps_device': '0',
  'blkio.throttle.read_iops_device': '0',
  'blkio.throttle.write_iops_device': '0',
};

/** What a line says of which device: `8:16`, or `default` for those that are not named. */
export interface DeviceLine {
  readonly device: string;
  readonly value: string;
}

/** Whether a file has a line for each device. */
export const hasDeviceLines = (file: string): boolean => file in UNSET;

/** Reads `8:16 rbps=1048576` as an action gives it. Throws INVALID for what has no device. */
export function parseDeviceLine(file: string, text: string): DeviceLine {
  const [device = '', ...words] = text.trim().split(/\s+/);
  const canDefault = UNSET[file] === 'default';
  if (words.length > 0 && (/^\d+:\d+$/.test(device) || (canDefault && device === 'default'))) return { device, value: words.join(' ') };
  throw new HecateError('INVALID', `${file} takes a device and its value, and shall be ${quote(text)}.`, {
    hint: 'It looks like 8:16 and what the file takes.',
  });
}

/** What the text of a file says of one device, in the order of the file's document. */
export function lineOfDevice(file: string, text: string, device: string): string {
  const unset = UNSET[file]!;
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  // A group whose devices have no weights of their own prints the number alone.
  const alone = device === 'default' && lines[0]?.length === 1 && lines[0][0] !== '' ? lines[0][0] : undefined;
  const words =
    lines
      .find(([first]) => first === device)
      ?.slice(1)
      .join(' ') ?? alone;
  return words === undefined ? unset : merge(unset, words);
}

/** What a device's line says after `value` was written over `was`. Throws INVALID for a limit that the file does not have. */
export function lineAfter(file: string, was: string, value: string): string {
  const unset = UNSET[file]!;
  const names = (text: string): string[] => text.split(' ').map((word) => word.split('=', 1)[0]!);
  const hasNames = unset.includes('=');
  const isWrong = hasNames
    ? value.split(' ').some((word) => !/^[a-z]+=(?:max|\d+)$/.test(word)) || names(value).some((name) => !names(unset).includes(name))
    : !/^(?:\d+|default|max)$/.test(value);
  if (isWrong) throw new HecateError('INVALID', `${file} takes values like ${unset}, and shall be ${quote(value)}.`);
  return hasNames ? merge(was, value) : value;
}

/** The words of `base` with the values that `over` has for them. */
function merge(base: string, over: string): string {
  if (!base.includes('=')) return over;
  const values = new Map(over.split(' ').map((word) => word.split('=', 2) as [string, string]));
  return base
    .split(' ')
    .map((word) => word.split('=', 2) as [string, string])
    .map(([name, value]) => `${name}=${values.get(name) ?? value}`)
    .join(' ');
}
