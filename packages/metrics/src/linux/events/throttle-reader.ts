import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ThrottlePoint } from '../../events/throttle.ts';
import { ByteCursor } from '../../model/cursor.ts';

const CPUS = '/sys/devices/system/cpu';
const THERMAL = '/sys/class/thermal';

/** Cooling devices that slow something down. Fans, also those of ACPI, only blow. */
const SLOWS_DOWN =
  /^(?:Processor|intel_powerclamp|LCD|TCC Offset|cpufreq-|thermal-cpufreq|thermal-cpuidle|thermal-devfreq|thermal-idle|devfreq-)/;

function listOrNone(host: Host, directory: string): string[] {
  try {
    return host.list(directory);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

/** Reads what can be throttled: found once, since processors and cooling devices hardly ever come or go. */
export interface ThrottleReader {
  read(): ThrottlePoint[];
  close(): void;
}

/**
 * Finds counters (kernel: Documentation/ABI/testing/sysfs-devices-system-cpu, thermal_throttle) and cooling devices
 * (kernel: Documentation/driver-api/thermal/sysfs-api.rst). A package counts once, although each of its processors shows it.
 */
export function openThrottleReader(host: Host): ThrottleReader {
  const cursor = new ByteCursor();
  const number = (file: string): number | null => {
    try {
      cursor.reset(host.read(file));
      return cursor.numberNext ? cursor.integer() : null;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return null;
    }
  };
  const packages = new Set<number>();
  const points = [
    ...listOrNone(host, CPUS)
      .filter((name) => /^cpu\d+$/.test(name))
      .flatMap((name) => {
        const at = `${CPUS}/${name}/thermal_throttle`;
        const id = number(`${CPUS}/${name}/topology/physical_package_id`) ?? -1;
        const core =
          number(`${at}/core_throttle_count`) === null ? [] : [{ device: `${name} core`, file: `${at}/core_throttle_count`, most: null }];
        if (packages.has(id) || number(`${at}/package_throttle_count`) === null) return core;
        packages.add(id);
        return [...core, { device: `${name} package`, file: `${at}/package_throttle_count`, most: null }];
      }),
    ...listOrNone(host, THERMAL)
      .filter((name) => /^cooling_device\d+$/.test(name))
      .flatMap((name) => {
        const most = number(`${THERMAL}/${name}/max_state`) ?? 0;
        let type = '';
        try {
          type = host.readText(`${THERMAL}/${name}/type`).trim();
        } catch (error) {
          if (errnoOf(error) === undefined) throw error;
        }
        return most > 0 && SLOWS_DOWN.test(type) ? [{ device: `${name} ${type}`, file: `${THERMAL}/${name}/cur_state`, most }] : [];
      }),
  ].map(({ file, ...point }) => ({ ...point, kept: host.keep(file) }));
  return {
    read: () =>
      points.flatMap(({ device, most, kept }) => {
        try {
          cursor.reset(kept.read());
          if (!cursor.numberNext) return [];
          const value = cursor.integer();
          return [most === null ? { device, count: value, share: null } : { device, count: null, share: Math.min(1, value / most) }];
        } catch (error) {
          // A processor that was switched off, a device that was unplugged.
          if (errnoOf(error) === undefined) throw error;
          return [];
        }
      }),
    close: () => points.forEach(({ kept }) => kept.close()),
  };
}
