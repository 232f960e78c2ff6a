import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { afterEach, describe, expect, test } from 'vitest';
import { describeSelf } from './lock-owner.ts';
import type { LockOwner } from './lock-owner.ts';
import { LOCK_FILE, takeRecorderLock } from './recorder-lock.ts';
import { bundle, temporary } from './recorder.testing.ts';

const host = openHost();
const self = describeSelf(host);
const lockOf = (dataDir: string): string => path.join(dataDir, LOCK_FILE);
const leave = (dataDir: string, owner: Partial<LockOwner> | string, secondsAgo = 0): void => {
  writeFileSync(lockOf(dataDir), typeof owner === 'string' ? owner : JSON.stringify({ ...self, ...owner }));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(lockOf(dataDir), then, then);
};
const ownerOf = (dataDir: string): LockOwner => JSON.parse(readFileSync(lockOf(dataDir), 'utf8')) as LockOwner;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Waits for a message of this kind, or for the end of the process. */
async function message(child: ChildProcess, wanted?: string): Promise<string> {
  for (;;) {
    const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => ['exit'])])) as [string];
    if (wanted === undefined || said === wanted || said === 'exit') return said;
  }
}

/** A process that tries for the lock when told to, says how it went, and holds on. */
const CONTENDER = `
  import { takeRecorderLock } from './recorder-lock.ts';
  process.on('message', (dataDir) => {
    try {
      const lock = takeRecorderLock(dataDir);
      process.once('message', () => undefined);
      process.send('taken');
      process.on('disconnect', () => lock.release());
    } catch (error) {
      process.send(error.code + ': ' + error.message);
    }
  });
  process.send('ready');
`;

describe('one recorder a directory', () => {
  test('a second one is refused and told the pid; after release it is free', () => {
    const dataDir = temporary();
    const lock = takeRecorderLock(dataDir);
    expect(() => takeRecorderLock(dataDir)).toThrow(new RegExp(`\\(pid ${process.pid}\\) writes to ${dataDir}`));
    lock.confirm();
    lock.release();
    lock.release();
    expect(readdirSync(dataDir)).toEqual([]);
    takeRecorderLock(dataDir).release();
  });

  test('a lock whose file vanished is taken again; one that another took is a conflict and stays theirs', () => {
    const dataDir = temporary();
    const lock = takeRecorderLock(dataDir);
    rmSync(lockOf(dataDir));
    lock.confirm();
    expect(ownerOf(dataDir).pid).toBe(process.pid);
    rmSync(lockOf(dataDir));
    const other = takeRecorderLock(dataDir);
    expect(() => lock.confirm()).toThrow(/has taken over/);
    lock.release();
    other.confirm();
    other.release();
    expect(existsSync(lockOf(dataDir))).toBe(false);
  });
});

/** What only the process table of Linux can tell. */
const linux = test.skipIf(process.platform !== 'linux');

