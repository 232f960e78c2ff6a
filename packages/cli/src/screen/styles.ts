import type { Colour, Look, Style, Styles } from './region.ts';

/** {@link Styles}, and what grids and painters ask of them. */
export interface StyleTable extends Styles {
  /** How many there are: their numbers lie below. */
  count(): number;
  /** The style of a space that has this style: without what only letters show, so that two blank cells are equal when they look it. */
  blank(style: Style): Style;
  /** The style on another background. */
  onto(style: Style, background: Colour): Style;
}

/** Styles are kept in 16 bits. More looks than this come from a defect, and are plain. */
const MOST = 0xffff;

const flagsOf = ({ bold, dim, italic, underline, reverse }: Look): number =>
  (bold === true ? 1 : 0) + (dim === true ? 2 : 0) + (italic === true ? 4 : 0) + (underline === true ? 8 : 0) + (reverse === true ? 16 : 0);

/** What a space shows of a look: its background, a line under it, and when it is reversed the colour of letters. */
function blankLook({ fg = null, bg = null, underline, reverse }: Look): Look {
  const lined = underline === true ? { underline } : {};
  if (reverse === true) return { fg, bg, reverse, ...lined };
  return underline === true ? { fg, bg, ...lined } : { bg };
}

/** An empty table, but for the plain style 0. */
export function createStyles(): StyleTable {
  const looks: Look[] = [];
  const blanks: Style[] = [];
  // By the colour of letters and the flags, then by the background: one number for all would not be exact.
  const numbers = new Map<number, Map<number, Style>>();
  const moved = new Map<number, Style[]>();

  const of = (look: Look): Style => {
    const front = ((look.fg ?? -1) + 1) * 32 + flagsOf(look);
    const back = (look.bg ?? -1) + 1;
    let row = numbers.get(front);
    if (row === undefined) numbers.set(front, (row = new Map()));
    const known = row.get(back);
    if (known !== undefined) return known;
    if (looks.length > MOST) return 0;
    const style = looks.push(look) - 1;
    row.set(back, style);
    blanks.push(style);
    blanks[style] = of(blankLook(look));
    return style;
  };
  of({});

  return {
    of,
    look: (style) => looks[style] ?? looks[0]!,
    count: () => looks.length,
    blank: (style) => blanks[style] ?? 0,
    onto(style, background) {
      const key = background ?? -1;
      let row = moved.get(key);
      if (row === undefined) moved.set(key, (row = []));
      return (row[style] ??= of({ ...looks[style], bg: background }));
    },
  };
}
