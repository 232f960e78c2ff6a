import { isDevice } from '../wildcard.ts';
import type { PluginRequest } from './plugin.ts';

/** Which devices a unit is for: all of the machine, or those of a list. */
export type Devices = 'all' | readonly string[];

/** The devices of a unit, of those that there are: what an earlier unit of its plugin takes is gone. */
export function devicesOf({ unit, earlier }: PluginRequest, names: readonly string[]): Devices {
  if (isAll(unit.devices) && earlier.length === 0) return 'all';
  return names.filter((name) => isDevice(unit.devices, name) && !earlier.some((expression) => isDevice(expression, name)));
}

/** The devices of a unit by name. */
export function namedDevices(request: PluginRequest, names: readonly string[]): readonly string[] {
  const devices = devicesOf(request, names);
  return devices === 'all' ? names : devices;
}

const isAll = (expression: string): boolean => expression.trim() === '' || expression.trim() === '*';

/** The sentence for a unit without devices. */
export const noDevices = ({ unit, earlier }: PluginRequest, what: string): string =>
  earlier.length > 0
    ? `A unit before it takes all ${what} that it is for, in tuned too.`
    : `This machine has no ${what}${isAll(unit.devices) ? '' : ` that ${unit.devices} means`}.`;
