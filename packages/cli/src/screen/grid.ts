import { createRegion } from './grid-region.ts';
import { CONTINUED, SPACE } from './letters.ts';
import type { Letter } from './letters.ts';
import type { Colour, Region, Style } from './region.ts';
import type { StyleTable } from './styles.ts';

/** A rectangle of a grid: its left and top are inside, its right and bottom are not. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The cells of a screen, row by row. A letter of two columns is followed by {@link CONTINUED} in the same style, always. */
export interface Cells {
  readonly width: number;
  readonly height: number;
  readonly letters: Uint32Array;
  readonly styles: Uint16Array;
}

/** A screen to draw into. */
export interface Grid<Mark> {
  /** The cells at this moment; another object after each `resize`. */
  cells(): Cells;
  /** All of it, for drawing; another one after each `resize`. */
  region(): Region<Mark>;
  readonly table: StyleTable;
  /** Makes it empty, and as large. Sizes below 1 are 1. */
  resize(width: number, height: number): void;
  /** Makes it empty: spaces, plain, no marks. */
  clear(): void;
  /** What a click there means; null: nothing. */
  markAt(x: number, y: number): Mark | null;
}

/** What {@link createRegion} draws with: all coordinates are of the grid, and inside of it. */
export interface Pen<Mark> {
  /** A letter of one column. */
  put(x: number, y: number, letter: Letter, style: Style): void;
  /** A letter of two columns: `x + 1` is inside too. */
  putWide(x: number, y: number, letter: Letter, style: Style): void;
  tint(rectangle: Rectangle, background: Colour): void;
  mark(rectangle: Rectangle, mark: Mark): void;
}

/** Makes an empty screen. */
export function createGrid<Mark>(width: number, height: number, table: StyleTable): Grid<Mark> {
  let cells = emptyCells(width, height);
  let marks: { readonly at: Rectangle; readonly mark: Mark }[] = [];

  const put = (x: number, y: number, letter: Letter, style: Style): void => {
    const { letters, styles } = cells;
    const at = y * cells.width + x;
    // Half of a wide letter is none: what is left of one that is written over becomes a space.
    if (letters[at] === CONTINUED) letters[at - 1] = SPACE;
    if (x + 1 < cells.width && letters[at + 1] === CONTINUED) letters[at + 1] = SPACE;
    letters[at] = letter;
    styles[at] = letter === SPACE ? table.blank(style) : style;
  };

  const pen: Pen<Mark> = {
    put,
    putWide(x, y, letter, style) {
      put(x, y, letter, style);
      put(x + 1, y, letter, style);
      cells.letters[y * cells.width + x + 1] = CONTINUED;
    },
    tint({ left, top, right, bottom }, background) {
      const { width: across, letters, styles } = cells;
      for (let y = top; y < bottom; y++) {
        const row = y * across;
        // Both halves of a wide letter look the same.
        const from = letters[row + left] === CONTINUED ? left - 1 : left;
        const to = right < across && letters[row + right] === CONTINUED ? right + 1 : right;
        for (let at = row + from; at < row + to; at++) styles[at] = table.onto(styles[at]!, background);
      }
    },
    mark: (at, mark) => void marks.push({ at, mark }),
  };

  const whole = (): Region<Mark> =>
    createRegion(pen, 0, 0, cells.width, cells.height, { left: 0, top: 0, right: cells.width, bottom: cells.height });
  let region = whole();

  return {
    cells: () => cells,
    region: () => region,
    table,
    resize(newWidth, newHeight) {
      cells = emptyCells(newWidth, newHeight);
      marks = [];
      region = whole();
    },
    clear() {
      cells.letters.fill(SPACE);
      cells.styles.fill(0);
      marks = [];
    },
    markAt(x, y) {
      for (let index = marks.length - 1; index >= 0; index--) {
        const { at, mark } = marks[index]!;
        if (x >= at.left && x < at.right && y >= at.top && y < at.bottom) return mark;
      }
      return null;
    },
  };
}

/** Spaces in the plain style. */
export function emptyCells(width: number, height: number): Cells {
  const across = Math.max(1, Math.trunc(width) || 0);
  const down = Math.max(1, Math.trunc(height) || 0);
  return {
    width: across,
    height: down,
    letters: new Uint32Array(across * down).fill(SPACE),
    styles: new Uint16Array(across * down),
  };
}
