import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownProfileFile, saveProfile } from './own-profile.ts';

it('a profile is kept in a directory that is made for it, and over an older one', () => {
  const place = mkdtempSync(join(tmpdir(), 'hecate-profiles-'));
  try {
    const file = join(place, 'hecate/profiles/mine.toml');
    saveProfile(file, 'one');
    saveProfile(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(join(place, 'hecate/profiles'))).toEqual(['mine.toml']);
  } finally {
    rmSync(place, { recursive: true });
  }
});

it('its file is named as it is, and only a name can be', () => {
  expect(ownProfileFile('my-work', false)).toMatch(/\/hecate\/profiles\/my-work\.toml$/);
  for (const name of ['', '../server', 'My Work', 'a/b']) expect(() => ownProfileFile(name, false)).toThrow('is no name of a profile');
});
