import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { excessDays, removeDay } from './day-retention.ts';
import { temporary } from './recorder.testing.ts';
import { parseRecordSettings } from './record-settings.ts';

function directoryOf(days: Readonly<Record<string, number>>): string {
  const directory = temporary();
  for (const [day, bytes] of Object.entries(days)) writeFileSync(path.join(directory, `${day}.csv`), Buffer.alloc(bytes));
  return directory;
}

const DAYS = { '2026-11-18': 10, '2026-11-19': 20, '2026-11-20': 30, '2026-11-21': 40 };
const TODAY = '2026-11-21';

test('the oldest days go: over a number of days, over a number of bytes, and the present one never', () => {
  const directory = directoryOf(DAYS);
  expect(excessDays(directory, { keepDays: 0, keepBytes: 100 }, TODAY)).toEqual([]);
  expect(excessDays(directory, { keepDays: 4, keepBytes: 100 }, TODAY)).toEqual([]);
  expect(excessDays(directory, { keepDays: 3, keepBytes: 100 }, TODAY)).toEqual(['2026-11-18']);
  expect(excessDays(directory, { keepDays: 0, keepBytes: 99 }, TODAY)).toEqual(['2026-11-18']);
  expect(excessDays(directory, { keepDays: 0, keepBytes: 89 }, TODAY)).toEqual(['2026-11-18', '2026-11-19']);
  expect(excessDays(directory, { keepDays: 1, keepBytes: 1 }, TODAY)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
  expect(excessDays(directory, { keepDays: 3, keepBytes: 100 }, '2026-11-18')).toEqual(['2026-11-19']);
});

test('a clock in another year costs one day', () => {
  expect(excessDays(directoryOf({ ...DAYS, '2099-01-01': 1 }), { keepDays: 4, keepBytes: 1000 }, '2099-01-01')).toEqual(['2026-11-18']);
});

test('only files of ours are counted and removed; the packed form goes with its day', () => {
  const directory = directoryOf(DAYS);
  writeFileSync(path.join(directory, '2026-11-18.hcol'), Buffer.alloc(5));
  writeFileSync(path.join(directory, 'notes.csv'), 'mine');
  mkdirSync(path.join(directory, '2026-11-01.csv'));
  symlinkSync('/etc/hostname', path.join(directory, '2026-11-02.csv'));
  expect(excessDays(directory, { keepDays: 0, keepBytes: 104 }, TODAY)).toEqual(['2026-11-18']);
  removeDay(directory, '2026-11-18');
  expect(readdirSync(directory).toSorted()).toEqual([
    '2026-11-01.csv',
    '2026-11-02.csv',
    '2026-11-19.csv',
    '2026-11-20.csv',
    '2026-11-21.csv',
    'notes.csv',
  ]);
});

test('settings: defaults, and what is wrong in one sentence', () => {
  expect(parseRecordSettings(undefined, '[record]')).toMatchObject({ keepDays: 90, keepBytes: 4 * 2 ** 30, tiers: true });
  expect(parseRecordSettings({ keep_days: 0, keep_bytes: '100MiB', tiers: false }, '[record]')).toMatchObject({
    keepDays: 0,
    keepBytes: 100 * 2 ** 20,
    tiers: false,
  });
  const wrong = (raw: unknown, sentence: RegExp): void => expect(() => parseRecordSettings(raw, 'config.toml, [record]')).toThrow(sentence);
  wrong({ keep_days: -1 }, /^config.toml, \[record\]: keep_days must be a number of days from 0/);
  wrong({ keep_bytes: 5 }, /keep_bytes must be a size of at least 64MiB/);
  wrong({ keep_bytes: '1KiB' }, /keep_bytes must be a size of at least 64MiB/);
  wrong({ tiers: 'yes' }, /tiers must be true or false/);
  wrong({ keep: 1 }, /there is no setting "keep"/);
  wrong(5, /must be a table/);
});
