import { columnsOf } from '../../screen/letters.ts';
import type { Style } from '../../screen/region.ts';
import { BOX_NAMES } from '../state.ts';
import type { BoxName, Command } from '../state.ts';
import type { Paper } from '../view.ts';
import { lineLetters } from './letters.ts';

/** A text in the line of a frame. */
export interface FrameText {
  readonly text: string;
  readonly style: Style;
  /** What a click on it means. */
  readonly mark?: Command;
}

/** What is written into the lines of a frame. */
export interface Frame {
  /** Its number and its title are clickable; null: a frame that is no box. */
  readonly box: BoxName | null;
  readonly title: string;
  /** After the title: what is in the box by name. It is cut where there is no room. */
  readonly about?: string;
  /** At the right, the most important last: the first ones are left out where there is no room. */
  readonly right?: readonly FrameText[];
}

/** Whether a region has room for a frame and something in it. */
export const hasFrame = (width: number, height: number): boolean => width >= 6 && height >= 3;

/** Draws a frame around all of the paper; returns what is inside, which is all of it where there is no room for a frame. */
export function drawFrame(paper: Paper, { box, title, about, right = [] }: Frame): Paper {
  const { region, theme, unicode } = paper;
  const { width, height } = region;
  if (!hasFrame(width, height)) return paper;
  const { corners, across, down } = lineLetters(unicode);
  const border = theme.style('border');
  region.fill(1, 0, width - 2, 1, border, across);
  region.fill(1, height - 1, width - 2, 1, border, across);
  region.fill(0, 1, 1, height - 2, border, down);
  region.fill(width - 1, 1, 1, height - 2, border, down);
  region.put(0, 0, corners[0], border);
  region.put(width - 1, 0, corners[1], border);
  region.put(0, height - 1, corners[2], border);
  region.put(width - 1, height - 1, corners[3], border);

  const last = width - 2;
  let x = 2;
  if (box !== null) {
    x += drawInLine(paper, x, last - x, {
      text: String(BOX_NAMES.indexOf(box) + 1),
      style: theme.style('key'),
      mark: { kind: 'toggle-box', box },
    });
    x -= 1;
  }
  x += drawInLine(paper, x, last - x, {
    text: title,
    style: theme.style('title'),
    ...(box === null ? {} : { mark: { kind: 'expand-box', box } }),
  });

  let end = last;
  for (let index = right.length - 1; index >= 0; index--) {
    const { text } = right[index]!;
    if (text === '') continue;
    const start = end - columnsOf(text) - 2;
    if (start < x) break;
    drawInLine(paper, start, end - start, right[index]!);
    end = start - 1;
  }
  if (about !== undefined && about !== '' && end - x >= 10)
    drawInLine(paper, x + 1, end - x - 1, { text: about, style: theme.style('dim') });
  return { ...paper, region: region.part(1, 1, width - 2, height - 2) };
}

/** A text with a space on both sides in the upper line of a frame; returns the columns that it took. */
function drawInLine({ region, theme }: Paper, x: number, room: number, { text, style, mark }: FrameText): number {
  if (room < 3) return 0;
  const border = theme.style('border');
  const used = region.text(x + 1, 0, text, style, room - 2);
  region.put(x, 0, 0x20, border);
  region.put(x + 1 + used, 0, 0x20, border);
  if (mark !== undefined) region.mark(x, 0, used + 2, 1, mark);
  return used + 2;
}
