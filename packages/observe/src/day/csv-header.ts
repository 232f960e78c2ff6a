import { HecateError } from '@hecate/host';
import { TIMESTAMP_COLUMN } from './day-file.ts';

/** More columns than any recorder writes: a file with more is something else. */
const MOST_COLUMNS = 4096;

const HINT = 'Move the file out of the data directory, or restore its first line: timestamp and the names of the columns.';

/**
 * The names after `timestamp` in the first line of a day file. Quotes around a name are taken off.
 * Throws INVALID, naming the file, when the line is no such header.
 */
export function parseCsvHeader(line: string, file: string): string[] {
  const names = line
    .replace(/^\uFEFF/, '')
    .replace(/\r$/, '')
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  if (names.shift() !== TIMESTAMP_COLUMN) {
    throw new HecateError('INVALID', `${file} is no day file: its first line does not start with "${TIMESTAMP_COLUMN}".`, { hint: HINT });
  }
  if (names.length > MOST_COLUMNS) {
    throw new HecateError('INVALID', `${file} is no day file: it has ${names.length} columns.`, { hint: HINT });
  }
  const seen = new Set<string>();
  for (const name of names) {
    // Control and direction characters could rewrite a terminal; U+FFFD is what bytes that are no text turn into.
    if (name === '' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/u.test(name)) {
      throw new HecateError('INVALID', `${file} is no day file: a column has no readable name.`, { hint: HINT });
    }
    if (seen.has(name) || name === TIMESTAMP_COLUMN) {
      throw new HecateError('INVALID', `${file} names the column "${name}" twice.`, { hint: HINT });
    }
    seen.add(name);
  }
  return names;
}
