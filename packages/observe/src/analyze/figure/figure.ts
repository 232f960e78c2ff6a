import { HecateError } from '@hecate/host';
import type { Analysis } from '../analysis.ts';
import { coordinate, markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { checkMetrics } from '../metric-source.ts';
import { leadingMetrics } from '../report-choice.ts';
import { drawHead, spanText } from './figure-head.ts';
import { fitText } from './figure-text.ts';
import { FIGURE_THEMES } from './figure-theme.ts';
import type { FigureTheme, FigureThemeName } from './figure-theme.ts';
import { drawHeatmapPanel } from './heatmap-panel.ts';
import { metricTitle } from './metric-title.ts';
import { label } from './panel.ts';
import type { Panel, PanelSource } from './panel.ts';
import { drawSeriesPanel } from './series-panel.ts';

/** What a picture can show: `overview` has both of the others beside each other. */
export type FigureKind = 'overview' | 'heatmap' | 'series';

/** Names of the pictures. */
export const FIGURE_KINDS: readonly FigureKind[] = ['overview', 'heatmap', 'series'];

/** How a picture of an analysis is drawn. */
export interface FigureOptions {
  readonly kind: FigureKind;
  readonly theme: FigureThemeName;
  /** What stands above: the name of the machine; empty: only what was analysed. */
  readonly title: string;
  /** Which metrics, in this order; without one that has no values. Default: those that people look at first. */
  readonly metrics?: readonly string[] | undefined;
}

const WIDTH = 1200;
const MARGIN = 40;
const GAP = 16;
const INNER = WIDTH - 2 * MARGIN;
/** More would be a wall and no picture. */
const MOST_METRICS = 12;
const USUAL_METRICS = 4;

const NOTES: Readonly<Record<FigureKind, string>> = {
  overview: 'Line: mean. Band: least to greatest. Broken line: p95 of the period. Hatched: nothing was recorded.',
  heatmap: 'Mean of each hour of the week. Framed: the highest. Hatched: nothing was recorded.',
  series: 'Line: mean. Band: least to greatest. Broken line: p95 of the period. Hatched: nothing was recorded.',
};

/**
 * The analysis as one picture: SVG that needs nothing beside it, the same bytes for the same analysis. Its title and description say
 * in words what it shows. Throws UNAVAILABLE when no metric that was named has a value, INVALID when too many were named, or one that was not recorded.
 */
export function drawFigure(analysis: Analysis, { kind, theme: themeName, title, metrics }: FigureOptions): string {
  const theme = FIGURE_THEMES[themeName];
  const names = chooseMetrics(analysis, metrics);
  const source = { analysis, theme };
  const head = drawHead(analysis, theme, title, INNER);
  const placed: Markup[] = [move(MARGIN, MARGIN, head.body)];
  let y = MARGIN + head.height + 14;
  for (const name of names) {
    const line = panelsOf(kind, source, name);
    for (const { x, panel } of line) placed.push(move(MARGIN + x, y, panel.body));
    y += Math.max(...line.map(({ panel }) => panel.height)) + GAP;
  }
  const foot = label(MARGIN, y + 14, `${NOTES[kind]} Times are the wall clock as recorded.`, { size: 12, colour: theme.dim });
  return frame(theme, y + 40, [wordsOf(analysis, kind, title, names), ...placed, foot]);
}

/** Throws as {@link drawFigure} does. */
function chooseMetrics(analysis: Analysis, asked: readonly string[] | undefined): readonly string[] {
  checkMetrics(asked ?? [], Object.keys(analysis.statistics));
  const drawn = Object.keys(analysis.heatmaps);
  const leading = leadingMetrics(analysis, USUAL_METRICS);
  // Where nothing ever changed, that is what there is to see.
  const usual = leading.length > 0 ? leading : drawn.slice(0, USUAL_METRICS);
  const chosen = asked === undefined || asked.length === 0 ? usual : [...new Set(asked)];
  const names = chosen.filter((name) => drawn.includes(name));
  if (names.length === 0)
    throw new HecateError('UNAVAILABLE', 'None of these metrics has a value in this period: there is nothing to draw.');
  if (names.length > MOST_METRICS) {
    throw new HecateError('INVALID', `A picture has room for ${MOST_METRICS} metrics; ${names.length} were named.`, {
      hint: 'Name fewer with --metrics, or make a page of all of them with --format html.',
    });
  }
  return names;
}

function panelsOf(kind: FigureKind, source: PanelSource, name: string): { readonly x: number; readonly panel: Panel }[] {
  if (kind === 'heatmap') return [{ x: 0, panel: drawHeatmapPanel(source, name, { width: INNER, cellHeight: 30, numbers: true }) }];
  if (kind === 'series') return [{ x: 0, panel: drawSeriesPanel(source, name, { width: INNER, height: 250, numbers: true }) }];
  const right = 470;
  const map = drawHeatmapPanel(source, name, { width: right, cellHeight: 19, numbers: false });
  const left = INNER - right - GAP;
  return [
    { x: 0, panel: drawSeriesPanel(source, name, { width: left, height: map.height, numbers: true }) },
    { x: left + GAP, panel: map },
  ];
}

const move = (x: number, y: number, body: Markup): Markup =>
  markup`<g transform="translate(${coordinate(x)} ${coordinate(y)})">${body}</g>\n`;

/** What the picture says, for who does not see it. */
function wordsOf(analysis: Analysis, kind: FigureKind, title: string, names: readonly string[]): Markup {
  const what = { overview: 'Series and hours of the week', heatmap: 'Hours of the week', series: 'Series over the period' }[kind];
  const of = names.map(metricTitle).join(', ');
  const { headline, pattern, findings } = analysis.summary;
  const words = [`${what}: ${of}.`, headline, pattern.text, ...findings]
    .map((text) => fitText(text, 1, Number.POSITIVE_INFINITY))
    .join(' ');
  return markup`<title id="title">${fitText([title, spanText(analysis)].filter((text) => text !== '').join(', '), 1, Number.POSITIVE_INFINITY)}</title><desc id="words">${words}</desc>`;
}

/** All of it, with the pattern that stands for nothing. */
function frame(theme: FigureTheme, height: number, content: readonly Markup[]): string {
  const whole = Math.ceil(height);
  const hatch = markup`<defs><pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="${theme.track}"/><path d="M-1 7L7 -1" stroke="${theme.edge}" stroke-width="1"/></pattern></defs>`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${whole}" viewBox="0 0 ${WIDTH} ${whole}" role="img" aria-labelledby="title words" font-family="DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif">${content[0] as Markup}${hatch}<rect width="${WIDTH}" height="${whole}" fill="${theme.background}"/>
${content.slice(1)}</svg>
`.html;
}
