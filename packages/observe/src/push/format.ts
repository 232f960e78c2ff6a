import type { Frame } from '../serve/hub.ts';

/** What of a sample is pushed. */
export interface PushInput {
  readonly frame: Frame;
  /** The operating system of the machine: it decides which fields there are. */
  readonly platform: NodeJS.Platform;
  /** Names of families that are sent, `*` for any text; an empty list sends all but what is left out. */
  readonly include: readonly string[];
  /** Names of families that are left out, `*` for any text. */
  readonly exclude: readonly string[];
  /** Labels that every series gets beside its own, such as `host`. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * How samples are put for one kind of server: pure, data to bytes. A sample is encoded once, when it is taken, and lies in a
 * queue on the disk until it is sent; so a chunk must say when it was taken.
 */
export interface PushFormat {
  /** One sample, as a chunk that stands for itself; empty when it has nothing to say. */
  encode(input: PushInput): Buffer;
  /** Chunks, oldest first, as the one body of a request. Never called with none. */
  join(chunks: readonly Buffer[]): Buffer;
  /** What an HTTP request with such a body must say of it. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a file of such chunks begins with, once: the names of the columns. */
  readonly header?: (input: PushInput) => Buffer;
  /** Chunks are whole lines, each of which stands for itself: what is sent may be divided after any newline. */
  readonly lines?: true;
  /** A chunk does not say when it was taken: only the newest is worth sending, so nothing is queued, and `join` gives the last one. */
  readonly timeless?: true;
  /** A file holds one body and is replaced as a whole, by rename, at each sample; without this it is appended to. */
  readonly replaces?: true;
}
