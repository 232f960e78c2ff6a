import type { MemoryPressureLevel } from '../events/event.ts';

/** How short memory is, by what `kern.memorystatus_vm_pressure_level` says (kern_memorystatus.h: NOTE_MEMORYSTATUS_PRESSURE). */
export const MEMORY_LEVELS: Readonly<Record<number, MemoryPressureLevel>> = { 1: 'normal', 2: 'warning', 4: 'critical' };
