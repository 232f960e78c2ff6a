import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, describe, expect, test } from 'vitest';
import { HecateError } from './error.ts';
import { takeFileLock } from './file-lock.ts';
import type { FileLock } from './file-lock.ts';
import { openHost } from './host.ts';
import type { Host } from './host.ts';
import { describeSelf } from './lock-owner.ts';
import type { LockOwner } from './lock-owner.ts';

const LOCK_FILE = 'scribe.lock';
const host = openHost();
const self = describeSelf(host);
const lockOf = (directory: string): string => path.join(directory, LOCK_FILE);
const takeLock = (directory: string, by?: Host): FileLock =>
  takeFileLock(lockOf(directory), { holder: 'scribe', place: directory, hint: 'Wait for it.' }, by);
const leave = (directory: string, owner: Partial<LockOwner> | string, secondsAgo = 0): void => {
  writeFileSync(lockOf(directory), typeof owner === 'string' ? owner : JSON.stringify({ ...self, ...owner }));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(lockOf(directory), then, then);
};
const ownerOf = (directory: string): LockOwner => JSON.parse(readFileSync(lockOf(directory), 'utf8')) as LockOwner;

const made: string[] = [];
const temporary = (): string => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-lock-'));
  made.push(directory);
  return directory;
};
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
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
  import { takeFileLock } from './file-lock.ts';
  process.on('message', (file) => {
    try {
      const lock = takeFileLock(file, { holder: 'scribe', place: file, hint: 'Wait for it.' });
      process.once('message', () => undefined);
      process.send('taken');
      process.on('disconnect', () => lock.release());
    } catch (error) {
      process.send(error.code + ': ' + error.message);
    }
  });
  process.send('ready');
`;

/** A process that takes the lock and gives it back, over and over. */
const RESTLESS = `
  import { takeFileLock } from './file-lock.ts';
  process.on('message', (file) => {
    process.send('begins');
    for (;;) takeFileLock(file, { holder: 'scribe', place: file, hint: 'Wait for it.' }).release();
  });
  process.send('ready');
