import { describe, expect, it } from 'vitest';
import { HAS_PTY } from './pty.testing.ts';
import { click, expectRestored, leave, lineWith, sleeper, startedTop, startTop } from './top.testing.ts';

describe.skipIf(!HAS_PTY)('the screen', () => {
  it.each([
    [80, 24],
    [200, 50],
    [300, 80],
  ])('shows the machine at %i x %i', async (width, height) => {
    const pty = await startedTop([], { width, height });
    await pty.until(/\d %/);
    const text = pty.screen().join('\n');
    for (const title of ['1 cpu', '2 memory', '3 disk', '4 network', '7 processes', '? help']) expect(text).toContain(title);
    expect(pty.screen().filter((line) => line.length > width)).toEqual([]);
    expect(text).toMatch(/[⠁-⣿]/u);
    await leave(pty);
  });

  it('holds on in any size, and comes back whole', async () => {
    const pty = await startedTop();
    for (const [width, height] of [
      [1, 1],
      [2, 40],
      [40, 2],
      [20, 5],
      [1000, 1000],
      [80, 24],
    ] as const) {
      pty.resize(width, height);
      if (width >= 20 && height >= 5) await pty.until(/[╭│]/);
    }
    await pty.until(/\? help/);
    expect(pty.screen().at(-1)).toContain('? help');
    expect(pty.screen()).toHaveLength(24);
    await leave(pty);
  });

  it('stops and goes on as a job of the shell', async () => {
    const pty = await startedTop();
    pty.send('\u001a');
    expect(await pty.stopped()).toMatchObject({ raw: false });
    await pty.until(() => !pty.mode(1049));
    expectRestored(pty);
    pty.foreground();
    await pty.until(() => pty.mode(1049) && /processes/.test(pty.screen().join('\n')));
    await leave(pty);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('gives the terminal back at %s', async (signal) => {
    const pty = await startedTop();
    process.kill(pty.pid, signal);
    const { status, signal: by, raw } = await pty.ended();
    expect({ ended: status !== 0 || by !== null, raw }).toEqual({ ended: true, raw: false });
    expectRestored(pty);
  });

  it.each([true, false])('ends when its terminal is closed, with a signal: %s', async (withSignal) => {
    const pty = await startedTop();
    pty.hangUp(withSignal);
    const { status, signal } = await pty.ended(10);
    expect(signal ?? status).not.toBe(0);
    expect(signal).not.toBe('SIGABRT');
  });

  it('ends with Ctrl-C, whatever is open', async () => {
    const pty = await startedTop();
    pty.send('/abc');
    await pty.until(/Filter abc_/);
    pty.send('\u0003');
    expect(await pty.ended()).toMatchObject({ status: 0, raw: false });
    expectRestored(pty);
  });

  it('tells what is wrong before it takes the terminal', async () => {
    const pty = await startTop(['--theme', 'hecat']);
    expect(await pty.ended()).toMatchObject({ status: 2, raw: false });
    expect(pty.written()).toContain('There is no theme "hecat".');
    expect(pty.written()).not.toContain('\u001b[?1049h');
  });

  it('shows processes that call themselves anything, and stays whole', async () => {
    const name = '\u001b[31mred\u001b[2J👩‍👩‍👧日本\u202eevil';
    const child = await sleeper(name);
    const pty = await startedTop(['--filter', `pid=${child.pid}`], { width: 160, height: 40 });
    await pty.until(/x1b\[31mred/);
    const line = lineWith(pty, /x1b\[31mred/);
    expect(line).toContain(String.raw`\x1b[31mred\x1b[2J`);
    expect(line).toMatch(/[│█]$/);
    expect(line).toContain(String.raw`\x202e`);
    expect(pty.written()).not.toContain('\u001b[31mred');
    await leave(pty);
  });
});

describe.skipIf(!HAS_PTY)('the mouse', () => {
  it('sorts by a heading that is clicked, and turns the order round the second time', async () => {
    const pty = await startedTop();
    await pty.until(/PID USER/);
    const y = pty.screen().findIndex((line) => line.includes('PID USER'));
    const x = pty.screen()[y]!.indexOf('PID');
    click(pty, x + 1, y);
    await pty.until(/▲PID/);
    click(pty, x + 1, y);
    await pty.until(/▼PID/);
    await leave(pty);
  });

  it('opens a box over the whole screen by its title, and goes back by it', async () => {
    const pty = await startedTop();
    const x = pty.screen()[1]!.indexOf('cpu');
    click(pty, x, 1);
    await pty.until(() => !pty.screen().join('\n').includes('processes'));
    click(pty, pty.screen()[1]!.indexOf('cpu'), 1);
    await pty.until(/7 processes/);
    await leave(pty);
  });

  it('goes to the time of a graph that is clicked', async () => {
    const pty = await startedTop();
    /** The right end of the times under the graph of the processor. */
    const ofNow = (): { x: number; y: number } => {
      const y = pty.screen().findIndex((row, index) => index > 3 && row.includes('-60 s'));
      return { x: (pty.screen()[y] ?? '').indexOf(' now ') + 4, y };
    };
    // The last column is now. The one that is clicked has values, and so has the one before it: the first scene of all has none.
    await pty.until(() => {
      const { x, y } = ofNow();
      return y > 3 && /^[\u2801-\u28ff]{4}$/.test(pty.screen()[y - 1]!.slice(x - 3, x + 1));
    });
    const { x, y } = ofNow();
    click(pty, x - 2, y - 2);
    await pty.until(/PAST/);
    expect(pty.screen()[y]).toMatch(/\d\d:\d\d:\d\d/);
    pty.send('0');
    await pty.until(() => !pty.screen()[0]!.includes('PAST'));
    click(pty, x - 2, y - 2);
    await pty.until(/PAST/);
    // There the right end is the moment that is shown; the present is reached by the key.
    click(pty, x, y - 2);
    pty.send('0');
    await pty.until(() => !pty.screen()[0]!.includes('PAST'));
    await leave(pty);
  });

  it('selects a process, and opens it the second time', async () => {
    const child = await sleeper('hecate-test-clicked');
    const pty = await startedTop(['--filter', `pid=${child.pid}`]);
    await pty.until(/hecate-test-clicked/);
    const y = pty.screen().findIndex((line) => line.includes('hecate-test-clicked'));
    click(pty, 20, y);
    click(pty, 20, y);
    await pty.until(new RegExp(`process ${child.pid}`));
    await leave(pty);
  });
});

describe.skipIf(!HAS_PTY)('terminals that show less', () => {
  it('has no colours with NO_COLOR', async () => {
    const pty = await startedTop([], { env: { NO_COLOR: '1' } });
    await pty.until(/\d %/);
    // oxlint-disable-next-line no-control-regex
    const looks = [...pty.written().matchAll(/\u001b\[([\d;]*)m/g)].flatMap(([, numbers]) => (numbers ?? '').split(';'));
    expect(looks.filter((number) => Number(number) >= 30)).toEqual([]);
    await leave(pty);
  });

  it('writes nothing but ASCII where the locale has no more', async () => {
    const pty = await startedTop([], { env: { LC_ALL: 'C' }, width: 200, height: 50 });
    await pty.until(/\d %/);
    pty.send('?');
    await pty.until(/Keys/);
    pty.send('?T');
    await pty.until(/Theme/);
    // oxlint-disable-next-line no-control-regex
    expect(/[^\u0000-\u007f]/.exec(pty.written())).toBeNull();
    pty.send('\u001b');
    await pty.until(() => !/Theme/.test(pty.screen().join('\n')));
    await leave(pty);
  });

  it('prints a table where nothing can be drawn, and says so', async () => {
    const pty = await startTop([], { env: { TERM: 'dumb' } });
    expect(await pty.ended()).toMatchObject({ status: 0 });
    expect(pty.written()).toMatch(/TERM is dumb: nothing can be drawn/);
    expect(pty.written()).toMatch(/Processes: \d+/);
    expect(pty.written()).not.toContain('\u001b[');
  });
});
