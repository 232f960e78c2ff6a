import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What /etc/os-release says (os-release(5)). Null: it does not. */
export interface OsRelease {
  /** `Debian GNU/Linux`. */
  readonly name: string | null;
  /** `Debian GNU/Linux 12 (bookworm)`. */
  readonly prettyName: string | null;
  /** `debian`. */
  readonly id: string | null;
  /** Ids of what it is made from: `rhel fedora`. */
  readonly idLike: string | null;
  readonly version: string | null;
  readonly versionId: string | null;
  readonly versionCodename: string | null;
  readonly variant: string | null;
  readonly variantId: string | null;
  readonly buildId: string | null;
  readonly imageId: string | null;
  readonly imageVersion: string | null;
  /** Last day of support, `2026-11-30`. */
  readonly supportEnd: string | null;
}

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
  /** `Debian GNU/Linux 12 (bookworm)`. */
  readonly osName: string | null;
  readonly osId: string | null;
  readonly osVersion: string | null;
  /** All of os-release; null where there is none. */
  readonly os: OsRelease | null;
  /** A random id that changes at each boot. */
  readonly bootId: string | null;
  /** Seconds since boot, time asleep included. */
  readonly uptime: number | null;
  /** Model name of the first CPU. */
  readonly cpuModel: string | null;
  /** Logical CPUs that /proc/cpuinfo lists. */
  readonly cpuCount: number | null;
}

const NO_RELEASE = 'os-release does not say';
const said = (key: keyof OsRelease, help: string): Field<OsRelease> => ({ key, kind: 'info', unit: 'none', help, nullWhen: NO_RELEASE });

/** `20.04` of `20.04.2`, as a number; null where the version does not start with one. */
function majorMinor(os: OsRelease): number | null {
  const number = Number(/^\d+\.?\d*/.exec(os.versionId ?? '')?.[0] ?? 0);
  return number > 0 ? number : null;
}

/** Seconds since the epoch of the last day of support; null when unknown. */
function supportEnd(os: OsRelease): number | null {
  const time = /^\d{4}-\d\d-\d\d$/.test(os.supportEnd ?? '') ? Date.parse(`${os.supportEnd}T00:00:00Z`) : NaN;
  return Number.isNaN(time) ? null : time / 1000;
}

/** Fields of {@link HostReading}. */
export const hostGroups = (): readonly Group<HostReading>[] => [
  group<HostReading, HostReading>({
    name: 'host',
    source: '/proc/sys/kernel, /etc/os-release, /proc/uptime, /proc/cpuinfo',
    rows: (reading) => [reading],
    fields: [
      {
        key: 'hostname',
        kind: 'info',
        unit: 'none',
        help: 'Name of the machine.',
        nullWhen: 'it may not be read',
        prometheus: {
          name: 'node_uname_info',
          help: 'Names of the machine and its kernel, as uname(2) gives them.',
          value: (row) => (row.hostname === null && row.release === null ? null : 1),
          properties: {
            nodename: 'hostname',
            sysname: 'system',
            release: 'release',
            version: 'version',
            machine: 'machine',
            domainname: 'domain',
          },
        },
      },
      { key: 'system', kind: 'info', unit: 'none', help: 'Name of the kernel: Linux.' },
      { key: 'release', kind: 'info', unit: 'none', help: 'Release of the kernel.', nullWhen: 'it may not be read' },
      { key: 'version', kind: 'info', unit: 'none', help: 'Build of the kernel.', nullWhen: 'it may not be read' },
      { key: 'machine', kind: 'info', unit: 'none', help: 'Machine type as the kernel names it.', nullWhen: 'the machine is recorded' },
      { key: 'domain', kind: 'info', unit: 'none', help: 'NIS domain.', nullWhen: 'it may not be read' },
      {
        key: 'osName',
        kind: 'info',
        unit: 'none',
        help: 'The operating system as it names itself.',
        nullWhen: 'there is no os-release file',
      },
      { key: 'osId', kind: 'info', unit: 'none', help: 'Short name of the operating system.', nullWhen: 'there is no os-release file' },
      { key: 'osVersion', kind: 'info', unit: 'none', help: 'Version of the operating system.', nullWhen: 'it has none' },
      { key: 'bootId', kind: 'info', unit: 'none', help: 'A random id that changes at each boot.', nullWhen: 'it may not be read' },
      {
        key: 'uptime',
        kind: 'gauge',
        unit: 'seconds',
        help: 'Seconds since boot, time asleep included.',
        nullWhen: 'it may not be read',
        otel: { name: 'system.uptime' },
      },
      { key: 'cpuModel', kind: 'info', unit: 'none', help: 'Model name of the first CPU.', nullWhen: 'the architecture does not name it' },
      {
        key: 'cpuCount',
        kind: 'gauge',
        unit: 'count',
        help: 'Logical CPUs.',
        nullWhen: '/proc/cpuinfo cannot be read',
        otel: { name: 'system.cpu.logical.count' },
      },
    ],
  }),
  group<HostReading, OsRelease>({
    name: 'host.os',
    source: '/etc/os-release',
    rows: (reading) => (reading.os ? [reading.os] : []),
    fields: [
      {
        key: 'prettyName',
        kind: 'info',
        unit: 'none',
        help: 'The operating system as it names itself.',
        nullWhen: NO_RELEASE,
        prometheus: {
          name: 'node_os_info',
          help: 'The operating system, from os-release.',
          value: () => 1,
          properties: {
            build_id: 'buildId',
            id: 'id',
            id_like: 'idLike',
            image_id: 'imageId',
            image_version: 'imageVersion',
            name: 'name',
            pretty_name: 'prettyName',
            variant: 'variant',
            variant_id: 'variantId',
            version: 'version',
            version_codename: 'versionCodename',
            version_id: 'versionId',
          },
        },
      },
      {
        key: 'versionId',
        kind: 'gauge',
        unit: 'none',
        help: 'Version of the operating system, major and minor.',
        nullWhen: 'it has none',
        prometheus: { name: 'node_os_version', value: majorMinor, properties: { id: 'id', id_like: 'idLike', name: 'name' } },
      },
      {
        key: 'supportEnd',
        kind: 'gauge',
        unit: 'seconds',
        help: 'Last day of support of the operating system, seconds since the epoch.',
        nullWhen: NO_RELEASE,
        prometheus: { name: 'node_os_support_end_timestamp_seconds', value: supportEnd },
      },
      said('versionCodename', 'Code name of the version.'),
      said('variant', 'Edition of the operating system.'),
      said('buildId', 'Build of the system image.'),
      said('imageId', 'Name of the system image.'),
      said('imageVersion', 'Version of the system image.'),
    ],
  }),
];
