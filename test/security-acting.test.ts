import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { ask } from './security.testing.ts';

const linux = process.platform === 'linux';
const JSON_BODY = { 'Content-Type': 'application/json' };
const home = temporary('acting');
const environment = { XDG_STATE_HOME: join(home, 'state'), XDG_CONFIG_HOME: join(home, 'config'), HECATE_DATA_DIR: join(home, 'data') };
const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
let daemon: Daemon;
let act: string;

beforeAll(async () => {
  daemon = await startDaemon(['--interval', '0.2', '--no-record', '--allow-act'], { env: environment });
  act = readFileSync(join(home, 'state', 'hecate', 'act-token'), 'utf8').trim();
});
afterAll(() => daemon.end());

describe('acting', () => {
  const post = (what: string, body: unknown, token = act): Promise<{ status: number; text: string }> =>
    ask(daemon, `/api/v1/processes/${what}`, { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_BODY, ...bearer(token) } });

  it.runIf(linux)('priority and signal reach the process that is meant, and only that one; all is written down', async () => {
    const child = spawn('sleep', ['1000']);
    const ended = new Promise<string | null>((resolve) => {
      child.on('exit', (_status, signal) => resolve(signal));
    });
    try {
      const found = await eventually(async () => {
        const { processes } = (await daemon.json('api/v1/processes')) as { processes: { pid: number; startedAfterBoot: number }[] };
        return processes.find(({ pid }) => pid === child.pid);
      }, 'the process in the list');
      const { pid, startedAfterBoot } = found;
      expect((await post('priority', { pid, startedAfterBoot, nice: 7 })).status).toBe(200);
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[16]).toBe('7');
      for (const wrong of [startedAfterBoot - 0.01, startedAfterBoot + 1])
        expect(await post('signal', { pid, startedAfterBoot: wrong, signal: 'KILL' })).toMatchObject({
          status: 409,
          text: expect.stringContaining('CONFLICT'),
        });
      expect(await post('signal', { pid, startedAfterBoot, signal: 'TERM' })).toMatchObject({
        status: 200,
        text: expect.stringContaining('"sleep"'),
      });
      expect(await ended).toBe('SIGTERM');
      expect((await post('signal', { pid, startedAfterBoot, signal: 'TERM' })).status).toBe(503);
      const log = join(home, 'state', 'hecate', 'acts.jsonl');
      expect(statSync(log).mode & 0o777).toBe(0o600);
      const lines = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.filter((line) => line['pid'] === pid).map(({ act: what, result }) => `${String(what)} ${String(result)}`)).toEqual([
        'priority asked', 'priority done', 'signal asked', 'signal CONFLICT', 'signal asked', 'signal CONFLICT', 'signal asked', 'signal done', 'signal asked', 'signal UNAVAILABLE',
      ]); // oxfmt-ignore
      expect(daemon.stderr()).toMatch(new RegExp(`^hecate: act: act=signal signal=TERM pid=${pid} .* name=sleep result=done$`, 'm'));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([
    ['process 1', { pid: 1, startedAfterBoot: 0, signal: 'KILL' }, 403],
    ['a signal that is none', { pid: 5, startedAfterBoot: 0, signal: 'SEGV' }, 400],
    ['a group', { pid: -5, startedAfterBoot: 0, signal: 'TERM' }, 400],
    ['everybody', { pid: 0, startedAfterBoot: 0, signal: 'TERM' }, 400],
    ['half a number', { pid: 5.5, startedAfterBoot: 0, signal: 'TERM' }, 400],
    ['a text', { pid: '5', startedAfterBoot: 0, signal: 'TERM' }, 400],
    ['nobody', { signal: 'TERM' }, 400],
    ['more than there is', { pid: 5, startedAfterBoot: 0, signal: 'TERM', also: 'id' }, 400],
    ['a list', [], 400],
    ['null', null, 400],
  ])('%s is left alone', async (_what, body, status) => {
    expect((await post('signal', body)).status).toBe(status);
  });

  it('the daemon itself is left alone, and so is a thread of the kernel', async () => {
    expect((await post('signal', { pid: daemon.child.pid, startedAfterBoot: 0, signal: 'KILL' })).status).toBe(403);
    expect((await ask(daemon, '/healthz')).status).toBe(200);
  });

  it('without --allow-act nobody acts, whatever they bring', async () => {
    const env = { ...environment, XDG_CONFIG_HOME: join(home, 'none') };
    const calm = await startDaemon(['--no-record'], { env });
    try {
      const body = JSON.stringify({ pid: 1, startedAfterBoot: 0, signal: 'TERM' });
      const answer = await ask(calm, '/api/v1/processes/signal', { method: 'POST', body, headers: { ...JSON_BODY, ...bearer(act) } });
      expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('--allow-act') });
      expect(calm.stdout()).not.toContain('token');
    } finally {
      await calm.end();
    }
  });

  it('a new token is in force at once, and the old one is not', async () => {
    const state = { XDG_STATE_HOME: join(temporary('token'), 'state') };
    const other = await startDaemon(['--no-record', '--allow-act'], { env: state });
    try {
      const scopes = async (token: string): Promise<string> => (await ask(other, '/api/v1/access', { headers: bearer(token) })).text;
      const old = (await run(['token', 'act'], { env: state })).stdout.trim();
      expect(await scopes(old)).toContain('"act"');
      const renewed = (await run(['token', 'act', '--new'], { env: state })).stdout.trim();
      expect(renewed).not.toBe(old);
      await eventually(async () => (await scopes(renewed)).includes('"act"'), 'the new token');
      expect(await scopes(old)).not.toContain('"act"');
    } finally {
      await other.end();
    }
  });

  it.skipIf(!existsSync('/dev/full'))('what cannot be written down is not done', async () => {
    const state = join(temporary('full'), 'state');
    mkdirSync(join(state, 'hecate'), { recursive: true });
    symlinkSync('/dev/full', join(state, 'hecate', 'acts.jsonl'));
    const other = await startDaemon(['--no-record', '--allow-act'], { env: { XDG_STATE_HOME: state } });
    const child = spawn('sleep', ['1000']);
    try {
      const token = readFileSync(join(state, 'hecate', 'act-token'), 'utf8').trim();
      const { processes } = (await other.json('api/v1/processes')) as { processes: { pid: number; startedAfterBoot: number }[] };
      const startedAfterBoot = processes.find(({ pid }) => pid === child.pid)?.startedAfterBoot ?? 0;
      const body = JSON.stringify({ pid: child.pid, startedAfterBoot, signal: 'KILL' });
      const answer = await ask(other, '/api/v1/processes/signal', { method: 'POST', body, headers: { ...JSON_BODY, ...bearer(token) } });
      expect(answer).toMatchObject({ status: 500, text: expect.not.stringContaining('/dev/full') });
      await other.until(/Nothing is done that is not written down/);
      expect(child.exitCode ?? child.signalCode).toBeNull();
    } finally {
      child.kill('SIGKILL');
      await other.end();
    }
  });
});
