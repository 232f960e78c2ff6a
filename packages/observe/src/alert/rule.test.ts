import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlertSettings } from './alert-settings.ts';
import { holds, parseCondition } from './condition.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { parseQuantity, parseSpan } from './quantity.ts';
import { isQuiet, parseQuietHours } from './quiet-hours.ts';
import { compileDefaults } from './rule-set.ts';
import { fillTemplate, objectText, parseTemplate } from './summary-template.ts';
import { objectPattern } from './what.ts';

const PLACE = 'config.toml, [alerts]';
const GOOD = { name: 'mine', what: 'cpu_usage_percent', warning: '> 85' };
const rules = (raw: object): ReturnType<typeof compileDefaults> => compileDefaults(parseAlertSettings(raw, PLACE));

test('our rules are right, have different names, and say what is wrong and what to do', () => {
  const all = rules({});
  expect(all).toHaveLength(DEFAULT_RULES.length);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, advice, summary } of all) {
    expect(advice, name).toMatch(/\.$/);
    expect(summary.texts.at(-1), name).toMatch(/\.$/);
  }
});

test('a rule of the user stands beside ours; one of the same name changes ours key by key; disable takes one away', () => {
  const found = rules({
    disable: ['cpu_steal'],
    rule: [GOOD, { name: 'memory', critical: '< 1' }, { name: 'load', enabled: false }, { name: 'disk_space', except: ['/mnt/*'] }],
  });
  const named = (name: string) => found.find((rule) => rule.name === name);
  expect(named('cpu_steal')).toBeUndefined();
  expect(named('load')).toBeUndefined();
  expect(named('mine')?.warning?.text).toBe('> 85');
  expect(named('memory')).toMatchObject({ over: 60, warning: { text: '< 10' }, clearWarning: { text: '> 15' }, critical: { text: '< 1' } });
  // Our clear bound belongs to our bound.
  expect(named('memory')?.clearCritical).toBeNull();
  expect(named('disk_space')?.leavesOut('/mnt/usb')).toBe(true);
  expect(named('disk_space')?.leavesOut('/srv')).toBe(false);
  expect(found).toHaveLength(DEFAULT_RULES.length - 2 + 1);
});

