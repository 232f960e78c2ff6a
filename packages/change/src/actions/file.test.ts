import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost, openWritableHost } from '@hecate/host';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileAction } from '../action.ts';
import { openEngine } from '../engine.ts';
import { file } from './file.ts';
import { openHandlers } from './index.ts';
import { link } from './link.ts';
import { needsRoot } from './machine.testing.ts';
import { mountTool } from './mount.cases.testing.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree, pictureOf } from './tree-picture.testing.ts';
import type { WritableTree } from './tree-picture.testing.ts';

const actionOf = (name: string, content: string | null = 'new\n'): FileAction => ({ kind: 'file', path: name, content });
let tree: WritableTree;
let real: string;
const host = openWritableHost(openHost());
beforeEach(() => {
  tree = createWritableTree();
  real = mkdtempSync(path.join(tmpdir(), 'hecate-file-'));
});
afterEach(() => {
  tree.remove();
  rmSync(real, { recursive: true, force: true });
});

const python = (script: string, ...args: readonly string[]): boolean => spawnSync('python3', ['-c', script, ...args]).status === 0;

describe('refused before anything is written:', () => {
  test.each([
    ['/proc/sys/vm/swappiness', 'INVALID /proc/sys/vm/swappiness is a file of the kernel, and cannot be put in place.'],
    ['/sys', 'INVALID /sys is a file of the kernel, and cannot be put in place.'],
    ['/dev/null', 'INVALID /dev/null is a file of the kernel, and cannot be put in place.'],
    ['/', 'INVALID The path of a change of kind file must be below /.'],
  ])('%s', (name, sentence) => {
    expect(refusalOf(file, { path: name, content: '' })).toBe(sentence);
    expect(refusalOf(link, { path: name, target: '/x' })).toBe(sentence.replace('kind file', 'kind link'));
  });

  test('contents that cannot be written as they are', () => {
    expect(refusalOf(file, { path: '/a', content: 'x'.repeat(1024 * 1024) })).toBe(null);
    expect(refusalOf(file, { path: '/a', content: 'é'.repeat(1024 * 512 + 1) })).toMatch(
      /^INVALID .* 1048578 bytes: 1048576 are the most\.$/,
    );
    expect(refusalOf(file, { path: '/a', content: '\ud800' })).toMatch(/^INVALID .*whole characters/);
    expect(refusalOf(file, { path: '/a', content: null, mode: 0o600 })).toMatch(/^INVALID .*no mode/);
    expect(refusalOf(file, { path: '/a', content: '', mode: 0o4755 })).toMatch(/^INVALID .*mode/);
    expect(refusalOf(link, { path: '/a', target: '/a' })).toMatch(/^INVALID .*itself/);
  });

  test('what is no file', async () => {
    mkdirSync(path.join(real, 'directory'));
    spawnSync('mkfifo', [path.join(real, 'pipe')]);
    writeFileSync(path.join(real, 'large'), Buffer.alloc(1024 * 1024 + 1));
    expect(await obstacleOf(file, host, actionOf(`${real}/directory`))).toMatch(/^UNSUPPORTED .* is a directory: only files/);
    expect(await obstacleOf(file, host, actionOf(`${real}/pipe`))).toMatch(/^UNSUPPORTED .* is a device, a socket or a pipe/);
    expect(await obstacleOf(file, host, actionOf(`${real}/large`))).toMatch(/^UNSUPPORTED .* has 1048577 bytes/);
  });

  test('ways that lead nowhere, or into the kernel, or out of the root', async () => {
    tree.write('/etc/file', 'x');
    tree.write('/etc/nowhere', { link: '/gone' });
    tree.write('/etc/kernel', { link: '../proc' });
    tree.write('/etc/outside', { link: '/../../../../../../etc' });
    expect(await obstacleOf(file, tree.host, actionOf('/etc/file/below/it'))).toBe(
      'UNSUPPORTED /etc/file/below/it cannot be there: /etc/file is no directory.',
    );
    expect(await obstacleOf(file, tree.host, actionOf('/etc/nowhere/a'))).toMatch(/^UNSUPPORTED .*\/etc\/nowhere is no directory/);
    expect(await obstacleOf(file, tree.host, actionOf('/etc/kernel/a'))).toMatch(/^UNSUPPORTED .* lies in \/proc/);
    expect(await obstacleOf(file, tree.host, actionOf('/etc/outside/a'))).toMatch(/^UNSUPPORTED .*\/etc\/outside is no directory/);
    symlinkSync('/proc/sys', path.join(real, 'kernel'));
    expect(await obstacleOf(file, host, actionOf(`${real}/kernel/vm/swappiness`))).toMatch(/^UNSUPPORTED .* lies in \/proc\/sys\/vm/);
  });

  test('files that would lose rights', async () => {
    const name = path.join(real, 'program');
    writeFileSync(name, 'x');
    for (const mode of [0o4755, 0o2755]) {
      chmodSync(name, mode);
      expect(await obstacleOf(file, host, actionOf(name))).toMatch(/^UNSUPPORTED .* rights of its owner or group/);
    }
    chmodSync(name, 0o755);
    expect(await obstacleOf(file, host, actionOf(name))).toBe(null);
  });

  test.skipIf(Boolean(needsRoot))('files with attributes that would be lost (needs root)', async () => {
    const name = path.join(real, 'program');
    writeFileSync(name, 'x');
    chmodSync(name, 0o755);
    expect(spawnSync('setcap', ['cap_net_raw=ep', name]).status).toBe(0);
    expect(await obstacleOf(file, host, actionOf(name))).toMatch(/^UNSUPPORTED .* lose its attribute security\.capability when/);
    expect(spawnSync('setcap', ['-r', name]).status).toBe(0);
    expect(python('import os,sys; os.setxattr(sys.argv[1], "user.origin", b"x")', name)).toBe(true);
    expect(await obstacleOf(file, host, actionOf(name))).toMatch(/^UNSUPPORTED .* user\.origin/);
  });

  test.skipIf(Boolean(needsRoot))('read-only file systems (needs root)', async () => {
    mountTool('mount', '-t', 'tmpfs', '-o', 'ro', 'hecate-test', real);
    try {
      expect(await obstacleOf(file, host, actionOf(`${real}/a`))).toBe(
        `DENIED ${real}/a cannot be changed: ${real} is on a file system that is mounted read-only.`,
      );
    } finally {
      mountTool('umount', real);
    }
  });

  test.skipIf(!needsRoot)('places of others (needs a user who is not root)', async () => {
    expect(await obstacleOf(file, host, actionOf('/etc/hecate-test'))).toMatch(/^DENIED .*this user may not write to \/etc\.$/);
  });
});

