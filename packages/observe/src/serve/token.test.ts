import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { openToken, readToken, renewToken } from './token.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'hecate-token-'));
let count = 0;
let file = '';
beforeEach(() => {
  file = path.join(directory, `state-${count++}`, 'token');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Moves the clock that decides when the file is looked at again. */
const later = (seconds: number): void => {
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + seconds * 1000);
};

test('is made once, for its owner only', () => {
  const token = openToken(file, () => undefined);
  expect(readFileSync(file, 'utf8')).toBe(`${token.text}\n`);
  expect(token.text).toMatch(/^[\w-]{32}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readToken(file)).toBe(token.text);
  expect([token.matches(token.text!), token.matches(`${token.text}x`), token.matches('')]).toEqual([true, false, false]);
});

test('a new one is in force after a second, and takes sessions with it', () => {
  const token = openToken(file, () => undefined);
  const [old, session] = [token.text!, token.session(Date.now() / 1000 + 60)];
  expect([token.isSession(session), token.isSession(old)]).toEqual([true, false]);
  const renewed = renewToken(file);
  utimesSync(file, 1, 1);
  expect(token.matches(old)).toBe(true);
  later(2);
  expect([token.matches(old), token.matches(renewed), token.isSession(session)]).toEqual([false, true, false]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  vi.restoreAllMocks();
});

test('a deleted or damaged file lets nobody in, is told once, and heals', () => {
  const errors: unknown[] = [];
  const token = openToken(file, (error) => errors.push(error));
  const old = token.text!;
  rmSync(file);
  later(2);
  expect([token.matches(old), token.matches(''), token.text]).toEqual([false, false, null]);
  vi.restoreAllMocks();
  writeFileSync(file, 'short');
  later(10);
  expect(token.matches('short')).toBe(false);
  vi.restoreAllMocks();
  writeFileSync(file, `${old}\n`);
  utimesSync(file, 5, 5);
  later(20);
  expect(token.matches(old)).toBe(true);
  expect(errors).toHaveLength(1);
  vi.restoreAllMocks();
});

test('a session ends in its time, and a forged one never begins', () => {
  const token = openToken(file, () => undefined);
  const over = token.session(Date.now() / 1000 - 1);
  expect(token.isSession(over)).toBe(false);
  const [, sign] = over.split('.') as [string, string];
  const until = Math.trunc(Date.now() / 1000 + 1000).toString(36);
  for (const forged of [`${until}.${sign}`, `${until}.`, '.', '', `zzzzzzzzzz.${sign}`, `${until}.${sign}.x`]) {
    expect(token.isSession(forged), forged).toBe(false);
  }
});

test('what cannot be a token is a sentence', () => {
  readToken(file);
  chmodSync(file, 0o600);
  writeFileSync(file, 'no token\n');
  expect(() => readToken(file)).toThrow(expect.objectContaining({ code: 'INVALID', hint: 'Delete it, and a new one is made.' }));
  expect(() => readToken(path.join(file, 'below', 'token'))).toThrow(expect.objectContaining({ code: 'FAILED' }));
});
