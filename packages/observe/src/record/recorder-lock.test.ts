import { readdirSync, rmSync } from 'node:fs';
import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import { LOCK_FILE, takeRecorderLock } from './recorder-lock.ts';
import { temporary } from './recorder.testing.ts';

/** What a user reads of an error: its sentence and its hint. */
function told(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof HecateError) return `${error.code}: ${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a second recorder is refused, told the pid and what to do; after release the directory is free', () => {
  const dataDir = temporary();
  const lock = takeRecorderLock(dataDir);
  expect(readdirSync(dataDir)).toEqual([LOCK_FILE]);
  expect(told(() => takeRecorderLock(dataDir))).toBe(
    `CONFLICT: Another recorder (pid ${process.pid}) writes to ${dataDir}. Stop it, or choose another place with --data-dir.`,
  );
  lock.release();
  expect(readdirSync(dataDir)).toEqual([]);
  takeRecorderLock(dataDir).release();
});

test('a recorder whose directory another has taken over is told so', () => {
  const dataDir = temporary();
  const lock = takeRecorderLock(dataDir);
  rmSync(lock.path);
  const other = takeRecorderLock(dataDir);
  expect(told(() => lock.confirm())).toBe(
    `CONFLICT: Another recorder has taken over ${dataDir}. Only one can write there. It may have believed this one dead after a long pause.`,
  );
  lock.release();
  other.confirm();
  other.release();
});
