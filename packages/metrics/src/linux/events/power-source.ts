import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { attributeOrNull } from '../attribute.ts';

const CLASS = '/sys/class/power_supply';
/** Types that feed the machine from outside (kernel: Documentation/ABI/testing/sysfs-class-power, `type`). */
const OUTSIDE = /^(?:Mains|USB.*|BrickID|Wireless)$/;
/** Types that feed it from within. A UPS is outside, and a battery for our purpose when it says that it is discharging. */
const STORED = /^(?:Battery|UPS)$/;

/** A short text of a power supply, or null when it is not there or does not want to be read. */
const attribute = (host: Host, supply: string, name: string): string | null => attributeOrNull(host, `${CLASS}/${supply}/${name}`);

/**
 * Where the machine gets its power from: `ac` when a supply from outside is online, `battery` when none is and there is a battery.
 * Null when nothing tells: no supplies, as on most servers. Batteries of mice and headsets (scope `Device`) do not count.
 */
export function readPowerSource(host: Host): 'ac' | 'battery' | null {
  let supplies: string[];
  try {
    supplies = host.list(CLASS);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
  let knowsOutside = false;
  let discharging = false;
  let stored = false;
  for (const supply of supplies) {
    const type = attribute(host, supply, 'type') ?? '';
    if (attribute(host, supply, 'scope') === 'Device') continue;
    if (OUTSIDE.test(type)) {
      const online = attribute(host, supply, 'online');
      // 2 is a programmable supply that is online too.
      if (online !== null && online !== '0') return 'ac';
      knowsOutside ||= online === '0';
    } else if (STORED.test(type)) {
      stored = true;
      discharging ||= attribute(host, supply, 'status') === 'Discharging';
    }
  }
  if (discharging) return 'battery';
  if (!stored) return null;
  // A battery that does not discharge, on a machine that shows no mains at all: something else feeds it.
  return knowsOutside ? 'battery' : 'ac';
}
