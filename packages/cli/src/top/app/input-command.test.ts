import { expect, test } from 'vitest';
import type { InputEvent, MouseEvent } from '../../screen/input-event.ts';
import type { TopState } from '../state.ts';
import { pictureOf } from '../view/picture.testing.ts';
import { commandOfInput } from './input-command.ts';
import { DEFAULT_KEYS } from './keys.ts';

const meant = (event: InputEvent, state: Partial<TopState> = {}) =>
  commandOfInput(event, DEFAULT_KEYS, pictureOf({ state }).state, (x, y) => (x === 3 && y === 4 ? { kind: 'help' } : null));
const mouse = (some: Partial<MouseEvent>): MouseEvent => ({
  ...{ kind: 'mouse', action: 'press', button: 'left', x: 3, y: 4, shift: false, alt: false, ctrl: false },
  ...some,
});

test('a click means what is marked there', () => {
  expect(meant(mouse({}))).toEqual({ kind: 'help' });
  expect(meant(mouse({ x: 4 }))).toBeNull();
  expect(meant(mouse({ action: 'release' }))).toBeNull();
  expect(meant(mouse({ action: 'drag' }))).toBeNull();
  expect(meant(mouse({ button: 'right' }))).toEqual({ kind: 'back' });
  expect(meant(mouse({ button: 'middle' }))).toBeNull();
});

test('a wheel scrolls, with ctrl it zooms, and across it goes through time', () => {
  const wheel = (action: MouseEvent['action'], ctrl = false) => meant(mouse({ action, button: null, ctrl }));
  expect(wheel('wheel-up')).toEqual({ kind: 'scroll', rows: -3 });
  expect(wheel('wheel-down')).toEqual({ kind: 'scroll', rows: 3 });
  expect(wheel('wheel-up', true)).toEqual({ kind: 'zoom', steps: -1 });
  expect(wheel('wheel-down', true)).toEqual({ kind: 'zoom', steps: 1 });
  expect(wheel('wheel-left')).toMatchObject({ kind: 'travel', spans: -0.1 });
  expect(wheel('wheel-right')).toMatchObject({ kind: 'travel', spans: 0.1 });
});

test('what is pasted is text where text is written, and no keys elsewhere', () => {
  const paste = { kind: 'paste', text: 'qqk\ny' } as const;
  expect(meant(paste)).toBeNull();
  expect(meant(paste, { editingFilter: true })).toEqual({ kind: 'type', text: 'qqk\ny' });
  expect(meant(paste, { dialog: { kind: 'help', scroll: 0 } })).toBeNull();
});

test('keys, letters of any kind, and the focus', () => {
  expect(meant({ kind: 'key', key: 'q' })).toEqual({ kind: 'quit' });
  expect(meant({ kind: 'key', key: '🙂' }, { editingFilter: true })).toEqual({ kind: 'type', text: '🙂' });
  expect(meant({ kind: 'key', key: 'space' }, { editingFilter: true })).toEqual({ kind: 'type', text: ' ' });
  expect(meant({ kind: 'key', key: 'f7' }, { editingFilter: true })).toBeNull();
  expect(meant({ kind: 'focus', has: true })).toBeNull();
});

test('a click into a graph is the time of its column; its last one is its end', () => {
  const graph = { kind: 'travel-in', from: 100, to: 160, columns: 30 } as const;
  const beside = { ...graph };
  const at = (x: number): unknown =>
    commandOfInput(mouse({ x }), DEFAULT_KEYS, pictureOf().state, (column) => (column >= 40 ? beside : column >= 10 ? graph : null));
  expect([10, 24, 39, 40, 69].map(at)).toEqual([102, 130, 160, 102, 160].map((time) => ({ kind: 'travel-to', time })));
  expect(at(9)).toBeNull();
  expect(commandOfInput(mouse({ x: 0 }), DEFAULT_KEYS, pictureOf().state, () => ({ ...graph, columns: 0 }))).toMatchObject({
    kind: 'travel-to',
  });
});