describe('locks that were left behind', () => {
  const takenOver = (dataDir: string, by: Host = host): void => {
    const lock = takeRecorderLock(dataDir, by);
    expect(ownerOf(dataDir).pid).toBe(process.pid);
    lock.release();
    expect(readdirSync(dataDir)).toEqual([]);
  };
  const refused = (dataDir: string, by: Host = host): void => expect(() => takeRecorderLock(dataDir, by)).toThrow(/Another recorder/);

  linux('pid 1 lives: refused, naming it', () => {
    const dataDir = temporary();
    leave(dataDir, { pid: 1, started: host.readText('/proc/1/stat').split(') ')[1]!.split(' ')[19]! });
    expect(() => takeRecorderLock(dataDir)).toThrow(/pid 1\)/);
  });
  linux('the pid belongs to another process now', () => {
    const dataDir = temporary();
    leave(dataDir, { pid: 1, started: '999999999' });
    takenOver(dataDir);
  });
  test('no process has the pid', () => {
    const dataDir = temporary();
    leave(dataDir, { pid: 2 ** 22 + 1 });
    takenOver(dataDir);
  });
  linux('the machine was started anew', () => {
    const dataDir = temporary();
    leave(dataDir, { pid: 1, boot: '00000000-0000-0000-0000-000000000000' });
    takenOver(dataDir);
  });
  test('another pid namespace, or another machine: alive while its lock is fresh', () => {
    for (const owner of [{ namespace: 'pid:[1]' }, { hostname: 'elsewhere' }, { hostname: 'elsewhere', boot: 'x', namespace: 'y' }]) {
      const dataDir = temporary();
      leave(dataDir, { pid: 1, ...owner }, 5);
      refused(dataDir);
      leave(dataDir, { pid: 1, ...owner }, 60);
      takenOver(dataDir);
    }
  });
  test('without /proc a pid that exists counts while the lock is fresh', () => {
    const bare: Host = {
      ...host,
      readText: () => {
        throw new Error('no such file');
      },
      readLink: () => {
        throw new Error('no such file');
      },
    };
    const nothing = { started: null, boot: null, namespace: null };
    const dataDir = temporary();
    leave(dataDir, { ...nothing, pid: 1 }, 5);
    refused(dataDir, bare);
    leave(dataDir, { ...nothing, pid: 1 }, 60);
    takenOver(dataDir, bare);
    leave(dataDir, { ...nothing, pid: 2 ** 22 + 1 }, 5);
    takenOver(dataDir, bare);
  });
  test('a damaged or empty lock counts while it is fresh', () => {
    for (const text of [
      '',
      '{',
      'null',
      '{"pid":-1}',
      '{"pid":1}',
      '[]',
      '{"pid":1,"hostname":"a","boot":1,"started":null,"namespace":null}',
    ]) {
      const dataDir = temporary();
      leave(dataDir, text, 0);
      refused(dataDir);
      leave(dataDir, text, 60);
      takenOver(dataDir);
    }
  });
  test('a takeover that crashed in the middle', () => {
    const dataDir = temporary();
    leave(dataDir, { pid: 2 ** 22 + 1 });
    writeFileSync(`${lockOf(dataDir)}~`, JSON.stringify({ ...self, pid: 2 ** 22 + 2 }));
    takenOver(dataDir);
  });
  linux('the owner was killed; its parent has not collected it yet', async () => {
    const dataDir = temporary();
    const child = fork(await bundle(CONTENDER, temporary()), { execArgv: [] });
    children.push(child);
    await message(child, 'ready');
    child.send(dataDir);
    expect(await message(child)).toBe('taken');
    refused(dataDir);
    expect(ownerOf(dataDir).pid).toBe(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    takenOver(dataDir);
  });
});

test.each(['absent', 'stale', 'stale with a crashed takeover'])(
  'of many processes that start at once exactly one wins: lock %s',
  async (state) => {
    const program = await bundle(CONTENDER, temporary());
    const contenders = Array.from({ length: 8 }, () => fork(program, { execArgv: [] }));
    children.push(...contenders);
    await Promise.all(contenders.map((child) => message(child, 'ready')));
    for (let round = 0; round < 6; round++) {
      const dataDir = temporary();
      if (state !== 'absent') leave(dataDir, { pid: 2 ** 22 + 1 });
      if (state === 'stale with a crashed takeover') writeFileSync(`${lockOf(dataDir)}~`, JSON.stringify({ ...self, pid: 2 ** 22 + 2 }));
      const answers = Promise.all(contenders.map((child) => message(child)));
      for (const child of contenders) child.send(dataDir);
      const said = await answers;
      expect(said.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(said.filter((answer) => answer.startsWith('CONFLICT: Another recorder'))).toHaveLength(7);
      const winner = contenders[said.indexOf('taken')];
      expect(ownerOf(dataDir).pid).toBe(winner?.pid);
      expect(readdirSync(dataDir)).toEqual([LOCK_FILE]);
    }
  },
);
