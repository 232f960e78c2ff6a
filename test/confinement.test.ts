import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { landlockVersion } from '@hecate/host';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';

const root = process.getuid?.() === 0;
const NOBODY = 65_534;

function landlock(): number {
  try {
    return landlockVersion();
  } catch {
    return 0; // None here: the tests that need it say so.
  }
}
const version = process.platform === 'linux' ? landlock() : 0;
if (!root) process.stdout.write('SKIPPED: to become another user takes root\n');
if (version === 0) process.stdout.write('SKIPPED: the sandbox: this kernel has no Landlock\n');

/** Directories that a user who is nobody can get to. */
function openPlace(): { data: string; env: Record<string, string>; place: string } {
  const place = temporary('confined');
  execFileSync('chmod', ['755', place]);
  return { place, data: join(place, 'data'), env: { XDG_STATE_HOME: join(place, 'state'), HECATE_DATA_DIR: join(place, 'data') } };
}

const status = ({ child }: Daemon): string => readFileSync(`/proc/${child.pid}/status`, 'utf8');

/** Another thread than the first, by the name that it has in the list. */
const threads = ({ child }: Daemon): string[] => readdirSync(`/proc/${child.pid}/task`);

describe.skipIf(!root || process.platform !== 'linux')('--user', () => {
  it('becomes that user in every thread, without capabilities, and goes on: records, samples, answers', async () => {
    const { env, data } = openPlace();
    const daemon = await startDaemon(['--user', 'nobody', '--host', '0.0.0.0', '--interval', '0.2'], { env });
    await daemon.until(/The daemon is the user nobody from now on\./);
    for (const thread of threads(daemon)) {
      const text = readFileSync(`/proc/${daemon.child.pid}/task/${thread}/status`, 'utf8');
      expect(text).toMatch(new RegExp(`^Uid:(?:\\t${NOBODY}){4}$`, 'm'));
      expect(text).toMatch(/^CapEff:\t0+$/m);
      expect(text).toMatch(/^CapPrm:\t0+$/m);
    }
    expect(status(daemon)).toMatch(/^NoNewPrivs:\t1$/m);
    const token = new URL(daemon.url).searchParams.get('token')!;
    const base = `http://127.0.0.1:${new URL(daemon.url).port}`;
    const json = async (path: string): Promise<Record<string, unknown>> =>
      (await (await fetch(base + path, { headers: { authorization: `Bearer ${token}` } })).json()) as Record<string, unknown>;
    const before = Number((await json('/healthz'))['samples']);
    await eventually(async () => Number((await json('/healthz'))['samples']) > before + 3, 'more samples');
    expect(await json('/healthz')).toMatchObject({ recording: true });
    // What only root could read is a gap with its reason.
    const { gaps } = (await json('/api/v1/snapshot')) as { gaps: { reason: string }[] };
    expect(gaps.filter(({ reason }) => reason === 'error')).toEqual([]);
    expect((await daemon.end()).status).toBe(0);
    const left = readdirSync(data, { recursive: true }) as string[];
    expect(left.some((name) => name.endsWith('.csv'))).toBe(true);
    for (const name of left) expect(statSync(join(data, name)).uid, name).toBe(NOBODY);
    const state = join(env['XDG_STATE_HOME']!, 'hecate');
    for (const name of readdirSync(state, { recursive: true }) as string[]) expect(statSync(join(state, name)).uid, name).toBe(NOBODY);
    const again = await startDaemon(['--user', 'nobody', '--host', '0.0.0.0'], { env });
    expect(new URL(again.url).searchParams.get('token')).toBe(token);
    await again.end();
  });

  it.each([
    ['nobody has that name', ['--user', 'no-such-user'], 'There is no user "no-such-user" in /etc/passwd.'],
    ['root is no other user', ['--user', 'root'], 'The user root is no user without rights.'],
    ['who tunes keeps rights', ['--user', 'nobody', '--tune', 'server'], 'cannot tune the machine.'],
    ['who acts keeps rights', ['--user', 'nobody', '--allow-act'], 'cannot act on processes of others.'],
    ['who tunes writes', ['--sandbox', '--tune', 'server'], 'cannot take the right to write from itself.'],
  ])('%s: one sentence, before anything is done', async (_what, args, sentence) => {
    const { env, data } = openPlace();
    const ended = await run(['serve', '--port', '0', ...args], { env });
    expect(ended).toMatchObject({ status: 2, stdout: expect.not.stringContaining('Recording') });
    expect(ended.stderr).toContain(sentence);
    expect(existsSync(join(data, 'recorder.lock'))).toBe(false);
  });

  it('directories of somebody else are refused, and nothing in them is changed', async () => {
    const { env, data } = openPlace();
    mkdirSync(data);
    expect((await run(['serve', '--port', '0', '--user', 'nobody'], { env })).stderr).toBe(
      `hecate: ${data} does not belong to the user nobody.\n        As root: chown -R nobody: ${data}\n`,
    );
    chownSync(data, NOBODY, NOBODY);
    writeFileSync(join(data, '2026-01-01.csv'), 'x');
    expect((await run(['serve', '--port', '0', '--user', 'nobody'], { env })).stderr).toContain(
      '2026-01-01.csv does not belong to the user',
    );
    expect(statSync(join(data, '2026-01-01.csv')).uid).toBe(0);
  });

  it('a directory that the user cannot get to ends it with a sentence', async () => {
    const { env, place } = openPlace();
    execFileSync('chmod', ['700', place]);
    const { status: code, stderr } = await run(['serve', '--port', '0', '--user', 'nobody'], { env });
    expect({ code, told: stderr.includes('The user nobody cannot write in') }).toEqual({ code: 5, told: true });
  });
});

