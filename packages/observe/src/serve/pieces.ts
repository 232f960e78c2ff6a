import { setImmediate as pause } from 'node:timers/promises';

/** Milliseconds that encoding or sending may hold the event loop at a stretch. */
const SLICE = 2;

/** The turn of one piece of work among others. */
export interface Turn {
  /** Whether it has held the event loop for long enough. */
  isOver(): boolean;
  /** Lets all others have theirs, and begins the next one. */
  next(): Promise<void>;
}

/** A turn that begins now. */
export function createTurn(milliseconds: number = SLICE): Turn {
  let start = performance.now();
  return {
    isOver: () => performance.now() - start > milliseconds,
    async next() {
      await pause();
      start = performance.now();
    },
  };
}

/** Runs work that gives way now and then, with pauses in which others have their turn. Rejects with what it throws. */
export async function runSliced<Result>(work: Generator<undefined, Result, undefined>, milliseconds: number = SLICE): Promise<Result> {
  const turn = createTurn(milliseconds);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (turn.isOver()) await turn.next();
  }
}

/** Puts the pieces of a long text together, giving way to others every two milliseconds. */
export async function joinPieces(pieces: Iterable<string>): Promise<string> {
  let text = '';
  const turn = createTurn();
  for (const piece of pieces) {
    text += piece;
    if (turn.isOver()) await turn.next();
  }
  return text;
}
