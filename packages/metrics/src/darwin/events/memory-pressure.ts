import type { MemoryPressureLevel } from '../../events/event.ts';
import type { EventSource } from '../../events/event-source.ts';
import { openDarwin } from '../binding/darwin.ts';
import { sysctlInteger } from '../libsystem/sysctl.ts';
import { MEMORY_LEVELS } from '../memory-levels.ts';

/** Seconds between two looks. The kernel tells only the processes that it wants to give memory back, one after the other. */
const LOOK_EVERY = 2;

/** The level of memory pressure, as Activity Monitor colours it. */
export const memoryPressure: EventSource = {
  kinds: ['memory-pressure'],
  open({ host, emit, every }) {
    const darwin = openDarwin(host);
    let level: MemoryPressureLevel = 'normal';
    const look = (): void => {
      const now = MEMORY_LEVELS[sysctlInteger(darwin, 'kern.memorystatus_vm_pressure_level')];
      // Of a level that is not known nothing can be said.
      if (now === undefined || now === level) return;
      emit({ kind: 'memory-pressure', level: now, previous: level, some: null, full: null, by: 'polling' });
      level = now;
    };
    look();
    every(LOOK_EVERY, look);
    return () => {};
  },
};
