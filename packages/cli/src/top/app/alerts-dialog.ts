import { createInk, wrapWords } from '@hecate/observe';
import { eventLine, timeText } from '../../terminal/event-line.ts';
import type { Paper, Picture, Role } from '../view.ts';
import { drawWindow, placeText, rowsIn } from './window.ts';

interface Line {
  readonly text: string;
  readonly role: Role;
}

const WIDTH = 96;
/** The most events that are listed. */
const MOST_EVENTS = 50;

const innerWidth = (width: number): number => Math.max(10, Math.min(WIDTH, width - 4));

/** What is wrong, what happened lately, and what could not be read, in lines of this width. */
function linesOf({ scene }: Picture, width: number, unicode: boolean): Line[] {
  const lines: Line[] = [];
  const say = (role: Role, text: string): void => {
    for (const line of wrapWords(text, width)) lines.push({ role, text: line });
  };
  say('title', 'What is wrong');
  if (scene.alerts === null) say('dim', 'Nothing judges this machine here: hecate serve does.');
  else if (scene.alerts.length === 0) say('good', 'Nothing.');
  for (const { severity, summary, advice, since, silencedUntil } of scene.alerts ?? []) {
    const silence = silencedUntil === null ? '' : `, silenced until ${timeText(silencedUntil)}`;
    say(severity === 'critical' ? 'bad' : 'warn', `${(severity ?? 'over').toUpperCase()}  ${summary}`);
    say('dim', `  since ${timeText(since)}${silence}`);
    if (advice !== null) say('plain', `  ${advice}`);
  }
  lines.push({ role: 'plain', text: '' });
  say('title', 'What happened lately');
  if (scene.events.length === 0) say('dim', 'Nothing that was seen.');
  const ink = createInk({ colour: false, unicode });
  for (const event of scene.events.slice(-MOST_EVENTS).toReversed()) {
    lines.push({ role: 'plain', text: eventLine(event, ink, width + 1).trimEnd() });
  }
  if (scene.gaps.length === 0) return lines;
  lines.push({ role: 'plain', text: '' });
  say('title', 'What could not be read');
  for (const gap of scene.gaps) say('dim', gap);
  return lines;
}

/** The furthest that the list can be scrolled on a screen of this size. */
export function mostAlertScroll(picture: Picture, width: number, height: number): number {
  const lines = linesOf(picture, innerWidth(width), true).length;
  return Math.max(0, lines - rowsIn(height, lines));
}

/** What is wrong and what happened, newest first. */
export function drawAlerts(paper: Paper, picture: Picture, scroll: number): void {
  const lines = linesOf(picture, innerWidth(paper.region.width), paper.unicode);
  const shown = rowsIn(paper.region.height, lines.length);
  const first = Math.max(0, Math.min(scroll, lines.length - shown));
  const { region, theme } = drawWindow(paper, 'Alerts and events', WIDTH, shown, placeText(first, shown, lines.length));
  for (let y = 0; y < shown; y++) {
    const line = lines[first + y];
    if (line) region.text(0, y, line.text, theme.style(line.role), region.width);
  }
}
