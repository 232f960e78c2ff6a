import type { Analysis, Statistics } from '../analysis.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { encodeValue } from '../unit.ts';
import { fitText, textWidth } from './figure-text.ts';
import type { FigureTheme } from './figure-theme.ts';
import { metricTitle } from './metric-title.ts';

/** What a panel is drawn of. */
export interface PanelSource {
  readonly analysis: Analysis;
  readonly theme: FigureTheme;
}

/** A part of a picture: its own coordinates begin at its left upper corner. */
export interface Panel {
  readonly height: number;
  readonly body: Markup;
}

/** Room between the edge of a panel and what is in it. */
export const PADDING = 20;
/** Where what a panel shows begins, below its title. */
export const PANEL_TOP = 52;

/** A text. `anchor` says which part of it lies at `x`. */
export function label(
  x: number,
  y: number,
  text: string,
  { size, colour, anchor = 'start' }: { readonly size: number; readonly colour: string; readonly anchor?: 'start' | 'middle' | 'end' },
): Markup {
  return markup`<text x="${Math.round(x * 100) / 100}" y="${Math.round(y * 100) / 100}" font-size="${size}" fill="${colour}" text-anchor="${anchor}">${text}</text>`;
}

/** A frame with a title at the left and numbers at the right, around what is drawn of a metric. */
export function framePanel(
  theme: FigureTheme,
  { title, note, width, height }: { readonly title: string; readonly note: string; readonly width: number; readonly height: number },
  content: Markup | readonly Markup[],
): Panel {
  const inner = width - 2 * PADDING;
  const noteText = fitText(note, 12, inner * 0.68);
  const titleText = fitText(title, 16, inner - textWidth(noteText, 12) - 16);
  const body = markup`<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="14" fill="${theme.panel}" stroke="${theme.edge}"/>${label(
    PADDING,
    33,
    titleText,
    { size: 16, colour: theme.text },
  )}${label(width - PADDING, 32, noteText, { size: 12, colour: theme.dim, anchor: 'end' })}${content}`;
  return { height, body };
}

/** The statistics of a metric; none that was chosen is without. */
export const statisticsOf = ({ statistics }: Analysis, name: string): Statistics => statistics[name] as Statistics;

/** Mean, p95 and greatest in words. */
export function numbersOf({ mean, p95, max, unit }: Statistics): string {
  return `mean ${encodeValue(mean, unit)} · p95 ${encodeValue(p95, unit)} · max ${encodeValue(max, unit)}`;
}

/** The title of a metric, with its own name where that says more. */
export const titleOf = (name: string): string => metricTitle(name);
