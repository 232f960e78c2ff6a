import type { ColumnUnit } from '../../record/columns.ts';
import { shareOf } from '../../terminal/plot.ts';
import type { HeatScale } from '../../terminal/plot.ts';
import type { Heatmap } from '../analysis.ts';
import { coordinate, markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { encodeValue } from '../unit.ts';
import { fitText, textWidth } from './figure-text.ts';
import { letterColour, rampColour } from './figure-theme.ts';
import type { FigureTheme } from './figure-theme.ts';
import { framePanel, label, numbersOf, PADDING, PANEL_TOP, statisticsOf, titleOf } from './panel.ts';
import type { Panel, PanelSource } from './panel.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
/** Cells from this width on have room for their number. */
const READABLE = 34;
const HOURS = 24;
const LEGEND_ROOM = 46;

const hourText = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** How tall a heat map of this width is. */
export function heatmapHeight(width: number, cellHeight: number): number {
  return PANEL_TOP + WEEKDAYS.length * cellHeight + LEGEND_ROOM + (cellOf(width) >= READABLE ? 18 : 16);
}

const gutterOf = (width: number): number => (width > 700 ? 92 : 42);
const cellOf = (width: number): number => (width - 2 * PADDING - gutterOf(width)) / HOURS;

/** The mean of each hour of the week. All days stand there, so that pictures of one size can be laid beside each other; those without data are empty. */
export function drawHeatmapPanel(
  { analysis, theme }: PanelSource,
  name: string,
  { width, cellHeight, numbers }: { readonly width: number; readonly cellHeight: number; readonly numbers: boolean },
): Panel {
  const own = statisticsOf(analysis, name);
  const map = analysis.heatmaps[name] as Heatmap;
  const scale = scaleOfCells(map, own.unit);
  const [cell, left] = [cellOf(width), PADDING + gutterOf(width)];
  const long = width > 700;
  const cells: Markup[] = [];
  for (const [day, means] of map.mean.entries()) {
    for (const [hour, value] of means.entries()) {
      const place = { x: left + hour * cell + 1, y: PANEL_TOP + day * cellHeight + 1, width: cell - 2, height: cellHeight - 2 };
      const tip = `${WEEKDAYS[day] as string} ${hourText(hour)}: ${value === null ? 'nothing recorded' : encodeValue(value, own.unit)}`;
      const text = value === null || cell < READABLE ? null : shortValue(value, own.unit);
      cells.push(drawCell(theme, place, value === null ? null : shareOf(value, scale), text, tip));
    }
  }
  const days = WEEKDAYS.map((day, line) =>
    label(left - 8, PANEL_TOP + line * cellHeight + cellHeight / 2 + 4, long ? day : day.slice(0, 3), {
      size: 12,
      colour: theme.dim,
      anchor: 'end',
    }),
  );
  const bottom = PANEL_TOP + WEEKDAYS.length * cellHeight;
  const hours = Array.from({ length: HOURS }, (_, hour) => hour)
    .filter((hour) => hour % (cell >= READABLE ? 1 : 3) === 0)
    .map((hour) =>
      label(left + (hour + 0.5) * cell, bottom + 16, String(hour).padStart(2, '0'), { size: 11, colour: theme.dim, anchor: 'middle' }),
    );
  const peak = findPeak(map);
  const marks = peak === null ? [] : [drawPeak(theme, left + peak.hour * cell, PANEL_TOP + peak.day * cellHeight, cell, cellHeight)];
  const said =
    peak === null
      ? null
      : label(width - PADDING, bottom + 41, peakText(peak, own.unit, long), { size: 12, colour: theme.dim, anchor: 'end' });
  const legend = drawScale(theme, scale, own.unit, long ? left : PADDING, bottom + 30);
  return framePanel(
    theme,
    {
      title: titleOf(name),
      note: numbers ? numbersOf(own) : 'mean of each hour of the week',
      width,
      height: heatmapHeight(width, cellHeight),
    },
    [...cells, ...marks, ...days, ...hours, ...legend, ...(said === null ? [] : [said])],
  );
}

interface Peak {
  readonly day: number;
  readonly hour: number;
  readonly value: number;
}

/** The hour with the highest mean; null where all that are known are alike. */
function findPeak({ mean }: Heatmap): Peak | null {
  const known = mean.flatMap((means, day) => means.flatMap((value, hour): Peak[] => (value === null ? [] : [{ day, hour, value }])));
  const [first] = known;
  if (first === undefined || known.every(({ value }) => value === first.value)) return null;
  return known.reduce((most, other) => (other.value > most.value ? other : most));
}

const peakText = ({ day, hour, value }: Peak, unit: ColumnUnit, long: boolean): string =>
  `most: ${(WEEKDAYS[day] as string).slice(0, long ? 9 : 3)} ${hourText(hour)}, ${encodeValue(value, unit)}`;

/** From 0 to 100 for percentages; else what the hours of the week reach, from 0 where that is near. */
function scaleOfCells({ mean }: Heatmap, unit: ColumnUnit): HeatScale {
  if (unit === 'percent') return { low: 0, high: 100 };
  const known = mean.flat().filter((value): value is number => value !== null);
  const low = known.reduce((least, value) => Math.min(least, value));
  const high = known.reduce((most, value) => Math.max(most, value));
  return low >= 0 && low < high / 2 ? { low: 0, high } : { low, high };
}

/** Units that each value of a metric has alike: the scale below tells them. */
const SAME_UNIT = new Set<ColumnUnit>(['percent', 'celsius', 'load']);

/** A value that fits into a cell: without the unit where that is the same everywhere, else with no more of it than its prefix. */
function shortValue(value: number, unit: ColumnUnit): string {
  if (unit === 'percent' && Math.abs(value) >= 10) return String(Math.round(value));
  const [number = '', name = ''] = encodeValue(value, unit).split(' ');
  if (SAME_UNIT.has(unit)) return number;
  if (unit === 'seconds' || unit === 'watts') return number + name;
  return number.replace(/\/s$/, '') + (/^[kKMGTP]/.exec(name)?.[0] ?? '');
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawCell(theme: FigureTheme, { x, y, width, height }: Place, share: number | null, text: string | null, tip: string): Markup {
  const colour = share === null ? 'url(#none)' : rampColour(theme, share);
  const rect = markup`<rect x="${coordinate(x)}" y="${coordinate(y)}" width="${coordinate(width)}" height="${coordinate(height)}" rx="3" fill="${colour}"><title>${tip}</title></rect>`;
  if (text === null || share === null) return rect;
  const size = textWidth(text, 11) > width ? 9 : 11;
  return markup`${rect}${label(x + width / 2, y + height / 2 + 4, fitText(text, size, width), { size, colour: letterColour(colour), anchor: 'middle' })}`;
}

/** A frame around the hour with the highest mean, which is told in words too. */
function drawPeak(theme: FigureTheme, x: number, y: number, width: number, height: number): Markup {
  return markup`<rect x="${coordinate(x + 0.5)}" y="${coordinate(y + 0.5)}" width="${coordinate(width - 1)}" height="${coordinate(height - 1)}" rx="4" fill="none" stroke="${theme.text}" stroke-width="2"/>`;
}

/** The colours of the scale, with the values at its ends. */
function drawScale(theme: FigureTheme, { low, high }: HeatScale, unit: ColumnUnit, x: number, y: number): Markup[] {
  const width = 13;
  const from = encodeValue(low, unit);
  const start = Math.ceil(x + textWidth(from, 11) + 8);
  return [
    label(start - 8, y + 11, from, { size: 11, colour: theme.dim, anchor: 'end' }),
    ...theme.ramp.map(
      (colour, step) => markup`<rect x="${coordinate(start + step * width)}" y="${y}" width="${width}" height="13" fill="${colour}"/>`,
    ),
    label(start + theme.ramp.length * width + 8, y + 11, encodeValue(high, unit), { size: 11, colour: theme.dim }),
  ];
}
