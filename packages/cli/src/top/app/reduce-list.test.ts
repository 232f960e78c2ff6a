import { expect, test } from 'vitest';
import { settleScroll } from './reduce-list.ts';
import { after, processKey, situationOf } from './situation.testing.ts';

const down = { kind: 'move', rows: 1 } as const;
const up = { kind: 'move', rows: -1 } as const;

test('without a selection down begins at the top of what is seen, and up at its bottom', () => {
  expect(after(situationOf({ scroll: 5 }), down).state).toMatchObject({ selected: processKey(6), scroll: 5 });
  expect(after(situationOf({ scroll: 5 }), up).state).toMatchObject({ selected: processKey(15), scroll: 5 });
});

test('the selection moves, and the list as little as it takes to see it', () => {
  const at = (pid: number, scroll: number) => situationOf({ selected: processKey(pid), scroll });
  expect(after(at(10, 0), down).state).toMatchObject({ selected: processKey(11), scroll: 1 });
  expect(after(at(9, 0), down).state).toMatchObject({ selected: processKey(10), scroll: 0 });
  expect(after(at(4, 3), up).state).toMatchObject({ selected: processKey(3), scroll: 2 });
  expect(after(at(1, 0), up).state).toMatchObject({ selected: processKey(1), scroll: 0 });
  expect(after(at(30, 20), down).state).toMatchObject({ selected: processKey(30), scroll: 20 });
});

test('pages and ends', () => {
  const at = situationOf({ selected: processKey(5) });
  expect(after(at, { kind: 'move-page', pages: 1 }).state).toMatchObject({ selected: processKey(14), scroll: 4 });
  expect(after(at, { kind: 'move-page', pages: 9 }).state).toMatchObject({ selected: processKey(30), scroll: 20 });
  expect(after(at, { kind: 'move-end', to: 'last' }).state).toMatchObject({ selected: processKey(30), scroll: 20 });
  expect(after(at, { kind: 'move-end', to: 'last' }, { kind: 'move-end', to: 'first' }).state).toMatchObject({
    selected: processKey(1),
    scroll: 0,
  });
});

test('an empty list, or none, has nothing to select', () => {
  for (const processes of [0, null]) {
    const empty = situationOf({}, { processes });
    for (const command of [down, up, { kind: 'move-end', to: 'last' }, { kind: 'move-page', pages: 1 }] as const) {
      expect(after(empty, command).state.selected).toBeNull();
    }
  }
});

test('a wheel moves the list and not the selection, which is no longer followed', () => {
  const state = { selected: processKey(1), follow: true };
  expect(after(situationOf(state), { kind: 'scroll', rows: 3 }).state).toMatchObject({ scroll: 3, selected: processKey(1), follow: false });
  expect(after(situationOf(state), { kind: 'scroll', rows: 300 }).state.scroll).toBe(20);
  expect(after(situationOf(state), { kind: 'scroll', rows: -3 }).state.scroll).toBe(0);
});

test('a click selects, a second one opens, and Enter too', () => {
  const click = { kind: 'select', process: processKey(7) } as const;
  expect(after(situationOf(), click).state).toMatchObject({ selected: processKey(7), detail: null });
  expect(after(situationOf(), click, click).state.detail).toEqual(processKey(7));
  expect(after(situationOf(), click, { kind: 'accept' }).state.detail).toEqual(processKey(7));
  expect(after(situationOf(), click, { kind: 'accept' }, { kind: 'accept' }).state.detail).toBeNull();
  expect(after(situationOf(), { kind: 'accept' }).state.message).toMatch(/Select a process/);
  // The same number with another start is another process.
  const other = { kind: 'select', process: { pid: 7, startedAfterBoot: 1 } } as const;
  expect(after(situationOf(), click, other).state).toMatchObject({ detail: null, selected: { startedAfterBoot: 1 } });
});

test('details are known of the present only', () => {
  expect(after(situationOf({ moment: 1000, selected: processKey(2) }), { kind: 'accept' }).state).toMatchObject({
    detail: null,
    message: expect.stringMatching(/present only/),
  });
  const replay = situationOf({ selected: processKey(2) }, { source: { kind: 'replay' } });
  expect(after(replay, { kind: 'open-detail' }).state.detail).toBeNull();
});

test('details scroll, as far as there is anything', () => {
  const open = situationOf({ detail: processKey(2), selected: processKey(2) });
  expect(after(open, down, down).state).toMatchObject({ detailScroll: 2, selected: processKey(2) });
  expect(after(open, { kind: 'move-page', pages: 9 }).state.detailScroll).toBe(7);
  expect(after(open, { kind: 'move-end', to: 'last' }).state.detailScroll).toBe(7);
  expect(after(open, { kind: 'scroll', rows: 3 }, { kind: 'move-end', to: 'first' }).state.detailScroll).toBe(0);
});

test('only a tree folds', () => {
  const selected = processKey(2);
  expect(after(situationOf({ selected }), { kind: 'fold' }).state.message).toMatch(/Only a tree/);
  expect(after(situationOf({ tree: true }), { kind: 'fold' }).state.message).toMatch(/Select a process/);
  const tree = situationOf({ tree: true, selected });
  expect([...after(tree, { kind: 'fold' }).state.folded]).toEqual([2]);
  expect([...after(tree, { kind: 'fold' }, { kind: 'fold' }).state.folded]).toEqual([]);
  expect([...after(tree, { kind: 'fold', pid: 9 }).state.folded]).toEqual([9]);
  // Another tree is another list: what was folded away is there again.
  expect(after(tree, { kind: 'fold' }, { kind: 'toggle', what: 'tree' }).state.folded.size).toBe(0);
});

test('a new picture: who is followed stays in sight, and the list does not end above its place', () => {
  const settled = (state: Parameters<typeof situationOf>[0]) => {
    const situation = situationOf(state);
    return settleScroll(situation.picture.state, situation).scroll;
  };
  expect(settled({ selected: processKey(25), follow: true })).toBe(15);
  expect(settled({ selected: processKey(25), follow: false })).toBe(0);
  expect(settled({ selected: processKey(99), follow: true, scroll: 3 })).toBe(3);
  expect(settled({ scroll: 200 })).toBe(20);
});
