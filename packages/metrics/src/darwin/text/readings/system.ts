import type { HostReading } from '../../../domain/host.ts';
import type { LoadReading } from '../../../domain/load.ts';
import { macosRelease } from '../../macos-release.ts';
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
  const os = macosRelease(version, textOf(values, 'kern.osversion'));
  return {
    hostname: textOf(values, 'kern.hostname'),
    system: 'Darwin',
    release: textOf(values, 'kern.osrelease'),
    version: textOf(values, 'kern.version'),
    machine: textOf(values, 'hw.machine'),
    domain: null,
    osName: os.prettyName,
    osId: os.id,
    osVersion: version,
    os,
    bootId: textOf(values, 'kern.bootsessionuuid'),
    uptime: boot === null ? null : Math.max(0, now - boot),
    cpuModel: textOf(values, 'machdep.cpu.brand_string'),
    cpuCount: numberOf(values, 'hw.logicalcpu'),
  };
}
