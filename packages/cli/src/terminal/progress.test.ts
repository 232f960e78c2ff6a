import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearProgress, openProgress } from './progress.ts';
import type { ProgressClock } from './progress.ts';

/** A terminal that remembers, and a clock that stands until it is told to go on. */
function stage({ columns = 100, isTTY = true }: { readonly columns?: number; readonly isTTY?: boolean } = {}) {
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  let now = 0;
  const calls = new Set<() => void>();
  const clock: ProgressClock = {
    now: () => now,
    every(_milliseconds, call) {
      calls.add(call);
      return () => calls.delete(call);
    },
  };
  return {
    written,
    timers: () => calls.size,
    /** Lets time pass, a tenth of a second at a time. */
    pass(seconds: number) {
      for (let left = Math.round(seconds * 10); left > 0; left--) {
        now += 100;
        for (const call of calls) call();
      }
    },
    /** What stands on the line now. */
    line: () => written.at(-1)?.replaceAll('\r', '').trimEnd() ?? '',
    progress: openProgress(stream, clock),
  };
}

beforeEach(() => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM', 'LC_ALL', 'LC_CTYPE', 'LANG', 'CI']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => {
  clearProgress();
  vi.unstubAllEnvs();
});

describe('nothing is written', () => {
  it.each([
    ['without a terminal', { isTTY: false }, {}],
    ['to a terminal that cannot go back', {}, { TERM: 'dumb' }],
    ['on a build machine', {}, { CI: 'true' }],
    ['on another', {}, { CI: '1' }],
  ])('%s', (_, options, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { written, pass, progress, timers } = stage(options);
    progress.show('Reading', { done: 1, total: 2, unit: 'days' });
    pass(5);
    progress.clear();
    expect({ written, timers: timers() }).toEqual({ written: [], timers: 0 });
  });

  it('of a work that is done soon', () => {
    const { written, pass, progress } = stage();
    progress.show('Reading');
    pass(0.5);
    progress.clear();
    expect(written).toEqual([]);
  });
});

describe('a work of known length', () => {
  it('has a bar, its share, what is done, how fast, and how long still', () => {
    const { line, pass, progress } = stage();
    progress.show('Reading', { done: 0, total: 40, unit: 'days' });
    pass(2);
    expect(line()).toMatch(/^. ─{24} {2}Reading {2}0 % {2}0 of 40 days$/u);
    progress.show('Reading', { done: 10, total: 40, unit: 'days' });
    pass(0.1);
    expect(line()).toMatch(/^. ━{6}─{18} {2}Reading {2}25 % {2}10 of 40 days {2}4\.8 days\/s {2}7 s left$/u);
    progress.show('Reading', { done: 40, total: 40, unit: 'days' });
    pass(0.1);
    expect(line()).toMatch(/^. ━{24} {2}Reading {2}100 % {2}40 of 40 days {2}18 days\/s$/u);
  });

  it('counts the next part anew', () => {
    const { line, pass, progress } = stage();
    progress.show('Reading', { done: 40, total: 40, unit: 'days' });
    pass(10);
    progress.show('Computing', { done: 5, total: 10, unit: 'metrics' });
    pass(2);
    progress.show('Computing', { done: 9, total: 10, unit: 'metrics' });
    pass(0.1);
    expect(line()).toContain('9 of 10 metrics  1.9 metrics/s  1 s left');
  });

  it('of seconds tells the time and no rate, and asks for it at each drawing', () => {
    const { line, pass, progress } = stage();
    let done = 0;
    progress.show('Watching', () => ({ done: done++, total: 60, unit: 's' }));
    pass(0.6);
    const first = line();
    pass(0.1);
    expect([first, line()].map((text) => /Watching.*/.exec(text)?.[0])).toEqual(['Watching  0 %  0 of 60 s', 'Watching  1 %  1 of 60 s']);
  });

  it.each([20, 30, 45, 60, 80, 300])('has one line of fewer than %d columns', (columns) => {
    const { written, pass, progress } = stage({ columns });
    progress.show('Sending to a target with a name that is long', { done: 3, total: 7, unit: 'exports' });
    pass(3);
    progress.show('Sending to a target with a name that is long', { done: 5, total: 7, unit: 'exports' });
    pass(3);
    expect(written.length).toBeGreaterThan(10);
    for (const text of written) expect(text.slice(1)).toHaveLength(columns - 1);
  });

  it.each([
    [0, 0],
    [5, 0],
    [9, 4],
  ])('%d of %d breaks nothing', (done, total) => {
    const { line, pass, progress } = stage();
    progress.show('Reading', { done, total, unit: 'days' });
    pass(2);
    expect(line()).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the line', () => {
  it('turns while nothing is told', () => {
    const { written, pass, progress } = stage();
    progress.show('Asking');
    pass(2);
    expect(written.length).toBeGreaterThan(10);
    expect(new Set(written.map((text) => text.charAt(1))).size).toBe(10);
  });

  it('is of ASCII where there is no more', () => {
    vi.stubEnv('LC_ALL', 'C');
    const { written, pass, progress } = stage();
    progress.show('Reading', { done: 1, total: 2, unit: 'days' });
    pass(2);
    for (const text of written) expect(text).toMatch(/^\r[|/\\-] #{12}-{12} {2}Reading {2}50 % {2}1 of 2 days[ -~]*$/);
  });

  it('shows escape sequences of a name as text', () => {
    const { line, pass, progress } = stage();
    progress.show('Asking \u001b[2Jx\u202e');
    pass(1);
    expect(line()).toContain('Asking \\x1b[2Jx\\x202e');
  });

  it('is drawn ten times a second, however often it is told', () => {
    const { written, pass, progress } = stage();
    progress.show('Reading', { done: 0, total: 9, unit: 'days' });
    pass(1);
    const before = written.length;
    for (let index = 0; index < 100; index++) progress.show('Reading', { done: index, total: 100, unit: 'days' });
    expect(written.length - before).toBeLessThanOrEqual(1);
  });

  it('goes away whole, makes room for others, and comes back', () => {
    const { written, pass, line, progress, timers } = stage({ columns: 40 });
    progress.show('Reading');
    pass(1);
    clearProgress();
    expect(written.at(-1)).toBe(`\r${' '.repeat(39)}\r`);
    expect(timers()).toBe(0);
    const count = written.length;
    clearProgress();
    progress.clear();
    expect(written).toHaveLength(count);
    progress.show('Reading');
    expect(line()).toMatch(/Reading$/);
  });

  it('has colours where the terminal has them', () => {
    vi.stubEnv('NO_COLOR', undefined);
    const { written, pass, progress } = stage();
    progress.show('Reading', { done: 1, total: 2, unit: 'days' });
    pass(1);
    expect(written.at(-1)).toContain('\u001b[');
  });
});
