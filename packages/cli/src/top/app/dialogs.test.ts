import type { Alert } from '@hecate/observe';
import { expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import type { Dialog } from '../state.ts';
import { NOON, paperOf, pictureOf } from '../view/picture.testing.ts';
import { drawDialog, mostDialogScroll } from './dialogs.ts';
import { DEFAULT_KEYS } from './keys.ts';
import { helpLines } from './help-dialog.ts';
import { NAMED_COMMANDS } from './named-commands.ts';

type Made = NonNullable<Parameters<typeof pictureOf>[0]>;

function shown(dialog: Dialog, width = 80, height = 24, made: Made = {}): string {
  const { paper, grid } = paperOf(width, height);
  drawDialog(paper, pictureOf({ ...made, state: { dialog } }));
  return textOf(grid).join('\n');
}

const of = { pid: 7, startedAfterBoot: 18 };
const DIALOGS: readonly Dialog[] = [
  { kind: 'help', scroll: 0 },
  { kind: 'alerts', scroll: 0 },
  { kind: 'theme', chosen: 1 },
  { kind: 'sort', chosen: 3 },
  { kind: 'moment', text: '10:15', problem: null },
  { kind: 'moment', text: '\u001b[2J', problem: 'That is no time.' },
  { kind: 'signal', of, name: '\u001b[31mevil 👩‍👩‍👧', chosen: 'TERM', confirming: false },
  { kind: 'signal', of, name: 'x'.repeat(5000), chosen: 'KILL', confirming: true },
  { kind: 'nice', of, name: 'node', nice: -20, confirming: false },
  { kind: 'nice', of, name: 'node', nice: 19, confirming: true },
];

test.each(DIALOGS)('%j is drawn at any size', (dialog) => {
  for (const width of [1, 2, 5, 9, 20, 40, 80, 300]) {
    for (const height of [1, 2, 3, 4, 6, 10, 24, 100]) {
      const text = shown(dialog, width, height);
      expect(text).not.toContain('\u001b');
      expect(text.split('\n')).toHaveLength(height);
    }
  }
});

test('the help has every command that a key has, and scrolls to its end', () => {
  const lines = helpLines(DEFAULT_KEYS, true);
  expect(lines.filter((line) => line !== null && 'named' in line)).toHaveLength(NAMED_COMMANDS.length);
  const picture = pictureOf({ state: { dialog: { kind: 'help', scroll: 0 } } });
  const most = mostDialogScroll(picture, 80, 24);
  const seen = Array.from({ length: most + 1 }, (_, scroll) => shown({ kind: 'help', scroll })).join('\n');
  for (const { does } of NAMED_COMMANDS) expect(seen).toContain(does.slice(0, 50));
  expect(shown({ kind: 'help', scroll: most })).toBe(shown({ kind: 'help', scroll: 10_000 }));
  expect(mostDialogScroll(picture, 80, 200)).toBe(0);
});

test('alerts come with advice and age, events with the newest first, and what could not be read', () => {
  const alert: Alert = {
    ...{ id: 'disk-full//', rule: 'disk-full', object: '/', severity: 'critical', value: 96, unit: 'percent' },
    ...{ summary: '/ is 96 % full\u001b[31m.', advice: 'Delete something.', since: NOON - 60, silencedUntil: null },
  };
  const events = ['eth0', 'eth1'].map((device) => ({ kind: 'link', time: NOON, device, change: 'up', enabled: true }));
  const scene = { alerts: [alert], events: events as never, gaps: ['The fan may not be read.'] };
  const text = shown({ kind: 'alerts', scroll: 0 }, 100, 40, { scene });
  for (const piece of ['CRITICAL  / is 96 % full\\x1b[31m.', 'Delete something.', 'eth1 is up', 'The fan may not be read.'])
    expect(text).toContain(piece);
  expect(text.indexOf('eth1')).toBeLessThan(text.indexOf('eth0'));
  expect(shown({ kind: 'alerts', scroll: 0 })).toContain('Nothing judges this machine here');
  expect(shown({ kind: 'alerts', scroll: 0 }, 80, 24, { scene: { alerts: [] } })).toContain('Nothing.');
});

test('what is wrong with a time stands beside the examples', () => {
  const text = shown({ kind: 'moment', text: 'soon', problem: 'That is no time.' });
  expect(text).toMatch(/That is no time\.[^]*For example 10:15/);
});

test('at 80 columns all is said of every theme', () => {
  expect(shown({ kind: 'theme', chosen: 0 })).not.toContain('…');
});

test('every theme is there, and a click chooses it', () => {
  const { paper, grid } = paperOf(100, 24);
  drawDialog(paper, pictureOf({ state: { dialog: { kind: 'theme', chosen: 0 } } }));
  const lines = textOf(grid);
  const y = lines.findIndex((line) => line.includes('gruvbox'));
  expect(grid.markAt(lines[y]!.indexOf('gruvbox'), y)).toEqual({ kind: 'choose', index: 1 });
});

test('a click into a window is none on what lies below', () => {
  const { paper, grid } = paperOf(80, 24);
  paper.region.mark(0, 0, 80, 24, { kind: 'quit' });
  drawDialog(paper, pictureOf({ state: { dialog: { kind: 'moment', text: '', problem: null } } }));
  expect(grid.markAt(40, 12)).toEqual({ kind: 'scroll', rows: 0 });
  expect(grid.markAt(0, 0)).toEqual({ kind: 'quit' });
});
