import { setImmediate as pause } from 'node:timers/promises';

/** Milliseconds that encoding or sending may hold the event loop at a stretch. */
const SLICE = 1;

/** The turn of one piece of work among others. */
export interface Turn {
  /** Whether it has held the event loop for long enough. */
  isOver(): boolean;
  /** Lets all others have theirs, and begins the next one. */
  next(): Promise<void>;
}

/** Who waits for a turn. Of several one goes on each time round the event loop: what else comes waits for one of them, never for all. */
let line: Promise<void> = Promise.resolve();

/** A turn that begins now. */
export function createTurn(milliseconds: number = SLICE): Turn {
  let start = performance.now();
  return {
    isOver: () => performance.now() - start > milliseconds,
    async next() {
      line = line.then(() => pause());
      await line;
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

/** Takes the pieces of a long text one by one, giving way to others every millisecond. */
async function takePieces(pieces: Iterable<string>, take: (piece: string) => void): Promise<void> {
  const turn = createTurn();
  for (const piece of pieces) {
    take(piece);
    if (turn.isOver()) await turn.next();
  }
}

/** Puts the pieces of a long text together, giving way to others every millisecond. */
export async function joinPieces(pieces: Iterable<string>): Promise<string> {
  let text = '';
  await takePieces(pieces, (piece) => {
    text += piece;
  });
  return text;
}

/** Characters that are made to bytes at once: a long text in one go takes as long as a slice of work. */
const CHUNK = 16_384;

/** The same as bytes, for who sends them. */
export async function joinBytes(pieces: Iterable<string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let text = '';
  await takePieces(pieces, (piece) => {
    text += piece;
    if (text.length < CHUNK) return;
    chunks.push(Buffer.from(text));
    text = '';
  });
  chunks.push(Buffer.from(text));
  return Buffer.concat(chunks);
}
