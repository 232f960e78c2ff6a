import type { Grid } from './grid.ts';
import { textOfLetter } from './letters.ts';
import type { Letter } from './letters.ts';
import type { Look } from './region.ts';

/** What stands on a grid, one text a row, without the spaces at the end of rows: for tests. */
export function textOf(grid: Grid<unknown>): string[] {
  const { width, height, letters } = grid.cells();
  return Array.from({ length: height }, (_, y) => {
    let row = '';
    for (const letter of letters.subarray(y * width, (y + 1) * width)) row += textOfLetter(letter satisfies Letter);
    return row.trimEnd();
  });
}

/** How a cell of a grid looks: for tests. */
export function lookOf(grid: Grid<unknown>, x: number, y: number): Look {
  const { width, styles } = grid.cells();
  return grid.table.look(styles[y * width + x] ?? 0);
}
