import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Where udev keeps what it knows; a recorded tree may have it without /run. */
const DIRECTORIES = ['/run/udev/data', '/udev/data'] as const;

/** Properties of a device as udev stored them: `ID_MODEL` to `Samsung_SSD`. An empty value counts as not said. */
export type UdevProperties = ReadonlyMap<string, string>;

/** A file of udev's database: lines `E:KEY=value` among others. Lines that are not that are left out. */
export function parseUdevData(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('E:')) continue;
    const equals = line.indexOf('=');
    if (equals > 2 && equals < line.length - 1) properties.set(line.slice(2, equals), line.slice(equals + 1));
  }
  return properties;
}

/**
 * What udev knows about a block device; empty where there is no udev (containers) or it does not know the device.
 * Throws other errors of the operating system.
 */
export function readUdevBlock(host: Host, major: number, minor: number): UdevProperties {
  const directories = host.kind === 'real' ? DIRECTORIES.slice(0, 1) : DIRECTORIES;
  for (const directory of directories) {
    try {
      return parseUdevData(host.readText(`${directory}/b${major}:${minor}`));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  return new Map();
}
