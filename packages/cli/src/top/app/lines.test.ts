import type { Alert } from '@hecate/observe';
import { expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import { NOON, paperOf, pictureOf } from '../view/picture.testing.ts';
import { timeText } from '../../terminal/event-line.ts';
import { drawFootLine } from './foot-line.ts';
import { drawHeadLine } from './head-line.ts';
import { makeKeyMap } from './keys.ts';

type Made = Parameters<typeof pictureOf>[0];

function headOf(made: Made, width = 120): string {
  const { paper, grid } = paperOf(width, 1);
  drawHeadLine(paper, pictureOf(made));
  return textOf(grid).join('\n');
}

function footOf(made: Made, width = 120, more: object = {}): string {
  const { paper, grid } = paperOf(width, 1);
  drawFootLine(paper, { ...pictureOf(made), ...more });
  return textOf(grid).join('\n');
}

const alert = (severity: Alert['severity']) => ({ id: 'a', severity, summary: 's' }) as Alert;

test('the head names the machine, since when it runs, and the time', () => {
  const head = headOf({});
  for (const piece of ['web', 'Debian GNU/Linux 12', 'Linux 6.1.0', 'up 1 d 1 h', 'every 1 s', timeText(NOON)])
    expect(head).toContain(piece);
});

test('where room is short the name stays, and the line is never wider', () => {
  for (let width = 1; width < 120; width++) {
    const head = headOf({ scene: { alerts: [alert('critical')] }, state: { frozen: true } }, width);
    expect(head.split('\n')).toHaveLength(1);
    if (width >= 20) expect(head).toContain('web');
  }
  expect(headOf({ state: { moment: NOON - 60 } }, 30)).toContain('PAST');
});

test('what is unusual is said: alerts, a screen that stands still, the past', () => {
  expect(headOf({ scene: { alerts: [alert('critical'), alert(null)] } })).toContain('▲ 1 alert ');
  expect(headOf({ scene: { alerts: [alert('warning'), alert('critical')] } })).toContain('2 alerts');
  expect(headOf({ scene: { alerts: [] } })).not.toContain('alert');
  expect(headOf({ state: { frozen: true } })).toContain('FROZEN');
  const past = headOf({ state: { moment: NOON - 3600 } });
  expect(past).toContain(`PAST   ${timeText(NOON - 3600)}`);
  expect(past).not.toContain('every');
});

test('a name that would steer the terminal is shown, and does not', () => {
  expect(headOf({ name: '\u001b[31m' })).toContain('web\\x1b[31m');
});

test('hints are those of the moment, with the keys that they have', () => {
  expect(footOf({})).toMatch(/\? help {2}q quit {2}\/ filter/);
  expect(footOf({ state: { moment: 5 } })).toMatch(/^ 0 present {2}← → back, on/);
  expect(footOf({ state: { detail: { pid: 1, startedAfterBoot: 0 } } })).toMatch(/^ Esc close/);
  expect(footOf({ state: { dialog: { kind: 'sort', chosen: 0 } } })).toMatch(/↵ yes {2}Esc no/);
  expect(footOf({}, 120, { keys: makeKeyMap({ help: 'f12', quit: [] }) })).toMatch(/^ F12 help {2}Ctrl\+C quit/);
  expect(footOf({}, 120, { keys: makeKeyMap({ tree: [] }) })).not.toContain('tree');
});

test('a message takes the place of the hints', () => {
  expect(footOf({ state: { message: 'TERM was sent\u001b[2J.' } })).toBe(' TERM was sent\\x1b[2J.');
});

test('the filter shows its end, the place of the next letter, and what is wrong with it', () => {
  expect(footOf({ state: { editingFilter: true, filter: 'name~node' } })).toBe(' Filter name~node_');
  expect(footOf({ state: { editingFilter: true } })).toContain('cpu>10 user=root');
  const rows = { ...pictureOf().rows, problem: 'A number is missing at 5.' };
  expect(footOf({ state: { editingFilter: true, filter: 'cpu>' } }, 80, { rows })).toBe(' Filter cpu>_  A number is missing at 5.');
  const long = footOf({ state: { editingFilter: true, filter: `${'日本'.repeat(100)}END` } }, 40);
  expect(long).toMatch(/END_$/);
  for (let width = 0; width < 30; width++) footOf({ state: { editingFilter: true, filter: 'name~日本' } }, Math.max(1, width), { rows });
});

test('a click on a hint does what it says', () => {
  const { paper, grid } = paperOf(120, 1);
  drawFootLine(paper, pictureOf());
  const [line] = textOf(grid);
  expect(grid.markAt(line!.indexOf('? help'), 0)).toEqual({ kind: 'help' });
  expect(grid.markAt(line!.indexOf('? help') + 3, 0)).toEqual({ kind: 'help' });
  expect(grid.markAt(line!.indexOf('→'), 0)).toEqual({ kind: 'travel', spans: 0.1 });
});

test('who is asked whether he is sure is offered yes and no', () => {
  const dialog = { kind: 'signal', of: { pid: 7, startedAfterBoot: 18 }, name: 'x', chosen: 'TERM' } as const;
  expect(footOf({ state: { dialog: { ...dialog, confirming: false } } })).toMatch(/choose.*yes.*no/);
  expect(footOf({ state: { dialog: { ...dialog, confirming: true } } })).not.toContain('choose');
});
