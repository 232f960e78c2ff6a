import type { TopState } from '../state.ts';
import { MOST_TEXT } from './reduce-dialog.ts';

/** The text that is written now: the moment in its dialog, else the filter. */
function textOf({ dialog, filter }: TopState): string {
  return dialog?.kind === 'moment' ? dialog.text : filter;
}

/** Puts a text where letters go now. */
export function withText(state: TopState, text: string): TopState {
  if (state.dialog?.kind === 'moment') return { ...state, dialog: { kind: 'moment', text, problem: null } };
  return { ...state, filter: text };
}

/** Adds what was typed or pasted, in one line; control characters are left out. */
export function typeText(state: TopState, typed: string): TopState {
  // Letters before anything is written begin nothing by themselves: they were keys without a meaning.
  if (!state.editingFilter && state.dialog?.kind !== 'moment') return state;
  const line = typed.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/\p{Cc}/gu, '');
  return withText(state, [...`${textOf(state)}${line}`].slice(0, MOST_TEXT).join(''));
}

const LETTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Takes the last letter away, with all marks that stand on it. With nothing left to take, the filter is closed. */
export function backspace(state: TopState): TopState {
  const text = textOf(state);
  if (text === '') return state.editingFilter ? { ...state, editingFilter: false } : state;
  const last = [...LETTERS.segment(text)].at(-1);
  return withText(state, text.slice(0, last?.index ?? 0));
}

/** Takes the last word away, and the spaces behind it. */
export function deleteWord(state: TopState): TopState {
  return withText(state, textOf(state).replace(/\S*\s*$/u, ''));
}
