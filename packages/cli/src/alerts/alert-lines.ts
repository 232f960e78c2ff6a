import { clean, createInk, encodeDuration, valueText, wrapWords } from '@hecate/observe';
import type { Alert, AlertChange, ColumnUnit, Opinion, Severity, Tone } from '@hecate/observe';
import { timeText } from '../terminal/event-line.ts';
import type { Terminal } from '../terminal/terminal.ts';

const WORDS: Readonly<Record<Severity | 'none', readonly [word: string, tone: Tone]>> = {
  critical: ['critical', 'bad'],
  warning: ['warning', 'warn'],
  none: ['fine', 'good'],
};
/** Columns before a sentence: the longest word, and a gap. */
const INDENT = 10;

function word(severity: Severity | null, terminal: Terminal): string {
  const [text, tone] = WORDS[severity ?? 'none'];
  return createInk(terminal).paint(text.padEnd(INDENT - 2), tone);
}

const ago = (seconds: number): string => encodeDuration(Math.max(1, seconds));
/** A sentence beside what stands before it: no word is broken at the edge, and the lines below begin where it began. */
const beside = (text: string, from: number, width: number): string =>
  wrapWords(text, Math.max(20, width - from)).join(`\n${' '.repeat(from)}`);

/** One line of a table of values: what is judged, its value, and which alert that is. */
interface Judged {
  readonly severity: Severity | null;
  readonly value: string;
  /** What the value is: `memory_available_percent`; empty where that is not known. */
  readonly what: string;
  /** As `hecate alerts silence` takes it. */
  readonly id: string;
}

/** `filesystem.*.used_percent` is `used_percent` of the object that the id names. */
const readingOf = (what: string): string => what.replace(/^(forecast:)?\w+\.(?:.*\.)?/, '$1');

/** Ids stand last and whole: they are there to be copied. */
function judgedLines(rows: readonly Judged[], terminal: Terminal): string {
  const dim = (text: string): string => createInk(terminal).paint(text, 'dim');
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const values = widest(rows.map(({ value }) => value));
  const whats = widest(rows.map(({ what }) => what));
  return rows
    .map(({ severity, value, what, id }) => `${word(severity, terminal)}  ${value.padStart(values)}  ${dim(what.padEnd(whats))}  ${id}\n`)
    .join('');
}

/**
 * Alerts as people read them: what is wrong as a sentence with what to do, then what is fine as a table. `whats` says what each rule
 * judges; a rule that is not in it is one of another machine.
 */
export function alertLines(alerts: readonly Alert[], whats: ReadonlyMap<string, string>, now: number, terminal: Terminal): string {
  const dim = (text: string): string => createInk(terminal).paint(text, 'dim');
  const silence = ({ silencedUntil }: Alert): string => (silencedUntil === null ? '' : `, silenced for ${ago(silencedUntil - now)}`);
  const wrong = alerts.flatMap((alert) => {
    const { id, severity, summary, advice, since, value, unit } = alert;
    if (severity === null) return [];
    const sentences = [summary || valueText(value, unit as ColumnUnit), ...(advice === null ? [] : [advice])];
    const lines = sentences.map((sentence) => beside(sentence, INDENT, terminal.width)).join(`\n${' '.repeat(INDENT)}`);
    return [
      `${word(severity, terminal)}  ${lines}\n${' '.repeat(INDENT)}${dim(`${clean(id)}, for ${ago(now - since)}${silence(alert)}`)}\n`,
    ];
  });
  // Without a value, the summary of what is fine says why there is none.
  const fine = alerts.filter(({ severity }) => severity === null);
  const judged = fine.map((alert) => ({
    severity: null,
    value: valueText(alert.value, alert.unit as ColumnUnit),
    what: readingOf(whats.get(alert.rule) ?? ''),
    id: `${clean(alert.id)}${silence(alert)}${alert.value === null && alert.summary !== '' ? `: ${clean(alert.summary)}` : ''}`,
  }));
  return wrong.join('') + judgedLines(judged, terminal);
}

/** Changes as people read them, in the time of this place. */
export function changeLines(changes: readonly AlertChange[], terminal: Terminal): string {
  return changes
    .map(({ time, previous, alert: { id, severity, summary } }) => {
      const before = `${timeText(time)}  `;
      const over = severity === null && previous !== null ? `${id} is over. ` : '';
      const told = beside(`${over}${summary || id}`, before.length + INDENT, terminal.width);
      return `${before}${word(severity, terminal)}  ${told}\n`;
    })
    .join('');
}

/**
 * What rules say at this moment, what is wrong first. Values and no sentences: a sentence speaks of the ten minutes that a rule
 * looks back, and nobody has looked for so long.
 */
export function opinionLines(opinions: readonly Opinion[], terminal: Terminal): string {
  const known = opinions.filter(({ text }) => text !== 'unknown');
  const rank = ({ severity }: Opinion): number => (severity === 'critical' ? 0 : severity === 'warning' ? 1 : 2);
  const rows = known
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ rule, object, what, severity, text }) => ({
      severity,
      value: text,
      what: readingOf(what),
      id: object === null ? rule : `${rule}/${clean(object)}`,
    }));
  return judgedLines(rows, terminal);
}
