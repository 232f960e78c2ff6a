import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost, openRootedHost, openWritableHost, processStart, systemClock, takeFileLock } from '@hecate/host';
import type { Clock, ProcessIdentity } from '@hecate/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHandlers } from './actions/index.ts';
import { openEngine } from './engine.ts';
import { runGuard, runProcessGuard } from './guard.ts';
import { openJournalStore } from './journal/store.ts';
import type { Plan } from './plan.ts';

const handlers = openHandlers();
const planOf = (value: string, component = 'tune'): Plan => ({
  component,
  title: `profile ${value}`,
  changes: [{ action: { kind: 'sysctl', key: 'vm.swappiness', value }, why: 'A test.', source: 'a test', risk: 'live' }],
});

let root: string;
let directory: string;
let offset: number;
const children: ChildProcess[] = [];
const abort = { controller: new AbortController() };

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'hecate-guard-'));
  directory = path.join(root, 'journal');
  mkdirSync(path.join(root, 'proc/sys/vm'), { recursive: true });
  writeFileSync(path.join(root, 'proc/sys/vm/swappiness'), '60\n');
  offset = 0;
  abort.controller = new AbortController();
});
afterEach(() => {
  abort.controller.abort();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** The machine's clock, which the test can set. */
const clock: Clock = { now: () => systemClock.now() + offset, monotonic: systemClock.monotonic };
const optionsOf = () => ({ host: openWritableHost({ ...openRootedHost(root), clock }), handlers, directory });
const engineOf = () => openEngine(optionsOf());
const value = (): string => readFileSync(path.join(root, 'proc/sys/vm/swappiness'), 'utf8').trim();
const watch = (id: number, more: object = {}) => {
  let isReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const ended = runGuard({ ...optionsOf(), id, signal: abort.controller.signal, ready: isReady, ...more });
  return { ready, ended };
};

/** A process that does nothing until it is killed. */
async function startProcess(): Promise<{ identity: ProcessIdentity; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  return {
    identity: { pid: child.pid!, started: processStart(openHost(), child.pid!) },
    async kill() {
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

describe('a change that must be confirmed', () => {
  it('stays when it is confirmed a moment before its deadline', async () => {
    const engine = engineOf();
    const { id, deadline } = await engine.apply(planOf('10'), { confirm: 1000 });
    const guard = watch(id);
    await guard.ready;
    offset = deadline! - systemClock.now() - 1;
    await engine.confirm(id);
    expect((await guard.ended)?.phase).toBe('active');
    expect(value()).toBe('10');
  });

  it('goes back at its deadline, and cannot be confirmed any more', async () => {
    const engine = engineOf();
    const { id } = await engine.apply(planOf('10'), { confirm: 1000 });
    const guard = watch(id);
    await guard.ready;
    expect(value()).toBe('10');
    offset = 1000;
    expect(await guard.ended).toMatchObject({ phase: 'ended', why: 'It was not confirmed in time.' });
    expect(value()).toBe('60');
    await expect(engine.confirm(id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('goes back in its time when the clock of the machine is set back', async () => {
    const { id } = await engineOf().apply(planOf('10'), { confirm: 1 });
    const guard = watch(id);
    await guard.ready;
    offset = -86_400;
    expect((await guard.ended)?.phase).toBe('ended');
    expect(value()).toBe('60');
  });

  it('goes back as soon as whoever holds the lock lets go', async () => {
    const { id } = await engineOf().apply(planOf('10'), { confirm: 1000 });
    const lock = takeFileLock(path.join(directory, 'lock'), { holder: 'test', place: directory, hint: 'Wait.' });
    offset = 1000;
    const guard = watch(id);
    await guard.ready;
    await sleep(600);
    expect(value()).toBe('10');
    lock.release();
    expect((await guard.ended)?.phase).toBe('ended');
    expect(value()).toBe('60');
  });

  it('goes back on a full disk, and is written down when there is room', async () => {
    const { id } = await engineOf().apply(planOf('10'), { confirm: 1000 });
    let isFull = true;
    const store = openJournalStore(directory);
    const guard = watch(id, {
      store: {
        ...store,
        append(...given: Parameters<typeof store.append>) {
          if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
          store.append(...given);
        },
      },
    });
    await guard.ready;
    offset = 1000;
    await expect.poll(value, { timeout: 20_000 }).toBe('60');
    expect(engineOf().show(id).phase).toBe('unconfirmed');
    isFull = false;
    expect((await guard.ended)?.phase).toBe('ended');
  });

  it("is none of the guard's business when its journal is gone", async () => {
    const { id } = await engineOf().apply(planOf('10'), { confirm: 1000 });
    const guard = watch(id);
    await guard.ready;
    rmSync(directory, { recursive: true });
    expect(await guard.ended).toBeNull();
  });
});

it('a change whose applier was killed in the middle goes back at once', async () => {
  const applier = await startProcess();
  const store = openJournalStore(directory);
  const about = { time: systemClock.now(), boot: null, deadline: systemClock.now() + 1000, replaces: null, lease: null };
  store.append(1, { type: 'begin', version: 1, plan: planOf('10'), ...applier.identity, ...about });
  store.append(1, { type: 'intent', step: 0, was: '60', wanted: '10', device: null });
  // The lock of an applier that lives.
  const lock = takeFileLock(path.join(directory, 'lock'), { holder: 'test', place: directory, hint: 'Wait.' });
  writeFileSync(path.join(root, 'proc/sys/vm/swappiness'), '10\n');
  const guard = watch(1);
  await guard.ready;
  await sleep(600);
  expect(value()).toBe('10');
  lock.release();
  await applier.kill();
  expect((await guard.ended)?.phase).toBe('ended');
  expect(value()).toBe('60');
});

describe('a lease', () => {
  it('goes back when its process has ended', async () => {
    const user = await startProcess();
    const { id } = await engineOf().apply(planOf('10', 'lease'), { lease: user.identity });
    const guard = watch(id);
    await guard.ready;
    await sleep(600);
    expect(value()).toBe('10');
    await user.kill();
    expect(await guard.ended).toMatchObject({ phase: 'ended', why: 'The process that it was made for has ended.' });
    expect(value()).toBe('60');
  });

  it('lies on top of what takes the place of others, and is not replaced itself', async () => {
    const user = await startProcess();
    await engineOf().apply(planOf('10'));
    const { id } = await engineOf().apply(planOf('20'), { lease: user.identity });
    await engineOf().apply(planOf('30'), { replace: true });
    expect(
      engineOf()
        .list()
        .map(({ phase }) => phase),
    ).toEqual(['ended', 'active', 'active']);
    const guard = watch(id);
    await user.kill();
    expect((await guard.ended)?.phase).toBe('ended');
    expect(value()).toBe('30');
    await engineOf().rollBack(3);
    expect(value()).toBe('60');
  });

  it('has one guard for all of a process that makes many', async () => {
    const user = await startProcess();
    let isReady = (): void => undefined;
    const ready = new Promise<void>((resolve) => (isReady = resolve));
    const guard = runProcessGuard({ ...optionsOf(), process: user.identity, ready: isReady, signal: abort.controller.signal });
    await ready;
    const { id } = await engineOf().apply(planOf('10', 'proof'), { lease: user.identity });
    await engineOf().rollBack(id);
    await engineOf().apply(planOf('20', 'proof'), { lease: user.identity });
    await user.kill();
    await guard;
    expect(value()).toBe('60');
  });

  it('is found at the next start when the guard was killed too', async () => {
    const user = await startProcess();
    await engineOf().apply(planOf('10', 'lease'), { lease: user.identity });
    expect(await engineOf().recover()).toEqual([]);
    await user.kill();
    expect(await engineOf().recover()).toHaveLength(1);
    expect(value()).toBe('60');
  });

  it.each([
    ['the last one first', [2, 1, 0], ['20', '10', '60']],
    ['the first one first', [0, 1, 2], ['30', '30', '60']],
    ['the middle one first', [1, 2, 0], ['30', '10', '60']],
  ])('of several the last one wins, and its end brings back the one before: %s ends', async (_name, order, then) => {
    const users = await Promise.all(['10', '20', '30'].map(() => startProcess()));
    const guards: ReturnType<typeof watch>[] = [];
    for (const [index, { identity }] of users.entries()) {
      const { id } = await engineOf().apply(planOf(`${index + 1}0`, 'lease'), { lease: identity });
      guards.push(watch(id));
    }
    expect(value()).toBe('30');
    for (const [place, index] of order.entries()) {
      await users[index]!.kill();
      expect((await guards[index]!.ended)?.phase).toBe('ended');
      expect(value()).toBe(then[place]);
    }
  });
});