test.skipIf(Boolean(needsRoot))('owner and mode come back (needs root)', async () => {
  const name = path.join(real, 'config');
  writeFileSync(name, 'before\n');
  chmodSync(name, 0o640);
  spawnSync('chown', ['12345:54321', name]);
  const action = actionOf(name);
  const was = await file.current(host, action);
  await file.apply(host, action, was);
  expect(statSync(name)).toMatchObject({ uid: 12_345, gid: 54_321 });
  expect((statSync(name).mode & 0o7777).toString(8)).toBe('640');
  rmSync(name);
  writeFileSync(name, 'of somebody else\n');
  await file.restore(host, action, was);
  expect(statSync(name)).toMatchObject({ uid: 12_345, gid: 54_321 });
  expect(readFileSync(name, 'utf8')).toBe('before\n');
});

describe('with the engine', () => {
  const engineOf = (): ReturnType<typeof openEngine> =>
    openEngine({ host: tree.host, handlers: openHandlers(), directory: path.join(real, 'journal') });
  const planOf = (...names: readonly string[]): Parameters<ReturnType<typeof openEngine>['apply']>[0] => ({
    component: 'test',
    title: names.join(' '),
    changes: names.map((name) => ({ action: actionOf(name), why: 'test', source: 'test', risk: 'live' })),
  });

  test('two files of one new directory go with it', async () => {
    const before = pictureOf(tree.directory);
    const engine = engineOf();
    const { id } = await engine.apply(planOf('/etc/new.d/a', '/etc/new.d/b/c'));
    expect(tree.read('/etc/new.d/b/c')).toBe('new\n');
    expect((await engine.rollBack(id)).failures).toEqual([]);
    expect(pictureOf(tree.directory)).toEqual(before);
  });

  test('a directory in which others put a file by now stays, and the change ends', async () => {
    const engine = engineOf();
    const first = await engine.apply(planOf('/etc/new.d/a'));
    const second = await engine.apply(planOf('/etc/new.d/b'));
    const { transaction, failures } = await engine.rollBack(first.id);
    expect([transaction.phase, transaction.steps[0]!.state, failures]).toEqual(['ended', 'restored', []]);
    expect(Object.keys(pictureOf(`${tree.directory}/etc`)).length).toBe(3);
    await engine.rollBack(second.id);
  });

  test('a file that somebody edited is left alone', async () => {
    tree.write('/etc/a', 'before\n');
    const engine = engineOf();
    const { id } = await engine.apply(planOf('/etc/a'));
    writeFileSync(path.join(tree.directory, 'etc/a'), 'edited\n');
    expect((await engine.rollBack(id)).transaction.steps[0]!.state).toBe('drifted');
    expect(tree.read('/etc/a')).toBe('edited\n');
  });
});

test('any bytes and any text come back', async () => {
  const name = path.join(real, 'any');
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 0, max: 0o777 }),
      async (bytes, text, mode) => {
        fc.pre(!text.includes('\0'));
        writeFileSync(name, bytes);
        const action = file.parse({ kind: 'file', path: name, content: text, mode: mode | 0o600 });
        const was = JSON.parse(JSON.stringify(await file.current(host, action)));
        await file.apply(host, action, was);
        expect(readFileSync(name, 'utf8')).toBe(text);
        expect(await file.current(host, action)).toEqual(await file.wanted(action, was, host));
        await file.restore(host, action, was);
        expect(Uint8Array.from(readFileSync(name))).toEqual(bytes);
      },
    ),
    { numRuns: 60 },
  );
});
