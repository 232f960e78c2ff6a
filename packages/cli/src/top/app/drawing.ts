import { createGrid } from '../../screen/grid.ts';
import type { Grid } from '../../screen/grid.ts';
import type { Size } from '../../screen/session.ts';
import { createStyles } from '../../screen/styles.ts';
import type { StyleTable } from '../../screen/styles.ts';
import { visibleRows } from '../process/selection.ts';
import type { Command, TopState } from '../state.ts';
import { openTheme, THEME_NAMES } from '../theme/open-theme.ts';
import type { GraphLetters, Paper, Picture, Theme } from '../view.ts';
import { drawTop } from '../view/draw-top.ts';
import { mostDetailScroll } from '../view/process-detail.ts';
import { mostDialogScroll } from './dialogs.ts';
import { createPlacing } from './placing.ts';

/** What pictures are drawn on, and what is asked of what was drawn. */
export interface Drawing {
  readonly grid: Grid<Command>;
  readonly table: StyleTable;
  /** Draws a picture on a screen of this size. */
  draw(picture: Picture, size: Size): void;
  /** Draws one sentence, while there is nothing else to show. */
  drawSentence(sentence: string, size: Size): void;
  /** Rows of processes that have room on it. */
  page(picture: Picture, size: Size): number;
  /** The furthest that what lies above can be scrolled on it. */
  mostScroll(picture: Picture, size: Size): number;
}

/** Makes an empty drawing. */
export function createDrawing(letters: GraphLetters, unicode: boolean): Drawing {
  const table = createStyles();
  const grid = createGrid<Command>(1, 1, table);
  const themes = new Map<string, Theme>();
  const place = createPlacing();
  let shown: Size = { width: 1, height: 1 };

  const themeOf = ({ theme, dialog }: TopState): Theme => {
    // A theme that is about to be chosen is seen before.
    const name = dialog?.kind === 'theme' ? (THEME_NAMES[dialog.chosen] ?? theme) : theme;
    let opened = themes.get(name);
    if (!opened) themes.set(name, (opened = openTheme(name, table)));
    return opened;
  };

  const boxOfProcesses = (picture: Picture, { width, height }: Size): Size | null =>
    place(width, height, picture).find(({ box }) => box === 'processes') ?? null;

  const begin = (size: Size): void => {
    if (size.width === shown.width && size.height === shown.height) grid.clear();
    else grid.resize(size.width, size.height);
    shown = size;
  };

  return {
    grid,
    table,
    drawSentence(sentence, size) {
      begin(size);
      grid.region().text(1, Math.floor(size.height / 2), sentence, 0, Math.max(0, size.width - 2));
    },
    draw(picture, size) {
      begin(size);
      const paper: Paper = { region: grid.region(), theme: themeOf(picture.state), unicode, letters };
      drawTop(paper, picture, place(size.width, size.height, picture));
    },
    page(picture, size) {
      const box = boxOfProcesses(picture, size);
      return box ? visibleRows(box.height) : 0;
    },
    mostScroll(picture, size) {
      if (picture.state.dialog) return mostDialogScroll(picture, size.width, size.height);
      const box = picture.state.detail ? boxOfProcesses(picture, size) : null;
      return box ? mostDetailScroll(picture, box.width, box.height) : 0;
    },
  };
}
