import { hostname } from 'node:os';
import { join } from 'node:path';
import { HecateError } from '@hecate/host';
import { drawFigure } from '@hecate/observe';
import type { Analysis, FigureKind, FigureThemeName } from '@hecate/observe';

/** The formats of pictures. */
export type PictureFormat = 'svg' | 'png';

/** What of a command line says how a picture is drawn. */
export interface PictureOptions {
  readonly format: PictureFormat;
  readonly dataDir?: string;
  readonly metrics?: readonly string[];
  readonly output?: string;
  readonly figure?: FigureKind;
  readonly theme?: FigureThemeName;
  readonly scale?: number;
  readonly title?: string;
}

/** Whether a format is one of a picture. */
export const isPicture = (format: string): format is PictureFormat => format === 'svg' || format === 'png';

/** Throws INVALID for options that mean nothing to the format, and for a PNG that a terminal would get. */
export function checkPicture({ format, output, figure, theme, scale, title }: Omit<PictureOptions, 'format'> & { format: string }): void {
  const stray = Object.entries({ figure, theme, title }).find(([, value]) => value !== undefined && !isPicture(format));
  if (stray) throw new HecateError('INVALID', `--${stray[0]} is for pictures.`, { hint: 'Add --format svg or --format png.' });
  if (scale !== undefined && format !== 'png') {
    throw new HecateError('INVALID', '--scale is for PNG.', { hint: 'An SVG is sharp at every size; for a PNG add --format png.' });
  }
  if (format === 'png' && output === undefined && process.stdout.isTTY) {
    throw new HecateError('INVALID', 'A terminal cannot show a PNG.', { hint: 'Give a file with --output, or send it through a pipe.' });
  }
}

/** Whose picture it is. A directory that was named may be of another machine, and then this one's name would be wrong. */
const titleOf = ({ title, dataDir }: PictureOptions): string => title ?? (dataDir === undefined ? hostname() : 'What was recorded');

/** The analysis as a picture: text of an SVG, or bytes of a PNG. Throws what drawing it throws. */
export async function drawPicture(options: PictureOptions, analysis: Analysis): Promise<string | Uint8Array> {
  const { format, figure, theme, scale, metrics } = options;
  const svg = drawFigure(analysis, { kind: figure ?? 'overview', theme: theme ?? 'dark', title: titleOf(options), metrics });
  if (format === 'svg') return svg;
  const { encodePng } = await import('./png.ts');
  return encodePng(svg, scale ?? 1, join(__dirname, '..', 'figure'));
}
