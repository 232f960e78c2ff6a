import { exactQuantiles } from './quantile.ts';
import { criticalT } from './student.ts';

/** Where a series goes. */
export interface Trend {
  /** Change a day: the median of the slopes between all pairs of equal hours of the day (Theil and Sen, within seasons). */
  readonly perDay: number;
  /** In 99 of 100 cases it lies between the two. */
  readonly interval: readonly [low: number, high: number];
  /** The level at the end: the median of the last six hours with values. */
  readonly level: number;
  /** Days that have values. */
  readonly days: number;
}

/** Days with values below which there is no trend. */
const LEAST_DAYS = 3;
/** Days that slopes are taken from; of longer series the last ones. */
const MOST_DAYS = 120;

interface Hours {
  /** By day in order, then by hour of the day; NaN where nothing is known. */
  readonly medians: Float64Array;
  readonly days: readonly number[];
}

/**
 * The trend of values (a time in seconds and a value each, in any order). Hours are compared with the same hours of other days, so
 * that a daily rhythm is no trend. The interval is as wide as a random walk with the steps of these days would make it: of what
 * wanders without aim nothing is foretold. Null when fewer than three days have values.
 */
export function readTrend(times: readonly number[], values: readonly number[]): Trend | null {
  const hours = hourlyMedians(times, values);
  const { days } = hours;
  if (days.length < LEAST_DAYS) return null;
  const slopes = pairSlopes(hours);
  const steps = dailySteps(hours);
  if (slopes.length === 0 || steps.length < LEAST_DAYS - 1) return null;
  const perDay = medianOf(slopes);
  const margin = criticalT(steps.length - 1) * standardError(steps);
  return { perDay, interval: [perDay - margin, perDay + margin], level: lastLevel(hours), days: days.length };
}

const medianOf = (values: readonly number[]): number => exactQuantiles(Float64Array.from(values), values.length, [0.5])[0] as number;

function hourlyMedians(times: readonly number[], values: readonly number[]): Hours {
  const groups = new Map<number, number[]>();
  for (const [index, time] of times.entries()) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    const hour = Math.floor(time / 3600);
    const group = groups.get(hour);
    if (group) group.push(value);
    else groups.set(hour, [value]);
  }
  const days = [...new Set([...groups.keys()].map((hour) => Math.floor(hour / 24)))].sort((a, b) => a - b).slice(-MOST_DAYS);
  const placeOf = new Map(days.map((day, place) => [day, place]));
  const medians = new Float64Array(days.length * 24).fill(Number.NaN);
  for (const [hour, group] of groups) {
    const place = placeOf.get(Math.floor(hour / 24));
    if (place !== undefined) medians[place * 24 + (((hour % 24) + 24) % 24)] = medianOf(group);
  }
  return { medians, days };
}

function pairSlopes({ medians, days }: Hours): number[] {
  const slopes: number[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    for (let last = 1; last < days.length; last += 1) {
      const end = medians[last * 24 + hour] as number;
      if (end !== end) continue;
      for (let first = 0; first < last; first += 1) {
        const start = medians[first * 24 + hour] as number;
        if (start === start) slopes.push((end - start) / ((days[last] as number) - (days[first] as number)));
      }
    }
  }
  return slopes;
}

/** What a day changed, each the median over the hours that it and the day before both have; a pause counts as equal steps. */
function dailySteps({ medians, days }: Hours): number[] {
  const steps: number[] = [];
  for (let day = 1; day < days.length; day += 1) {
    const changes: number[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      const change = (medians[day * 24 + hour] as number) - (medians[(day - 1) * 24 + hour] as number);
      if (change === change) changes.push(change);
    }
    if (changes.length > 0) steps.push(medianOf(changes) / ((days[day] as number) - (days[day - 1] as number)));
  }
  return steps;
}

/** The standard error of the mean step; steps that resemble the one before are worth less. */
function standardError(steps: readonly number[]): number {
  const count = steps.length;
  const mean = steps.reduce((sum, step) => sum + step, 0) / count;
  let squares = 0;
  let together = 0;
  for (const [index, step] of steps.entries()) {
    squares += (step - mean) ** 2;
    if (index > 0) together += (step - mean) * ((steps[index - 1] as number) - mean);
  }
  const alike = squares === 0 ? 0 : Math.min(0.8, Math.max(0, together / squares));
  return Math.sqrt(((squares / (count - 1) / count) * (1 + alike)) / (1 - alike));
}

function lastLevel({ medians }: Hours): number {
  const known = [...medians].filter((value) => value === value);
  return medianOf(known.slice(-6));
}
