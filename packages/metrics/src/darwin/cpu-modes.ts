import type { GapSink } from '../model/gap.ts';
import { lacks } from './reader.ts';

/** Modes that macOS does not know. */
export const UNKNOWN_MODES = { iowait: null, irq: null, softirq: null, steal: null, guestUser: null, guestNice: null } as const;

/** What macOS does not count beside the times. */
export const UNKNOWN_COUNTERS = { contextSwitches: null, interrupts: null, forks: null, procsRunning: null, procsBlocked: null } as const;

/** Says of both that macOS has no such thing. */
export function lackModes(gaps: GapSink): void {
  lacks(
    gaps,
    Object.keys(UNKNOWN_MODES).flatMap((mode) => [`cpu.total.${mode}`, `cpu.cores.${mode}`]),
    'macOS does not tell this mode apart.',
  );
  lacks(
    gaps,
    Object.keys(UNKNOWN_COUNTERS).map((name) => `cpu.${name}`),
    'macOS has no such counter for programs.',
  );
}
