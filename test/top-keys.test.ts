import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, temporary } from './cli.testing.ts';
import { HAS_PTY } from './pty.testing.ts';
import type { Pty } from './pty.testing.ts';
import { leave, lineWith, sleeper, startedTop, startTop } from './top.testing.ts';

const text = (pty: Pty): string => pty.screen().join('\n');
const ESC = '\u001b';

describe.skipIf(!HAS_PTY)('keys', () => {
  it('filter while they are typed, say what is wrong, and take the filter away', async () => {
    const child = await sleeper('hecate-test-typed');
    const pty = await startedTop();
    pty.send('/');
    await pty.until(/Filter _/);
    pty.send('cpu>>');
    await pty.until(/Filter cpu>>_ +\S/);
    pty.send('\u0015');
    await pty.until(/Filter _/);
    pty.send(`${ESC}[200~pid=${child.pid} cmd~typed${ESC}[201~`);
    await pty.until(/1 of \d+/);
    expect(text(pty)).toContain('hecate-test-typed');
    pty.send('\r');
    await pty.until(/filter: pid=/);
    pty.send(ESC);
    await pty.until(() => !/filter: pid=/.test(text(pty)));
    await leave(pty);
  });

  it('make a tree, and sort', async () => {
    const pty = await startedTop();
    pty.send('t');
    await pty.until(/tree/);
    pty.send('tN');
    await pty.until(/▲PID/);
    expect(lineWith(pty, /^│ +1 /)).toBeDefined();
    pty.send('r');
    await pty.until(/▼PID/);
    pty.send('s');
    await pty.until(/Sort by/);
    pty.send(`${ESC}[H\r`);
    await pty.until(/▼CPU%/);
    await leave(pty);
  });

  it('open all about a process, and close it', async () => {
    const child = await sleeper('hecate-test-detail');
    const pty = await startedTop(['--filter', `pid=${child.pid}`], { width: 120, height: 40 });
    await pty.until(/hecate-test-detail/);
    pty.send(`${ESC}[B\r`);
    await pty.until(new RegExp(`process ${child.pid}`));
    await pty.until(/command +hecate-test-detail 60/);
    pty.send(ESC);
    await pty.until(/7 processes/);
    await leave(pty);
  });

  it('end a process after asking, and only then', async () => {
    const child = await sleeper('hecate-test-ended');
    const gone = once(child, 'exit');
    const pty = await startedTop(['--filter', `pid=${child.pid}`]);
    await pty.until(/hecate-test-ended/);
    pty.send(`${ESC}[Bk`);
    await pty.until(/Signal to/);
    pty.send('\r');
    await pty.until(new RegExp(String.raw`Send TERM to .*\(${child.pid}\)\?`));
    pty.send('n');
    await pty.until(/Signal to/);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    pty.send('\r');
    await pty.until(/Send TERM to/);
    pty.send('y');
    expect(await gone).toEqual([null, 'SIGTERM']);
    await pty.until(/TERM was sent to/);
    await leave(pty);
  });

  it('change a priority', async () => {
    const child = await sleeper('hecate-test-nice');
    const pty = await startedTop(['--filter', `pid=${child.pid}`], { width: 140, height: 40 });
    await pty.until(/hecate-test-nice/);
    pty.send(`${ESC}[Bn`);
    await pty.until(/-20|nice/i);
    pty.send(`${ESC}[C${ESC}[C\ry`);
    await pty.until(/niceness of process \d+ .* is 2 now/);
    await leave(pty);
  });

  it('hold the screen still, and zoom', async () => {
    const pty = await startedTop();
    await pty.until(/-60 s/);
    pty.send(' ');
    await pty.until(/FROZEN/);
    const frozen = pty.screen()[0];
    pty.send('--');
    await pty.until(/-5 min/);
    expect(pty.screen()[0]).toBe(frozen);
    pty.send('+ ');
    await pty.until(/-2 min/);
    await pty.until(() => !/FROZEN/.test(text(pty)));
    await leave(pty);
  });

  it('show the help, which scrolls', async () => {
    const pty = await startedTop();
    pty.send('?');
    await pty.until(/the process above/);
    pty.send(`${ESC}[F`);
    await pty.until(/Ctrl\+C/);
    pty.send('q');
    await pty.until(/7 processes/);
    await leave(pty);
  });

  it('show and hide boxes, one over the whole screen, and other colours', async () => {
    const pty = await startedTop();
    pty.send('1');
    await pty.until(() => !text(pty).includes('1 cpu'));
    pty.send('1\t');
    await pty.until(() => text(pty).includes('1 cpu') && !text(pty).includes('7 processes'));
    pty.send(`${ESC}[Z`);
    await pty.until(/7 processes/);
    const before = pty.cell(0, 1).fg;
    pty.send('T');
    await pty.until(/Theme/);
    pty.send(`${ESC}[B\r`);
    await pty.until(() => !/─ Theme/.test(text(pty)) && pty.cell(0, 1).fg !== before);
    await leave(pty);
  });

  it('go into the past, as far as anything is known, and come back', async () => {
    const pty = await startedTop();
    await pty.until(/-60 s/);
    pty.send('m');
    await pty.until(/Go to a time/);
    pty.send('next week\r');
    await pty.until(/no time that hecate understands/);
    pty.send('\u00152020-01-01\r');
    await pty.until(/Nothing is recorded of then/);
    pty.send(ESC);
    await pty.until(() => !/Go to a time/.test(text(pty)));
    // Nothing is recorded here: what was looked at since the start is there still.
    pty.send('{');
    await pty.until(/PAST/);
    expect(text(pty)).toMatch(/PID USER/);
    pty.send('{');
    await pty.until(/Nothing older is recorded/);
    pty.send('0');
    await pty.until(() => !/PAST/.test(text(pty)));
    await leave(pty);
  });
});

/** The directory with a configuration of the user. */
function configured(toml: string): NodeJS.ProcessEnv {
  const home = temporary('config');
  mkdirSync(join(home, 'hecate'), { recursive: true });
  writeFileSync(join(home, 'hecate', 'config.toml'), toml);
  return { XDG_CONFIG_HOME: home };
}

describe.skipIf(!HAS_PTY)('[top] of config.toml', () => {
  it('says how the screen begins, and which key does what', async () => {
    const env = configured('[top]\nboxes = ["cpu", "processes"]\nsort = "pid"\n[top.keys]\nhelp = "f3"\nquit = "x"\n');
    const pty = await startedTop([], { env });
    await pty.until(/▲PID/);
    expect(text(pty)).not.toContain('3 disk');
    expect(text(pty)).toContain('F3 help  x quit');
    pty.send(`${ESC}OR`);
    await pty.until(/the process above/);
    pty.send(`${ESC}OR`);
    await eventually(() => !/the process above/.test(text(pty)), 'the help is closed');
    pty.send('x');
    expect(await pty.ended()).toMatchObject({ status: 0 });
  });

  it.each([
    ['[top]\ntheme = "pink"\n', /There is no theme "pink"/],
    ['[top.keys]\nhlep = "f3"\n', /no command "hlep".*Did you mean help/s],
    ['[top.keys]\nhelp = "x"\ntree = "x"\n', /x is given to help and to tree/],
    ['[top]\ninterval = 0\n', /interval must be a number of seconds from 0\.1 to 60/],
  ])('%j is refused', async (toml, sentence) => {
    const pty = await startTop([], { env: configured(toml), width: 200 });
    expect(await pty.ended()).toMatchObject({ status: 2 });
    expect(pty.written()).toMatch(sentence);
  });
});
