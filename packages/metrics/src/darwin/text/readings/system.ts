import type { HostReading } from '../../../domain/host.ts';
import type { LoadReading } from '../../../domain/load.ts';
import { bootTimeOf, loadOf, numberOf, textOf } from '../sysctl.ts';
import type { SysctlValues } from '../sysctl.ts';

/** What is asked of sysctl(8) for the machine and its load. */
export const SYSTEM_SYSCTLS: readonly string[] = [
  ...['kern.hostname', 'kern.osrelease', 'kern.version', 'kern.osproductversion', 'kern.osversion', 'kern.bootsessionuuid'],
  ...['kern.boottime', 'hw.machine', 'hw.logicalcpu', 'machdep.cpu.brand_string', 'vm.loadavg'],
];

/** Load from `sysctl vm.loadavg`; null where it is not there. `runnable` and `threads` stay null. */
export function loadFromSysctl(values: SysctlValues): LoadReading | null {
  const load = loadOf(values);
  return load && { load1: load[0], load5: load[1], load15: load[2], runnable: null, threads: null };
}

/** Names of the machine from {@link SYSTEM_SYSCTLS}; what sysctl did not say is null. `now` is in seconds since the epoch. `domain` stays null. */
export function hostFromSysctl(values: SysctlValues, now: number): HostReading {
  const version = textOf(values, 'kern.osproductversion');
  const boot = bootTimeOf(values);
  const name = version === null ? 'macOS' : `macOS ${version}`;
  return {
    hostname: textOf(values, 'kern.hostname'),
    system: 'Darwin',
    release: textOf(values, 'kern.osrelease'),
    version: textOf(values, 'kern.version'),
    machine: textOf(values, 'hw.machine'),
    domain: null,
    osName: name,
    osId: 'macos',
    osVersion: version,
    os: {
      ...{ name: 'macOS', prettyName: name, id: 'macos', idLike: null, version, versionId: version, versionCodename: null },
      ...{ variant: null, variantId: null, buildId: textOf(values, 'kern.osversion'), imageId: null, imageVersion: null, supportEnd: null },
    },
    bootId: textOf(values, 'kern.bootsessionuuid'),
    uptime: boot === null ? null : Math.max(0, now - boot),
    cpuModel: textOf(values, 'machdep.cpu.brand_string'),
    cpuCount: numberOf(values, 'hw.logicalcpu'),
  };
}
