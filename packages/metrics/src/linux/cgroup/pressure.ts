import { PRESSURE_RESOURCES } from '../../domain/pressure.ts';
import type { PressureReading, PressureResource, ResourcePressure } from '../../domain/pressure.ts';
import { parsePressure } from '../pressure.ts';
import type { CgroupFiles } from './files.ts';
import type { CgroupPlace } from './place.ts';

/**
 * Pressure of a group (kernel: Documentation/accounting/psi.rst, "Cgroup2 interface"): the same files as in /proc/pressure.
 * Null where the group has none: not in the v2 tree, or PSI is switched off, for all or by `cgroup.pressure`.
 */
export function readCgroupPressure(files: CgroupFiles, place: CgroupPlace): PressureReading | null {
  const reading: Record<PressureResource, ResourcePressure | null> = { cpu: null, io: null, memory: null, irq: null };
  let found = false;
  for (const resource of PRESSURE_RESOURCES) {
    const at = files.open(place.unified, `${resource}.pressure`);
    if (!at) continue;
    reading[resource] = parsePressure(at);
    found = true;
  }
  return found ? reading : null;
}
