import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { causeOf, errnoOf, HecateError } from '@hecate/host';

/** A secret that requests must bring. */
export interface Token {
  readonly text: string;
  /** Whether `given` is it; takes the same time however much of it is right. */
  matches(given: string): boolean;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The token in the file `path`; a new random one is written there, readable by its owner only, when there is none. */
export function openToken(path: string): Token {
  const text = readOrCreate(path);
  const wanted = digest(text);
  return { text, matches: (given) => timingSafeEqual(digest(given), wanted) };
}

function readOrCreate(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const token = randomBytes(24).toString('base64url');
    // wx: whoever comes second reads what the first one wrote.
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST')
      throw new HecateError('FAILED', `The token file ${path} cannot be written: ${causeOf(error)}.`, { cause: error });
  }
  const token = readFileSync(path, 'utf8').trim();
  if (!/^[\w-]{16,}$/.test(token)) {
    throw new HecateError('INVALID', `The token file ${path} holds no token.`, { hint: 'Delete it, and a new one is made.' });
  }
  return token;
}
