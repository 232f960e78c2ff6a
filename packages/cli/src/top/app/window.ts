import { drawFrame, hasFrame } from '../view/frame.ts';
import type { Paper } from '../view.ts';

/**
 * A window above everything else, in the middle of the paper, with a frame; returns what is inside of it. `right` stands in the upper
 * line of the frame.
 */
export function drawWindow(paper: Paper, title: string, width: number, height: number, right: string = ''): Paper {
  const { region, theme } = paper;
  const across = Math.min(region.width, width + 4);
  const down = Math.min(region.height, height + 2);
  const part = region.part(Math.floor((region.width - across) / 2), Math.floor((region.height - down) / 2), across, down);
  part.fill(0, 0, across, down, theme.style('plain'));
  // A click into it is none on what lies below.
  part.mark(0, 0, across, down, { kind: 'scroll', rows: 0 });
  const inside = drawFrame({ ...paper, region: part }, { box: null, title, right: [{ text: right, style: theme.style('dim') }] });
  if (!hasFrame(across, down)) return inside;
  return { ...inside, region: inside.region.part(1, 0, Math.max(0, across - 4), Math.max(0, down - 2)) };
}

/** Rows inside of a window that has so many lines to show, in a screen of this height. */
export function rowsIn(height: number, lines: number): number {
  return Math.max(1, Math.min(lines, height - 4));
}

/** Which part of a long text is shown: `1-18 of 60`; empty when it is all of it. */
export function placeText(first: number, shown: number, all: number): string {
  return shown >= all ? '' : `${first + 1}-${first + shown} of ${all}`;
}

/** The first line that is shown of a list, so that a chosen one is seen. */
export function firstShown(chosen: number, shown: number, all: number): number {
  return Math.max(0, Math.min(chosen - Math.floor(shown / 2), all - shown));
}
