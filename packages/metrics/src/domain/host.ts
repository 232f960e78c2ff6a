import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** What machine this is. */
export interface HostReading {
  readonly hostname: string | null;
  /** `Linux`. */
  readonly system: string;
  /** Kernel release: `6.1.0-18-amd64`. */
  readonly release: string | null;
  /** Kernel build: `#1 SMP …`. */
  readonly version: string | null;
  /** Machine type as the kernel names it: `x86_64`; null for recorded machines. */
  readonly machine: string | null;
  readonly domain: string | null;
  /** Of /etc/os-release: `Debian GNU/Linux 12 (bookworm)`. */
  readonly osName: string | null;
  readonly osId: string | null;
  readonly osVersion: string | null;
  /** A random id that changes at each boot. */
  readonly bootId: string | null;
  /** Seconds since boot, time asleep included. */
  readonly uptime: number | null;
  /** Model name of the first CPU. */
  readonly cpuModel: string | null;
  /** Logical CPUs that /proc/cpuinfo lists. */
  readonly cpuCount: number | null;
}

/** Fields of {@link HostReading}. */
export const hostGroups: readonly Group<HostReading>[] = [
  group<HostReading, HostReading>({
    name: 'host', source: '/proc/sys/kernel, /etc/os-release, /proc/uptime, /proc/cpuinfo', rows: (reading) => [reading],
    fields: [
      { key: 'hostname', kind: 'info', unit: 'none', help: 'Names of the machine and its kernel, as uname(2) gives them.', nullWhen: 'it may not be read',
        prometheus: { name: 'node_uname_info', properties: { nodename: 'hostname', sysname: 'system', release: 'release', version: 'version', machine: 'machine', domainname: 'domain' } } },
      { key: 'osName', kind: 'info', unit: 'none', help: 'The operating system as it names itself.', nullWhen: 'there is no os-release file' },
      { key: 'osId', kind: 'info', unit: 'none', help: 'Short name of the operating system.', nullWhen: 'there is no os-release file' },
      { key: 'osVersion', kind: 'info', unit: 'none', help: 'Version of the operating system.', nullWhen: 'it has none' },
      { key: 'bootId', kind: 'info', unit: 'none', help: 'A random id that changes at each boot.', nullWhen: 'it may not be read' },
      { key: 'uptime', kind: 'gauge', unit: 'seconds', help: 'Seconds since boot, time asleep included.', nullWhen: 'it may not be read', otel: { name: 'system.uptime' } },
      { key: 'cpuModel', kind: 'info', unit: 'none', help: 'Model name of the first CPU.', nullWhen: 'the architecture does not name it' },
      { key: 'cpuCount', kind: 'gauge', unit: 'count', help: 'Logical CPUs.', nullWhen: '/proc/cpuinfo cannot be read', otel: { name: 'system.cpu.logical.count' } },
    ],
  }),
];
