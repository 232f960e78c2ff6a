import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { causeOf, HecateError, sentenceOf } from './error.ts';
import { openHost, openRootedHost } from './host.ts';
import { openNative } from './native.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-error-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What an action throws. */
function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('It threw nothing.');
}
const made = (code: string, members: Readonly<Record<string, unknown>>): Error =>
  Object.assign(new Error(`${code}: made for a test`), { code, ...members });

test('a file that is not there', () => {
  const missing = path.join(directory, 'missing');
  expect(sentenceOf(thrown(() => readFileSync(missing)))).toBe(`There is no ${missing}.`);
  writeFileSync(path.join(directory, 'file'), '');
  const below = path.join(directory, 'file/below');
  expect(sentenceOf(thrown(() => readFileSync(below)))).toBe(`There is no ${below}.`);
});

test.each([
  [made('EACCES', { path: '/sys/x', syscall: 'open' }), '/sys/x may not be read by this user.'],
  [made('EPERM', { path: '/proc/1/io', syscall: 'read' }), '/proc/1/io may not be read by this user.'],
  [made('EIO', { path: '/sys/x', syscall: 'read' }), '/sys/x: input/output error (EIO).'],
  [made('ENODEV', { path: '/sys/x', syscall: 'open' }), '/sys/x: no such device (ENODEV).'],
  [made('EPERM', { syscall: 'bpf' }), 'The system call bpf failed: operation not permitted (EPERM).'],
  [made('EACCES', { path: '/sys/x' }), 'EACCES: made for a test'],
  [new HecateError('DENIED', 'It may not be read.'), 'It may not be read.'],
  [new TypeError('It is nonsense.'), 'It is nonsense.'],
  ['thrown text', 'thrown text'],
])('%s is told: %s', (error, sentence) => expect(sentenceOf(error)).toBe(sentence));

test('another path is named where the error knows a wrong one', () => {
  expect(sentenceOf(made('EACCES', { path: '/proc/1/root/mnt', syscall: 'statfs' }), '/mnt')).toBe('/mnt may not be read by this user.');
});

test('as a part of a sentence', () => {
  expect(causeOf(made('ENOSPC', { path: '/x', syscall: 'write' }))).toBe('no space left on device (ENOSPC)');
  expect(causeOf(new Error('It is nonsense.'))).toBe('It is nonsense.');
});

test('a read that fails names its file, though its descriptor knows none', () => {
  const descriptor = openSync(directory, 'r');
  expect(thrown(() => readSync(descriptor, Buffer.alloc(1)))).not.toHaveProperty('path');
  closeSync(descriptor);
  for (const read of [openHost().read, (file: string) => openHost().keep(file).read()])
    expect(sentenceOf(thrown(() => read(directory)))).toBe(`${directory}: illegal operation on a directory (EISDIR).`);
});

test('a rooted machine tells its own paths', () => {
  const root = path.join(directory, 'root');
  mkdirSync(path.join(root, 'proc'), { recursive: true });
  const host = openRootedHost(root);
  for (const ask of [host.read, host.list, host.resolve, host.readLink, (file: string) => host.keep(file).read()])
    expect(sentenceOf(thrown(() => ask('/sys/class/none/here')))).toBe('There is no /sys/class/none/here.');
});

test.runIf(process.platform === 'linux')('a system call that fails is named', () => {
  expect(sentenceOf(thrown(() => openNative().syscall('ioctl', -1, 0, 0)))).toBe(
    'The system call ioctl failed: bad file descriptor (EBADF).',
  );
});
