import type { EventKind } from './event.ts';
import type { PressureTrigger } from './pressure-trigger.ts';

/** A process whose end is waited for. */
export interface ProcessToWatch {
  readonly pid: number;
  /** Seconds since boot at which it started, as `startedAfterBoot` of a process reading says. Another process of the same number is refused. */
  readonly startedAfterBoot?: number;
}

/** What is watched, and how long. */
export interface WatchOptions {
  /** Kinds of events. By default all that need nothing more to be said; `pressure` and `pids` add theirs. */
  readonly only?: readonly EventKind[];
  /** How much waiting makes a `pressure` event. */
  readonly pressure?: readonly PressureTrigger[];
  /** Processes whose end makes a `process-exit` event. */
  readonly pids?: readonly (number | ProcessToWatch)[];
  /** Ends the events. */
  readonly signal?: AbortSignal;
  /** Events that are kept for a slow reader before more are thrown away. Default 10,000. */
  readonly limit?: number;
}
