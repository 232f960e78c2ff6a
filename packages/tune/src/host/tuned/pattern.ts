import { HecateError } from '@hecate/host';

/** Longer than any pattern that is written by hand. */
const MOST_LETTERS = 1000;

/**
 * A regular expression of Python, which tuned finds anywhere in a text of lines. Throws INVALID for one that cannot be read here:
 * the few forms that only Python has are among them.
 */
export function tunedPattern(pattern: string): RegExp {
  const wrong = (cause?: unknown): HecateError =>
    new HecateError('INVALID', `The regular expression ${JSON.stringify(pattern.slice(0, MOST_LETTERS))} cannot be read.`, { cause });
  if (pattern.length > MOST_LETTERS) throw wrong();
  try {
    return new RegExp(pattern, 'm');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw wrong(error);
  }
}
