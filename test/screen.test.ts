import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, temporary } from './cli.testing.ts';
import { HAS_PTY, startPty } from './pty.testing.ts';
import type { Pty } from './pty.testing.ts';
import { root } from './source-tree.testing.ts';

const player = join(temporary('screen'), 'player.mjs');

beforeAll(() =>
  build({
    entryPoints: [join(root, 'test', 'screen-player.testing.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: player,
    logLevel: 'warning',
  }),
);

/** The player on the screen, when it has drawn. */
async function play(width = 80, height = 24, env: NodeJS.ProcessEnv = {}): Promise<Pty> {
  const pty = await startPty([process.execPath, player], {
    width,
    height,
    env: cleanEnvironment({ TERM: 'xterm-256color', COLORTERM: 'truecolor', ...env }),
  });
  return pty;
}

/** Nothing of us is left on the terminal. */
function expectRestored(pty: Pty): void {
  expect([1049, 2004, 1002, 1006, 2026].filter((mode) => pty.mode(mode))).toEqual([]);
  expect(
    [25, 7].filter((mode) => pty.mode(mode)),
    'cursor and line ends',
  ).toEqual([25, 7]);
}

describe.skipIf(!HAS_PTY)('a screen', () => {
  it('takes the terminal, draws, and gives it back', async () => {
    const pty = await play();
    await pty.until(/^size 80x24\nframe 1\n/);
    expect([25, 7, 1049, 2004, 1002, 1006].map((mode) => pty.mode(mode))).toEqual([false, false, true, true, true, true]);
    expect(pty.cell(0, 0)).toMatchObject({ text: 's', fg: 0xff8000, bold: true });
    expect(pty.cell(79, 23).text).toBe('#');
    expect(pty.screen()[3]).toContain(String.raw`\x1b[31mred`);
    pty.send('q');
    expect(await pty.ended()).toEqual({ status: 0, signal: null, raw: false });
    expectRestored(pty);
    expect(pty.screen().join('').trim()).toBe('');
  });

  it('hands over keys, clicks, pastes, and a lone Escape', async () => {
    const pty = await play();
    await pty.until(/size/);
    pty.send('k\u001b[1;5A\u001b[<0;5;6M\u001b[200~two words\u001b[201~ä');
    await pty.until(/k ctrl\+up press@4,5 paste=two words ä/);
    pty.send('\u001b');
    await pty.until(/ä escape/);
    pty.send('\u0003'); // No signal: a key like another.
    await pty.until(/escape ctrl\+c/);
    pty.send('q');
    expect((await pty.ended()).status).toBe(0);
  });

  it.each([
    [1, 1],
    [200, 50],
    [1000, 1000],
  ])('of %ix%i', async (width, height) => {
    const pty = await play(width, height);
    await pty.until(() => pty.cell(width - 1, height - 1).text === '#');
    pty.send('q');
    expect(await pty.ended()).toMatchObject({ status: 0, raw: false });
  });

  it('that says no size is 80x24', async () => {
    const pty = await play(0, 0);
    await pty.until(/^size 80x24/);
    pty.resize(100, 30);
    await pty.until(/^size 100x30/);
    pty.send('q');
    expect((await pty.ended()).status).toBe(0);
  });

  it('follows the size of the window', async () => {
    const pty = await play();
    await pty.until(/^size 80x24/);
    pty.resize(120, 40);
    await pty.until(/^size 120x40/);
    pty.resize(40, 10);
    await pty.until(/^size 40x10/);
    expect(pty.cell(39, 9).text).toBe('#');
    pty.send('q');
    await pty.ended();
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('is given back at %s', async (signal, status) => {
    const pty = await play();
    await pty.until(/size/);
    pty.signal(signal);
    expect(await pty.ended()).toEqual({ status, signal: null, raw: false });
    expectRestored(pty);
  });

  it.each([
    ['x', 'an exception', 1, 'thrown on purpose'],
    ['r', 'a promise that nobody catches', 1, 'rejected on purpose'],
    ['e', 'process.exit', 3, ''],
  ])('is given back at %s: %s', async (key, _name, status, text) => {
    const pty = await play();
    await pty.until(/size/);
    pty.send(key);
    expect(await pty.ended()).toEqual({ status, signal: null, raw: false });
    expectRestored(pty);
    // The report is on the screen of the shell.
    expect(pty.screen().join('\n')).toContain(text);
  });

  it.each([
    ['Ctrl-Z by itself', (pty: Pty): void => pty.send('z')],
    ['SIGTSTP', (pty: Pty): void => pty.signal('SIGTSTP')],
  ])('stops at %s and comes back whole', async (_name, ask) => {
    const pty = await play();
    for (const round of [1, 2]) {
      await pty.until(() => pty.mode(1049));
      await pty.until(/^size 80x24\nframe \d/);
      ask(pty);
      expect(await pty.stopped(), `round ${round}`).toMatchObject({ signal: 'SIGTSTP', raw: false });
      await pty.until(() => !pty.mode(1049));
      expectRestored(pty);
      if (round === 2) pty.resize(90, 20);
      pty.foreground();
    }
    await pty.until(/^size 90x20/);
    pty.send('k');
    await pty.until(/\nk\n/);
    pty.send('q');
    expect(await pty.ended()).toEqual({ status: 0, signal: null, raw: false });
    expectRestored(pty);
  });

  it('that was stopped behind its back is raw and whole again', async () => {
    const pty = await play();
    await pty.until(/size/);
    pty.signal('SIGSTOP');
    await pty.stopped();
    pty.foreground();
    await pty.until(/frame 2/);
    pty.send('k'); // Without a line end: the terminal must be raw.
    await pty.until(/\nk\n/);
    pty.send('q');
    expect(await pty.ended()).toEqual({ status: 0, signal: null, raw: false });
  });

  it.each([true, false])('ends quietly when its window is closed, with the signal: %s', async (withSignal) => {
    const pty = await play();
    await pty.until(/size/);
    pty.hangUp(withSignal);
    expect(await pty.ended()).toMatchObject({ status: null, signal: 'SIGHUP' });
  });

  it('waits for no terminal that stands still, and then shows the newest only', async () => {
    const pty = await play(200, 50);
    await pty.until(/size/);
    pty.pause(true);
    pty.send('f');
    pty.send('k');
    const before = pty.written().length;
    pty.pause(false);
    await pty.until(/flooded k/);
    // Two hundred pictures of 9,000 letters were drawn.
    expect(pty.written().length - before).toBeLessThan(1_000_000);
    pty.send('q');
    expect((await pty.ended()).status).toBe(0);
  });

  it('ends at SIGTERM though the terminal stands still', async () => {
    const pty = await play(1000, 1000);
    await pty.until(() => pty.cell(999, 999).text === '#');
    pty.pause(true);
    pty.send('f');
    pty.signal('SIGTERM');
    await pty.until(() => !isAlive(pty.pid));
    pty.pause(false);
    expect(await pty.ended()).toMatchObject({ status: 143, raw: false });
  });

  it.each([
    [{ TERM: 'linux', COLORTERM: undefined }, /zsh \? \? {2}\? /],
    [{ LC_ALL: 'C', NO_COLOR: '1' }, /zsh /],
  ])('is ASCII where nothing else can be shown: %j', async (env, text) => {
    const pty = await play(80, 24, env);
    await pty.until(text);
    pty.send('q');
    await pty.ended();
    expect([...pty.written()].filter((letter) => letter !== '\u001b' && (letter < ' ' || letter > '~'))).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
