import type { PushFormat } from './format.ts';

/** Samples that are sent together. */
export interface Delivery {
  /** Chunks of the format, oldest first, at least one. */
  readonly chunks: readonly Buffer[];
  readonly format: PushFormat;
  /** What a file of such chunks begins with; null when it begins with the first chunk. */
  readonly header: Buffer | null;
  /** Aborts when there is no more time for it. */
  readonly signal: AbortSignal;
}

/**
 * What came of a delivery.
 * - `sent`: the target has it, as far as it says so at all.
 * - `refused`: the target does not take these samples, and would not the next time.
 * - `failed`: it may work later.
 * - `gone`: nobody is there any more, and nobody will come.
 * `why` is a part of a sentence, without secrets: `answers 503: overloaded`.
 */
export type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly why: string;
      /** Seconds that the target wants to be left alone for. */
      readonly retryAfter?: number;
    }
  | { readonly kind: 'gone'; readonly why: string };

/** A way to a target. Nothing is connected or opened before the first delivery. */
export interface Transport {
  /** Where it leads, for people: no secrets. */
  readonly place: string;
  /** Delivers in order. Called again only when the one before has ended. Never rejects on account of the target: that is an outcome. */
  send(delivery: Delivery): Promise<Outcome>;
  /** Says goodbye, in half a second at most. */
  close(): Promise<void> | void;
}

/** The outcome of all that went well. */
export const SENT: Outcome = { kind: 'sent' };
