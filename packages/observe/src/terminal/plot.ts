import type { Heatmap } from '../analyze/analysis.ts';
import type { Ink } from './ink.ts';
import { fit } from './text.ts';
import type { InkLine } from './panel.ts';

const BARS = [...'▁▂▃▄▅▆▇█'];
const ASCII_BARS = [...'_.-=+*#@'];
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Where a colour scale begins and ends. */
export interface HeatScale {
  readonly low: number;
  readonly high: number;
}

/** The share of a value on a scale, 0 to 1; 0 when the scale has no length. */
export function shareOf(value: number, { low, high }: HeatScale): number {
  return high > low ? (value - low) / (high - low) : 0;
}

/** A series in `width` columns, one letter each, high by `scale` and coloured by `heat`, in one colour without it; steps between are averaged, steps without a value stay empty. */
export function drawSparkline(
  ink: Ink,
  series: readonly (number | null)[],
  width: number,
  scale: HeatScale,
  heat: HeatScale | null,
): string {
  const count = Math.min(width, series.length);
  let line = '';
  for (let column = 0; column < count; column += 1) {
    const part = series.slice(Math.floor((column * series.length) / count), Math.floor(((column + 1) * series.length) / count));
    const known = part.filter((value): value is number => value !== null);
    if (known.length === 0) {
      line += ' ';
      continue;
    }
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const bars = ink.unicode ? BARS : ASCII_BARS;
    const height = Math.min(bars.length - 1, Math.max(0, Math.floor(shareOf(mean, scale) * bars.length)));
    line += heat === null ? ink.paint(bars[height] as string, 'calm') : ink.heat(bars[height] as string, shareOf(mean, heat));
  }
  return line + ' '.repeat(width - count);
}

/** A bar of `width` columns filled to `share`, with a mark at `mark` (both 0 to 1; null: no mark). */
export function drawBar(ink: Ink, share: number, mark: number | null, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  const marked = mark === null ? -1 : Math.min(width - 1, Math.floor(Math.min(1, Math.max(0, mark)) * width));
  let bar = '';
  for (let column = 0; column < width; column += 1) {
    const here = (column + 0.5) / width;
    if (column === marked) bar += ink.heat(ink.unicode ? '┃' : '|', here);
    else if (column < filled) bar += ink.heat(ink.unicode ? '■' : '#', here);
    else bar += ink.paint(ink.unicode ? '·' : '.', 'dim');
  }
  return bar;
}

/** Columns of a heat map whose cells are so wide. */
export function heatmapWidth(cell: number): number {
  return 4 + 24 * cell;
}

/** A heat map of the days of the week that have data, cells `cell` columns wide: title, hours, a line per day, the scale. */
export function drawHeatmap(
  ink: Ink,
  title: string,
  heatmap: Heatmap,
  scale: HeatScale,
  ends: readonly [string, string],
  cell: number,
): InkLine[] {
  const width = heatmapWidth(cell);
  const hours = `    ${Array.from({ length: 8 }, (_, index) => String(index * 3).padEnd(3 * cell)).join('')}`;
  const lines: InkLine[] = [
    { text: ink.paint(fit(ink, title, width), 'strong'), width },
    { text: ink.paint(hours, 'dim'), width },
  ];
  for (const [day, means] of heatmap.mean.entries()) {
    if (means.every((mean) => mean === null)) continue;
    const cells = means.map((mean) => ink.cell(mean === null ? null : shareOf(mean, scale), cell));
    lines.push({ text: `${ink.paint(WEEKDAYS[day] as string, 'dim')} ${cells.join('')}`, width });
  }
  const ramp = [0, 0.25, 0.5, 0.75, 0.99];
  const text = `${' '.repeat(4)}${ink.paint(ends[0], 'dim')} ${ramp.map((share) => ink.cell(share, 2)).join('')} ${ink.paint(ends[1], 'dim')}`;
  lines.push({ text, width: 4 + ends[0].length + 1 + ramp.length * 2 + 1 + ends[1].length });
  return lines;
}
