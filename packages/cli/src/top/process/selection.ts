import { rowOfProcess } from '../scene.ts';
import type { ProcessKey, SceneProcesses } from '../scene.ts';
import type { TopState } from '../state.ts';
import type { ProcessRows } from './process-rows.ts';

/** Rows of the list that a box of this height shows, its frame and its heading aside. */
export function visibleRows(boxHeight: number): number {
  return Math.max(0, boxHeight - 3);
}

/** Where in the list a process is; -1 when it is not: gone, filtered out, folded away. */
export function indexOfSelected(rows: ProcessRows, processes: SceneProcesses | null, selected: ProcessKey | null): number {
  if (selected === null || processes === null) return -1;
  const row = rowOfProcess(processes, selected);
  return row < 0 ? -1 : rows.order.indexOf(row);
}

/** The process at an index of the list; null where there is none. */
export function keyAtIndex(rows: ProcessRows, processes: SceneProcesses | null, index: number): ProcessKey | null {
  const row = rows.order[index];
  const identity = row === undefined ? undefined : processes?.identities[row];
  return identity ? { pid: identity.pid, startedAfterBoot: identity.startedAfterBoot } : null;
}

/** How far away a neighbour is looked for: where everything changed, none is meant. */
const FURTHEST = 100;

/** What the selection is about. */
export interface Listed {
  readonly rows: ProcessRows;
  readonly processes: SceneProcesses | null;
}

/**
 * After a new moment: where the selected process has ended, the one that stood below it is selected, or the nearest above it that is still
 * there. One that is followed is told of, and is no longer. `before` is the list in which it was last; what is not known ends nothing.
 */
export function settleSelection(state: TopState, before: Listed, now: Listed): TopState {
  const { selected } = state;
  if (selected === null || now.processes === null || rowOfProcess(now.processes, selected) >= 0) return state;
  const message = state.follow ? `The process ${selected.pid} that was followed has ended.` : state.message;
  return { ...state, selected: neighbour(before, now, selected), follow: false, message };
}

function neighbour(before: Listed, now: Listed, gone: ProcessKey): ProcessKey | null {
  const at = indexOfSelected(before.rows, before.processes, gone);
  if (at < 0) return null;
  for (let away = 1; away < Math.min(FURTHEST, before.rows.order.length); away++) {
    for (const index of [at + away, at - away]) {
      const key = keyAtIndex(before.rows, before.processes, index);
      if (key && indexOfSelected(now.rows, now.processes, key) >= 0) return key;
    }
  }
  return null;
}
