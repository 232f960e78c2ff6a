import { drawBar, encodeValue, fit, plainLine, widthOf } from '@hecate/observe';
import type { ColumnUnit, Ink, InkLine } from '@hecate/observe';

/** Columns of a line of the first panel: name, then a bar as long as there is room for, then the share. */
const NAME = 9;
const SHARE = 8;

/** A number with its unit; `-` when it is not known. */
export const value = (number: number | null | undefined, unit: ColumnUnit): string => encodeValue(number ?? null, unit);

/** A share of one, as percent. */
export const percent = (ratio: number | null | undefined): string =>
  value(ratio === null || ratio === undefined ? null : Math.round(ratio * 1000) / 10, 'percent');

/** A name, a bar, its share as a number, and what more is to be said. */
export function gauge(ink: Ink, width: number, name: string, ratio: number | null | undefined, rest: string): InkLine {
  const length = width < 96 ? 12 : 24;
  const bar = ratio === null || ratio === undefined ? ' '.repeat(length) : drawBar(ink, ratio, null, length);
  const room = width - NAME - 1 - length - SHARE - 2;
  const end = fit(ink, rest, room).trimEnd();
  return { text: `${fit(ink, name, NAME)} ${bar}${percent(ratio).padStart(SHARE)}  ${end}`, width: width - room + widthOf(end) };
}

/** A name and what is to be said of it. */
export const line = (ink: Ink, width: number, name: string, rest: string): InkLine =>
  plainLine(fit(ink, `${name.padEnd(NAME)} ${rest}`, width).trimEnd());
