import { SIGNALS } from '@hecate/observe';
import { expect, test } from 'vitest';
import { lookOf, textOf } from '../../screen/plain-text.ts';
import { SORT_COLUMNS } from '../process/columns.ts';
import { paperOf, pictureOf, processesOf } from './picture.testing.ts';
import { drawProcessDialog } from './process-dialogs.ts';
import type { ProcessDialog } from './process-dialogs.ts';

const processes = processesOf(5);
const [, of] = processes.identities;
const SIGNAL = { kind: 'signal', of: of!, name: 'worker1', chosen: 'TERM', confirming: false } as const;
const NICE = { kind: 'nice', of: of!, name: 'worker1', nice: -3, confirming: false } as const;

function draw(dialog: ProcessDialog, width: number = 80, height: number = 24, theme: string = 'hecate') {
  const { paper, grid } = paperOf(width, height, 'braille', theme);
  drawProcessDialog(paper, pictureOf({ scene: { processes } }), dialog);
  const text = textOf(grid);
  const row = (what: string): number => text.findIndex((line) => line.includes(what));
  const click = (what: string) => grid.markAt(text[row(what)]!.indexOf(what), row(what));
  const look = (what: string) => lookOf(grid, text[row(what)]!.indexOf(what), row(what));
  return { text, all: text.join('\n'), click, look };
}

test('all signals with what they do; a click takes one', () => {
  const { all, click, look } = draw({ ...SIGNAL, chosen: 'HUP' });
  expect(all).toContain('Signal to worker1 (2)');
  for (const name of SIGNALS) expect(all).toMatch(new RegExp(`${name} +\\w`));
  expect(all).toMatch(/▸ HUP/);
  expect(click('KILL')).toEqual({ kind: 'choose', index: SIGNALS.indexOf('KILL') });
  expect(look('KILL').fg).not.toEqual(look('TERM').fg);
  expect(draw({ ...SIGNAL, chosen: 'HUP' }, 80, 24, 'mono').look('HUP')).toMatchObject({ reverse: true });
});

test('the last question names what is done to whom', () => {
  const { all, click } = draw({ ...SIGNAL, chosen: 'KILL', confirming: true });
  expect(all).toContain('Send KILL to worker1 (2)?');
  expect(all).toContain('nothing is saved');
  expect(click('Enter')).toEqual({ kind: 'accept' });
  expect(click('Esc')).toEqual({ kind: 'back' });
  expect(draw({ ...NICE, confirming: true }).all).toContain('Set the niceness of worker1 (2) to -3?');
});

test('a name cannot be a question of its own', () => {
  const hostile = `ok (1)?\u001b[2J\n${'x'.repeat(300)}`;
  const { all } = draw({ ...SIGNAL, name: hostile, confirming: true });
  expect(all).toContain('\\x1b[2J\\x0a');
  expect(all).toContain('... (2)?');
  // oxlint-disable-next-line no-control-regex
  expect(all).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
});

test('niceness on its scale', () => {
  const { text, all } = draw(NICE);
  expect(all).toContain('-3');
  expect(all).toContain('before others');
  const scale = text.find((line) => line.includes('●'))!;
  expect(scale.indexOf('●') - scale.indexOf('│') - 2).toBe(17);
  for (const nice of [-20, -15, 0, 1, 19]) expect(draw({ ...NICE, nice }).all).toContain(`${nice} `);
});

test('everything that can be sorted by, the chosen one in sight, on the smallest screens too', () => {
  for (const [chosen, column] of SORT_COLUMNS.entries()) {
    const { all } = draw({ kind: 'sort', chosen }, 80, 10);
    expect([column, all]).toEqual([column, expect.stringMatching(/▸ +\*? *\w/)]);
  }
  for (const [width, height] of [
    [1, 1],
    [5, 3],
    [10, 4],
    [20, 6],
    [1000, 500],
  ] as const) {
    for (const dialog of [
      SIGNAL,
      { ...SIGNAL, confirming: true },
      NICE,
      { ...NICE, confirming: true },
      { kind: 'sort', chosen: 20 },
    ] as const)
      expect(draw(dialog, width, height).text).toHaveLength(height);
  }
});
