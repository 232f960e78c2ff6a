import type { Paper, Picture } from '../view.ts';
import { valuesPerColumn } from './letters.ts';

/** Whether a graph of a series would show anything: what is not known at a moment may be known before it. */
export function hasPoints(paper: Pick<Paper, 'letters'>, picture: Picture, id: string): boolean {
  return pointsOf(paper, picture, id, FEW).some((value) => !Number.isNaN(value));
}

/** Columns that are asked for to know whether there is anything. */
const FEW = 20;

/**
 * The values of a series for a graph of `width` columns, the oldest first; NaN where nothing is known. There are no more of them than
 * samples could be: a graph stretches them, and no gaps show between two samples.
 */
export function pointsOf(
  { letters }: Pick<Paper, 'letters'>,
  { trail, source, from, to }: Picture,
  id: string,
  width: number,
): Float64Array {
  const most = Math.max(1, Math.floor((to - from) / Math.max(0.05, source.interval)));
  return trail.points(id, from, to, Math.max(1, Math.min(width * valuesPerColumn(letters), most)));
}
