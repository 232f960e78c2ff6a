import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHost, openRootedHost } from './host.ts';
import { makeDirectories, openWritableHost } from './writable-host.ts';
import type { FileAttributes, WritableHost } from './writable-host.ts';

const isRoot = process.getuid?.() === 0;
const self: FileAttributes = { mode: 0o640, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const bytes = (text: string): Uint8Array => Buffer.from(text);

let top: string;
let root: string;
let host: WritableHost;

beforeEach(() => {
  top = realpathSync(mkdtempSync(path.join(tmpdir(), 'hecate-pen-')));
  root = path.join(top, 'root');
  mkdirSync(path.join(root, 'proc'), { recursive: true });
  mkdirSync(path.join(root, 'etc'));
  mkdirSync(path.join(top, 'outside'));
  host = openWritableHost(openRootedHost(root));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const inRoot = (file: string): string => path.join(root, file);

describe('placing a file', () => {
  it('makes it whole, with the owner and mode that are given, and leaves nothing beside it', () => {
    host.placeFile('/etc/new', bytes('text\n'), self);
    expect(readFileSync(inRoot('etc/new'), 'utf8')).toBe('text\n');
    expect(host.status('/etc/new')).toMatchObject({ kind: 'file', mode: 0o640, uid: self.uid, gid: self.gid, size: 5 });
    host.placeFile('/etc/new', bytes('more\n'), { ...self, mode: 0o755 });
    expect(host.status('/etc/new')).toMatchObject({ mode: 0o755 });
    expect(readdirSync(inRoot('etc'))).toEqual(['new']);
  });

  it.skipIf(!isRoot)('keeps owners and all bits of the mode (skipped: only root can give files away)', () => {
    host.placeFile('/etc/new', bytes(''), { mode: 0o4755, uid: 123, gid: 456 });
    expect(host.status('/etc/new')).toMatchObject({ mode: 0o4755, uid: 123, gid: 456 });
  });

  it('is no write to the file that was there: who reads that goes on reading it', () => {
    writeFileSync(inRoot('etc/file'), 'old\n');
    const before = host.status('/etc/file')!;
    host.placeFile('/etc/file', bytes('new\n'), self);
    expect(host.status('/etc/file')!.inode).not.toBe(before.inode);
  });

  it('takes the place of a link, and leaves alone what it points to', () => {
    writeFileSync(inRoot('etc/target'), 'target\n');
    symlinkSync('target', inRoot('etc/link'));
    host.placeFile('/etc/link', bytes('new\n'), self);
    expect(lstatSync(inRoot('etc/link')).isFile()).toBe(true);
    expect(readFileSync(inRoot('etc/target'), 'utf8')).toBe('target\n');
  });

  it('writes over what a kill has left, also when that is a link to somewhere else', () => {
    symlinkSync(path.join(top, 'outside/victim'), inRoot('etc/.file.hecate'));
    host.placeFile('/etc/file', bytes('new\n'), self);
    expect(readdirSync(path.join(top, 'outside'))).toEqual([]);
    expect(readdirSync(inRoot('etc'))).toEqual(['file']);
  });

  it.each(['/etc', '/etc/none/file', '/etc/file/below'])('refuses %s, and leaves nothing behind', (file) => {
    writeFileSync(inRoot('etc/file'), 'old\n');
    expect(() => host.placeFile(file, bytes('new\n'), self)).toThrow(/EISDIR|ENOENT|ENOTDIR/);
    expect(readdirSync(root).toSorted()).toEqual(['etc', 'proc']);
    expect(readdirSync(inRoot('etc'))).toEqual(['file']);
  });

  it.skipIf(!isRoot)('leaves the old one, and nothing beside it, on a full disk (skipped: mounting takes root)', () => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', inRoot('etc')]);
    if (mounted.status !== 0)
      return process.stdout.write(`SKIPPED: a full disk: no tmpfs can be mounted here: ${mounted.stderr.toString()}\n`);
    try {
      host.placeFile('/etc/file', bytes('old\n'), self);
      expect(() => host.placeFile('/etc/file', Buffer.alloc(1 << 20), self)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
      expect(readFileSync(inRoot('etc/file'), 'utf8')).toBe('old\n');
      expect(readdirSync(inRoot('etc'))).toEqual(['file']);
    } finally {
      spawnSync('umount', [inRoot('etc')]);
    }
  });
});

describe('a root', () => {
  it.each<[string, (file: string) => void]>([
    ['placeFile', (file) => host.placeFile(file, bytes('x'), self)],
    ['placeLink', (file) => host.placeLink(file, 'x')],
    ['removeFile', (file) => host.removeFile(file)],
    ['setValue', (file) => host.setValue(file, 'x')],
    ['makeDirectory', (file) => host.makeDirectory(`${file}2`, 0o755)],
  ])('is not left by %s through a directory that is a link', (_, write) => {
    writeFileSync(path.join(top, 'outside/file'), 'old\n');
    symlinkSync('../../outside', inRoot('etc/out'));
    symlinkSync(path.join(top, 'outside'), inRoot('etc/absolute'));
    for (const file of ['/etc/out/file', '/etc/absolute/file']) {
      try {
        write(file);
      } catch (error) {
        expect((error as { code?: string }).code).toBe('ENOENT');
      }
    }
    expect(readdirSync(path.join(top, 'outside'))).toEqual(['file']);
    expect(readFileSync(path.join(top, 'outside/file'), 'utf8')).toBe('old\n');
  });

  it('is not left by dots, nor by a value file that is a link', () => {
    writeFileSync(path.join(top, 'victim'), 'old\n');
    symlinkSync('../../victim', inRoot('etc/value'));
    expect(() => host.setValue('/etc/value', 'new')).toThrow(/leads out of the root/);
    expect(() => host.placeFile('/../victim', bytes('new'), self)).toThrow(/leads out/);
    for (const file of ['/..', '/etc/..', 'etc/file', '', '/']) {
      expect(() => host.removeDirectory(file), file).toThrow(expect.objectContaining({ code: 'INVALID' }));
      expect(() => host.placeFile(file, bytes('new'), self), file).toThrow(expect.objectContaining({ code: 'INVALID' }));
    }
    expect(readFileSync(path.join(top, 'victim'), 'utf8')).toBe('old\n');
  });

  it('may have links inside: directories are followed', () => {
    symlinkSync('etc', inRoot('conf'));
    host.placeFile('/conf/file', bytes('text\n'), self);
    expect(readFileSync(inRoot('etc/file'), 'utf8')).toBe('text\n');
    expect(host.status('/conf')?.kind).toBe('link');
    expect(host.status('/conf/.')?.kind).toBe('directory');
    expect(host.status('/')?.kind).toBe('directory');
  });
});

describe('links, directories and removing', () => {
  it('places a link over a file or link, as it is written', () => {
    writeFileSync(inRoot('etc/one'), 'text\n');
    host.placeLink('/etc/one', '../nowhere');
    host.placeLink('/etc/one', 'somewhere');
    expect(readlinkSync(inRoot('etc/one'))).toBe('somewhere');
    expect(readdirSync(inRoot('etc'))).toEqual(['one']);
  });

  it('removes a link and not what it points to; that there is nothing is no error', () => {
    writeFileSync(inRoot('etc/target'), 'text\n');
    symlinkSync('target', inRoot('etc/link'));
    for (const file of ['/etc/link', '/etc/link', '/none/file', '/etc/target/below']) host.removeFile(file);
    expect(readdirSync(inRoot('etc'))).toEqual(['target']);
    expect(() => host.removeFile('/etc')).toThrow(/EISDIR|EPERM/);
  });

  it('tidies what a kill left beside a file, and nothing else', () => {
    for (const name of ['.file.hecate', '.other.hecate', 'file']) writeFileSync(inRoot(`etc/${name}`), 'text\n');
    host.tidy('/etc/file');
    host.tidy('/etc/file');
    host.tidy('/none/file');
    expect(readdirSync(inRoot('etc')).toSorted()).toEqual(['.other.hecate', 'file']);
  });

  it('makes a directory with just that mode, and removes it only when it is empty', () => {
    const old = process.umask(0o077);
    try {
      host.makeDirectory('/etc/made', 0o755);
    } finally {
      process.umask(old);
    }
    expect(host.status('/etc/made')).toMatchObject({ kind: 'directory', mode: 0o755 });
    writeFileSync(inRoot('etc/made/file'), '');
    expect(() => host.removeDirectory('/etc/made')).toThrow(/ENOTEMPTY/);
    rmSync(inRoot('etc/made/file'));
    host.removeDirectory('/etc/made');
    expect(existsSync(inRoot('etc/made'))).toBe(false);
  });

  it('says null of what is not there, and what anything else is', () => {
    expect(host.status('/none')).toBeNull();
    expect(host.status('/none/below')).toBeNull();
    writeFileSync(inRoot('etc/file'), '');
    expect(host.status('/etc/file/below')).toBeNull();
    expect(spawnSync('mkfifo', [inRoot('etc/pipe')]).status).toBe(0);
    expect(host.status('/etc/pipe')?.kind).toBe('other');
  });
});

describe('setting a value', () => {
  it('writes over the whole of it, and creates nothing', () => {
    writeFileSync(inRoot('etc/value'), 'a long value\n', { mode: 0o600 });
    host.setValue('/etc/value', '1\n');
    expect(readFileSync(inRoot('etc/value'), 'utf8')).toBe('1\n');
    expect(statSync(inRoot('etc/value')).mode & 0o777).toBe(0o600);
    expect(() => host.setValue('/etc/none', '1\n')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(readdirSync(inRoot('etc'))).toEqual(['value']);
  });

  it.skipIf(!isRoot)('is what the kernel takes for a sysctl (skipped: only root may)', () => {
    // No other test changes this one: how often counters of the memory are gathered, in seconds.
    const real = openWritableHost(openHost());
    const file = '/proc/sys/vm/stat_interval';
    const was = real.readText(file);
    const other = was.trim() === '2' ? '3\n' : '2\n';
    try {
      real.setValue(file, other);
      expect(real.readText(file)).toBe(other);
      expect(() => real.setValue(file, 'many\n')).toThrow(expect.objectContaining({ code: 'EINVAL' }));
      expect(real.readText(file)).toBe(other);
    } finally {
      real.setValue(file, was);
    }
    expect(real.readText(file)).toBe(was);
  });

  it.skipIf(isRoot)('is denied to other users (skipped: this is root)', () => {
    expect(() => openWritableHost(openHost()).setValue('/proc/sys/vm/swappiness', '61\n')).toThrow(
      expect.objectContaining({ code: 'EACCES' }),
    );
  });
});

it('makes directories for the owner only, and leaves those alone that are there', () => {
  chmodSync(path.join(top, 'outside'), 0o755);
  if (isRoot) chownSync(path.join(top, 'outside'), 123, 123);
  const made = path.join(top, 'outside/a/b/c');
  makeDirectories(made);
  makeDirectories(made);
  expect(['outside/a', 'outside/a/b/c', 'outside'].map((name) => statSync(path.join(top, name)).mode & 0o777)).toEqual([
    0o700, 0o700, 0o755,
  ]);
});
