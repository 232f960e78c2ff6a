import { expect, test } from 'vitest';
import { ZOOM_STEPS } from '../state.ts';
import { NOON } from '../view/picture.testing.ts';
import { after, situationOf, times } from './situation.testing.ts';

test('the zoom goes from step to step, and no further than its ends', () => {
  const steps = (count: number) => after(situationOf(), ...times(count, { kind: 'zoom', steps: 1 })).state.span;
  expect([0, 1, 2, 99].map(steps)).toEqual([60, 120, 300, ZOOM_STEPS.at(-1)]);
  expect(after(situationOf(), { kind: 'zoom', steps: -1 }).state.span).toBe(60);
});

test('looks are more or less often, and it is said how often', () => {
  const { state, effects } = after(situationOf(), { kind: 'interval', steps: 1 });
  expect(effects).toEqual([{ kind: 'interval', seconds: 2 }]);
  expect(state.message).toMatch(/every 2 s/);
  expect(after(situationOf(), { kind: 'interval', steps: -99 }).effects).toEqual([{ kind: 'interval', seconds: 0.1 }]);
  expect(after(situationOf({}, { source: { interval: 0.7 } }), { kind: 'interval', steps: 1 }).effects).toEqual([
    { kind: 'interval', seconds: 1 },
  ]);
  expect(after(situationOf({}, { source: { kind: 'replay' } }), { kind: 'interval', steps: 1 }).effects).toEqual([]);
});

test('travelling goes by shares of what graphs show, from the present, or from where one is', () => {
  const back = { kind: 'travel', spans: -0.5 } as const;
  expect(after(situationOf(), back).state.moment).toBe(NOON - 30);
  expect(after(situationOf({ span: 300 }), back, back).state.moment).toBe(NOON - 300);
  expect(after(situationOf(), back, { kind: 'travel', spans: 0.25 }).state.moment).toBe(NOON - 15);
  expect(after(situationOf(), back, { kind: 'travel', spans: 0.5 }).state.moment).toBeNull();
  expect(after(situationOf(), { kind: 'travel', spans: 1 }).state.moment).toBeNull();
  expect(after(situationOf({ moment: 5 }), { kind: 'travel', spans: 0 }).state.moment).toBeNull();
});

test('who travels from a screen that stands still starts at what it shows', () => {
  const frozen = situationOf({ frozen: true }, { latest: NOON + 1000 });
  expect(after(frozen, { kind: 'travel', spans: -0.5 }).state).toMatchObject({ moment: NOON - 30, frozen: false });
});

test('there is an end of the past, and it is told', () => {
  const short = situationOf({}, { earliest: NOON - 40 });
  expect(after(short, { kind: 'travel', spans: -1 }).state).toMatchObject({ moment: NOON - 40, message: null });
  const beyond = after(short, { kind: 'travel', spans: -1 }, { kind: 'travel', spans: -1 }).state;
  expect(beyond).toMatchObject({ moment: NOON - 40, message: 'Nothing older is recorded.' });
  expect(after(situationOf({}, { earliest: null }), { kind: 'travel', spans: -5 }).state.moment).toBe(NOON - 300);
});

test('the newest moment of a recording is its end, and no present', () => {
  const replay = situationOf({ moment: NOON - 600 }, { source: { kind: 'replay' } });
  expect(after(replay, { kind: 'present' }).state.moment).toBe(NOON);
  expect(after(replay, { kind: 'travel', spans: 99 }).state.moment).toBe(NOON);
});

test('a click at a time goes there', () => {
  expect(after(situationOf(), { kind: 'travel-to', time: NOON - 7 }).state.moment).toBe(NOON - 7);
  expect(after(situationOf(), { kind: 'travel-to', time: NOON + 7 }).state.moment).toBeNull();
});

test('a moment is typed; what is none is said in the dialog', () => {
  const now = Date.now() / 1000;
  const situation = situationOf({}, { latest: now, earliest: now - 90_000 });
  const type = (text: string) => after(situation, { kind: 'choose-moment' }, { kind: 'type', text }, { kind: 'accept' }).state;
  expect(type('-2h').moment).toBeCloseTo(now - 7200, -2);
  expect(type('-2h').dialog).toBeNull();
  expect(type('')).toMatchObject({ moment: null, dialog: null });
  expect(type('now')).toMatchObject({ moment: null, dialog: null });
  expect(type('soon').dialog).toMatchObject({ text: 'soon', problem: expect.stringMatching(/no time/) });
  expect(type('2031-01-01').dialog).toMatchObject({ problem: expect.stringMatching(/future/) });
  expect(type('2020-01-01').dialog).toMatchObject({ problem: expect.stringMatching(/Nothing is recorded.*begins at 2/) });
  // Who goes on typing is not told of the last mistake any more.
  const corrected = after(situation, { kind: 'choose-moment' }, { kind: 'type', text: 'x' }, { kind: 'accept' }, { kind: 'backspace' });
  expect(corrected.state.dialog).toEqual({ kind: 'moment', text: '', problem: null });
});
