import { expect, test } from 'vitest';
import type { SceneProcesses } from '../scene.ts';
import { pictureOf, processesOf } from '../view/picture.testing.ts';
import { makeProcessRows } from './process-rows.ts';
import { indexOfSelected, keyAtIndex, settleSelection, visibleRows } from './selection.ts';

const state = pictureOf({ state: { sort: 'pid', descending: false } }).state;
const listed = (processes: SceneProcesses | null) => ({ rows: makeProcessRows(processes, state, true), processes });

/** The processes without some of them. */
function without(all: SceneProcesses, gone: readonly number[]): SceneProcesses {
  const kept = [...Array(all.length).keys()].filter((row) => !gone.includes(all.identities[row]!.pid));
  const figures = Object.fromEntries(
    Object.entries(all.figures).map(([name, column]) => [name, Float64Array.from(kept, (row) => column[row]!)]),
  );
  return {
    length: kept.length,
    identities: kept.map((row) => all.identities[row]!),
    state: kept.map((row) => all.state[row]!),
    figures: figures as SceneProcesses['figures'],
  };
}

const all = processesOf(10);
const before = listed(all);
const keyOf = (pid: number) => keyAtIndex(before.rows, all, pid - 1)!;

test('where a process is', () => {
  expect(indexOfSelected(before.rows, all, keyOf(4))).toBe(3);
  expect(indexOfSelected(before.rows, all, null)).toBe(-1);
  expect(indexOfSelected(before.rows, null, keyOf(4))).toBe(-1);
  // Another one has its number by now.
  expect(indexOfSelected(before.rows, all, { ...keyOf(4), startedAfterBoot: 999 })).toBe(-1);
  expect(keyAtIndex(before.rows, all, 99)).toBeNull();
  expect([0, 2, 3, 24].map(visibleRows)).toEqual([0, 0, 0, 21]);
});

test('the selected one ends: its neighbour is selected, and who followed it is told', () => {
  const selected = { ...state, selected: keyOf(4) };
  expect(settleSelection(selected, before, listed(without(all, [7])))).toBe(selected);
  expect(settleSelection(selected, before, listed(null))).toBe(selected);
  expect(settleSelection(selected, before, listed(without(all, [4]))).selected).toEqual(keyOf(5));
  expect(settleSelection(selected, before, listed(without(all, [4, 5]))).selected).toEqual(keyOf(3));
  expect(settleSelection({ ...state, selected: keyOf(10) }, before, listed(without(all, [9, 10]))).selected).toEqual(keyOf(8));
  expect(settleSelection(selected, before, listed(processesOf(0))).selected).toBeNull();
  const followed = settleSelection({ ...selected, follow: true }, before, listed(without(all, [4])));
  expect(followed).toMatchObject({ follow: false, message: 'The process 4 that was followed has ended.' });
});
