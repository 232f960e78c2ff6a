import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { terminalOf } from './terminal.ts';

/** A stream as Node makes it for a terminal of 120 columns, or for a pipe. */
const stream = (isTTY: boolean): NodeJS.WriteStream => (isTTY ? { isTTY, columns: 120 } : {}) as NodeJS.WriteStream;

beforeEach(() => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM', 'LC_ALL', 'LC_CTYPE', 'LANG']) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe('terminalOf', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
  ])('terminal %s, %j: colours %s', (isTTY, env, colour) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(terminalOf(stream(isTTY)).colour).toBe(colour);
  });

  it('is as wide as the terminal, and 80 columns without one', () =>
    expect([terminalOf(stream(true)).width, terminalOf(stream(false)).width]).toEqual([120, 80]));

  it.each([
    [{}, true],
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'de_DE.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{ LANG: 'en_US.ISO-8859-1' }, false],
    [{ LANG: 'C.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
    [{ TERM: 'linux' }, false],
  ])('%j: more than ASCII %s', (env, unicode) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(terminalOf(stream(true)).unicode).toBe(unicode);
  });
});
