/** What a message is about: it decides what may take its place while a client is slow. */
export type Topic = 'tick' | 'processes' | 'event' | 'alert';

/** How messages are put on the wire; one object for all clients of the same protocol, so that they share what it makes. */
export interface Protocol {
  /** A message with all that goes around it. `mark` names an event to who comes back and asks what it has missed. */
  wrap(topic: Topic, text: string, mark: string | null): Buffer;
}

/** The connection of one client. */
export interface Listener {
  readonly protocol: Protocol;
  /** Bytes that wait in this process because the client does not take them; more than 0 means that it is slow. */
  readonly backlog: () => number;
  /** Sends. `sent` is called when the bytes have left this process, and not at all when the client is gone. */
  readonly write: (bytes: Buffer, sent: () => void) => void;
}
