import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';

const MOST_LETTERS = 256 * 1024;

/** The text of a file of tuned. Throws INVALID for what is no text, UNAVAILABLE when it is not there, DENIED. */
export function readTunedFile(host: Host, file: string): string {
  let text: string;
  try {
    text = host.readText(file);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    if (errno === 'EACCES' || errno === 'EPERM') throw new HecateError('DENIED', `${file} may not be read by this user.`, { cause: error });
    throw new HecateError('UNAVAILABLE', `${file} cannot be read (${errno}).`, { cause: error });
  }
  // Bytes that are no UTF-8 are read as U+FFFD.
  if (text.length > MOST_LETTERS || /[\0\uFFFD]/.test(text)) throw new HecateError('INVALID', `${file} is no text file of tuned.`);
  return text;
}
