import type { Host } from '@hecate/host';
import type { Group } from './field.ts';
import type { GapSink } from './gap.ts';

/**
 * How often a collector is read.
 * - `fast`: at every tick
 * - `slow`: every ten seconds, beside the ticks; what it reads may take its time
 * - `rare`: every ten minutes: what hardly ever changes
 *
 * A read of a slow or rare collector that may take longer than a millisecond is sliced or a promise, so that nobody waits for it.
 */
export type Lane = 'fast' | 'slow' | 'rare';

/** A long read that gives way: whoever drives it may do other things at each `yield`. */
export type Sliced<Reading> = Generator<undefined, Reading, undefined>;

/** An open collector. It owns its descriptors and keeps what it needs between reads. */
export interface Reader<Reading> {
  /**
   * Reads once. What cannot be read is null in the reading and reported to `gaps`;
   * a throw means that nothing could be read, and becomes the gap of the whole collector.
   */
  read(gaps: GapSink): Reading | Sliced<Reading> | Promise<Reading>;
  /** Sentences for `hecate doctor` on how the last read was made: which of several ways, and why not a better one. No gaps: nothing is missing. */
  notes?(): readonly string[];
  /**
   * The lane that it belongs in since its last read; null: its collector's. What reads fast by one way may start a program by another.
   * A promise of a fast collector that says so holds up no tick.
   */
  lane?(): Lane | null;
  /** Ends what a read waits for (a program); that read then rejects. */
  cancel?(): void;
  /** Gives the descriptors back. */
  close(): void;
}

/** A reader that always has to wait: for a mount, a device, a program. */
export interface WaitingReader<Reading> extends Reader<Reading> {
  read(gaps: GapSink): Promise<Reading>;
}

/** Reads one domain of a machine: one file in `linux/` or `darwin/`, one line in that folder's registry. */
export interface Collector<Name extends string, Reading> {
  /** Its property in the snapshot. */
  readonly name: Name;
  readonly lane: Lane;
  /** Seconds between two reads, where the lane's own are too few. */
  readonly period?: number;
  /** Read only where it is asked for by name: it costs much, or starts a program. */
  readonly onRequest?: true;
  /** Its reads are promises: it waits for a mount, a program, a bus. Its name is in `AsynchronousName`. */
  readonly asynchronous?: true;
  /** What it reads, for `hecate doctor`: files or interfaces. */
  readonly sources: readonly string[];
  /** Who may read it, in one sentence, where that is not everyone. */
  readonly permission?: string;
  /** What would help when it cannot be read, in one sentence. */
  readonly remedy: string;
  /** The declared fields of its reading, made at each call: a daemon that nobody scrapes never has them in its memory. */
  readonly groups: () => readonly Group<Reading>[];
  open(host: Host): Reader<Reading>;
}

/** Runs a sliced read to its end at once. */
export function finish<Reading>(read: Reading | Sliced<Reading>): Reading {
  if (!isSliced(read)) return read;
  for (;;) {
    const step = read.next();
    if (step.done) return step.value;
  }
}

/** Whether a read is one that gives way. */
export function isSliced<Reading>(read: Reading | Sliced<Reading> | Promise<Reading>): read is Sliced<Reading> {
  return typeof read === 'object' && read !== null && Symbol.iterator in read && 'next' in read;
}
