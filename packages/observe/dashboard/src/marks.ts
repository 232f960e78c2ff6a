import type { AlertChange } from '../../src/alert/alerts.ts';
import type uPlot from 'uplot';
import type { EventFacts } from './api.ts';
import { eventSentence } from './event-words.ts';
import type { Palette } from './theme.ts';

/** What a mark is about. `over`: an alert that ended. Each has a shape of its own, as colours alone do not tell them apart. */
export type MarkKind = 'event' | 'warning' | 'critical' | 'over';

/** Something that happened, on the time axis of every chart. */
export interface Mark {
  readonly time: number;
  readonly kind: MarkKind;
  readonly text: string;
}

/** What is marked between two times. */
export function marksBetween(events: readonly EventFacts[], changes: readonly AlertChange[], from: number, to: number): Mark[] {
  const isShown = ({ time }: { readonly time: number }): boolean => time >= from && time <= to;
  return [
    ...events.filter(isShown).map((event): Mark => ({ time: event.time, kind: 'event', text: eventSentence(event) })),
    ...changes.filter(isShown).map(({ time, alert }): Mark => ({
      time,
      kind: alert.severity ?? 'over',
      text: alert.severity === null ? `over: ${alert.id}` : alert.summary,
    })),
  ];
}

/** CSS pixels from the pointer within which a mark is meant. */
const NEAR = 5;
/** Marks that a tooltip names. */
const NAMED = 4;

/** What happened at the pointer, for its tooltip; empty when nothing did. */
export function marksAt(plot: uPlot, marks: readonly Mark[]): string {
  const left = plot.cursor.left ?? -1;
  const near = marks.filter(({ time }) => Math.abs(plot.valToPos(time, 'x') - left) <= NEAR);
  const rest = near.length > NAMED ? [`and ${near.length - NAMED} more`] : [];
  return [...near.slice(0, NAMED).map(({ text }) => text), ...rest].join(' · ');
}

/** Outlines of the marks, around a point, `size` wide and high. */
const SHAPES: Readonly<Record<MarkKind, (context: CanvasRenderingContext2D, x: number, y: number, size: number) => void>> = {
  event: (context, x, y, size) => {
    context.moveTo(x, y - size);
    context.lineTo(x + size * 0.7, y);
    context.lineTo(x - size * 0.7, y);
  },
  warning: (context, x, y, size) => {
    context.moveTo(x, y - size);
    context.lineTo(x + size / 2, y - size / 2);
    context.lineTo(x, y);
    context.lineTo(x - size / 2, y - size / 2);
  },
  critical: (context, x, y, size) => context.rect(x - size / 2, y - size, size, size),
  over: (context, x, y, size) => context.arc(x, y - size / 2, size / 2, 0, 2 * Math.PI),
};

/** Draws marks on the time axis, and the chosen moment as a line. */
export function paintMarks(plot: uPlot, marks: readonly Mark[], moment: number | null, palette: Palette): void {
  const { ctx: context, bbox } = plot;
  const ratio = globalThis.devicePixelRatio || 1;
  const size = 7 * ratio;
  const bottom = bbox.top + bbox.height;
  context.save();
  for (const { time, kind } of marks) {
    const x = Math.round(plot.valToPos(time, 'x', true));
    context.fillStyle = palette.marks[kind];
    if (kind === 'warning' || kind === 'critical') {
      context.globalAlpha = 0.45;
      context.fillRect(x - ratio / 2, bbox.top, ratio, bbox.height);
      context.globalAlpha = 1;
    }
    context.beginPath();
    SHAPES[kind](context, x, bottom, size);
    context.closePath();
    context.fill();
  }
  if (moment !== null) {
    const x = Math.round(plot.valToPos(moment, 'x', true));
    context.fillStyle = palette.moment;
    if (x >= bbox.left && x <= bbox.left + bbox.width) context.fillRect(x - ratio, bbox.top, 2 * ratio, bbox.height);
  }
  context.restore();
}
