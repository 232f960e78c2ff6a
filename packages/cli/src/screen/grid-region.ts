import type { Pen, Rectangle } from './grid.ts';
import { isPlain } from './letter-width.ts';
import { layOut, SPACE } from './letters.ts';
import type { Laid } from './letters.ts';
import type { Region, Style } from './region.ts';

/** Shows that a text goes on. */
const ELLIPSIS = 0x2026;

/**
 * A region whose upper left corner lies at `left`, `top` of the grid, of which `clip` can be seen. Its size is what was asked for, even
 * where less can be seen: what is drawn does not depend on what is cut off.
 */
export function createRegion<Mark>(
  pen: Pen<Mark>,
  left: number,
  top: number,
  width: number,
  height: number,
  clip: Rectangle,
): Region<Mark> {
  const cut = (x: number, y: number, across: number, down: number): Rectangle => ({
    left: Math.max(clip.left, left + x),
    top: Math.max(clip.top, top + y),
    right: Math.min(clip.right, left + x + across),
    bottom: Math.min(clip.bottom, top + y + down),
  });

  return {
    width,
    height,
    text(x, y, text, style, most) {
      const limit = Math.min(most ?? Infinity, Math.max(0, width - x));
      if (limit <= 0 || text === '') return 0;
      const plain = plainLength(text, limit + 1);
      if (plain < 0) return drawLaid(layOut(text), x, y, limit, style, most !== undefined && most <= limit);
      const shown = Math.min(plain, limit);
      const isCut = plain > limit && most !== undefined && most <= limit;
      if (top + y >= clip.top && top + y < clip.bottom) {
        const last = Math.min(shown, clip.right - left - x);
        for (let at = Math.max(0, clip.left - left - x); at < last; at++) {
          pen.put(left + x + at, top + y, isCut && at === shown - 1 ? ELLIPSIS : text.charCodeAt(at), style);
        }
      }
      return shown;
    },
    put(x, y, codePoint, style) {
      const across = left + x;
      const down = top + y;
      if (across < clip.left || across >= clip.right || down < clip.top || down >= clip.bottom || x < 0 || y < 0) return;
      pen.put(across, down, codePoint < SPACE ? SPACE : codePoint, style);
    },
    fill(x, y, across, down, style, codePoint = SPACE) {
      const seen = cut(x, y, across, down);
      for (let row = seen.top; row < seen.bottom; row++) {
        for (let column = seen.left; column < seen.right; column++) pen.put(column, row, codePoint, style);
      }
    },
    tint(x, y, across, down, background) {
      const seen = cut(x, y, across, down);
      if (seen.right > seen.left) pen.tint(seen, background);
    },
    part(x, y, across, down) {
      const wide = Math.max(0, Math.trunc(across) || 0);
      const high = Math.max(0, Math.trunc(down) || 0);
      return createRegion(pen, left + x, top + y, wide, high, cut(x, y, wide, high));
    },
    mark(x, y, across, down, mark) {
      pen.mark(cut(x, y, across, down), mark);
    },
  };

  /** Draws letters of one and two columns into `limit` columns, with an ellipsis at the end where they are cut and `marked`. */
  function drawLaid({ letters, widths, columns }: Laid, x: number, y: number, limit: number, style: Style, marked: boolean): number {
    const isCut = columns > limit;
    const room = isCut && marked ? limit - 1 : limit;
    const row = top + y;
    const isSeen = row >= clip.top && row < clip.bottom;
    let used = 0;
    const draw = (letter: number, wide: boolean): void => {
      const at = left + x + used;
      used += wide ? 2 : 1;
      if (!isSeen) return;
      const first = at >= clip.left && at < clip.right;
      const second = wide && at + 1 >= clip.left && at + 1 < clip.right;
      if (first && second) pen.putWide(at, row, letter, style);
      else if (first) pen.put(at, row, wide ? SPACE : letter, style);
      else if (second) pen.put(at + 1, row, SPACE, style);
    };
    for (let index = 0; index < letters.length && used < room; index++) {
      const wide = widths[index] === 2;
      if (wide && used + 2 > room) draw(SPACE, false);
      else draw(letters[index]!, wide);
    }
    if (isCut && marked) draw(ELLIPSIS, false);
    return used;
  }
}

/** The length of a text of plain letters, seen up to `most`; -1 when there are others. */
function plainLength(text: string, most: number): number {
  const length = Math.min(text.length, most);
  for (let at = 0; at < length; at++) if (!isPlain(text.charCodeAt(at))) return -1;
  return length;
}
