import { expect, test } from 'vitest';
import { parseMoment, spellAgo } from './moment-text.ts';

/** Seconds since the epoch of a time of this place. */
const local = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number =>
  new Date(year, month - 1, day, hour, minute, second).getTime() / 1000;
const NOW = local(2026, 11, 21, 14, 30);

test.each([
  ['now', NOW],
  ['10:15', local(2026, 11, 21, 10, 15)],
  ['9:05:30', local(2026, 11, 21, 9, 5, 30)],
  ['23:50', local(2026, 11, 20, 23, 50)],
  ['today 10:15', local(2026, 11, 21, 10, 15)],
  ['yesterday 10:15', local(2026, 11, 20, 10, 15)],
  ['2026-11-01', local(2026, 11, 1)],
  ['2026-11-01T10:15', local(2026, 11, 1, 10, 15)],
  ['2026-11-01 10:15:20', local(2026, 11, 1, 10, 15, 20)],
  ['2026-11-01T10:15:00Z', Date.UTC(2026, 10, 1, 10, 15) / 1000],
  ['2026-11-01T10:15:00+05:30', Date.UTC(2026, 10, 1, 4, 45) / 1000],
  ['2026-11-01T10:15-0330', Date.UTC(2026, 10, 1, 13, 45) / 1000],
  ['-2h', NOW - 7200],
  ['-90s', NOW - 90],
  ['-1.5d', NOW - 129_600],
  ['30m', NOW - 1800],
  ['30m ago', NOW - 1800],
  [' 10:15 ', local(2026, 11, 21, 10, 15)],
  ['1795000000', 1_795_000_000],
  ['1795000000.25', 1_795_000_000.25],
])('%j', (text, time) => {
  expect(parseMoment(text, NOW)).toBeCloseTo(time, 6);
});

test.each([
  ['', 'no time that hecate understands'],
  ['banana', 'no time that hecate understands'],
  ['10', 'no time that hecate understands'],
  ['10:15pm', 'no time that hecate understands'],
  ['tomorrow 10:15', 'no time that hecate understands'],
  ['-2weeks', 'no time that hecate understands'],
  ['25:00', 'no time of day'],
  ['10:61', 'no time of day'],
  ['yesterday 10:15:60', 'no time of day'],
  ['2026-02-30', 'does not exist'],
  ['2026-13-01T10:00', 'does not exist'],
  ['2026-11-01T24:00', 'does not exist'],
  ['today 15:00', 'in the future'],
  ['2027-01-01', 'in the future'],
  ['9999999999', 'in the future'],
  ['\u001B[31m10:15', 'no time that hecate understands'],
])('%j is %s', (text, why) => {
  expect(() => parseMoment(text, NOW)).toThrow(expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(why) }));
});

test('what looks like an option and is a time is spelt so that it is none', () => {
  expect(['-2h', '-30m', '-1.5d', '-90s'].map(spellAgo)).toEqual(['2h ago', '30m ago', '1.5d ago', '90s ago']);
  expect(['-h', '--to', '-2', '-2hours', '2h'].map(spellAgo)).toEqual(['-h', '--to', '-2', '-2hours', '2h']);
});
