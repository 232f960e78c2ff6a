import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, HecateError, messageOf } from '@hecate/host';

/** The token in `path`; a new random one is written there, readable by its owner only, when there is none. */
export function readOrCreateToken(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const token = randomBytes(24).toString('base64url');
    // wx: whoever comes second reads what the first one wrote.
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw new HecateError('FAILED', `The token file ${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  const token = readFileSync(path, 'utf8').trim();
  if (!/^[\w-]{16,}$/.test(token)) {
    throw new HecateError('INVALID', `The token file ${path} holds no token.`, { hint: 'Delete it, and a new one is made.' });
  }
  return token;
}
