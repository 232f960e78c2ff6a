import { HecateError } from '@hecate/host';

/** Places whose files are written by another kind of change, or that no tuning may touch, with the reason. */
const FORBIDDEN: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^\/sys\/fs\/cgroup\//, 'files of control groups are changes of kind cgroup'],
  [/^\/sys\/firmware\/efi\/(?:efivars|vars)\//, 'it is memory of the firmware, and survives everything'],
  [/^\/sys\/class\/zram-control\//, 'reading it makes a device; use a change of kind zram'],
  [/^\/sys\/power\/(?:state|disk|autosleep|resume|resume_offset|wake_lock|wake_unlock)$/, 'writing it puts the machine to sleep'],
  [/\/uevent$/, 'writing it only tells others of the device'],
  [/^\/sys\/kernel\/(?:debug|tracing)\/.*\/(?:enable|filter|trigger)$/, 'it belongs to who traces the kernel'],
];

/** The part of /sys or /proc that a path must stay in. Throws INVALID for one that lies elsewhere, or must not be written. */
export function topOf(file: string): '/sys' | '/proc/irq' {
  const top = file.startsWith('/sys/') ? '/sys' : file.startsWith('/proc/irq/') ? '/proc/irq' : null;
  if (top === null) {
    throw new HecateError('INVALID', `${file} lies neither in /sys nor in /proc/irq.`, {
      hint: 'Files elsewhere are changes of kind file or sysctl.',
    });
  }
  const forbidden = FORBIDDEN.find(([pattern]) => pattern.test(file));
  if (forbidden) throw new HecateError('INVALID', `${file} is not written: ${forbidden[1]}.`);
  return top;
}

/** Files without marks in brackets have their choices beside them: Documentation/ABI/testing/sysfs-devices-system-cpu and others. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  scaling_governor: ['scaling_available_governors'],
  energy_performance_preference: ['energy_performance_available_preferences'],
  current_clocksource: ['available_clocksource'],
  current_governor: ['available_governors'],
  governor: ['available_governors'],
  platform_profile: ['platform_profile_choices'],
  policy: ['available_policies'],
};

/** The file that lists what another one takes, or null. */
export function choicesBeside(file: string): string | null {
  const cut = file.lastIndexOf('/');
  const beside = CHOICES[file.slice(cut + 1)]?.[0];
  return beside === undefined ? null : `${file.slice(0, cut)}/${beside}`;
}

/** `scheduler of sda`: the file, and what has it. */
export function describePath(file: string): string {
  const parts = file.split('/');
  const name = parts.at(-1)!;
  const irq = /^\/proc\/irq\/(\d+)\//.exec(file)?.[1];
  if (irq !== undefined) return `${name} of interrupt ${irq}`;
  const device = /^\/sys\/(?:class\/[^/]+|block|bus\/[^/]+\/devices|devices\/system\/[^/]+|module)\/([^/]+)\//.exec(file)?.[1];
  return device === undefined ? `${name} in ${parts.slice(0, -1).join('/')}` : `${name} of ${device}`;
}
