import { fit, widthOf } from './text.ts';
import type { Ink } from './ink.ts';
import type { InkLine } from './panel.ts';

/** A column of a table. */
export interface TableColumn<Row> {
  readonly head: string;
  readonly align: 'start' | 'end';
  /** The plain text of a cell. */
  text(row: Row): string;
  /** The text, brought to its width, in colour. */
  paint?(text: string, row: Row): string;
  /** Columns with the greatest number leave first when the table is too wide; without one a column stays. */
  readonly leaves?: number;
}

/** Draws what fills the room that is left in a row of `width` columns. */
export interface TableFill<Row> {
  readonly head: string;
  /** Columns it needs at least to say anything. */
  readonly least: number;
  draw(row: Row, width: number): string;
}

const GAP = 2;
/** A first column that is wider is cut before any other column leaves. */
const FIRST_WIDTH = 34;

/** A table of at most `width` columns: a long first column is cut, then columns leave, then the first is cut further; `fill` takes what is left. */
export function drawTable<Row>(
  ink: Ink,
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  fill?: TableFill<Row>,
): InkLine[] {
  let shown = columns.map((column) => ({
    column,
    width: Math.max(widthOf(column.head), ...rows.map((row) => widthOf(column.text(row)))),
  }));
  const total = (): number => shown.reduce((sum, { width: own }) => sum + own, GAP * (shown.length - 1));
  const shrinkFirst = (least: number): void => {
    const [first, ...others] = shown;
    const over = total() - width;
    if (first && over > 0 && first.width > least) shown = [{ ...first, width: Math.max(least, first.width - over) }, ...others];
  };
  shrinkFirst(FIRST_WIDTH);
  // What a row is about stands in what fills it: figures leave before it does.
  const needed = fill === undefined ? 0 : GAP + fill.least;
  while (total() + needed > width) {
    const leaving = shown.reduce((most, { column }) => Math.max(most, column.leaves ?? 0), 0);
    if (leaving === 0) break;
    shown = shown.filter(({ column }) => column.leaves !== leaving);
  }
  shrinkFirst(4);
  const room = width - total() - GAP;
  const filled = fill !== undefined && room >= fill.least ? fill : undefined;
  const used = total() + (filled ? GAP + room : 0);
  const gap = ' '.repeat(GAP);
  const head =
    shown.map(({ column, width: own }) => fit(ink, column.head, own, column.align)).join(gap) +
    (filled ? gap + fit(ink, filled.head, room) : '');
  return [
    { text: ink.paint(head, 'dim'), width: used },
    ...rows.map((row) => {
      const cells = shown.map(({ column, width: own }) => {
        const text = fit(ink, column.text(row), own, column.align);
        return column.paint ? column.paint(text, row) : text;
      });
      return { text: cells.join(gap) + (filled ? gap + filled.draw(row, room) : ''), width: used };
    }),
  ];
}
