import { SIGNALS } from '@hecate/observe';
import { expect, test } from 'vitest';
import { processesOf } from '../view/picture.testing.ts';
import { after, processKey, situationOf } from './situation.testing.ts';

const selected = processKey(3);
const accept = { kind: 'accept' } as const;
const back = { kind: 'back' } as const;
const down = { kind: 'move', rows: 1 } as const;

test.each([
  [{ kind: 'help' }, { kind: 'help', scroll: 0 }],
  [{ kind: 'alerts' }, { kind: 'alerts', scroll: 0 }],
  [{ kind: 'choose-sort' }, { kind: 'sort', chosen: 0 }],
  [{ kind: 'choose-theme' }, { kind: 'theme', chosen: 0 }],
  [{ kind: 'choose-moment' }, { kind: 'moment', text: '', problem: null }],
] as const)('%j opens %j, and back closes it', (command, dialog) => {
  expect(after(situationOf({ editingFilter: true }), command).state).toMatchObject({ dialog, editingFilter: false });
  expect(after(situationOf(), command, back).state.dialog).toBeNull();
});

test('a signal is asked for twice, and goes to the process that was meant', () => {
  const situation = situationOf({ selected });
  const first = after(situation, { kind: 'ask-signal' });
  expect(first.state.dialog).toEqual({ kind: 'signal', of: selected, name: 'worker2', chosen: 'TERM', confirming: false });
  const second = after(situation, { kind: 'ask-signal' }, down, accept);
  expect(second).toMatchObject({ effects: [], state: { dialog: { chosen: SIGNALS[1], confirming: true } } });
  const third = after(situation, { kind: 'ask-signal' }, down, accept, accept);
  expect(third.state.dialog).toBeNull();
  expect(third.effects).toMatchObject([{ kind: 'act', dialog: { kind: 'signal', of: selected, chosen: SIGNALS[1] } }]);
});

test('no is no, and who chooses anew is asked anew', () => {
  const asked = [{ kind: 'ask-signal' }, accept] as const;
  const situation = situationOf({ selected });
  expect(after(situation, ...asked, back).state.dialog).toMatchObject({ confirming: false });
  expect(after(situation, ...asked, back, back).state.dialog).toBeNull();
  expect(after(situation, ...asked, down).state.dialog).toMatchObject({ chosen: SIGNALS[1], confirming: false });
  expect(after(situation, ...asked, down, accept).effects).toEqual([]);
});

test('a click chooses a signal, a second one takes it, and a third confirms nothing', () => {
  const choose = { kind: 'choose', index: 1 } as const;
  const situation = situationOf({ selected });
  expect(after(situation, { kind: 'ask-signal' }, choose).state.dialog).toMatchObject({ chosen: SIGNALS[1], confirming: false });
  expect(after(situation, { kind: 'ask-signal' }, choose, choose).state.dialog).toMatchObject({ confirming: true });
  const third = after(situation, { kind: 'ask-signal' }, choose, choose, choose);
  expect(third).toMatchObject({ effects: [], state: { dialog: { confirming: true } } });
});

test('a signal that is named is asked for once', () => {
  const named = after(situationOf({ selected }), { kind: 'ask-signal', signal: 'KILL' });
  expect(named).toMatchObject({ effects: [], state: { dialog: { chosen: 'KILL', confirming: true } } });
});

test('niceness begins at what it is, stays in its bounds, and is asked for twice', () => {
  const processes = processesOf(30);
  processes.figures.nice[2] = 18;
  const situation = situationOf({ selected });
  const asked = { ...situation, picture: { ...situation.picture, scene: { ...situation.picture.scene, processes } } };
  expect(after(asked, { kind: 'ask-nice' }).state.dialog).toMatchObject({ kind: 'nice', nice: 18 });
  expect(after(asked, { kind: 'ask-nice' }, down, down, down).state.dialog).toMatchObject({ nice: 19 });
  expect(after(asked, { kind: 'ask-nice' }, { kind: 'move-end', to: 'first' }).state.dialog).toMatchObject({ nice: -20 });
  expect(after(asked, { kind: 'ask-nice' }, down, accept, accept).effects).toMatchObject([{ kind: 'act', dialog: { nice: 19 } }]);
  expect(after(asked, { kind: 'ask-nice' }, accept, down).state.dialog).toMatchObject({ confirming: false });
  processes.figures.nice[2] = Number.NaN;
  expect(after(asked, { kind: 'ask-nice' }).state.dialog).toMatchObject({ nice: 0 });
});

test.each([
  ['nothing is selected', situationOf(), /Select a process/],
  ['it is gone', situationOf({ selected: processKey(99) }), /99 is gone/],
  ['no process is known', situationOf({ selected }, { processes: null }), /3 is gone/],
  ['it is the past', situationOf({ selected, moment: 1 }), /the past/],
  ['it is a recording', situationOf({ selected }, { source: { kind: 'replay' } }), /the past/],
  ['nobody acts', situationOf({ selected }, { source: { actor: null, whyNoActor: 'Not here.' } }), /Not here/],
  ['nobody acts, and nobody knows why', situationOf({ selected }, { source: { actor: null } }), /Nothing can be done/],
])('nothing is asked where %s', (_, situation, sentence) => {
  for (const kind of ['ask-signal', 'ask-nice'] as const) {
    expect(after(situation, { kind }).state).toMatchObject({ dialog: null, message: expect.stringMatching(sentence) });
  }
});

test('what is chosen of a list is taken', () => {
  const situation = situationOf();
  expect(after(situation, { kind: 'choose-sort' }, down, accept).state).toMatchObject({ sort: situation.columns[1], dialog: null });
  expect(after(situation, { kind: 'choose-theme' }, down, accept).state).toMatchObject({ theme: situation.themes[1], dialog: null });
  const click = { kind: 'choose', index: 2 } as const;
  expect(after(situation, { kind: 'choose-theme' }, click).state.theme).toBe('hecate');
  expect(after(situation, { kind: 'choose-theme' }, click, click).state.theme).toBe(situation.themes[2]);
  expect(after(situation, { kind: 'choose-theme' }, { kind: 'choose', index: 999 }).state.dialog).toEqual({
    kind: 'theme',
    chosen: situation.themes.length - 1,
  });
  expect(after(situation, click).state).toEqual(situation.picture.state);
});

test('what is long scrolls, as far as there is anything', () => {
  const help = situationOf({ dialog: { kind: 'help', scroll: 0 } });
  expect(after(help, down, down).state.dialog).toMatchObject({ scroll: 2 });
  expect(after(help, { kind: 'scroll', rows: 30 }).state.dialog).toMatchObject({ scroll: 7 });
  expect(after(help, { kind: 'move-page', pages: -1 }).state.dialog).toMatchObject({ scroll: 0 });
  expect(after(help, accept).state.dialog).toBeNull();
});
