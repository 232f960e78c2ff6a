import { clearProgress } from './progress.ts';

/** A note for people, on standard error: standard output is for what was asked. A line of progress makes room for it. */
export function say(sentence: string): void {
  clearProgress();
  process.stderr.write(`hecate: ${sentence}\n`);
}
