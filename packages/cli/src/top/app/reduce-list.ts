import { indexOfSelected, keyAtIndex } from '../process/selection.ts';
import type { ProcessKey } from '../scene.ts';
import type { TopState } from '../state.ts';
import { within } from './step.ts';
import type { Situation } from './step.ts';

/** The line of the list with the selected process; -1 when it is not in the list. */
const lineOfSelected = ({ selected }: TopState, { picture: { scene, rows } }: Situation): number =>
  indexOfSelected(rows, scene.processes, selected);

/** The furthest that the list can be scrolled. */
const mostScroll = ({ picture, page }: Situation): number => Math.max(0, picture.rows.order.length - page);

/** Scrolls as little as it takes for a line to be seen. */
function showing(state: TopState, line: number, situation: Situation): TopState {
  const page = Math.max(1, situation.page);
  const scroll = line < state.scroll ? line : line >= state.scroll + page ? line - page + 1 : state.scroll;
  return { ...state, scroll: within(scroll, 0, mostScroll(situation)) };
}

/** Selects the process so many lines away. Without a selection it is the first that is seen, or the last. */
export function move(state: TopState, rows: number, situation: Situation): TopState {
  const count = situation.picture.rows.order.length;
  if (count === 0) return state;
  const at = lineOfSelected(state, situation);
  const line = at < 0 ? (rows > 0 ? state.scroll : state.scroll + situation.page - 1) : at + rows;
  return selectLine(state, within(line, 0, count - 1), situation);
}

/** Selects the first or the last process. */
export function moveToEnd(state: TopState, to: 'first' | 'last', situation: Situation): TopState {
  const count = situation.picture.rows.order.length;
  return count === 0 ? state : selectLine(state, to === 'first' ? 0 : count - 1, situation);
}

function selectLine(state: TopState, line: number, situation: Situation): TopState {
  const { rows, scene } = situation.picture;
  return showing({ ...state, selected: keyAtIndex(rows, scene.processes, line) }, line, situation);
}

/** Moves the list under the selection: what a wheel does. A process that is followed is no longer. */
export function scrollList(state: TopState, rows: number, situation: Situation): TopState {
  return { ...state, follow: false, scroll: within(state.scroll + rows, 0, mostScroll(situation)) };
}

/** A click on a process; on the selected one, it opens what is known of it. */
export function select(state: TopState, process: ProcessKey, situation: Situation): TopState {
  if (state.selected?.pid === process.pid && state.selected.startedAfterBoot === process.startedAfterBoot) {
    return openDetail(state, process, situation);
  }
  return { ...state, selected: process, follow: false };
}

/** All about a process, in place of the list. */
export function openDetail(state: TopState, process: ProcessKey | null, { picture }: Situation): TopState {
  if (process === null) return { ...state, message: 'Select a process first: arrows, or a click.' };
  if (state.moment !== null || picture.source.kind === 'replay') {
    return { ...state, message: 'What was recorded of a process is in the list: details are known of the present only.' };
  }
  return { ...state, selected: process, detail: process, detailScroll: 0, editingFilter: false };
}

/** Folds the children of a process away, or back. */
export function foldSelected(state: TopState, pid: number | undefined, situation: Situation): TopState {
  if (!state.tree) return { ...state, message: 'Only a tree can be folded: t makes one.' };
  const of = pid ?? state.selected?.pid;
  if (of === undefined) return { ...state, message: 'Select a process first: arrows, or a click.' };
  const folded = new Set(state.folded);
  if (!folded.delete(of)) folded.add(of);
  const next = { ...state, folded };
  const line = lineOfSelected(state, situation);
  return line < 0 ? next : showing(next, line, situation);
}

/** After a new picture: a process that is followed stays in sight, and the list does not end above its place. */
export function settleScroll(state: TopState, situation: Situation): TopState {
  const line = state.follow ? lineOfSelected(state, situation) : -1;
  const scroll = line < 0 ? within(state.scroll, 0, mostScroll(situation)) : showing(state, line, situation).scroll;
  return scroll === state.scroll ? state : { ...state, scroll };
}
