import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HecateError } from '@hecate/host';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listProfiles, loadProfile } from './load-profile.ts';
import type { Profile } from './profile.ts';

let shipped: string;
let own: string;

beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-profiles-'));
  shipped = join(directory, 'shipped');
  own = join(directory, 'own');
  mkdirSync(shipped);
  mkdirSync(own);
});

afterEach(() => rmSync(join(shipped, '..'), { recursive: true }));

const swap = (value: number): string => `[[knobs]]\nknob = "sysctl"\nkey = "vm.swappiness"\nvalue = ${value}\nwhy = "x"\nsource = "x"\n`;
const BOOST = '[[knobs]]\nknob = "cpu-boost"\nvalue = true\nwhy = "x"\nsource = "x"\n';

function write(directory: string, name: string, rest: string, called: string = name): void {
  writeFileSync(join(directory, `${name}.toml`), `name = "${called}"\ntitle = "T"\nsummary = "S"\n${rest}`);
}

const load = (name: string): Profile => loadProfile(name, [shipped, own]);
const values = ({ knobs }: Profile): unknown[] => knobs.map(({ knob, value }) => [knob, value]);

function failure(work: () => unknown): HecateError {
  try {
    work();
  } catch (error) {
    if (error instanceof HecateError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

test('own knobs replace those of the included profile, and come after the rest', () => {
  write(shipped, 'base', swap(60) + BOOST);
  write(shipped, 'server', `include = "base"\n${swap(10)}`);
  const profile = load('server');
  expect(values(profile)).toEqual([
    ['cpu-boost', true],
    ['sysctl', 10],
  ]);
  expect([profile.name, profile.include]).toEqual(['server', 'base']);
});

test('a profile can do without a knob that it includes', () => {
  write(shipped, 'base', swap(60) + BOOST);
  write(shipped, 'server', 'include = "base"\nwithout = ["sysctl vm.swappiness"]\n');
  expect(values(load('server'))).toEqual([['cpu-boost', true]]);
  write(shipped, 'server', 'include = "base"\nwithout = ["sysctl vm.swapiness"]\n');
  expect(failure(() => load('server'))).toMatchObject({
    code: 'INVALID',
    message: `${shipped}/server.toml: The profile is without sysctl vm.swapiness, which base does not have.`,
    hint: 'Did you mean sysctl vm.swappiness?',
  });
  write(shipped, 'server', 'without = ["sysctl vm.swappiness"]\n');
  expect(failure(() => load('server')).message).toBe(
    `${shipped}/server.toml: The profile includes none, and there is nothing that it could be without.`,
  );
});

test('the last directory wins, and can build on the profile of the same name before it', () => {
  write(shipped, 'server', swap(60) + BOOST);
  write(own, 'server', `include = "server"\n${swap(1)}`);
  expect(values(load('server'))).toEqual([
    ['cpu-boost', true],
    ['sysctl', 1],
  ]);
  write(own, 'server', swap(2));
  expect(values(load('server'))).toEqual([['sysctl', 2]]);
  expect(listProfiles([shipped, own])).toMatchObject([{ name: 'server', file: join(own, 'server.toml'), error: null }]);
});

test('a circle of includes is refused', () => {
  write(shipped, 'a', 'include = "b"\n');
  write(own, 'b', 'include = "a"\n');
  expect(failure(() => load('a'))).toMatchObject({
    code: 'INVALID',
    message: `The profile a includes itself: ${shipped}/a.toml -> ${own}/b.toml -> ${shipped}/a.toml.`,
  });
  write(shipped, 'alone', 'include = "alone"\n');
  expect(failure(() => load('alone')).message).toBe(`${shipped}/alone.toml: There is no profile alone.`);
});

test.each(['../server', '/etc/passwd', '', 'Server', 'a'.repeat(65), 'a\0b', '-a', 'server.toml'])('%j is no name', (name) => {
  expect(failure(() => load(name))).toMatchObject({ code: 'INVALID', message: `${JSON.stringify(name)} is no name of a profile.` });
});

test('a profile that is not there: the nearest, or which there are', () => {
  write(shipped, 'server', '');
  write(own, 'database', '');
  expect(failure(() => load('servr'))).toMatchObject({ message: 'There is no profile servr.', hint: 'Did you mean server?' });
  expect(failure(() => load('zzz')).hint).toBe('There are database, server.');
  expect(failure(() => loadProfile('zzz', [])).hint).toBe('There are none.');
  write(own, 'mine', 'include = "servr"\n');
  expect(failure(() => load('mine')).message).toBe(`${own}/mine.toml: There is no profile servr.`);
});

test('name and file must agree', () => {
  write(own, 'mine', '', 'yours');
  expect(failure(() => load('mine')).message).toBe(`${own}/mine.toml: The profile is called yours, and its file mine.toml.`);
});

test('what is no file is not opened: a pipe would never end', () => {
  execFileSync('mkfifo', [join(own, 'pipe.toml')]);
  mkdirSync(join(own, 'folder.toml'));
  expect(failure(() => load('pipe'))).toMatchObject({ code: 'INVALID', message: `${own}/pipe.toml is no file.` });
  expect(failure(() => load('folder')).message).toBe(`${own}/folder.toml is no file.`);
});

test('a list names every profile, broken ones with their error', () => {
  write(shipped, 'server', swap(10));
  write(own, 'broken', 'titel = "x"\n');
  writeFileSync(join(own, 'README.md'), 'not one');
  writeFileSync(join(own, 'Not One.toml'), 'not one');
  const list = listProfiles([shipped, own, join(own, 'nowhere')]);
  expect(list.map(({ name, profile, error }) => [name, profile?.title ?? null, error?.message ?? null])).toEqual([
    ['broken', null, `${own}/broken.toml: The profile has an unknown property "titel".`],
    ['server', 'T', null],
  ]);
});