describe.skipIf(process.getuid?.() === 0 || process.platform !== 'linux')('--user without root', () => {
  it('is refused for another user, and nothing for oneself', async () => {
    const { env } = openPlace();
    const { status: code, stderr } = await run(['serve', '--port', '0', '--user', 'daemon'], { env });
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: 'hecate: Only root can become the user daemon.\n        Start hecate as root, or as that user.\n',
    });
    const { username } = userInfo();
    const daemon = await startDaemon(['--user', username, '--no-record'], { env });
    expect((await daemon.end()).status).toBe(0);
  });
});

describe.skipIf(version === 0)('--sandbox', () => {
  it('works as before, and writes nowhere else: a symbolic link in its own directory leads nowhere', async () => {
    const { env, data, place } = openPlace();
    const outside = join(place, 'outside');
    mkdirSync(outside);
    mkdirSync(data);
    // What it would write by itself, led out of its directory: the day file of today.
    const today = new Date();
    const name = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, '0')}-${String(today.getDate()).padStart(2, '0')}.csv`;
    writeFileSync(join(outside, 'victim.csv'), '');
    execFileSync('ln', ['-s', join(outside, 'victim.csv'), join(data, name)]);
    const daemon = await startDaemon(['--sandbox', '--interval', '0.2'], { env });
    try {
      await eventually(async () => Number((await daemon.json('healthz'))['samples']) > 5, 'samples');
      expect(daemon.stderr()).not.toMatch(/not confined|unconfined/);
    } finally {
      expect((await daemon.end()).status).toBe(0);
    }
    expect(readFileSync(join(outside, 'victim.csv'), 'utf8')).toBe('');
  });

  it('records as it does without', async () => {
    const { env, data } = openPlace();
    const daemon = await startDaemon(['--sandbox', '--interval', '0.1'], { env });
    await eventually(async () => Number((await daemon.json('healthz'))['samples']) > 5, 'samples');
    const { status: code, stderr } = await daemon.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(data).some((file) => file.endsWith('.csv'))).toBe(true);
  });
});
