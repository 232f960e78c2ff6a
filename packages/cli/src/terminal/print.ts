import { clearProgress } from './progress.ts';

/** What `--format` can be where an answer has one form for people and one for programs. */
export interface AnswerFormat {
  readonly format: 'text' | 'json';
}

/** Prints an answer: as data for programs, or for people. */
export function print({ format }: AnswerFormat, data: unknown, text: () => string): void {
  clearProgress();
  process.stdout.write(format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : text());
}
