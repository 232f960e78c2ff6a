import { BOX_NAMES } from '../state.ts';
import type { BoxName, Command, TopState } from '../state.ts';
import { acceptDialog, chooseInDialog, moveInDialog, openDialog, sortBy } from './reduce-dialog.ts';
import { foldSelected, move, moveToEnd, openDetail, scrollList, select } from './reduce-list.ts';
import { backspace, deleteWord, typeText, withText } from './reduce-text.ts';
import { changeInterval, toPresent, travel, travelTo, zoom } from './reduce-time.ts';
import { stay, within } from './step.ts';
import type { Situation, Step } from './step.ts';

/** One step of the screen: a state, and what was wanted, make another state. It reads nothing and changes nothing. */
export function reduce(before: TopState, command: Command, situation: Situation): Step {
  // What was said of the last step is said until the next one.
  const state = before.message === null ? before : { ...before, message: null };
  const opened = openDialog(state, command, situation);
  if (opened) return stay(opened);
  switch (command.kind) {
    case 'quit':
    case 'suspend':
    case 'redraw':
      return { state, effects: [{ kind: command.kind }] };
    case 'interval':
      return changeInterval(state, command.steps, situation);
    case 'accept':
      return accept(state, situation);
    case 'choose':
      return state.dialog === null ? stay(state) : chooseInDialog(state, state.dialog, command.index, situation);
    default:
      return stay(change(state, command, situation));
  }
}

type Opening = 'help' | 'alerts' | 'choose-sort' | 'choose-theme' | 'choose-moment' | 'ask-signal' | 'ask-nice';
type Change = Exclude<Command, { readonly kind: Opening | 'quit' | 'suspend' | 'redraw' | 'interval' | 'accept' | 'choose' }>;

/** Steps that do nothing but make another state. */
function change(state: TopState, command: Change | Extract<Command, { readonly kind: Opening }>, situation: Situation): TopState {
  switch (command.kind) {
    case 'back':
      return back(state, situation);
    case 'toggle-box':
      return toggleBox(state, command.box);
    case 'expand-box':
      return { ...state, expanded: state.expanded === command.box ? null : command.box, detail: null };
    case 'expand-next':
      return expandNext(state, command.steps);
    case 'sort':
      return sortBy(state, command.column);
    case 'sort-next':
      return sortBeside(state, 1, situation);
    case 'sort-previous':
      return sortBeside(state, -1, situation);
    case 'reverse':
      return { ...state, descending: !state.descending };
    case 'edit-filter':
      return { ...state, editingFilter: true, detail: null };
    case 'clear-filter':
      return withText(state, '');
    case 'filter':
      return { ...state, filter: command.text, editingFilter: false };
    case 'toggle':
      return toggle(state, command.what, situation);
    case 'fold':
      return foldSelected(state, command.pid, situation);
    case 'move':
      return moveAnything(state, command.rows, situation);
    case 'move-page':
      return moveAnything(state, command.pages * Math.max(1, situation.page - 1), situation);
    case 'move-end':
      if (state.dialog) return moveInDialog(state, state.dialog, command.to === 'first' ? -1e6 : 1e6, situation);
      if (state.detail) return { ...state, detailScroll: command.to === 'first' ? 0 : situation.mostScroll };
      return moveToEnd(state, command.to, situation);
    case 'scroll':
      if (state.dialog || state.detail) return moveAnything(state, command.rows, situation);
      return scrollList(state, command.rows, situation);
    case 'select':
      return select(state, command.process, situation);
    case 'open-detail':
      return openDetail(state, command.process ?? state.selected, situation);
    case 'zoom':
      return zoom(state, command.steps);
    case 'travel':
      return travel(state, command.spans, situation);
    case 'travel-to':
      return travelTo(state, command.time, situation);
    case 'present':
      return toPresent(state, situation);
    case 'type':
      return typeText(state, command.text);
    case 'backspace':
      return backspace(state);
    case 'delete-word':
      return deleteWord(state);
    default:
      // The rest opened a dialog, or said why not.
      return state;
  }
}

/** What lies above is closed first, one thing a time; at last the present is back, moving. */
function back(state: TopState, situation: Situation): TopState {
  if (state.dialog) {
    const { dialog } = state;
    const isAsking = (dialog.kind === 'signal' || dialog.kind === 'nice') && dialog.confirming;
    return { ...state, dialog: isAsking ? { ...dialog, confirming: false } : null };
  }
  if (state.editingFilter) return { ...state, editingFilter: false };
  if (state.detail) return { ...state, detail: null };
  if (state.expanded) return { ...state, expanded: null };
  if (state.filter !== '') return { ...state, filter: '' };
  const isElsewhere = state.frozen || (state.moment !== null && situation.picture.source.kind !== 'replay');
  return isElsewhere ? toPresent(state, situation) : { ...state, selected: null, follow: false };
}

function accept(state: TopState, situation: Situation): Step {
  if (state.dialog) return acceptDialog(state, state.dialog, situation);
  if (state.editingFilter) return stay({ ...state, editingFilter: false });
  if (state.detail) return stay({ ...state, detail: null });
  return stay(openDetail(state, state.selected, situation));
}

/** Up and down: in what lies above, else in the list. */
function moveAnything(state: TopState, rows: number, situation: Situation): TopState {
  if (state.dialog) return moveInDialog(state, state.dialog, rows, situation);
  if (state.detail) return { ...state, detailScroll: within(state.detailScroll + rows, 0, situation.mostScroll) };
  return move(state, rows, situation);
}

/** The last box stays: a screen without any is of no use. */
function toggleBox(state: TopState, box: BoxName): TopState {
  const boxes = new Set(state.boxes);
  if (!boxes.delete(box)) boxes.add(box);
  if (boxes.size === 0) return { ...state, message: 'One box stays.' };
  return { ...state, boxes, expanded: state.expanded !== null && !boxes.has(state.expanded) ? null : state.expanded };
}

/** All boxes, then one after the other. */
function expandNext(state: TopState, steps: number): TopState {
  const places: (BoxName | null)[] = [null, ...BOX_NAMES.filter((box) => state.boxes.has(box))];
  const at = Math.max(0, places.indexOf(state.expanded));
  return { ...state, expanded: places[(at + steps + places.length) % places.length]!, detail: null };
}

function sortBeside(state: TopState, steps: number, { columns }: Situation): TopState {
  if (columns.length === 0) return state;
  const at = columns.indexOf(state.sort);
  return sortBy(state, columns[(Math.max(0, at) + steps + columns.length) % columns.length]!);
}

function toggle(state: TopState, what: Extract<Command, { kind: 'toggle' }>['what'], { picture }: Situation): TopState {
  switch (what) {
    case 'tree':
      return { ...state, tree: !state.tree, folded: new Set() };
    case 'kernel':
      return { ...state, showKernel: !state.showKernel };
    case 'cpu-of-machine':
      return { ...state, cpuOfMachine: !state.cpuOfMachine };
    case 'freeze':
      if (state.moment !== null || picture.source.kind === 'replay') return { ...state, message: 'The past stands still already.' };
      return { ...state, frozen: !state.frozen };
    case 'follow':
      if (state.selected === null) return { ...state, message: 'Select a process to follow: arrows, or a click.' };
      return { ...state, follow: !state.follow };
  }
}
