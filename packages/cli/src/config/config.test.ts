import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from './config.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hecate-config-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string): string {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'config.toml'), text);
  return join(directory, name);
}

test('without files nothing is tuned', () => {
  expect(readConfig([join(directory, 'nowhere')]).tune).toEqual({ profile: null, settle: 20, watch: 30 });
});

test('the later file wins, setting by setting; the environment above both', () => {
  const machine = write('machine', '[tune]\nprofile = "server"\nsettle = 5\n');
  const user = write('user', '[tune]\nprofile = "latency"\n');
  expect(readConfig([machine, user]).tune).toEqual({ profile: 'latency', settle: 5, watch: 30 });
  expect(readConfig([machine, write('off', '[tune]\nprofile = "off"\n')]).tune.profile).toBeNull();
  process.env['HECATE_TUNE_PROFILE'] = 'off';
  try {
    expect(readConfig([machine]).tune.profile).toBeNull();
  } finally {
    delete process.env['HECATE_TUNE_PROFILE'];
  }
});

test.each([
  ['tune = 1', '[tune] must be a table'],
  ['[tune]\nprofil = "server"', 'there is no setting "profil"'],
  ['[tuning]', 'there is no setting "tuning"'],
  ['[tune]\nprofile = 3', 'profile must be'],
  ['[tune]\nprofile = "../../etc/passwd"', 'profile must be'],
  ['[tune]\nsettle = 61', 'from 0 to 60'],
  ['[tune]\nwatch = "long"', 'a number of seconds'],
  ['[tune\n', 'config.toml is not valid TOML at line 1, column 6: '],
])('%j is refused: %s', (text, sentence) => {
  const file = write('bad', text);
  expect(() => readConfig([file])).toThrow(expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(sentence) }));
  expect(() => readConfig([file])).toThrow(join(file, 'config.toml'));
});

test('a directory in its place, or a file that may not be read, is told', () => {
  mkdirSync(join(directory, 'odd', 'config.toml'), { recursive: true });
  expect(() => readConfig([join(directory, 'odd')])).toThrow(expect.objectContaining({ code: 'INVALID' }));
  const secret = write('secret', '');
  chmodSync(join(secret, 'config.toml'), 0);
  if (process.getuid?.() !== 0) expect(() => readConfig([secret])).toThrow(expect.objectContaining({ code: 'INVALID' }));
});
