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
}
