import { SATURATED_PERCENT } from './saturation.ts';
import { readTrend } from './trend.ts';
import type { Trend } from './trend.ts';

/** When something that fills will be full, if it goes on as it did. Times are the wall clock of the recording. */
export interface Forecast {
  readonly kind: 'filesystem' | 'memory' | 'swap';
  /** What fills: a mount point, `memory`, `swap`. */
  readonly name: string;
  /** Percent at the end of the period, and the percentage from which on it counts as full. */
  readonly level: number;
  readonly limit: number;
  /** Percent points a day, and between which two values it lies in 99 of 100 cases. */
  readonly perDay: number;
  readonly interval: readonly [low: number, high: number];
  /** Days that it was read from. */
  readonly days: number;
  /**
   * `full`: it is already. `fills`: a trend that reaches the limit within three times the time that it was seen for. `grows`: a trend
   * that does not. `shrinks`. `steady`: no trend that chance would not make too.
   */
  readonly verdict: 'full' | 'fills' | 'grows' | 'shrinks' | 'steady';
  /** The day on which it is full, the first and the last that are likely, `2026-12-08`; null where none is told. */
  readonly expected: string | null;
  readonly earliest: string | null;
  readonly latest: string | null;
  /** The same in words, without the name. */
  readonly text: string;
}

/** A percentage over time. */
export interface FillSeries {
  readonly kind: Forecast['kind'];
  readonly name: string;
  /** Seconds since 1970 by the wall clock. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

const DAY = 86_400;
/** Nothing is foretold for longer than so many times as was seen. */
const HORIZON = 3;
/** A memory this full is short; a file system is written to until there is no room. */
const LIMITS: Readonly<Record<Forecast['kind'], number>> = { filesystem: 100, memory: SATURATED_PERCENT, swap: SATURATED_PERCENT };
/** A trend that changes less in all the time that it was seen for is not worth a word, in percent points. */
const LEAST_CHANGE = 0.5;

/** What becomes of a series; null when there is too little of it: fewer than three days. */
export function forecastFill({ kind, name, times, values }: FillSeries): Forecast | null {
  const trend = readTrend(times, values);
  if (trend === null) return null;
  const end = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const start = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const limit = LIMITS[kind];
  const told = tell(trend, { limit, end, span: end - start, word: kind === 'filesystem' ? 'full' : 'short' });
  const { level, perDay, interval, days } = trend;
  return { kind, name, level, limit, perDay, interval, days, ...told };
}

interface Frame {
  readonly limit: number;
  readonly end: number;
  readonly span: number;
  readonly word: string;
}

type Told = Pick<Forecast, 'verdict' | 'expected' | 'earliest' | 'latest' | 'text'>;

function tell({ perDay, interval: [low, high], level }: Trend, { limit, end, span, word }: Frame): Told {
  const none = { expected: null, earliest: null, latest: null };
  const room = limit - level;
  const at = `${level.toFixed(1)} %`;
  const grown = Math.abs(perDay) * (span / DAY);
  if (room <= 0) return { verdict: 'full', ...none, text: `It is ${word} now, with ${at}.` };
  if (low <= 0 && high >= 0) return { verdict: 'steady', ...none, text: `At ${at}, without a trend that chance would not make too.` };
  if (grown < LEAST_CHANGE) return { verdict: 'steady', ...none, text: `At ${at}, and hardly changes.` };
  if (perDay < 0) return { verdict: 'shrinks', ...none, text: `At ${at}, and falls by ${pace(-perDay)}.` };
  const until = (speed: number): number => (room / speed) * DAY;
  const dateOf = (seconds: number): string => new Date((end + seconds) * 1000).toISOString().slice(0, 10);
  const within = (seconds: number): string | null => (seconds <= HORIZON * span ? dateOf(seconds) : null);
  const [expected, earliest, latest] = [within(until(perDay)), within(until(high)), within(until(low))];
  const rising = `At ${at}, and grows by ${pace(perDay)}`;
  if (expected !== null) {
    const begins = earliest === expected ? '' : `, not before ${earliest}`;
    const ends = latest === null || latest === expected ? '' : `, at the latest on ${latest}`;
    return { verdict: 'fills', expected, earliest, latest, text: `${rising}: ${word} about ${expected}${begins}${ends}, if that goes on.` };
  }
  const when = earliest ?? dateOf(HORIZON * span);
  return {
    verdict: 'grows',
    expected: null,
    earliest: when,
    latest: null,
    text: `${rising}: not ${word} before ${when}, if that goes on.`,
  };
}

function pace(perDay: number): string {
  return perDay >= 0.1 ? `${perDay.toFixed(1)} points a day` : `${(perDay * 30).toFixed(1)} points in thirty days`;
}
