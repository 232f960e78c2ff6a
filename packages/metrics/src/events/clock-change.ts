import type { ClockEvent } from './event.ts';

/** The clocks of a machine at one moment, in seconds. */
export interface Clocks {
  /** Since the epoch; steps when it is set. */
  readonly wall: number;
  /** Since boot; stands still while the machine sleeps. */
  readonly awake: number;
  /** Since boot, sleep included. */
  readonly boot: number;
}

/** A clock that is set by less was only slewed or corrected; it is no news. */
const LEAST_STEP = 0.1;
/** Sleeping is told from the reading of two clocks one after the other by this much. */
const LEAST_SLEEP = 0.1;

/** What happened to the clocks between two moments. */
export function clockChanges(before: Clocks, after: Clocks): ClockEvent[] {
  const events: ClockEvent[] = [];
  const asleep = after.boot - after.awake - (before.boot - before.awake);
  // Waking up sets the clock too, by the time slept: against the clock that went on it has not moved.
  const moved = after.wall - before.wall - (after.boot - before.boot);
  if (asleep >= LEAST_SLEEP) events.push({ kind: 'clock', change: 'resumed', seconds: asleep });
  if (Math.abs(moved) >= LEAST_STEP) events.push({ kind: 'clock', change: 'set', seconds: moved });
  return events;
}
