import type { Host } from '@hecate/host';
import type { EventKind, Happening } from './event.ts';
import type { PressureTrigger } from './pressure-trigger.ts';
import type { ProcessToWatch } from './watch-options.ts';
import type { GapReason } from '../model/gap.ts';

/** What a source of events is given to work with. */
export interface SourceContext {
  readonly host: Host;
  /** Whether somebody asked for this kind. */
  wants(kind: EventKind): boolean;
  /** Thresholds of pressure that were asked for. */
  readonly pressure: readonly PressureTrigger[];
  /** Processes whose end was asked for. */
  readonly processes: readonly ProcessToWatch[];
  /** Hands an event over. One of a kind that nobody asked for is dropped. */
  emit(event: Happening): void;
  /** Says that a kind cannot be watched, or no longer. */
  unavailable(what: EventKind, reason: GapReason, detail: string): void;
  /** Says of all kinds of this source that the kernel had more to tell than it kept. */
  overrun(): void;
  /**
   * Calls `ready` when a descriptor is ready for `events` of poll(2), until the function it gives is called. The descriptor may be
   * closed in `ready`, or in the source's `close`. When `ready` throws, the descriptor is watched no more, and the source's kinds
   * are unavailable.
   */
  watch(descriptor: number, events: number, ready: (happened: number) => void): () => void;
  /** Calls `act` every so many seconds, until the function it gives is called. A throw ends it as above. */
  every(seconds: number, act: () => void): () => void;
}

/** One origin of events: a file in the `events` of its operating system, and a line in the `index.ts` there. */
export interface EventSource {
  /** Opened when one of them is asked for. */
  readonly kinds: readonly EventKind[];
  /**
   * Begins to watch. A throw makes all its kinds unavailable; a source that opened something before has closed it by then.
   * Gives what closes it, called once, when nothing waits for its descriptors any more.
   */
  open(context: SourceContext): () => void | Promise<void>;
}
