import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../queue.testing.ts';
import { delivery, LINES } from '../transport.testing.ts';
import { createFileTransport } from './file.ts';
import type { FileTarget } from './file.ts';

const target = (file: string, more: Partial<FileTarget> = {}): FileTarget => ({
  path: file,
  rotate: 'never',
  mostBytes: null,
  keep: 3,
  ...more,
});
const HEADER = Buffer.from('time,cpu\n');

test('appends; the header stands there once, also after a restart', async () => {
  const file = path.join(temporary(), 'm.csv');
  for (const text of ['1,2', '3,4']) {
    const transport = createFileTransport(target(file));
    expect(await transport.send(delivery([text, `${text}!`], { header: HEADER }))).toEqual({ kind: 'sent' });
  }
  expect(readFileSync(file, 'utf8')).toBe('time,cpu\n1,2\n1,2!\n3,4\n3,4!\n');
});

test('a file whose columns are others is put aside', async () => {
  const directory = temporary();
  const file = path.join(directory, 'm.csv');
  writeFileSync(file, 'time,memory\n1,2\n');
  await createFileTransport(target(file)).send(delivery(['3,4'], { header: HEADER }));
  expect(readFileSync(file, 'utf8')).toBe('time,cpu\n3,4\n');
  expect(readdirSync(directory)).toHaveLength(2);
});

test('a torn last line stays a line of its own', async () => {
  const file = path.join(temporary(), 'm.json');
  writeFileSync(file, '{"a":1}\n{"b":');
  await createFileTransport(target(file)).send(delivery(['{"c":3}']));
  expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n{"b":\n{"c":3}\n');
});

test('a new file each day, named for the day; the oldest go', async () => {
  const directory = temporary();
  const file = path.join(directory, 'm.json');
  writeFileSync(path.join(directory, 'm.other.json'), 'mine');
  for (let day = 1; day <= 5; day++) {
    const transport = createFileTransport(target(file, { rotate: 'day' }));
    await transport.send(delivery([`day ${day}`]));
    await transport.send(delivery([`day ${day} again`]));
    const then = new Date(2026, 4, day, 12);
    utimesSync(file, then, then);
  }
  await createFileTransport(target(file, { rotate: 'day' })).send(delivery(['today']));
  expect(readdirSync(directory).toSorted()).toEqual([
    'm.2026-05-03.json',
    'm.2026-05-04.json',
    'm.2026-05-05.json',
    'm.json',
    'm.other.json',
  ]);
  expect(readFileSync(path.join(directory, 'm.2026-05-05.json'), 'utf8')).toBe('day 5\nday 5 again\n');
  expect(readFileSync(file, 'utf8')).toBe('today\n');
});

test('a new file at a size: none is larger, and none is lost in the same second', async () => {
  const directory = temporary();
  const file = path.join(directory, 'm');
  const transport = createFileTransport(target(file, { mostBytes: 100, keep: 100 }));
  for (let index = 10; index < 40; index++) await transport.send(delivery([`line number ${index}`]));
  const files = readdirSync(directory).map((name) => path.join(directory, name));
  for (const each of files) expect(statSync(each).size).toBeLessThanOrEqual(100);
  const lines = files.flatMap((each) => readFileSync(each, 'utf8').split('\n').filter(Boolean));
  expect(lines.toSorted()).toEqual(Array.from({ length: 30 }, (_, index) => `line number ${index + 10}`));
});

test('a format that replaces: the file is whole at every moment, and nothing lies beside it', async () => {
  const directory = temporary();
  const file = path.join(directory, 'hecate.prom');
  const format = { ...LINES, replaces: true as const };
  const transport = createFileTransport(target(file));
  await transport.send(delivery(['a 1', 'b 2'], { format }));
  const { ino } = statSync(file);
  await transport.send(delivery(['a 2'], { format }));
  expect(readFileSync(file, 'utf8')).toBe('a 2\n');
  expect(statSync(file).ino).not.toBe(ino);
  expect(readdirSync(directory)).toEqual(['hecate.prom']);
});

test('trouble is a sentence: no directory, a directory, a pipe, no permission, a link to itself', async () => {
  const directory = temporary();
  const send = async (file: string): Promise<unknown> => createFileTransport(target(file)).send(delivery(['a']));
  expect(await send(path.join(directory, 'no', 'm'))).toEqual({ kind: 'failed', why: 'does not exist' });
  expect(await send(directory)).toEqual({ kind: 'failed', why: 'is a directory, not a file' });
  execFileSync('mkfifo', [path.join(directory, 'pipe')]);
  expect(await send(path.join(directory, 'pipe'))).toEqual({ kind: 'failed', why: 'is not a regular file' });
  symlinkSync('loop', path.join(directory, 'loop'));
  expect(await send(path.join(directory, 'loop'))).toEqual({ kind: 'failed', why: 'is a symbolic link to itself' });
  mkdirSync(path.join(directory, 'closed'), { mode: 0o555 });
  const closed = await send(path.join(directory, 'closed', 'm'));
  expect(closed).toEqual(process.getuid?.() === 0 ? { kind: 'sent' } : { kind: 'failed', why: 'may not be written by this user' });
  chmodSync(path.join(directory, 'closed'), 0o755);
});

test('an emptied file begins anew', async () => {
  const file = path.join(temporary(), 'm.csv');
  const transport = createFileTransport(target(file));
  await transport.send(delivery(['1,2'], { header: HEADER }));
  truncateSync(file);
  await transport.send(delivery(['3,4'], { header: HEADER }));
  expect(readFileSync(file, 'utf8')).toBe('time,cpu\n3,4\n');
});

test("a format that replaces goes through no link that lies beside the file, and a leftover of a crash is in nobody's way", async () => {
  const directory = temporary();
  const file = path.join(directory, 'hecate.prom');
  const victim = path.join(directory, 'victim');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, path.join(directory, `.hecate.prom.${process.pid}`));
  const sent = await createFileTransport(target(file)).send(delivery(['a 1'], { format: { ...LINES, replaces: true as const } }));
  expect(sent).toEqual({ kind: 'sent' });
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  expect(readFileSync(file, 'utf8')).toBe('a 1\n');
});

test.skipIf(process.platform !== 'linux')('a file that cannot be written to its end leaves no descriptor open', async () => {
  const file = path.join(temporary(), 'hecate.prom');
  // What the system refuses in the middle of writing, as a full disk is.
  const format = { ...LINES, replaces: true as const, join: () => ({ length: 5 }) as Buffer };
  const before = readdirSync('/proc/self/fd').length;
  for (let count = 0; count < 50; count++)
    expect(await createFileTransport(target(file)).send(delivery(['a'], { format }))).toMatchObject({ kind: 'failed' });
  expect(readdirSync('/proc/self/fd').length - before).toBeLessThan(25);
  expect(readdirSync(path.dirname(file))).toEqual([]);
});
