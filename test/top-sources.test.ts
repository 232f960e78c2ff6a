import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, startDaemon, temporary } from './cli.testing.ts';
import { HAS_PTY } from './pty.testing.ts';
import { leave, startedTop, startTop } from './top.testing.ts';
import { makeTree } from './tree.testing.ts';

/** A data directory in which a recorder has kept some seconds of this machine, processes too. */
async function recorded(): Promise<string> {
  const dataDir = temporary('recorded');
  const { status, stderr } = await run(['record', '--processes', '--interval', '0.2', '--count', '15', '--data-dir', dataDir]);
  expect(status, stderr).toBe(0);
  return dataDir;
}

describe.skipIf(!HAS_PTY)('another machine', () => {
  it('is shown through its daemon, waited for when that goes away, and left', async () => {
    const state = temporary('state');
    const data = temporary('data');
    const daemon = await startDaemon(['--no-record'], { env: { XDG_STATE_HOME: state, HECATE_DATA_DIR: data } });
    const pty = await startedTop(['--remote', daemon.url], { width: 160, height: 40, env: { XDG_STATE_HOME: state } });
    await pty.until(/PID USER/);
    await pty.until(/\d %/);
    expect(pty.screen()[0]).toContain(daemon.url.replace(/\/$/, ''));
    await daemon.end();
    await pty.until(/again|away|gone|lost|answers/i);
    await leave(pty);
  });

  it('cannot be acted on where its daemon does not let us', async () => {
    const daemon = await startDaemon(['--no-record']);
    const pty = await startedTop(['--remote', daemon.url], { width: 160, height: 40 });
    await pty.until(/PID USER/);
    pty.send('\u001b[Bk');
    await pty.until(() => /act|--allow-act|done/i.test(pty.screen().at(-1) ?? ''));
    expect(pty.screen().join('\n')).not.toContain('Signal to');
    await leave(pty);
    await daemon.end();
  });

  it.each([
    [['--remote', 'http://127.0.0.1:1'], 4, /No daemon answers at http:\/\/127\.0\.0\.1:1/],
    [['--remote', 'web1:9095'], 2, /no address of a daemon/],
    [['--remote', 'http://127.0.0.1:1', '--replay', '10:15'], 2, /name different machines/],
    [['--token-file', '/nowhere'], 2, /--token-file is for --remote/],
    [['--remote', 'http://127.0.0.1:1', '--token-file', '/nowhere/token'], 4, /The token in \/nowhere\/token cannot be read/],
  ])('%j: status %i', async (args, status, sentence) => {
    const pty = await startTop(args, { width: 200 });
    expect(await pty.ended()).toMatchObject({ status, raw: false });
    expect(pty.written()).toMatch(sentence);
    expect(pty.mode(1049)).toBe(false);
  });

  it('asks for a token that is one', async () => {
    const file = join(temporary('token'), 'token');
    writeFileSync(file, 'two words\n');
    const pty = await startTop(['--remote', 'http://127.0.0.1:1', '--token-file', file], { width: 200 });
    expect(await pty.ended()).toMatchObject({ status: 2 });
    expect(pty.written()).toContain(`There is no token in ${file}.`);
  });
});

describe.skipIf(!HAS_PTY)('a machine of files', () => {
  it('is shown as it stands, and nothing can be done to it', async () => {
    const pty = await startedTop(['--root', makeTree()], { width: 120, height: 40 });
    await pty.until(/small-machine/);
    expect(pty.screen().join('\n')).toContain('worker --option');
    pty.send('\u001b[Bk');
    await pty.until(() => !/\? help/.test(pty.screen().at(-1) ?? ''));
    expect(pty.screen().join('\n')).not.toContain('Signal to');
    await leave(pty);
  });
});

