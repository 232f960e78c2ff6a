import type { BoostSwitch } from '../facts.ts';
import type { Look } from './look.ts';

/**
 * The files that switch turbo for the whole machine, and what is written for on
 * (kernel: Documentation/admin-guide/pm/intel_pstate.rst, no_turbo; Documentation/admin-guide/pm/cpufreq.rst, boost).
 * intel_pstate's comes first: it has no cpufreq/boost while it is active, and its directory says nothing while it is off.
 */
const SWITCHES: readonly Omit<BoostSwitch, 'isOn'>[] = [
  { path: '/sys/devices/system/cpu/intel_pstate/no_turbo', on: '0', off: '1' },
  { path: '/sys/devices/system/cpu/cpufreq/boost', on: '1', off: '0' },
];

/** The switch of turbo; null where there is none, or it says neither. */
export function readBoost(look: Look): BoostSwitch | null {
  for (const found of SWITCHES) {
    const value = look.text(found.path);
    if (value === found.on || value === found.off) return { ...found, isOn: value === found.on };
  }
  return null;
}
