import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { causeOf, errnoOf, HecateError, sentenceOf } from '@hecate/host';

/** A secret that requests must bring, as its file has it now: who writes another one there has changed it. */
export interface Token {
  /** Null when the file is gone or holds no token: then nothing matches. */
  readonly text: string | null;
  /** Whether `given` is it; takes the same time however much of it is right. */
  matches(given: string): boolean;
  /** What a browser keeps instead of the token, good until `expires` (seconds since the epoch), or until the token is another one. */
  session(expires: number): string;
  /** Whether it is a session that was made from this token and has not expired. */
  isSession(given: string): boolean;
}

/** Seconds between two looks at the file: a new token is in force after that. */
const LOOK = 1;
const TOKEN = /^[\w-]{16,}$/;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isEqual = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** The token in the file `path`, as {@link readToken} reads it, and whatever stands there later. What goes wrong later is told to `onError`. */
export function openToken(path: string, onError: (error: unknown) => void): Token {
  let text: string | null = readToken(path);
  let lastChange = statSync(path).mtimeMs;
  let lastLook = performance.now();

  const current = (): string | null => {
    if (performance.now() - lastLook < LOOK * 1000) return text;
    lastLook = performance.now();
    try {
      const { mtimeMs } = statSync(path);
      if (mtimeMs !== lastChange) text = read(path);
      lastChange = mtimeMs;
    } catch (error) {
      if (text !== null)
        onError(error instanceof HecateError ? error : new HecateError('FAILED', sentenceOf(error, path), { cause: error }));
      // Whoever deletes it wants that nobody gets in with it.
      text = null;
      lastChange = Number.NaN;
    }
    return text;
  };
  const mac = (secret: string, expires: string): string => createHmac('sha256', secret).update(`session ${expires}`).digest('base64url');

  return {
    get text() {
      return current();
    },
    matches(given) {
      const wanted = current();
      return wanted !== null && isEqual(given, wanted);
    },
    session(expires) {
      const until = Math.trunc(expires).toString(36);
      return `${until}.${mac(current() ?? randomBytes(24).toString('base64url'), until)}`;
    },
    isSession(given) {
      const [, until, sign] = /^([0-9a-z]{1,9})\.([\w-]{43})$/.exec(given) ?? [];
      const secret = current();
      return until !== undefined && secret !== null && isEqual(sign!, mac(secret, until)) && Number.parseInt(until, 36) > Date.now() / 1000;
    },
  };
}

/** Puts a new token where the old one was; daemons that run take it over within a second or two. Returns it. Throws FAILED. */
export function renewToken(path: string): string {
  const token = randomBytes(24).toString('base64url');
  const temporary = `${path}.${process.pid}`;
  write(path, () => {
    writeFileSync(temporary, `${token}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  });
  return token;
}

function write(path: string, act: () => void): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    act();
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw error;
    throw new HecateError('FAILED', `The token file ${path} cannot be written: ${causeOf(error)}.`, { cause: error });
  }
}

/**
 * The token in the file `path`; a new random one is written there, readable by its owner only, when there is none.
 * Throws FAILED when it cannot be written or read, INVALID when the file holds something else.
 */
export function readToken(path: string): string {
  const token = randomBytes(24).toString('base64url');
  try {
    // wx: whoever comes second reads what the first one wrote.
    write(path, () => writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' }));
    return token;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  return read(path);
}

function read(path: string): string {
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new HecateError('FAILED', `The token file ${path} cannot be read: ${causeOf(error)}.`, { cause: error });
  }
  if (!TOKEN.test(token)) {
    throw new HecateError('INVALID', `The token file ${path} holds no token.`, { hint: 'Delete it, and a new one is made.' });
  }
  return token;
}
