import { COLUMN_INDEX, COLUMNS } from '../../record/columns.ts';
import { createTurn } from '../../serve/pieces.ts';

/** What a series usually is at one hour of the week, from means over ten minutes. */
interface Usual {
  /** For each hour: the middle, and how far up and down it usually goes. NaN where too little is known. */
  readonly middle: Float32Array;
  readonly up: Float32Array;
  readonly down: Float32Array;
}

/** The usual week of a machine. */
export interface Week {
  /** How unusual a mean over ten minutes is at a time (seconds since the epoch), 0 to 1; null when that hour is not known. */
  score(series: string, time: number, mean: number): number | null;
}

/** Means of ten minutes that were recorded, series by series. */
export interface Recorded {
  readonly times: number[];
  readonly values: number[];
}

/** Hours of a week. */
const HOURS = 168;
/** Means that an hour must have, its neighbours' included. */
const LEAST = 12;
/** Shares of the values below which they are low, and above which they are high. */
const LOW = 0.05;
const HIGH = 0.95;
/** What is the least distance that counts, as a share of the distance over the whole week, and of the middle itself. */
const OF_WEEK = 0.1;
const OF_MIDDLE = 0.05;
/** The same in percent points, for series in percent: from 1 to 3 % is nothing. */
const PERCENT_POINTS = 3;
/** How many such distances from the middle a score begins and is full at. */
const BEGIN = 1.5;
const FULL = 4.5;

/** The hour of the week of a moment, by the local clock: habits of people follow it. */
export function hourOfWeek(time: number): number {
  const date = new Date(time * 1000);
  return date.getDay() * 24 + date.getHours();
}

/** Value at a share of sorted values. */
const at = (sorted: Float64Array, share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;

/** Learns the week from what was recorded, giving way to others every millisecond. */
export async function learnWeek(recorded: ReadonlyMap<string, Recorded>): Promise<Week> {
  const usual = new Map<string, Usual>();
  for (const [series, { times, values }] of recorded) usual.set(series, await learnSeries(series, times, values));
  return {
    score(series, time, mean) {
      const known = usual.get(series);
      if (!known) return null;
      const hour = hourOfWeek(time);
      const middle = known.middle[hour] as number;
      if (Number.isNaN(middle)) return null;
      const away = mean >= middle ? (mean - middle) / (known.up[hour] as number) : (middle - mean) / (known.down[hour] as number);
      return Math.min(1, Math.max(0, (away - BEGIN) / (FULL - BEGIN)));
    },
  };
}

async function learnSeries(series: string, times: readonly number[], values: readonly number[]): Promise<Usual> {
  const turn = createTurn();
  const hours: number[][] = Array.from({ length: HOURS }, () => []);
  for (const [index, time] of times.entries()) {
    hours[hourOfWeek(time)]?.push(values[index] as number);
    if (index % 100 === 0 && turn.isOver()) await turn.next();
  }
  const all = Float64Array.from(values).sort();
  const middleOfAll = at(all, 0.5);
  const isPercent = COLUMNS[COLUMN_INDEX.get(series) ?? -1]?.unit === 'percent';
  const usual: Usual = { middle: new Float32Array(HOURS).fill(Number.NaN), up: new Float32Array(HOURS), down: new Float32Array(HOURS) };
  for (let hour = 0; hour < HOURS; hour++) {
    if (turn.isOver()) await turn.next();
    // What happens at ten may happen at eleven: neighbours count too.
    const near = [...(hours[(hour + HOURS - 1) % HOURS] ?? []), ...(hours[hour] ?? []), ...(hours[(hour + 1) % HOURS] ?? [])];
    if (near.length < LEAST) continue;
    const sorted = Float64Array.from(near).sort();
    const middle = at(sorted, 0.5);
    const least = Math.max(Math.abs(middle) * OF_MIDDLE, isPercent ? PERCENT_POINTS : 0, Number.MIN_VALUE);
    usual.middle[hour] = middle;
    usual.up[hour] = Math.max(at(sorted, HIGH) - middle, OF_WEEK * (at(all, HIGH) - middleOfAll), least);
    usual.down[hour] = Math.max(middle - at(sorted, LOW), OF_WEEK * (middleOfAll - at(all, LOW)), least);
  }
  return usual;
}
