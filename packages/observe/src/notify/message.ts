import { encodeDuration } from '../analyze/unit.ts';
import type { Alert, Severity } from '../alert/alerts.ts';
import { clean } from '../terminal/text.ts';

/** An alert that people are told of, and what they were told of it before. */
export interface Told {
  readonly previous: Severity | null;
  /** Seconds that it was wrong; null unless it is over. */
  readonly lasted: number | null;
  readonly alert: Alert;
}

/** One message to people: everything that changed within some seconds. */
export interface Message {
  /** Seconds since the epoch. */
  readonly time: number;
  /** The name of the machine. */
  readonly host: string;
  /** `alert`; `test`: somebody tries whether messages arrive. */
  readonly kind: 'alert' | 'test';
  /** The worst of its alerts; null: all of it is over. */
  readonly severity: Severity | null;
  /** The worst first. */
  readonly alerts: readonly Told[];
}

/** Alerts that are written out; the rest is counted. */
const MOST_LINES = 20;
/** Letters of a title. */
const LONGEST_TITLE = 150;

const rank = ({ alert: { severity } }: Told): number => (severity === 'critical' ? 0 : severity === 'warning' ? 1 : 2);

/** A message of what is to be told; at least one. */
export function messageOf(told: readonly Told[], host: string, time: number): Message {
  const alerts = told.toSorted((a, b) => rank(a) - rank(b));
  return { time, host, kind: 'alert', severity: alerts[0]?.alert.severity ?? null, alerts };
}

/** A message that says only that messages arrive. */
export const testMessage = (host: string, time: number): Message => ({ time, host, kind: 'test', severity: null, alerts: [] });

const word = (told: Told): string => (told.alert.severity === null ? 'Over' : told.alert.severity === 'critical' ? 'Critical' : 'Warning');

/** One line: `Critical on db1: /srv is 99 % full, 3 GiB are left.` Nothing in it can break a line or a header. */
export function titleOf({ kind, host, alerts }: Message): string {
  const name = clean(host);
  if (kind === 'test') return `Test from hecate on ${name}`;
  const [first, ...more] = alerts;
  if (!first) return `hecate on ${name}`;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const title = `${word(first)} on ${name}: ${clean(first.alert.summary || first.alert.id)}`;
  return (title.length + rest.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - rest.length - 1)}…` : title) + rest;
}

/** The message as plain text: a paragraph an alert. */
export function textOf({ kind, host, alerts }: Message): string {
  if (kind === 'test') return `Messages of hecate on ${clean(host)} arrive here.`;
  const paragraphs = alerts.slice(0, MOST_LINES).map(paragraphOf);
  if (alerts.length > MOST_LINES) paragraphs.push(`And ${alerts.length - MOST_LINES} more: hecate alerts list.`);
  return paragraphs.join('\n\n');
}

function paragraphOf(told: Told): string {
  const { alert, lasted } = told;
  const over = lasted === null ? '' : ` It lasted ${encodeDuration(Math.max(1, lasted))}.`;
  const advice = alert.severity === null || alert.advice === null ? '' : `\n${clean(alert.advice)}`;
  return `${word(told)}: ${clean(alert.summary || alert.id)}${over}${advice}\n[${clean(alert.id)}]`;
}
