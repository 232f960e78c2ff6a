import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOX_NAMES } from '../state.ts';
import type { Command } from '../state.ts';
import { NAMED_COMMANDS } from './named-commands.ts';
import { after, processKey, situationOf, times } from './situation.testing.ts';

test.each(['quit', 'suspend', 'redraw'] as const)('%s is for the loop', (kind) => {
  expect(after(situationOf(), { kind }).effects).toEqual([{ kind }]);
});

test('boxes come and go, and the last one stays', () => {
  const all = situationOf();
  expect([...after(all, { kind: 'toggle-box', box: 'disk' }).state.boxes]).toEqual(BOX_NAMES.filter((box) => box !== 'disk'));
  const twice = after(all, { kind: 'toggle-box', box: 'disk' }, { kind: 'toggle-box', box: 'disk' }).state;
  expect([...twice.boxes].toSorted()).toEqual([...BOX_NAMES].toSorted());
  const last = after(situationOf({ boxes: new Set(['cpu']) }), { kind: 'toggle-box', box: 'cpu' }).state;
  expect([...last.boxes]).toEqual(['cpu']);
  expect(last.message).toMatch(/One box stays/);
});

test('a box over the whole screen, and back; when it goes, all are there', () => {
  const expand = { kind: 'expand-box', box: 'cpu' } as const;
  expect(after(situationOf(), expand).state.expanded).toBe('cpu');
  expect(after(situationOf(), expand, expand).state.expanded).toBeNull();
  expect(after(situationOf(), expand, { kind: 'toggle-box', box: 'cpu' }).state.expanded).toBeNull();
});

test('whole boxes one after the other, those that are shown, and round again', () => {
  const situation = situationOf({ boxes: new Set(['cpu', 'processes']) });
  const next = { kind: 'expand-next', steps: 1 } as const;
  const seen = [1, 2, 3].map((count) => after(situation, ...times(count, next)).state.expanded);
  expect(seen).toEqual(['cpu', 'processes', null]);
  expect(after(situation, { kind: 'expand-next', steps: -1 }).state.expanded).toBe('processes');
});

test('the column again turns the order round; another one has its own', () => {
  const by = (column: 'cpu' | 'name') => ({ kind: 'sort', column }) as const;
  expect(after(situationOf(), by('cpu')).state).toMatchObject({ sort: 'cpu', descending: false });
  expect(after(situationOf(), by('name')).state).toMatchObject({ sort: 'name', descending: false });
  expect(after(situationOf(), by('name'), by('cpu')).state).toMatchObject({ sort: 'cpu', descending: true });
  expect(after(situationOf(), { kind: 'reverse' }).state.descending).toBe(false);
});

test('the columns one after the other, and round again', () => {
  const situation = situationOf();
  const { columns } = situation;
  expect(after(situation, { kind: 'sort-next' }).state.sort).toBe(columns[1]);
  expect(after(situation, { kind: 'sort-previous' }).state.sort).toBe(columns.at(-1));
  const round = times(columns.length, { kind: 'sort-next' });
  expect(after(situation, ...round).state.sort).toBe('cpu');
  expect(after({ ...situation, columns: [] }, { kind: 'sort-next' }).state.sort).toBe('cpu');
});

test('what is on and off', () => {
  const toggled = (what: Extract<Command, { kind: 'toggle' }>['what']) => after(situationOf(), { kind: 'toggle', what }).state;
  expect(toggled('tree').tree).toBe(true);
  expect(toggled('kernel').showKernel).toBe(true);
  expect(toggled('cpu-of-machine').cpuOfMachine).toBe(true);
  expect(toggled('freeze').frozen).toBe(true);
  expect(toggled('follow')).toMatchObject({ follow: false, message: expect.stringMatching(/Select a process/) });
  expect(after(situationOf({ selected: processKey(3) }), { kind: 'toggle', what: 'follow' }).state.follow).toBe(true);
});

test('the past cannot be frozen', () => {
  const past = after(situationOf({ moment: 1000 }), { kind: 'toggle', what: 'freeze' }).state;
  expect(past).toMatchObject({ frozen: false, message: expect.stringMatching(/stands still/) });
});

test('back closes one thing a time, what lies above first', () => {
  const situation = situationOf({
    dialog: { kind: 'help', scroll: 0 },
    editingFilter: true,
    detail: processKey(3),
    expanded: 'cpu',
    filter: 'node',
    frozen: true,
    selected: processKey(3),
    follow: true,
  });
  const steps = Array.from({ length: 8 }, (_, count) => after(situation, ...times(count, { kind: 'back' })).state);
  const shapes = steps.map((state) => [
    state.dialog !== null,
    state.editingFilter,
    state.detail !== null,
    state.expanded !== null,
    state.filter !== '',
    state.frozen,
    state.selected !== null,
  ]);
  for (const [count, shape] of shapes.entries()) expect(shape, `${count} times`).toEqual(shape.map((_, index) => index >= count));
});

