import { realpathSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';
import { attributeOrNull } from '../attribute.ts';

/** Where a path of /sys really lies (`/sys/devices/…`), links followed; null when it leads nowhere. */
export function devicePathOf(host: Host, link: string): string | null {
  try {
    const found = realpathSync(host.resolve(link));
    return host.root === '/' ? found : found.slice(host.root.length);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/**
 * The file that says whether a device sleeps (kernel: Documentation/power/runtime_pm.rst); null for one that cannot, or does not
 * now. Without `power/control` nobody manages its sleep: an I2C bus that is only a name says `suspended` all its life.
 * What a device hangs on is not asked: a bus controller sleeps whenever nobody talks on the bus, and waking it costs nothing.
 */
export function powerStateOf(host: Host, device: string | null): KeptFile | null {
  if (device === null || attributeOrNull(host, `${device}/power/control`) === null) return null;
  const file = `${device}/power/runtime_status`;
  const state = attributeOrNull(host, file);
  return state === null || state === 'unsupported' ? null : host.keep(file);
}

/** The names in a directory; none when it is not there or may not be read. */
export function namesIn(host: Host, directory: string): string[] {
  try {
    return host.list(directory);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

/**
 * What a class directory holds and where its links lead, as one text: it changes when a device comes, goes, or another
 * takes its number. Times of directories in /sys do not tell.
 */
export function listingOf(host: Host, directory: string, names: readonly string[]): string {
  let listing = '';
  for (const name of names) {
    listing += `${name} `;
    try {
      listing += host.readLink(`${directory}/${name}`);
    } catch (error) {
      // A recorded tree may have a directory where the kernel has a link.
      if (errnoOf(error) === undefined) throw error;
    }
    listing += '\n';
  }
  return listing;
}

/** Compares names by the number in them: `hwmon10` after `hwmon2`. */
export function byNumber(left: string, right: string): number {
  const number = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);
  return number(left) - number(right) || (left < right ? -1 : left > right ? 1 : 0);
}
