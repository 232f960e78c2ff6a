import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { HecateError, openHost } from '@hecate/host';
import { readProcessDetail } from '@hecate/metrics';
import { createProcessActor } from '@hecate/observe';
import { expect, test } from 'vitest';
import type { SceneActor } from '../source.ts';
import { performAct } from './act.ts';

const host = openHost();

/** What the live source has: acts on real processes. */
function realActor(): SceneActor {
  const actor = createProcessActor(host, () => undefined);
  const here = { address: 'test' };
  return {
    signal: async (key, signal) => void actor.signal(key, signal, here),
    setNice: async (key, nice) => void actor.setNice(key, nice, here),
  };
}

async function withChild(use: (pid: number, startedAfterBoot: number, ended: Promise<unknown[]>) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    await use(child.pid!, readProcessDetail(host, child.pid!)!.startedAfterBoot, ended);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

test.skipIf(process.platform !== 'linux')('the process that is meant gets the signal, and no other one', async () => {
  await withChild(async (pid, startedAfterBoot, ended) => {
    const source = { actor: realActor(), whyNoActor: null };
    const signal = { kind: 'signal', name: 'node', chosen: 'TERM', confirming: true } as const;
    // Its number, but another start: the one that was seen has gone, and this one is spared.
    expect(await performAct(source, { ...signal, of: { pid, startedAfterBoot: startedAfterBoot - 1 } })).toBe(
      `The process ${pid} that was meant is gone; another one has its number.`,
    );
    const of = { pid, startedAfterBoot };
    expect(await performAct(source, { kind: 'nice', name: 'no\u001b[2Jde', nice: 7, confirming: true, of })).toBe(
      `The niceness of process ${pid} (no\\x1b[2Jde) is 7 now.`,
    );
    expect(readProcessDetail(host, pid)?.nice).toBe(7);
    expect(await performAct(source, { ...signal, of })).toBe(`TERM was sent to process ${pid} (node).`);
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(await performAct(source, { ...signal, of })).toBe(`There is no process ${pid}.`);
  });
});

test('why nothing can be done, with what to do about it; a defect is no sentence', async () => {
  const dialog = { kind: 'signal', name: 'x', chosen: 'KILL', confirming: true, of: { pid: 5, startedAfterBoot: 1 } } as const;
  expect(await performAct({ actor: null, whyNoActor: 'This is the past.' }, dialog)).toBe('This is the past.');
  expect(await performAct({ actor: null, whyNoActor: null }, dialog)).toBe('Nothing can be done to processes from here.');
  const rejecting = (error: Error): SceneActor => {
    const reject = async (): Promise<void> => {
      throw error;
    };
    return { signal: reject, setNice: reject };
  };
  const denied = new HecateError('DENIED', 'You may not do that.', { hint: 'Ask root.' });
  expect(await performAct({ actor: rejecting(denied), whyNoActor: null }, dialog)).toBe('You may not do that. Ask root.');
  await expect(performAct({ actor: rejecting(new TypeError('oops')), whyNoActor: null }, dialog)).rejects.toThrow('oops');
});
