import { encodeDuration } from '@hecate/observe';
import { timeText } from '../../terminal/event-line.ts';
import type { Paper, Picture } from '../view.ts';

/** The times under a graph at its left end and its middle, and what is at its right end. */
interface TimeLabels {
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/** The clock on the wall here: to the second, to the minute, or with the day, as the span asks for it. */
function clockText(time: number, span: number): string {
  const whole = timeText(time);
  return span <= 3600 ? whole.slice(11) : span < 86_400 ? whole.slice(11, 16) : whole.slice(5, 16);
}

/** `-60 s`, `-30 s`, `now`; clock times at a moment of the past. */
function timeLabels({ from, to, state }: Pick<Picture, 'from' | 'to' | 'state'>): TimeLabels {
  const span = to - from;
  if (state.moment !== null) return { start: clockText(from, span), middle: clockText(from + span / 2, span), end: clockText(to, span) };
  return { start: `-${spanText(span)}`, middle: `-${spanText(span / 2)}`, end: state.frozen ? 'frozen' : 'now' };
}

/** The length of what graphs show, in words: `60 s`, `15 min`. */
function spanText(span: number): string {
  return span <= 90 ? `${Math.round(span)} s` : encodeDuration(span);
}

/** A click into a graph that lies here goes to the time of its column. */
export function markTimes(
  { region }: Pick<Paper, 'region'>,
  { from, to }: Picture,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  region.mark(x, y, width, height, { kind: 'travel-in', from, to, columns: width });
}

/** Writes the times into the lower line of the frame around a graph that lies at `x` with this width. */
export function drawTimeAxis({ region, theme }: Paper, picture: Picture, x: number, width: number): void {
  const { start, middle, end } = timeLabels(picture);
  const y = region.height - 1;
  const style = theme.style('dim');
  const write = (at: number, text: string): void => void region.text(at, y, ` ${text} `, style);
  if (width < end.length + start.length + 6) {
    if (width >= start.length + 3) write(x + 1, start);
    return;
  }
  write(x + 1, start);
  write(x + width - end.length - 2, end);
  if (width >= start.length + end.length + middle.length + 16) write(x + Math.floor((width - middle.length) / 2) - 1, middle);
}