`;

/** Bundles one: a process of its own does not read TypeScript. Answers its path. */
async function contender(contents: string = CONTENDER): Promise<string> {
  const outfile = path.join(temporary(), 'contender.mjs');
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

describe('one holder a file', () => {
  test('a second one is refused and told the pid; after release it is free', () => {
    const directory = temporary();
    const lock = takeLock(directory);
    expect(() => takeLock(directory)).toThrow(new RegExp(`\\(pid ${process.pid}\\) writes to ${directory}`));
    lock.confirm();
    lock.release();
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
    takeLock(directory).release();
  });

  test('one that was killed at any moment leaves nothing to wait for', async () => {
    const program = await contender(RESTLESS);
    const directory = temporary();
    for (let kill = 0; kill < 25; kill++) {
      const child = fork(program);
      children.push(child);
      await message(child, 'ready');
      child.send(lockOf(directory));
      await message(child, 'begins');
      await new Promise((resolve) => {
        setTimeout(resolve, kill % 7);
      });
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      takeLock(directory).release();
    }
  });

  test('what a killed starter left beside it is removed when it is old', () => {
    const directory = temporary();
    const beside = (name: string, secondsAgo: number): void => {
      const file = path.join(directory, `${LOCK_FILE}.${name}`);
      writeFileSync(file, '');
      const then = Date.now() / 1000 - secondsAgo;
      utimesSync(file, then, then);
    };
    beside('0123456789ab', 60);
    beside('0123456789ac', 5);
    beside('csv', 60);
    takeLock(directory).release();
    expect(readdirSync(directory).toSorted()).toEqual([`${LOCK_FILE}.0123456789ac`, `${LOCK_FILE}.csv`]);
  });

  test('a lock whose file vanished is taken again; one that another took is a conflict and stays theirs', () => {
    const directory = temporary();
    const lock = takeLock(directory);
    rmSync(lockOf(directory));
    lock.confirm();
    expect(ownerOf(directory).pid).toBe(process.pid);
    rmSync(lockOf(directory));
    const other = takeLock(directory);
    expect(() => lock.confirm()).toThrow(/has taken over/);
    lock.release();
    other.confirm();
    other.release();
    expect(existsSync(lockOf(directory))).toBe(false);
  });
});

describe('what a user is told', () => {
  const told = (action: () => unknown): { code: string; says: string } => {
    try {
      action();
    } catch (error) {
      if (error instanceof HecateError) return { code: error.code, says: `${error.message} ${error.hint}` };
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  test('who holds it, where, and what to do', () => {
    const directory = temporary();
    const lock = takeLock(directory);
    expect(told(() => takeLock(directory))).toEqual({
      code: 'CONFLICT',
      says: `Another scribe (pid ${process.pid}) writes to ${directory}. Wait for it.`,
    });
    lock.release();
  });
  test('of one that cannot be looked at also when its lock is free', () => {
    const directory = temporary();
    const free = `If it is gone, ${lockOf(directory)} is free 30 s after its last sign of life.`;
    leave(directory, { pid: 5, hostname: 'elsewhere' });
    expect(told(() => takeLock(directory)).says).toBe(`Another scribe (pid 5 on elsewhere) writes to ${directory}. Wait for it. ${free}`);
    leave(directory, '');
    expect(told(() => takeLock(directory)).says).toBe(`Another scribe writes to ${directory}. Wait for it. ${free}`);
  });
  test('that another has taken over', () => {
    const directory = temporary();
    const lock = takeLock(directory);
    rmSync(lockOf(directory));
    leave(directory, { pid: 1 });
    expect(told(() => lock.confirm())).toEqual({
      code: 'CONFLICT',
      says: `Another scribe has taken over ${directory}. Only one can write there. It may have believed this one dead after a long pause.`,
    });
    lock.release();
  });
  test('nothing of ours where the file system refuses: its error comes as it is', () => {
    expect(() => takeLock(path.join(temporary(), 'absent'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

/** What only the process table of Linux can tell. */
const linux = test.skipIf(process.platform !== 'linux');

describe('locks that were left behind', () => {
  const takenOver = (directory: string, by: Host = host): void => {
    const lock = takeLock(directory, by);
    expect(ownerOf(directory).pid).toBe(process.pid);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
  };
  const refused = (directory: string, by: Host = host): void => expect(() => takeLock(directory, by)).toThrow(/Another scribe/);

  linux('pid 1 lives: refused, naming it', () => {
    const directory = temporary();
    leave(directory, { pid: 1, started: host.readText('/proc/1/stat').split(') ')[1]!.split(' ')[19]! });
    expect(() => takeLock(directory)).toThrow(/pid 1\)/);
  });
  linux('the pid belongs to another process now', () => {
    const directory = temporary();
    leave(directory, { pid: 1, started: '999999999' });
    takenOver(directory);
  });
  test('no process has the pid', () => {
    const directory = temporary();
    leave(directory, { pid: 2 ** 22 + 1 });
    takenOver(directory);
  });
  linux('the machine was started anew', () => {
    const directory = temporary();
    leave(directory, { pid: 1, boot: '00000000-0000-0000-0000-000000000000' });
    takenOver(directory);
  });
  test('another pid namespace, or another machine: alive while its lock is fresh', () => {
    for (const owner of [{ namespace: 'pid:[1]' }, { hostname: 'elsewhere' }, { hostname: 'elsewhere', boot: 'x', namespace: 'y' }]) {
      const directory = temporary();
      leave(directory, { pid: 1, ...owner }, 5);
      refused(directory);
      leave(directory, { pid: 1, ...owner }, 60);
      takenOver(directory);
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
    const directory = temporary();
    leave(directory, { ...nothing, pid: 1 }, 5);
    refused(directory, bare);
    leave(directory, { ...nothing, pid: 1 }, 60);
    takenOver(directory, bare);
    leave(directory, { ...nothing, pid: 2 ** 22 + 1 }, 5);
    takenOver(directory, bare);
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
      const directory = temporary();
      leave(directory, text, 0);
      refused(directory);
      leave(directory, text, 60);
      takenOver(directory);
    }
  });
  test('a takeover that crashed in the middle', () => {
    const directory = temporary();
    leave(directory, { pid: 2 ** 22 + 1 });
    writeFileSync(`${lockOf(directory)}~`, JSON.stringify({ ...self, pid: 2 ** 22 + 2 }));
    takenOver(directory);
  });
  linux('the owner was killed; its parent has not collected it yet', async () => {
    const directory = temporary();
    const child = fork(await contender(), { execArgv: [] });
    children.push(child);
    await message(child, 'ready');
    child.send(lockOf(directory));
    expect(await message(child)).toBe('taken');
    refused(directory);
    expect(ownerOf(directory).pid).toBe(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    takenOver(directory);
  });
});

test.each(['absent', 'stale', 'stale with a crashed takeover'])(
  'of many processes that start at once exactly one wins: lock %s',
  async (state) => {
    const program = await contender();
    const contenders = Array.from({ length: 8 }, () => fork(program, { execArgv: [] }));
    children.push(...contenders);
    await Promise.all(contenders.map((child) => message(child, 'ready')));
    for (let round = 0; round < 6; round++) {
      const directory = temporary();
      if (state !== 'absent') leave(directory, { pid: 2 ** 22 + 1 });
      if (state === 'stale with a crashed takeover') writeFileSync(`${lockOf(directory)}~`, JSON.stringify({ ...self, pid: 2 ** 22 + 2 }));
      const answers = Promise.all(contenders.map((child) => message(child)));
      for (const child of contenders) child.send(lockOf(directory));
      const said = await answers;
      expect(said.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(said.filter((answer) => answer.startsWith('CONFLICT: Another scribe'))).toHaveLength(7);
      const winner = contenders[said.indexOf('taken')];
      expect(ownerOf(directory).pid).toBe(winner?.pid);
      expect(readdirSync(directory)).toEqual([LOCK_FILE]);
    }
  },
);
