import { SIGNALS } from '@hecate/observe';
import type { SignalName } from '@hecate/observe';
import { rowOfProcess } from '../scene.ts';
import type { Command, Dialog, TopState } from '../state.ts';
import { acceptMoment } from './reduce-time.ts';
import { stay, within } from './step.ts';
import type { ActDialog, Situation, Step } from './step.ts';

/** The bounds of nice values. */
const NICE = [-20, 19] as const;
/** Characters of a text that is typed. */
export const MOST_TEXT = 500;

/** Opens the dialog of a command, if it has one and there is something to ask. Null: it is another command. */
export function openDialog(state: TopState, command: Command, situation: Situation): TopState | null {
  const open = (dialog: Dialog): TopState => ({ ...state, dialog, editingFilter: false });
  switch (command.kind) {
    case 'help':
      return open({ kind: 'help', scroll: 0 });
    case 'alerts':
      return open({ kind: 'alerts', scroll: 0 });
    case 'choose-sort':
      return open({ kind: 'sort', chosen: Math.max(0, situation.columns.indexOf(state.sort)) });
    case 'choose-theme':
      return open({ kind: 'theme', chosen: Math.max(0, situation.themes.indexOf(state.theme)) });
    case 'choose-moment':
      return open({ kind: 'moment', text: '', problem: null });
    case 'ask-signal':
    case 'ask-nice':
      return askAct(state, command, situation);
    default:
      return null;
  }
}

/** Asks what is to be done to the process in question, or says why nothing can be. */
function askAct(state: TopState, command: Extract<Command, { kind: 'ask-signal' | 'ask-nice' }>, { picture }: Situation): TopState {
  const refuse = (message: string): TopState => ({ ...state, message });
  const { processes } = picture.scene;
  const of = state.detail ?? state.selected;
  if (state.moment !== null || picture.source.kind === 'replay') {
    return refuse('This is the past: nothing can be done to its processes.');
  }
  if (picture.source.actor === null) return refuse(picture.source.whyNoActor ?? 'Nothing can be done to processes from here.');
  if (of === null) return refuse('Select a process first: arrows, or a click.');
  const row = processes === null ? -1 : rowOfProcess(processes, of);
  if (processes === null || row < 0) return refuse(`The process ${of.pid} is gone.`);
  const { name } = processes.identities[row]!;
  if (command.kind === 'ask-signal') {
    const chosen = command.signal ?? 'TERM';
    return { ...state, dialog: { kind: 'signal', of, name, chosen, confirming: command.signal !== undefined } };
  }
  const nice = processes.figures.nice[row]!;
  return { ...state, dialog: { kind: 'nice', of, name, nice: Number.isNaN(nice) ? 0 : nice, confirming: false } };
}

/** Up and down in a dialog: what is chosen, or how far it is scrolled. */
export function moveInDialog(state: TopState, dialog: Dialog, rows: number, situation: Situation): TopState {
  const put = (next: Dialog): TopState => ({ ...state, dialog: next });
  switch (dialog.kind) {
    case 'help':
    case 'alerts':
      return put({ ...dialog, scroll: within(dialog.scroll + rows, 0, situation.mostScroll) });
    case 'sort':
      return put({ ...dialog, chosen: within(dialog.chosen + rows, 0, situation.columns.length - 1) });
    case 'theme':
      return put({ ...dialog, chosen: within(dialog.chosen + rows, 0, situation.themes.length - 1) });
    case 'signal': {
      const at = within(SIGNALS.indexOf(dialog.chosen) + rows, 0, SIGNALS.length - 1);
      return put(choosing(dialog, SIGNALS[at]!));
    }
    case 'nice':
      return put({ ...dialog, nice: within(dialog.nice + rows, ...NICE), confirming: false });
    case 'moment':
      return state;
  }
}

const choosing = (dialog: Extract<Dialog, { kind: 'signal' }>, chosen: SignalName): Dialog =>
  // Whoever chooses something else is asked anew.
  chosen === dialog.chosen ? dialog : { ...dialog, chosen, confirming: false };

/** A click on one line of a list; on the one that is chosen already, it is taken. */
export function chooseInDialog(state: TopState, dialog: Dialog, index: number, situation: Situation): Step {
  const put = (next: Dialog): Step => stay({ ...state, dialog: next });
  switch (dialog.kind) {
    case 'sort':
    case 'theme': {
      const most = (dialog.kind === 'sort' ? situation.columns : situation.themes).length - 1;
      const chosen = within(index, 0, most);
      return chosen === dialog.chosen ? acceptDialog(state, dialog, situation) : put({ ...dialog, chosen });
    }
    case 'signal': {
      const chosen = SIGNALS[within(index, 0, SIGNALS.length - 1)]!;
      return chosen === dialog.chosen && !dialog.confirming ? acceptDialog(state, dialog, situation) : put(choosing(dialog, chosen));
    }
    default:
      return stay(state);
  }
}

/** Enter in a dialog. What changes a process is asked once more before it is done. */
export function acceptDialog(state: TopState, dialog: Dialog, situation: Situation): Step {
  const closed: TopState = { ...state, dialog: null };
  switch (dialog.kind) {
    case 'help':
    case 'alerts':
      return stay(closed);
    case 'sort':
      return stay(sortBy(closed, situation.columns[dialog.chosen] ?? state.sort));
    case 'theme':
      return stay({ ...closed, theme: situation.themes[dialog.chosen] ?? state.theme });
    case 'moment':
      return stay(acceptMoment(state, dialog.text, situation));
    case 'signal':
    case 'nice':
      return confirm(state, dialog);
  }
}

function confirm(state: TopState, dialog: ActDialog): Step {
  if (!dialog.confirming) return stay({ ...state, dialog: { ...dialog, confirming: true } });
  return { state: { ...state, dialog: null }, effects: [{ kind: 'act', dialog }] };
}

const TEXT_COLUMNS: ReadonlySet<string> = new Set(['pid', 'ppid', 'user', 'name', 'command', 'state', 'cgroup', 'nice', 'priority']);

/** Sorts by a column: figures the greatest first, words and numbers of processes the least. The same one again turns the order round. */
export function sortBy(state: TopState, column: TopState['sort']): TopState {
  if (column === state.sort) return { ...state, descending: !state.descending };
  return { ...state, sort: column, descending: beginsDescending(column) };
}

/** Whether the greatest of a column come first when it is chosen. */
export function beginsDescending(column: TopState['sort']): boolean {
  return !TEXT_COLUMNS.has(column);
}
