import type { MachineEvent } from '@hecate/metrics';

/** Something that happened, with a number: later ones have greater ones. */
export interface LoggedEvent {
  /** Counts from 1 since the daemon started. */
  readonly id: number;
  /** What happened; `time` is seconds since the epoch. */
  readonly event: MachineEvent;
}

/** The last things that happened to a machine, kept in memory for who asks later. */
export interface EventLog {
  /** What happened after event `id`, oldest first; 0: all that is kept. */
  since(id: number): readonly LoggedEvent[];
  /** Calls back at every event. Returns how to stop it. */
  subscribe(listener: (logged: LoggedEvent) => void): () => void;
  /** Number of the newest event; 0 before the first. */
  readonly newest: number;
  /** The events of a stretch of time that were kept on disk, oldest first, as they were; absent where none are kept. */
  readonly past?: (stretch: PastStretch) => Promise<readonly MachineEvent[]>;
}

/** Seconds since the epoch, both included, and the most events to give: the last ones of the stretch. */
export interface PastStretch {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** An event as the API shows it: one flat object. Of one that a daemon before this one saw, `id` is null. */
export function eventRow({ id, event }: { readonly id: number | null; readonly event: MachineEvent }): object {
  return { id, ...event };
}

/** A ring of events. */
export interface EventRing extends EventLog {
  add(event: MachineEvent): void;
}

/** Keeps the last `capacity` events. A listener that throws is told to `onError`, and the others hear all the same. */
export function createEventRing(capacity: number, onError: (error: unknown) => void): EventRing {
  const kept: LoggedEvent[] = [];
  const listeners = new Set<(logged: LoggedEvent) => void>();
  let newest = 0;
  const at = (id: number): LoggedEvent => kept[(id - 1) % capacity]!;

  return {
    get newest() {
      return newest;
    },
    since(id) {
      const found: LoggedEvent[] = [];
      for (let next = Math.max(id + 1, newest - capacity + 1, 1); next <= newest; next++) found.push(at(next));
      return found;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    add(event) {
      const logged = { id: ++newest, event };
      kept[(newest - 1) % capacity] = logged;
      for (const listener of listeners) {
        try {
          listener(logged);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
