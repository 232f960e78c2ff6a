import { clean, createInk, encodeDuration, valueText } from '@hecate/observe';
import type { Alert, AlertChange, ColumnUnit, Opinion, Severity, Tone } from '@hecate/observe';
import type { Terminal } from '../terminal/terminal.ts';

const WORDS: Readonly<Record<Severity | 'none', readonly [word: string, tone: Tone]>> = {
  critical: ['critical', 'bad'],
  warning: ['warning', 'warn'],
  none: ['fine', 'good'],
};

function word(severity: Severity | null, terminal: Terminal): string {
  const [text, tone] = WORDS[severity ?? 'none'];
  return createInk(terminal).paint(text.padEnd(8), tone);
}

const ago = (seconds: number): string => encodeDuration(Math.max(1, seconds));

/** Alerts as people read them: a line each, and below it what to do. */
export function alertLines(alerts: readonly Alert[], now: number, terminal: Terminal): string {
  const dim = (text: string): string => createInk(terminal).paint(text, 'dim');
  return alerts
    .map(({ id, severity, summary, advice, since, silencedUntil, value, unit }) => {
      const about = clean(summary) || valueText(value, unit as ColumnUnit);
      const silenced = silencedUntil === null ? '' : `, silenced for ${ago(silencedUntil - now)}`;
      if (severity === null) return `${word(severity, terminal)}  ${clean(id)}  ${dim(about + silenced)}\n`;
      const what = advice === null ? '' : `          ${clean(advice)}\n`;
      return `${word(severity, terminal)}  ${about}\n${what}          ${dim(`${clean(id)}, for ${ago(now - since)}${silenced}`)}\n`;
    })
    .join('');
}

/** Changes as people read them, a line each. */
export function changeLines(changes: readonly AlertChange[], terminal: Terminal): string {
  return changes
    .map(
      ({ time, alert }) =>
        `${new Date(time * 1000).toISOString()}  ${word(alert.severity, terminal)}  ${clean(alert.summary || alert.id)}\n`,
    )
    .join('');
}

/** What rules say at this moment, what is wrong first. */
export function opinionLines(opinions: readonly Opinion[], terminal: Terminal): string {
  const known = opinions.filter(({ text }) => text !== 'unknown');
  const order = [...known.filter(({ severity }) => severity !== null), ...known.filter(({ severity }) => severity === null)];
  return order
    .map(({ rule, object, severity, text, summary }) => {
      const name = object === null ? rule : `${rule}/${clean(object)}`;
      return `${word(severity, terminal)}  ${name}: ${severity === null ? text : summary}\n`;
    })
    .join('');
}
