import { wrapWords } from '@hecate/observe';
import type { Dialog } from '../state.ts';
import type { Paper } from '../view.ts';
import { drawInput } from './foot-line.ts';
import { drawWindow } from './window.ts';

const WIDTH = 62;
const HINT = 'For example 10:15, "yesterday 22:00" without quotes, -2h, 2026-11-21T10:15. Nothing at all is the present.';

/** Asks for a time, with a sentence about what is wrong with what was typed before the examples. */
export function drawMoment(paper: Paper, { text, problem }: Extract<Dialog, { kind: 'moment' }>): void {
  const width = Math.max(1, Math.min(WIDTH, paper.region.width - 4));
  const wrong = problem === null ? [] : wrapWords(problem, width);
  const lines = [...wrong, ...wrapWords(HINT, width)];
  const { region, theme, ...rest } = drawWindow(paper, 'Go to a time', WIDTH, 2 + lines.length);
  region.fill(0, 0, region.width, 1, theme.style('input'));
  drawInput({ region, theme, ...rest }, 0, 0, region.width, text);
  for (const [at, line] of lines.entries()) {
    region.text(0, 2 + at, line, theme.style(at < wrong.length ? 'warn' : 'dim'), region.width);
  }
}
