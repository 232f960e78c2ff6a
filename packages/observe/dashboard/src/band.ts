import type uPlot from 'uplot';
import { highOf, lowOf } from './history.ts';
import type { SeriesStore } from './series-store.ts';

/** The lowest and highest values within each row of a chart, which a mean hides. */
export interface Band {
  readonly color: string;
  readonly time: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** The band of a series between two times; null where it is not known. */
export function bandBetween(store: SeriesStore | null, id: string, from: number, to: number, color: string): Band | null {
  if (!store) return null;
  const [time, low, high] = store.select([lowOf(id), highOf(id)], from, to);
  return low && high && high.some((value) => value !== null) ? { color, time, low, high } : null;
}

/** The highest value of bands; null when there is none. */
export function topOfBands(bands: readonly Band[]): number | null {
  let top: number | null = null;
  for (const { high } of bands) for (const value of high) if (value !== null && (top === null || value > top)) top = value;
  return top;
}

/** Fills bands below the lines that they belong to. A hole in the data is a hole in the band. */
export function paintBands(plot: uPlot, bands: readonly Band[]): void {
  const { ctx: context, bbox } = plot;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  context.globalAlpha = 0.22;
  for (const { color, time, low, high } of bands) {
    context.fillStyle = color;
    for (let row = 0; row < time.length; row++) {
      if (low[row] == null || high[row] == null) continue;
      const first = row;
      while (row + 1 < time.length && low[row + 1] != null && high[row + 1] != null) row++;
      context.beginPath();
      for (let at = first; at <= row; at++) context.lineTo(plot.valToPos(time[at]!, 'x', true), plot.valToPos(high[at]!, 'y', true));
      for (let at = row; at >= first; at--) context.lineTo(plot.valToPos(time[at]!, 'x', true), plot.valToPos(low[at]!, 'y', true));
      context.closePath();
      context.fill();
    }
  }
  context.restore();
}