test.each<[what: object, sentence: string]>([
  [{ rule: 1 }, 'rule must be a list'],
  [{ rules: [] }, 'there is no setting "rules"'],
  [{ enabled: 'yes' }, 'enabled must be true or false'],
  [{ disable: ['cpu_usge'] }, 'disable names "cpu_usge", which is no rule of ours'],
  [{ quiet: ['22-7'] }, 'quiet 1 must be hours such as "22:00-07:00"'],
  [{ quiet: ['22:00-22:00'] }, 'quiet 1 must be hours'],
  [{ quiet: ['25:00-07:00'] }, 'quiet 1 must be hours'],
  [{ quiet: ['bla 22:00-07:00'] }, 'quiet 1 must be hours'],
  [{ repeat: '10' }, 'repeat must be a time such as "10s" or "4h", not "10"'],
  [{ repeat: '5s' }, 'repeat must be 0s (never) or at least 1m'],
  [{ group: '2d' }, 'group must be at most 1h'],
  [{ rule: ['x'] }, 'rule 1'],
  [{ rule: [{}] }, 'rule 1: name must be given'],
  [{ rule: [{ name: 'a b' }] }, 'name must be letters, digits'],
  [{ rule: [{ name: 'mine' }] }, 'rule "mine": what must be given'],
  [{ rule: [{ ...GOOD, wht: 1 }] }, 'there is no setting "wht"'],
  [{ rule: [GOOD, GOOD] }, 'there are two rules "mine"'],
  [{ rule: [{ ...GOOD, what: 'cpu_usage' }] }, 'rule "mine": what names "cpu_usage", which is no number of the machine'],
  [{ rule: [{ ...GOOD, what: 'filesytem.*.used_percent' }] }, 'names "filesytem", which is no kind of object'],
  [{ rule: [{ ...GOOD, what: 'filesystem.*.used' }] }, 'names "used", which is nothing of a filesystem'],
  [{ rule: [{ ...GOOD, what: 'filesystem.*.constructor' }] }, 'names "constructor"'],
  [{ rule: [{ ...GOOD, what: 'constructor' }] }, 'names "constructor"'],
  [{ rule: [{ ...GOOD, what: 'event:oomkill' }] }, 'names "oomkill", which is no kind of event'],
  [{ rule: [{ ...GOOD, what: 'forecast:cpu' }] }, 'names "cpu", which is no forecast'],
  [{ rule: [{ ...GOOD, what: 'anomaly:nothing' }] }, 'names "nothing", which is no series'],
  [{ rule: [{ ...GOOD, what: 'magic:x' }] }, 'names "magic", which is nothing'],
  [{ rule: [{ ...GOOD, what: 'daemon.mood' }] }, 'names "mood", which is nothing of the daemon'],
  [{ rule: [{ ...GOOD, warning: '85' }] }, 'rule "mine": warning must be a comparison such as "> 90"'],
  [{ rule: [{ ...GOOD, warning: '> many' }] }, 'warning compares with "many", which is no number of percent'],
  [{ rule: [{ ...GOOD, warning: '> 5GiB' }] }, 'compares with "5GiB", which is no number of percent'],
  [{ rule: [{ ...GOOD, warning: '> 85; process.exit()' }] }, 'which is no number of percent'],
  [{ rule: [{ ...GOOD, warning: '> 85 and mood > 3' }] }, 'compares "mood", which it does not know'],
  [{ rule: [{ ...GOOD, warning: '> 85 and' }] }, 'warning'],
  [{ rule: [{ ...GOOD, warning: '' }] }, 'warning must not be empty'],
  [{ rule: [{ name: 'mine', what: 'load1' }] }, 'must have a warning, a critical, or both'],
  [{ rule: [{ ...GOOD, clear_critical: '< 3' }] }, 'has clear_critical but no critical'],
  [{ rule: [{ ...GOOD, function: 'median' }] }, 'function must be one of'],
  [{ rule: [{ ...GOOD, function: 'mean' }] }, 'over must say how long function "mean" looks back'],
  [{ rule: [{ ...GOOD, over: '10m' }] }, 'over needs a function'],
  [{ rule: [{ ...GOOD, function: 'mean', over: '8d' }] }, 'over must be a time such as "90s", "10m" or "2h", at most 7d'],
  [{ rule: [{ ...GOOD, for: '-5m' }] }, 'for must be a time'],
  [{ rule: [{ ...GOOD, for: 'soon' }] }, 'for must be a time'],
  [{ rule: [{ ...GOOD, summary: '{value} of {mood}' }] }, 'summary has a place {mood}, which nothing is known about'],
  [{ rule: [{ ...GOOD, quiet: 1 }] }, 'quiet must be true or false'],
])('%j is refused: %s', (raw, sentence) => {
  expect(() => parseAlertSettings(raw, PLACE)).toThrow(
    expect.objectContaining({ code: 'INVALID', message: expect.stringMatching(new RegExp(`^config\\.toml, \\[alerts\\].*\\.$`, 's')) }),
  );
  expect(() => parseAlertSettings(raw, PLACE)).toThrow(sentence);
});

