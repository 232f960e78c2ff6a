import type { ColumnUnit } from '../../record/columns.ts';
import { shareOf } from '../../terminal/plot.ts';
import type { HeatScale } from '../../terminal/plot.ts';
import type { Statistics, TimelineSeries } from '../analysis.ts';
import { coordinate, markup, pathData } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { knownParts, spanOf, timeTicks } from '../svg-axis.ts';
import { encodeValue } from '../unit.ts';
import { framePanel, label, numbersOf, PADDING, PANEL_TOP, statisticsOf, titleOf } from './panel.ts';
import type { Panel, PanelSource } from './panel.ts';

/** Room at the left for the words of the values. */
const GUTTER = 62;
/** Room below for the words of the times. */
const FOOT = 26;
/** Room between two words of the time axis. */
const TICK_ROOM = 110;

/** Ends of a scale that are round in the unit's own numbers. */
const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The least round number that is not below a value above 0. Bytes are counted in powers of 1024. */
function roundUp(value: number, unit: ColumnUnit): number {
  const thousand = unit === 'bytes' ? 1024 : 1000;
  const base = thousand ** Math.floor(Math.log(value) / Math.log(thousand));
  const rest = value / base;
  const ten = 10 ** Math.floor(Math.log10(rest));
  return base * ten * (ROUND.find((round) => round * ten * 1.000_001 >= rest) ?? 10);
}

/** Where the axis of a metric begins and ends: 0 to 100 for percentages, round numbers for others. */
function axisOf({ unit, min, max }: Statistics): HeatScale {
  if (unit === 'percent') return { low: 0, high: Math.max(100, max ?? 0) };
  const [low, high] = [min ?? 0, max ?? 1];
  return spanOf(low < 0 ? -roundUp(-low, unit) : 0, high > 0 ? roundUp(high, unit) : 0);
}

/** A metric over the whole period: a band from least to greatest, a line for the mean, p95 of the period as a broken line. */
export function drawSeriesPanel(
  { analysis, theme }: PanelSource,
  name: string,
  { width, height, numbers }: { readonly width: number; readonly height: number; readonly numbers: boolean },
): Panel {
  const own = statisticsOf(analysis, name);
  const { timeline } = analysis.period;
  const series = timeline.series[name];
  const plot = { left: PADDING + GUTTER, top: PANEL_TOP, width: width - 2 * PADDING - GUTTER, height: height - PANEL_TOP - FOOT - 12 };
  const scale = axisOf(own);
  const x = (step: number): number => plot.left + (step / timeline.steps) * plot.width;
  const y = (value: number): number => plot.top + (1 - shareOf(value, scale)) * plot.height;
  const bottom = plot.top + plot.height;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = scale.low + share * (scale.high - scale.low);
    const at = coordinate(y(value));
    return markup`<path d="M${plot.left} ${at}h${plot.width}" stroke="${theme.edge}" stroke-opacity="${share === 0 ? 1 : 0.6}" fill="none"/>${label(
      plot.left - 8,
      y(value) + 4,
      encodeValue(value, own.unit),
      { size: 11, colour: theme.dim, anchor: 'end' },
    )}`;
  });
  const ticks = timeTicks(timeline, Math.max(2, Math.floor(plot.width / TICK_ROOM))).map(({ share, text }) => {
    const at = plot.left + share * plot.width;
    const anchor = share > 0.97 ? 'end' : 'middle';
    return markup`<path d="M${coordinate(at)} ${coordinate(bottom)}v5" stroke="${theme.dim}" fill="none"/>${label(at, bottom + 20, text, { size: 11, colour: theme.dim, anchor })}`;
  });
  const gaps = series ? knownParts(series.mean.map((value) => (value === null ? 0 : null))) : [];
  const blanks = gaps.map(
    ([from, to]) =>
      markup`<rect x="${coordinate(x(from))}" y="${plot.top}" width="${coordinate(x(to + 1) - x(from))}" height="${plot.height}" fill="url(#none)"/>`,
  );
  const note = numbers ? numbersOf(own) : `p95 ${encodeValue(own.p95, own.unit)}`;
  const content = [
    ...blanks,
    ...grid,
    ...(series ? drawLines(series, x, y, theme.accent) : []),
    ...markP95(own, plot, y, theme.warn),
    ...ticks,
  ];
  return framePanel(theme, { title: titleOf(name), note, width, height }, content);
}

/** Band and line of a series. A step alone has no length: it gets the width of one, so that it is seen. */
function drawLines(series: TimelineSeries, x: (step: number) => number, y: (value: number) => number, colour: string): Markup[] {
  const band: string[] = [];
  const line: string[] = [];
  for (const [from, to] of knownParts(series.mean)) {
    const steps = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const point = (values: readonly (number | null)[], step: number, share = 0.5): string =>
      `${coordinate(x(step + share))} ${coordinate(y(values[step] ?? 0))}`;
    // To the edges of the first and the last step: what was recorded reaches there.
    const edge = (values: readonly (number | null)[]): string[] => [
      point(values, from, 0),
      ...steps.map((step) => point(values, step)),
      point(values, to, 1),
    ];
    band.push(`M${edge(series.max).join('L')}L${edge(series.min).toReversed().join('L')}Z`);
    line.push(`M${edge(series.mean).join('L')}`);
  }
  return [
    markup`<path d="${pathData(band)}" fill="${colour}" fill-opacity="0.22"/>`,
    markup`<path d="${pathData(line)}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"/>`,
  ];
}

/** The value that 95 % of the period stayed below. */
function markP95(
  { p95 }: Statistics,
  plot: { readonly left: number; readonly width: number },
  y: (value: number) => number,
  colour: string,
): Markup[] {
  if (p95 === null) return [];
  return [
    markup`<path d="M${plot.left} ${coordinate(y(p95))}h${plot.width}" fill="none" stroke="${colour}" stroke-width="1.2" stroke-dasharray="5 4"/>`,
  ];
}
