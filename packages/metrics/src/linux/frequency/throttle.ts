import type { Host } from '@hecate/host';
import type { CoreThrottle, PackageThrottle } from '../../domain/frequency.ts';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import { attributesOf, listMatching } from '../attribute.ts';

const CPUS = '/sys/devices/system/cpu';

/** One counter that is read: every core and every package once, though each of its CPUs shows it. */
export interface ThrottlePlace {
  readonly cpu: number;
  readonly what: 'core' | 'package';
  readonly package: number;
  readonly core: number;
}

/** Where the counters are (kernel: arch/x86/kernel/cpu/mce and drivers/thermal/intel/therm_throt.c). None on processors without them. */
export function* findThrottles(host: Host, gaps: GapSink): Sliced<ThrottlePlace[]> {
  const places = new Map<string, ThrottlePlace>();
  for (const name of listMatching(host, CPUS, /^cpu\d{1,6}$/)) {
    const files = listMatching(host, `${CPUS}/${name}/thermal_throttle`, /^(?:core|package)_throttle_count$/);
    if (files.length > 0) {
      const topology = attributesOf(host, `${CPUS}/${name}/topology`, `frequency.${name}`, gaps);
      const socket = topology.number('physical_package_id');
      const core = topology.number('core_id');
      for (const file of socket === null || core === null ? [] : files) {
        const what = file.startsWith('core') ? 'core' : 'package';
        const key = what === 'core' ? `${socket}/${core}` : `${socket}`;
        if (!places.has(key)) places.set(key, { cpu: Number(name.slice(3)), what, package: socket!, core: core! });
      }
    }
    yield;
  }
  return [...places.values()];
}

/** The counters, one place a step. One that cannot be read is left out. */
export function* readThrottles(
  host: Host,
  places: readonly ThrottlePlace[],
  gaps: GapSink,
): Sliced<{ coreThrottles: CoreThrottle[]; packageThrottles: PackageThrottle[] }> {
  const coreThrottles: CoreThrottle[] = [];
  const packageThrottles: PackageThrottle[] = [];
  for (const { cpu, what, package: socket, core } of places) {
    const file = attributesOf(host, `${CPUS}/cpu${cpu}/thermal_throttle`, `frequency.cpu${cpu}`, gaps);
    const throttles = file.number(`${what}_throttle_count`);
    if (throttles !== null) {
      const milliseconds = file.number(`${what}_throttle_total_time_ms`);
      const duration = milliseconds === null ? null : milliseconds / 1000;
      if (what === 'core') coreThrottles.push({ package: socket, core, throttles, duration });
      else packageThrottles.push({ package: socket, throttles, duration });
    }
    yield;
  }
  return { coreThrottles, packageThrottles };
}
