import { setImmediate as pause } from 'node:timers/promises';

/** Milliseconds that encoding or sending may hold the event loop at a stretch. */
export const SLICE = 2;

/** Puts the pieces of a long text together, giving way to others every two milliseconds. */
export async function joinPieces(pieces: Iterable<string>): Promise<string> {
  let text = '';
  let start = performance.now();
  for (const piece of pieces) {
    text += piece;
    if (performance.now() - start > SLICE) {
      await pause();
      start = performance.now();
    }
  }
  return text;
}
