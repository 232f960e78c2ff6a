import type { Outcome } from '../push/transport.ts';
import type { Message } from './message.ts';

/** A way to people. Nothing is connected before the first message. */
export interface Target {
  /** Where it leads, for people: no secrets. */
  readonly place: string;
  /** Tells. What comes of it is an outcome: it never rejects on account of the other side. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>;
  close(): Promise<void> | void;
}
