import type { Alert } from '@hecate/observe';
import { expect, test } from 'vitest';
import { alertLines, changeLines, opinionLines } from './alert-lines.ts';

const plain = { width: 60, colour: false, unicode: true };
const fine: Alert = {
  id: 'disk_space//srv',
  rule: 'disk_space',
  object: '/srv',
  severity: null,
  value: 12.5,
  unit: 'percent',
  summary: '',
  advice: null,
  since: 100,
  silencedUntil: null,
};
const wrong: Alert = {
  ...fine,
  severity: 'critical',
  summary: 'A sentence \u001B[31mthat is longer than sixty columns and so does not fit into one line of them.',
  advice: 'Do this.',
};
const whats = new Map([
  ['disk_space', 'filesystem.*.used_percent'],
  ['full', 'forecast:filesystem.full_in'],
  ['load', 'load_per_cpu'],
]);

test('what is wrong is a sentence that breaks between words, and steers no terminal', () => {
  const lines = alertLines([{ ...wrong, silencedUntil: 400 }], whats, 200, plain)
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines.slice(0, 3)) expect(line.length).toBeLessThanOrEqual(60);
  expect(lines[1]).toMatch(/^ {10}\w/);
  expect(lines.join('')).not.toContain('\u001B');
  expect(lines.slice(2)).toEqual(['          Do this.', '          disk_space//srv, for 1 min 40 s, silenced for 3 min 20 s']);
});

test('what is fine says what its number is, and its id whole; a rule of another machine has no name for it', () => {
  const alerts: Alert[] = [
    fine,
    { ...fine, id: 'load', rule: 'load', object: null, value: 0.5, unit: 'load' },
    { ...fine, id: 'full//srv', rule: 'full', value: null, unit: 'seconds', summary: 'Too little is known.' },
    { ...fine, id: 'theirs', rule: 'theirs', object: null, value: 3, unit: 'count' },
  ];
  expect(alertLines(alerts, whats, 200, plain).split('\n')).toEqual([
    'fine       12.5 %  used_percent      disk_space//srv',
    'fine          0.5  load_per_cpu      load',
    'fine      unknown  forecast:full_in  full//srv: Too little is known.',
    'fine            3                    theirs',
    '',
  ]);
});

test('the end of an alert says that it is one', () => {
  const text = changeLines([{ time: 0, previous: 'warning', alert: { ...fine, summary: '/srv is 12 % full.' } }], { ...plain, width: 100 });
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}fine {6}disk_space\/\/srv is over\. \/srv is 12 % full\.\n$/);
});

test('opinions: the worst first, and no sentence about minutes that nobody looked', () => {
  const opinion = { object: null, what: 'load_per_cpu', unit: 'load', value: 1, text: '1', summary: 'For 5 minutes it was 1.' };
  const text = opinionLines(
    [
      { ...opinion, rule: 'a', severity: null },
      { ...opinion, rule: 'b', severity: 'critical' },
      { ...opinion, rule: 'c', severity: null, text: 'unknown' },
    ],
    plain,
  );
  expect(text).toBe('critical  1  load_per_cpu  b\nfine      1  load_per_cpu  a\n');
});
