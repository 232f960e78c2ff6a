import type { HeatScale } from '../terminal/plot.ts';

/** The length of the scale of a chart, never 0. */
export function spanOf(low: number, high: number): HeatScale {
  return high > low ? { low, high } : { low: low - 0.5, high: low + 0.5 };
}

/** The time axis of a series. */
export interface TimeAxis {
  /** Wall clock of the first step. */
  readonly start: string;
  readonly stepSeconds: number;
  readonly steps: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Distances between words on the time axis that fall on round times, seconds. */
const TICKS = [
  1,
  5,
  10,
  30,
  60,
  300,
  600,
  1800,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
];

/** Round times of the axis, at most `most` apart evenly, as a share of its length and in words. */
export function timeTicks({ start, stepSeconds, steps }: TimeAxis, most: number): { share: number; text: string }[] {
  const first = Date.parse(`${start}Z`) / 1000;
  const span = steps * stepSeconds;
  const distance = TICKS.find((tick) => span / tick <= most) ?? span;
  const ticks: { share: number; text: string }[] = [];
  for (let at = Math.ceil(first / distance) * distance; at <= first + span; at += distance) {
    const text = new Date(at * 1000).toISOString();
    ticks.push({
      share: (at - first) / span,
      text: distance >= DAY ? text.slice(5, 10) : distance >= 60 ? text.slice(11, 16) : text.slice(11, 19),
    });
  }
  return ticks;
}

/** The parts of a series between steps without a value, as [first, last] indexes. */
export function knownParts(series: readonly (number | null)[]): [number, number][] {
  const parts: [number, number][] = [];
  for (const [index, value] of series.entries()) {
    if (value === null) continue;
    const last = parts.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else parts.push([index, index]);
  }
  return parts;
}
