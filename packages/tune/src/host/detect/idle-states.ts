import type { IdleState } from '../facts.ts';
import type { Look } from './look.ts';

/** Where the kernel has its CPUs (kernel: Documentation/ABI/testing/sysfs-devices-system-cpu). */
export const CPUS = '/sys/devices/system/cpu';

/**
 * Idle states that can be switched off, CPU by CPU (kernel: Documentation/admin-guide/pm/cpuidle.rst).
 * Where the first CPU has none, the others are not asked. A state without a `disable` file cannot be switched and is left out.
 */
export function readIdleStates(look: Look, online: readonly number[]): IdleState[] {
  const states: IdleState[] = [];
  for (const cpu of online) {
    const directory = `${CPUS}/cpu${cpu}/cpuidle`;
    for (const name of look.names(directory, /^state\d{1,3}$/)) {
      const disable = look.number(`${directory}/${name}/disable`);
      const microseconds = look.number(`${directory}/${name}/latency`);
      if (disable === null || microseconds === null || microseconds < 0) continue;
      states.push({
        cpu,
        state: Number(name.slice('state'.length)),
        name: look.text(`${directory}/${name}/name`) || name,
        latency: microseconds / 1e6,
        disabled: disable !== 0,
      });
    }
    if (states.length === 0) return [];
  }
  return states;
}
