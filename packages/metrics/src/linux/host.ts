import os from 'node:os';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { hostGroups } from '../domain/host.ts';
import type { HostReading, OsRelease } from '../domain/host.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { parseCpuinfo } from './cpuinfo.ts';
import { parseOsRelease } from './os-release.ts';

/** /proc/uptime: seconds since boot, then the idle seconds of all CPUs. Throws FAILED on anything else. */
export function parseUptime(cursor: ByteCursor): number {
  return cursor.decimal();
}

/** /etc/os-release holds over /usr/lib/os-release (os-release(5)); null where there is neither. */
function readOsRelease(host: Host): OsRelease | null {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return parseOsRelease(host.readText(path));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  return null;
}

/** Names of the machine, its kernel, its operating system and its CPU. */
export const host: Collector<'host', HostReading> = {
  name: 'host',
  lane: 'slow',
  sources: ['/proc/sys/kernel', '/etc/os-release', '/proc/uptime', '/proc/cpuinfo'],
  remedy: 'Mount /proc.',
  groups: hostGroups,
  open: (machine) => ({
    read(gaps) {
      const ask = <Value>(field: string, read: () => Value): Value | null => {
        try {
          return read();
        } catch (error) {
          gaps.addError(`host.${field}`, error);
          return null;
        }
      };
      const kernel = (field: string, name: string): string | null => ask(field, () => machine.readText(`/proc/sys/kernel/${name}`).trim());
      const release = ask('os', () => readOsRelease(machine));
      const cpu = ask('cpuModel', () => parseCpuinfo(machine.readText('/proc/cpuinfo')));
      return {
        hostname: kernel('hostname', 'hostname'),
        system: kernel('system', 'ostype') ?? 'Linux',
        release: kernel('release', 'osrelease'),
        version: kernel('version', 'version'),
        // uname(2) says it and no file does.
        machine: machine.kind === 'real' ? os.machine() : null,
        domain: kernel('domain', 'domainname'),
        osName: release?.prettyName ?? release?.name ?? null,
        osId: release?.id ?? null,
        osVersion: release?.versionId ?? null,
        os: release,
        bootId: kernel('bootId', 'random/boot_id'),
        uptime: ask('uptime', () => parseUptime(new ByteCursor().reset(machine.read('/proc/uptime')))),
        cpuModel: cpu?.model ?? null,
        cpuCount: cpu?.count ?? null,
      };
    },
    close: () => {},
  }),
};
