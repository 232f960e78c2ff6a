import { messageOf } from '@hecate/host';
import { encodeDuration } from '@hecate/observe';
import { parseMoment } from '../../replay/moment-text.ts';
import { timeText } from '../../terminal/event-line.ts';
import { ZOOM_STEPS } from '../state.ts';
import type { TopState } from '../state.ts';
import { within } from './step.ts';
import type { Situation, Step } from './step.ts';

/** Seconds between two looks that the keys choose from. */
export const INTERVALS: readonly number[] = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

/** Graphs of a longer (1) or a shorter (-1) time. */
export function zoom(state: TopState, steps: number): TopState {
  const at = nearest(ZOOM_STEPS, state.span);
  return { ...state, span: ZOOM_STEPS[within(at + steps, 0, ZOOM_STEPS.length - 1)]! };
}

/** Looks less (1) or more (-1) often. */
export function changeInterval(state: TopState, steps: number, { picture }: Situation): Step {
  if (picture.source.kind === 'replay') {
    return { state: { ...state, message: 'A recording stands still: go through it with the arrows, left and right.' }, effects: [] };
  }
  const at = nearest(INTERVALS, picture.source.interval);
  const seconds = INTERVALS[within(at + steps, 0, INTERVALS.length - 1)]!;
  const effects = [{ kind: 'interval', seconds }] as const;
  return { state: { ...state, message: `A look every ${encodeDuration(seconds)}.` }, effects };
}

/** To another moment. What lies at or behind the newest one is the present; what lies before the oldest is the oldest. */
export function travelTo(state: TopState, time: number, situation: Situation): TopState {
  const { latest, earliest } = situation;
  if (time >= latest) return toPresent(state, situation);
  return { ...state, moment: earliest === null ? time : Math.max(earliest, time), frozen: false };
}

/** By shares of the time that graphs reach back. Nothing at all is the present. */
export function travel(state: TopState, spans: number, situation: Situation): TopState {
  if (spans === 0 || (spans > 0 && state.moment === null)) return toPresent(state, situation);
  const { moment } = state;
  // Who travels from a screen that stands still starts at what it shows.
  const from = moment ?? (state.frozen ? situation.picture.scene.time : situation.latest);
  const target = travelTo(state, from + spans * state.span, situation);
  return target.moment === moment && moment !== null
    ? { ...target, message: spans < 0 ? 'Nothing older is recorded.' : 'Nothing newer is recorded.' }
    : target;
}

/** The present, and moving; of a recording its last moment. */
export function toPresent(state: TopState, { picture, latest }: Situation): TopState {
  return { ...state, moment: picture.source.kind === 'replay' ? latest : null, frozen: false };
}

/** What was typed into the dialog becomes a moment, or a sentence about what is wrong with it. */
export function acceptMoment(state: TopState, text: string, situation: Situation): TopState {
  if (text.trim() === '' || text.trim() === 'now') return { ...toPresent(state, situation), dialog: null };
  let time: number;
  try {
    time = parseMoment(text);
  } catch (error) {
    return { ...state, dialog: { kind: 'moment', text, problem: messageOf(error) } };
  }
  const { earliest, picture } = situation;
  if (earliest !== null && time < earliest - picture.state.span) {
    const problem = `Nothing is recorded of then: what there is begins at ${timeText(earliest)}.`;
    return { ...state, dialog: { kind: 'moment', text, problem } };
  }
  return { ...travelTo(state, time, situation), dialog: null };
}

/** Index of the step that is nearest to a value. */
function nearest(steps: readonly number[], value: number): number {
  let best = 0;
  for (const [index, step] of steps.entries()) if (Math.abs(step - value) < Math.abs(steps[best]! - value)) best = index;
  return best;
}
