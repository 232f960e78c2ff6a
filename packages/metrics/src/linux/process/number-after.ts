import type { Bytes } from '@hecate/host';

const TAB = 9;
const NEWLINE = 10;
const ZERO = 48;
/** More digits than any counter has. */
const MOST_DIGITS = 20;

/**
 * The whole number that comes `word` words (separated by tabs) after `key`, which begins a line; NaN when there is none.
 * A key that begins with a newline is found whatever stands in the lines before.
 * The key is found by the runtime's own search: walking over bytes costs ten times as much where code is not optimised (the daemon).
 */
export function numberAfter({ buffer, length }: Bytes, key: string, word: number = 0): number {
  const found = buffer.indexOf(key, 0, 'latin1');
  let at = found + key.length;
  if (found < 0 || at >= length || (found > 0 && buffer[found] !== NEWLINE && buffer[found - 1] !== NEWLINE)) return Number.NaN;
  for (let skipped = 0; skipped < word; skipped++) {
    while (at < length && buffer[at] !== TAB && buffer[at] !== NEWLINE) at++;
    if (buffer[at] !== TAB) return Number.NaN;
    at++;
  }
  const start = at;
  let value = 0;
  while (at < length && buffer[at]! >= ZERO && buffer[at]! <= ZERO + 9) value = value * 10 + buffer[at++]! - ZERO;
  return at === start || at - start > MOST_DIGITS ? Number.NaN : value;
}