test('back leads from the past to the present, and in a recording nowhere', () => {
  expect(after(situationOf({ moment: 1000 }), { kind: 'back' }).state.moment).toBeNull();
  const replay = situationOf({ moment: 1000 }, { source: { kind: 'replay' } });
  expect(after(replay, { kind: 'back' }).state.moment).toBe(1000);
});

test('what was said is said until the next step', () => {
  const situation = situationOf({ message: 'Something.' });
  expect(after(situation, { kind: 'reverse' }).state.message).toBeNull();
});

test('the filter is written, corrected and taken away', () => {
  const typed = after(
    situationOf(),
    { kind: 'edit-filter' },
    { kind: 'type', text: 'cpu>1' },
    { kind: 'type', text: '0\u001b[31m\nx 👩‍👩‍👧' },
  ).state;
  expect(typed).toMatchObject({ editingFilter: true, filter: 'cpu>10[31m x 👩‍👩‍👧' });
  const writing = situationOf({ editingFilter: true, filter: 'name~a b 👩‍👩‍👧' });
  expect(after(writing, { kind: 'backspace' }).state.filter).toBe('name~a b ');
  expect(after(writing, { kind: 'delete-word' }).state.filter).toBe('name~a b ');
  expect(after(writing, { kind: 'delete-word' }, { kind: 'delete-word' }).state.filter).toBe('name~a ');
  expect(after(writing, { kind: 'clear-filter' }).state).toMatchObject({ filter: '', editingFilter: true });
  expect(after(writing, { kind: 'clear-filter' }, { kind: 'backspace' }).state.editingFilter).toBe(false);
  expect(after(writing, { kind: 'accept' }).state).toMatchObject({ editingFilter: false, filter: 'name~a b 👩‍👩‍👧' });
  expect(after(situationOf({ filter: 'a' }), { kind: 'type', text: 'x' }).state.filter).toBe('a');
  expect(after(situationOf(), { kind: 'filter', text: 'user=root' }).state).toMatchObject({ filter: 'user=root', editingFilter: false });
  const long = after(writing, { kind: 'type', text: 'x'.repeat(10_000) }).state.filter;
  expect([...long]).toHaveLength(500);
});

const anyState = fc.record({
  selected: fc.option(fc.integer({ min: -1, max: 40 }).map(processKey)),
  detail: fc.option(fc.integer({ min: 1, max: 40 }).map(processKey)),
  moment: fc.option(fc.integer({ min: 0, max: 2_000_000_000 })),
  expanded: fc.option(fc.constantFrom(...BOX_NAMES)),
  scroll: fc.integer({ min: 0, max: 100 }),
  frozen: fc.boolean(),
  tree: fc.boolean(),
  editingFilter: fc.boolean(),
});
const anyCommand = fc.oneof(
  fc.constantFrom(...NAMED_COMMANDS.map(({ command }) => command)),
  fc.record({ kind: fc.constantFrom('type' as const), text: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constantFrom('choose' as const), index: fc.integer({ min: -5, max: 50 }) }),
  fc.record({ kind: fc.constantFrom('scroll' as const), rows: fc.integer({ min: -50, max: 50 }) }),
);

test('no commands in any state lead out of bounds, or change the state before', () => {
  const situations = [
    situationOf(),
    situationOf({}, { processes: null }),
    situationOf({}, { processes: 0, page: 0, mostScroll: 0, earliest: null }),
  ];
  fc.assert(
    fc.property(anyState, fc.array(anyCommand, { maxLength: 30 }), fc.nat(2), (some, commands, which) => {
      const situation = situations[which]!;
      const before = { ...situation.picture.state, ...some };
      const copy = structuredClone(before);
      const { state } = after({ ...situation, picture: { ...situation.picture, state: before } }, ...commands);
      expect(before).toEqual(copy);
      expect(state.boxes.size).toBeGreaterThan(0);
      expect(state.scroll).toBeGreaterThanOrEqual(0);
      expect(state.span).toBeGreaterThanOrEqual(60);
      expect(situation.columns).toContain(state.sort);
      expect(situation.themes).toContain(state.theme);
      if (state.dialog?.kind === 'nice') expect(Math.abs(state.dialog.nice)).toBeLessThanOrEqual(20);
    }),
    { numRuns: 300 },
  );
});
