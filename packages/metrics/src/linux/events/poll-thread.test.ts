import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHost, openNative } from '@hecate/host';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleProgram } from '../../bundle.testing.ts';
import { watchEvents } from '../../events/watch-events.ts';
import { openPollWatcher, POLLIN } from './poll-thread.ts';

const linux = describe.skipIf(process.platform !== 'linux');

linux('the thread that waits', () => {
  const EFD_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
  const openEvent = (): number => openNative().syscall('eventfd2', 0, EFD_NONBLOCK_CLOEXEC);
  const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

  test('tells each watcher of its own descriptors, also of those that come while it waits', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const [first, second] = [openPollWatcher(), openPollWatcher()];
    const [a, b] = [openEvent(), openEvent()];
    const told: string[] = [];
    const bothTold = new Promise<void>((resolve) => {
      const tell = (name: string, stop: () => void): void => {
        stop();
        told.push(name);
        if (told.length === 2) resolve();
      };
      const stopA = first.watch(a, POLLIN, (happened) => tell(`a ${happened & POLLIN}`, stopA));
      setImmediate(() => {
        const stopB = second.watch(b, POLLIN, () => tell('b', stopB));
        writeSync(b, one);
        writeSync(a, one);
      });
    });
    await bothTold;
    expect(told.sort()).toEqual(['a 1', 'b']);
    await first.close();
    closeSync(a);
    await Promise.all([second.close(), second.close()]);
    closeSync(b);
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('what was stopped is not told, and closing waits until nobody looks', async () => {
    const [first, second] = [openPollWatcher(), openPollWatcher()];
    const event = openEvent();
    let told = 0;
    const stop = first.watch(event, POLLIN, () => void told++);
    stop();
    writeSync(event, one);
    second.watch(event, POLLIN, () => void told++);
    await second.close();
    await first.close();
    closeSync(event);
    expect(told).toBeLessThanOrEqual(1);
  });

  test('a generator that waits can be told to end', async () => {
    const before = [readdirSync('/proc/self/fd').length, process.listenerCount('exit')];
    const events = watchEvents(openHost(), { only: ['clock'] });
    expect(await events.next()).toMatchObject({ value: { kind: 'watching' } });
    const waiting = events.next();
    expect(await events.return()).toEqual({ value: undefined, done: true });
    expect(await waiting).toEqual({ value: undefined, done: true });
    const aborted = watchEvents(openHost(), { signal: AbortSignal.abort() });
    expect(await aborted.next()).toEqual({ value: undefined, done: true });
    expect([readdirSync('/proc/self/fd').length, process.listenerCount('exit')]).toEqual(before);
  });
});

linux('a process with events open', () => {
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  let directory = '';
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'hecate-events-'));
    await bundleProgram(new URL('watch-program.testing.ts', import.meta.url), path.join(directory, 'program.cjs'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs a scenario, sends it a signal once it is ready, and waits for its end. */
  async function play(scenario: string, signal?: NodeJS.Signals, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
    const child = spawn(process.execPath, [path.join(directory, 'program.cjs'), scenario], {
      env: { ...process.env, NODE_PATH: path.join(root, 'node_modules'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 40_000,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (signal && said.includes('ready')) child.kill(signal);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const [status, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { status, ended, said, ...(status === 1 ? {} : { errors }) };
  }

  test('ends at once with its own status', async () => {
    expect(await play('exits')).toEqual({ status: 7, ended: null, said: 'heard 7', errors: '' });
    expect(await play('throws')).toEqual({ status: 1, ended: null, said: '' });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends by %s', async (signal) => {
    expect(await play('waits', signal)).toEqual({ status: null, ended: signal, said: 'ready', errors: '' });
  });

  test('takes one thread, however many watches there are, and gives way where there is but one', async () => {
    expect(await play('shares', undefined, { UV_THREADPOOL_SIZE: '2' })).toEqual({ status: 0, ended: null, said: 'read', errors: '' });
    expect(await play('shares', undefined, { UV_THREADPOOL_SIZE: '1' })).toEqual({ status: 0, ended: null, said: 'read', errors: '' });
  });

  test('leaves nothing after the abort, and ends by itself', async () => {
    expect(await play('aborts')).toEqual({ status: 0, ended: null, said: 'ended', errors: '' });
  });

  test('lets a worker be terminated', async () => {
    expect(await play('terminates')).toMatchObject({ status: 0, ended: null, said: 'ended 1' });
  });
});