describe.skipIf(!HAS_PTY)('a recording', () => {
  it('is gone through', async () => {
    const dataDir = await recorded();
    const pty = await startedTop(['--replay', dataDir], { width: 160, height: 40 });
    await pty.until(/PAST/);
    await pty.until(/PID USER/);
    await pty.until(/\d %/);
    const last = pty.screen()[0];
    pty.send('\u001b[D');
    await pty.until(() => pty.screen()[0] !== last && pty.screen()[0]!.includes('PAST'));
    pty.send('0');
    await pty.until(/PAST/);
    pty.send('\u001b[Bk');
    await pty.until(/This is the past/);
    await leave(pty);
  });

  it('of which there is none is refused', async () => {
    const pty = await startTop(['--replay', '10:15'], { width: 200 });
    expect(await pty.ended()).toMatchObject({ status: 4, raw: false });
    expect(pty.written()).toMatch(/Nothing was recorded/);
    const wrong = await startTop(['--replay', 'soon'], { width: 200 });
    expect(await wrong.ended()).toMatchObject({ status: 2 });
  });

  it('of this machine is one keypress away from its present', async () => {
    const dataDir = await recorded();
    const pty = await startedTop(['--data-dir', dataDir], { width: 160, height: 40 });
    await pty.until(/\d %/);
    pty.send('\u001b[D');
    await pty.until(/PAST/);
    pty.send('\u001b');
    await pty.until(() => !/PAST/.test(pty.screen().join('\n')));
    await leave(pty);
  });
});

describe('without a terminal', () => {
  it('prints one table and ends', async () => {
    const { status, stdout, stderr } = await run(['top']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/CPU .* \d/);
    expect(stdout).toMatch(/Processes: \d+/);
    expect(stdout).toMatch(/pid +user +cpu/);
  });

  it('prints JSON: what is known, and null for the rest', async () => {
    const { status, stdout } = await run(['top', '--format', 'json', '--limit', '3', '--sort', 'pid']);
    expect(status).toBe(0);
    const data = JSON.parse(stdout) as {
      readonly time: number;
      readonly values: Readonly<Record<string, number | null>>;
      readonly processes: { readonly count: number; readonly list: readonly { readonly pid: number; readonly cpu: number | null }[] };
    };
    expect(Math.abs(data.time - Date.now() / 1000)).toBeLessThan(60);
    expect(data.values['cpu_usage_percent']).toBeGreaterThanOrEqual(0);
    expect(data.processes.list).toHaveLength(3);
    expect(data.processes.count).toBeGreaterThan(3);
    const pids = data.processes.list.map(({ pid }) => pid);
    expect(pids).toEqual(pids.toSorted((a, b) => a - b));
  });

  it('filters, and refuses what is no filter', async () => {
    const { stdout } = await run(['top', '--format', 'json', '--filter', `pid=${process.pid}`]);
    const { processes } = JSON.parse(stdout) as { readonly processes: { readonly matched: number; readonly list: readonly object[] } };
    expect(processes).toMatchObject({ matched: 1, list: [{ pid: process.pid }] });
    const refused = await run(['top', '--filter', 'cpu>>']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^hecate: /);
    expect(refused.stdout).toBe('');
  });

  it('shows a machine of files, without rates', async () => {
    const { status, stdout } = await run(['top', '--root', makeTree(), '--format', 'json']);
    expect(status).toBe(0);
    const { machine, values, processes } = JSON.parse(stdout) as {
      readonly machine: { readonly hostname: string };
      readonly values: Readonly<Record<string, number | null>>;
      readonly processes: { readonly list: readonly { readonly pid: number; readonly cpu: number | null }[] };
    };
    expect(machine.hostname).toBe('small-machine');
    expect(values).toMatchObject({ load1: 1.25 });
    expect(values['cpu_usage_percent'] ?? null).toBeNull();
    expect(processes.list).toMatchObject([
      { pid: 1, cpu: null },
      { pid: 42, cpu: null },
    ]);
    expect(await run(['top', '--root', '/nowhere-at-all'])).toMatchObject({ status: 2, stdout: '' });
  });

  it.each([
    [['--sort', 'cpuu'], /Did you mean|choices|Choose|Allowed/i],
    [['--interval', '0'], /at least 0\.1/],
    [['--interval', '61'], /at most 60/],
    [['--limit', '-1'], /at least 0/],
    [['--format', 'xml'], /xml/],
  ])('%j is refused', async (args, sentence) => {
    const { status, stderr } = await run(['top', ...args]);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
