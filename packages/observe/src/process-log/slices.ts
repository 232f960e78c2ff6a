import { setImmediate as pause } from 'node:timers/promises';

/** Milliseconds that reading may hold the event loop at a stretch. */
const SLICE = 1.5;

/** Runs work that gives way now and then, with pauses in which others have their turn. */
export async function runSliced<Result>(work: Generator<undefined, Result, undefined>): Promise<Result> {
  let start = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - start > SLICE) {
      await pause();
      start = performance.now();
    }
  }
}