describe('conditions', () => {
  const comparable = { unit: 'percent', readings: new Map([['available', 'bytes'] as const]) } as const;

  test.each<[text: string, value: number, available: number | null, answer: boolean | null]>([
    ['> 90', 90, 0, false],
    ['>= 90', 90, 0, true],
    ['< 90%', 89.9, 0, true],
    ['== -1', -1, 0, true],
    ['!= 0', 0, 0, false],
    ['> 98 and available < 5GiB', 99, 4e9, true],
    ['> 98 and available < 5GiB', 99, 6e9, false],
    ['> 98 and available < 5GiB', 97, null, false],
    ['> 98 and available < 5GiB', 99, null, null],
    ['> 98 or available < 5GiB', 99, null, true],
    ['> 98 or available < 5GiB', 97, null, null],
    ['> 98 and available < 1 or available > 5', 10, 6, true],
    ['available<5kB', 0, 4999, true],
  ])('%s with %d and %j: %j', (text, value, available, answer) => {
    expect(holds(parseCondition(text, comparable), value, () => available)).toBe(answer);
  });

  test('any text is a condition or a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `> ${text}`),
        ),
        (text) => {
          try {
            expect(typeof holds(parseCondition(text, comparable), 1, () => 1)).toBe('boolean');
          } catch (error) {
            expect(error).toBeInstanceOf(HecateError);
          }
        },
      ),
    );
  });
});

test.each<[text: string, unit: Parameters<typeof parseQuantity>[1], value: number | null]>([
  ['5GiB', 'bytes', 5 * 2 ** 30],
  ['1.5 MB/s', 'bytes/second', 1.5e6],
  ['1.5 MB/s', 'bytes', null],
  ['80 °C', 'celsius', 80],
  ['2h', 'seconds', 7200],
  ['50ms', 'seconds', 0.05],
  ['3 toString', 'bytes', null],
  ['1e3', 'count', null],
  ['0x10', 'count', null],
  ['', 'count', null],
])('%j in %s is %j', (text, unit, value) => {
  expect(parseQuantity(text, unit)).toBe(value);
});

test.each([
  ['90s', 90],
  ['10m', 600],
  ['1.5h', 5400],
  ['2d', 172_800],
  ['0', 0],
  ['0s', 0],
  ['10', null],
  ['-1s', null],
  ['1B', null],
  ['', null],
])('the time %j is %j', (text, seconds) => expect(parseSpan(text)).toBe(seconds));

test.each([
  ['*', 'anything', true],
  ['/srv', '/srv', true],
  ['/srv', '/srv2', false],
  ['/srv*', '/srv2', true],
  ['*.service', 'ssh.service', true],
  ['*.service', '.servic', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'a-c', false],
  ['ab*ba', 'aba', false],
  ['*a*', 'bab', true],
])('%s means %s: %j', (pattern, object, answer) => expect(objectPattern(pattern)(object)).toBe(answer));

test('a summary shows names as text, never as places or as what steers a terminal', () => {
  const template = parseTemplate('{object} is {value} full.', new Map());
  const hostile = '{value}\u001b[2J\r\nSubject: x';
  const shown = fillTemplate(template, (place) => (place === 'object' ? objectText(hostile) : '99 %'));
  expect(shown).toBe('{value}\\x1b[2J\\x0d\\x0aSubject: x is 99 % full.');
  expect(objectText('x'.repeat(5000)).length).toBeLessThan(130);
});

test('quiet hours go past midnight, by the local clock, on their days', () => {
  const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, 22 + day, hour, minute).getTime() / 1000; // The 22nd is a Sunday.
  const nights = [parseQuietHours('22:00-07:00')];
  expect([21, 22, 23, 0, 6, 7].map((hour) => isQuiet(nights, at(1, hour)))).toEqual([false, true, true, true, true, false]);
  const weekend = [parseQuietHours('sat-sun 00:00-24:00'), parseQuietHours('fri 18:00-01:00')];
  expect(isQuiet(weekend, at(0, 12))).toBe(true);
  expect(isQuiet(weekend, at(1, 12))).toBe(false);
  expect(isQuiet(weekend, at(5, 19))).toBe(true);
  expect(isQuiet([parseQuietHours('fri 18:00-01:00')], at(6, 0, 30))).toBe(true);
  expect(isQuiet([parseQuietHours('fri 18:00-01:00')], at(5, 0, 30))).toBe(false);
  expect(isQuiet([], at(0, 0))).toBe(false);
});
