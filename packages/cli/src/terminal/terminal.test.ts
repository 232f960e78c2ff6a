import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canDraw, depthOf, terminalOf } from './terminal.ts';

/** A stream as Node makes it for a terminal of 120 columns, or for a pipe. */
const stream = (isTTY: boolean): NodeJS.WriteStream => (isTTY ? { isTTY, columns: 120 } : {}) as NodeJS.WriteStream;

const NAMES = ['NO_COLOR', 'FORCE_COLOR', 'COLORTERM', 'TERM', 'TERM_PROGRAM', 'STY', 'WT_SESSION', 'LC_ALL', 'LC_CTYPE', 'LANG'];

beforeEach(() => {
  for (const name of NAMES) vi.stubEnv(name, undefined);
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

describe('depthOf', () => {
  it.each([
    [true, {}, 16],
    [false, {}, 'none'],
    [true, { TERM: 'dumb', COLORTERM: 'truecolor' }, 'none'],
    [true, { TERM: 'vt220' }, 'none'],
    [true, { TERM: 'xterm-256color', NO_COLOR: '1', COLORTERM: 'truecolor' }, 'none'],
    [true, { TERM: 'xterm' }, 16],
    [true, { TERM: 'linux' }, 16],
    [true, { TERM: 'xterm-256color' }, 256],
    [true, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'true'],
    [true, { TERM: 'tmux-256color', COLORTERM: '24bit' }, 'true'],
    [true, { TERM: 'screen.xterm-256color', STY: '1.pts-0.box', COLORTERM: 'truecolor' }, 256],
    [true, { TERM: 'xterm-kitty' }, 'true'],
    [true, { TERM: 'nsterm', TERM_PROGRAM: 'Apple_Terminal' }, 256],
    [true, { FORCE_COLOR: '1', TERM: 'xterm-256color' }, 16],
    [false, { FORCE_COLOR: '2' }, 256],
    [false, { FORCE_COLOR: '3' }, 'true'],
    [true, { FORCE_COLOR: 'yes', TERM: 'xterm-256color' }, 256],
  ])('terminal %s, %j: %s', (isTTY, env, depth) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(depthOf(stream(isTTY))).toBe(depth);
  });
});

describe('canDraw', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'xterm' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { TERM: 'xterm', FORCE_COLOR: '1' }, false],
  ])('terminal %s, %j: %s', (isTTY, env, can) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(canDraw(stream(isTTY))).toBe(can);
  });
});
