import { errnoOf } from '@hecate/host';
import type { MemoryPressureLevel } from '../../events/event.ts';
import { memoryPressureLevel } from '../../events/memory-pressure.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { parsePressure } from '../pressure.ts';
import { POLLPRI } from './poll-thread.ts';
import { closePressureTrigger, openPressureTrigger } from './pressure.ts';
import type { EventSource } from '../../events/event-source.ts';

const FILE = '/proc/pressure/memory';
/** The least that is worth a look: a twentieth of the time. */
const TRIGGER = { stall: 'some', threshold: 0.1, window: 2 } as const;
/** The kernel works its averages out every two seconds (PSI_FREQ of kernel/sched/psi.c). */
const LOOK_EVERY = 2;
/** Looks without pressure after which the kernel is trusted to wake us: longer than its average of ten seconds remembers. */
const CALM_LOOKS = 6;

/** The level of memory pressure. A trigger wakes us; the averages are looked at from then until all is well again. */
export const memoryPressure: EventSource = {
  kinds: ['memory-pressure'],
  open({ host, emit, every, watch }) {
    const file = host.keep(FILE);
    const cursor = new ByteCursor();
    let level: MemoryPressureLevel = 'normal';
    let calm = 0;
    let rest: (() => void) | undefined;
    let by: 'kernel' | 'polling' = 'kernel';

    const look = (): void => {
      const now = parsePressure(cursor.reset(file.read()));
      const next = memoryPressureLevel(now, level);
      if (next !== level) {
        emit({ kind: 'memory-pressure', level: next, previous: level, some: now.some?.avg10 ?? 0, full: now.full?.avg10 ?? 0, by });
        level = next;
      }
      calm = level === 'normal' ? calm + 1 : 0;
      if (by === 'polling' || calm < CALM_LOOKS) return;
      rest?.();
      rest = undefined;
    };
    const wake = (): void => {
      calm = 0;
      rest ??= every(LOOK_EVERY, look);
    };

    let descriptor = -1;
    try {
      look();
      try {
        descriptor = openPressureTrigger(host.resolve(FILE), TRIGGER);
        watch(descriptor, POLLPRI, wake);
        if (level !== 'normal') wake();
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        by = 'polling';
        wake();
      }
    } catch (error) {
      file.close();
      throw error;
    }
    return async () => {
      file.close();
      if (descriptor >= 0) await closePressureTrigger(descriptor);
    };
  },
};
