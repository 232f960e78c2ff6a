import { HecateError } from '@hecate/host';

/** What a client of the stream wants. */
export interface Subscription {
  /** The process table at every tick that it gets. */
  readonly processes: boolean;
  /** Ids in order, each once; null: all. With none there are no ticks. */
  readonly series: readonly string[] | null;
  /** Seconds from one tick that it gets to the next; 0: every tick. */
  readonly every: number;
  readonly events: boolean;
  readonly alerts: boolean;
}

/** What who says nothing gets: every series at every tick. */
export const TICKS_ONLY: Subscription = { processes: false, series: null, every: 0, events: false, alerts: false };

/** More series than this are not named one by one. */
const MOST_SERIES = 512;
const LONGEST_EVERY = 86_400;

const KNOWN: ReadonlySet<string> = new Set(['type', 'processes', 'series', 'every', 'events', 'alerts']);

const invalid = (sentence: string): HecateError => new HecateError('INVALID', sentence);

function seriesOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || !value.every((id) => typeof id === 'string')) throw invalid('series must be a list of ids, or null.');
  if (value.length > MOST_SERIES) throw invalid(`series may name ${MOST_SERIES} ids at most.`);
  return [...new Set<string>(value)].sort();
}

function everyOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number' || !(value >= 0 && value <= LONGEST_EVERY)) {
    throw invalid(`every must be a number of seconds from 0 to ${LONGEST_EVERY}.`);
  }
  return value;
}

function flagOf(message: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = message[name] ?? false;
  if (typeof value !== 'boolean') throw invalid(`${name} must be true or false.`);
  return value;
}

/** What a message of a client asks for; it takes the place of what was asked before. Throws INVALID with one short sentence. */
export function subscriptionOf(message: unknown): Subscription {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'subscribe') {
    throw invalid('Only subscribe messages are understood.');
  }
  const given = message as Readonly<Record<string, unknown>>;
  // A name that was written wrong would mean its default: everything, at every tick.
  if (!Object.keys(given).every((name) => KNOWN.has(name))) {
    throw invalid('subscribe knows processes, series, every, events and alerts, and nothing else.');
  }
  return {
    processes: flagOf(given, 'processes'),
    series: seriesOf(given['series']),
    every: everyOf(given['every']),
    events: flagOf(given, 'events'),
    alerts: flagOf(given, 'alerts'),
  };
}

function flagOfQuery(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = query.get(name);
  if (text === null) return fallback;
  if (text !== '0' && text !== '1') throw invalid(`${name} must be 0 or 1.`);
  return text === '1';
}

/** The same from the query of an address: `?series=load1,load5&every=10&events=1`. What it does not say is as in `otherwise`. Throws INVALID. */
export function subscriptionOfQuery(query: URLSearchParams, otherwise: Subscription): Subscription {
  const series = query.get('series');
  const every = query.get('every');
  return {
    processes: flagOfQuery(query, 'processes', otherwise.processes),
    series: series === null ? otherwise.series : seriesOf(series.split(',').filter((id) => id !== '')),
    every: every === null ? otherwise.every : everyOf(every.trim() === '' ? Number.NaN : Number(every)),
    events: flagOfQuery(query, 'events', otherwise.events),
    alerts: flagOfQuery(query, 'alerts', otherwise.alerts),
  };
}
