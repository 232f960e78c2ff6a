import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { causeOf, errnoOf, HecateError } from '@hecate/host';
import type { ActLog } from './process-actor.ts';

/** Bytes after which the file is put aside as `<file>.1`, in the place of the one before. */
const LONGEST = 1 << 20;

/**
 * A log of acts: one line of JSON each in `path`, which only its owner can read, and one to `say` when it is over. Throws FAILED when what is
 * asked for cannot be written, so that nothing is done that is not written down. What came of it is told to `say` alone then: it is done.
 */
export function openActLog(path: string, say: (text: string) => void): ActLog {
  return (entry) => {
    const line = JSON.stringify({ time: Date.now() / 1000, ...entry });
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if (sizeOf(path) > LONGEST) renameSync(path, `${path}.1`);
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch (error) {
      if (entry['result'] !== 'asked') {
        say(`act: ${wordsOf(entry)}, which could not be written down: ${causeOf(error)}.`);
        return;
      }
      throw new HecateError('FAILED', `Nothing is done that is not written down, and ${path} cannot be written: ${causeOf(error)}.`, {
        cause: error,
      });
    }
    if (entry['result'] !== 'asked') say(`act: ${wordsOf(entry)}`);
  };
}

/** `signal=TERM pid=12 name="a b"`: what is no plain word is quoted as in JSON, so that no name can pretend to be another word. */
function wordsOf(entry: Readonly<Record<string, unknown>>): string {
  const word = (value: unknown): string => (typeof value === 'string' && /^[\w.:-]+$/.test(value) ? value : JSON.stringify(value));
  return Object.entries(entry)
    .map(([name, value]) => `${name}=${word(value)}`)
    .join(' ');
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
