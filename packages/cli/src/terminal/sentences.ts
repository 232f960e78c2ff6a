import { wrapWords } from '@hecate/observe';
import { terminalOf } from './terminal.ts';

/** Sentences for standard output, a line each. On a terminal no word is broken at its edge; a file or a pipe gets each whole. */
export function sentences(list: readonly string[]): string {
  const { stdout } = process;
  const lines = stdout.isTTY ? list.flatMap((sentence) => wrapWords(sentence, terminalOf(stdout).width)) : list;
  return lines.map((line) => `${line}\n`).join('');
}
