import type { Timeline, TimelineSeries } from './analysis.ts';
import type { Groups } from './metric-accumulator.ts';

/** Steps of a timeline at most: more are not seen on a screen. */
const MOST_STEPS = 240;
/** Lengths of a step that read well on an axis, seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** How a period is cut into steps. */
export interface TimelineLayout {
  /** Wall clock of the first step, ms as if it were UTC. */
  readonly start: number;
  readonly stepSeconds: number;
  readonly steps: number;
}

/** The steps from the least to the greatest of the given wall clocks (ms). */
export function layTimeline(walls: readonly number[]): TimelineLayout {
  if (walls.length === 0) return { start: 0, stepSeconds: 1, steps: 1 };
  const first = walls.reduce((least, wall) => Math.min(least, wall));
  const last = walls.reduce((most, wall) => Math.max(most, wall));
  const lengthOf = (stepSeconds: number): number => Math.floor(last / (stepSeconds * 1000)) - Math.floor(first / (stepSeconds * 1000)) + 1;
  const days = Math.ceil((last - first) / 86_400_000 / (MOST_STEPS - 1)) * 86_400;
  const stepSeconds = STEPS.find((step) => lengthOf(step) <= MOST_STEPS) ?? Math.max(days, 86_400);
  return { start: Math.floor(first / (stepSeconds * 1000)) * stepSeconds * 1000, stepSeconds, steps: lengthOf(stepSeconds) };
}

/** The series of a report from what was collected per step. */
export function readTimeline({ start, stepSeconds, steps }: TimelineLayout, groups: Readonly<Record<string, Groups>>): Timeline {
  const series = Object.create(null) as Record<string, TimelineSeries>;
  for (const [name, { count, mean, min, max }] of Object.entries(groups)) {
    const read = (values: Float64Array): (number | null)[] =>
      Array.from(values, (value, step) => ((count[step] as number) > 0 ? value : null));
    series[name] = { mean: read(mean), min: read(min), max: read(max) };
  }
  return { start: new Date(start).toISOString().slice(0, 19), stepSeconds, steps, series };
}
