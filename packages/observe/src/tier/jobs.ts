import { HecateError } from '@hecate/host';
import { createTurn } from '../serve/pieces.ts';
import type { Turn } from '../serve/pieces.ts';

/** Work in pieces, strictly one after another, that gives way to everything else every millisecond. */
export interface Jobs {
  /**
   * Adds work to the end. Resolves when it is done, rejects with what it throws, and with UNAVAILABLE when too much waits already
   * or the end comes first.
   */
  add(job: () => Generator<void>): Promise<void>;
  /** Ends at once. The job in work is left in the middle: its `finally` runs. */
  close(): void;
}

interface Job {
  readonly start: () => Generator<void>;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** Jobs that may wait. */
const MOST_WAITING = 64;

/** Runs jobs. */
export function createJobs(): Jobs {
  let waiting: Job[] = [];
  let current: { readonly job: Job; readonly pieces: Generator<void> } | null = null;
  let running = false;
  let closed = false;

  /** One piece of work; false when there is none left. */
  const step = (): boolean => {
    if (!current) {
      const job = waiting.shift();
      if (!job) return false;
      current = { job, pieces: job.start() };
    }
    const { job, pieces } = current;
    try {
      if (!pieces.next().done) return true;
      current = null;
      job.done();
    } catch (error) {
      current = null;
      job.fail(error);
    }
    return true;
  };

  /** Works until the turn is over; true when there is nothing left to do. */
  const finishTurn = (turn: Turn): boolean => {
    while (step()) if (turn.isOver()) return false;
    return true;
  };

  const run = async (): Promise<void> => {
    running = true;
    const turn = createTurn();
    do await turn.next();
    while (!finishTurn(turn));
    running = false;
  };

  return {
    add: (start) =>
      new Promise<void>((done, fail) => {
        if (closed || waiting.length >= MOST_WAITING) {
          fail(new HecateError('UNAVAILABLE', 'The history has too much to do now.', { hint: 'Ask again in a moment.' }));
          return;
        }
        waiting.push({ start, done, fail });
        if (!running) void run();
      }),
    close() {
      closed = true;
      const left = [...(current ? [current.job] : []), ...waiting];
      current?.pieces.return(undefined);
      current = null;
      waiting = [];
      for (const { fail } of left) fail(new HecateError('UNAVAILABLE', 'The history ends.'));
    },
  };
}

/** Does work in pieces at once, without a pause. */
export function finishNow<Result>(pieces: Generator<void, Result>): Result {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}
