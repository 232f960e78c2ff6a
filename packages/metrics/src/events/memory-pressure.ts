import type { ResourcePressure } from '../domain/pressure.ts';
import type { MemoryPressureLevel } from './event.ts';

/** Share of the last ten seconds in which some task waited for memory: from here on it is a warning. */
const WARNING = 0.1;
/** Share in which all tasks waited: from here on it is critical. */
const CRITICAL = 0.1;
/** A level is left when its share is below this part of the one that it began at, so that it does not flutter. */
const LEAVE = 0.5;

/** The level after another look at the pressure of memory: up at once, down when it has become clearly less. */
export function memoryPressureLevel(now: ResourcePressure, level: MemoryPressureLevel): MemoryPressureLevel {
  const some = now.some?.avg10 ?? 0;
  const full = now.full?.avg10 ?? 0;
  if (full >= CRITICAL || (level === 'critical' && full >= CRITICAL * LEAVE)) return 'critical';
  if (some >= WARNING || (level !== 'normal' && some >= WARNING * LEAVE)) return 'warning';
  return 'normal';
}
