import { dayFileName } from '../day/day-file.ts';
import type { Day } from '../day/packed-day.ts';
import type { Analysis, ColumnAnalysis, Heatmap, HourBlock, Level, Statistics, Sufficiency } from './analysis.ts';
import type { BlockCollector } from './block-means.ts';
import type { ClockReader } from './day-clock.ts';
import { judgeLevel } from './level.ts';
import type { Groups, Measured } from './metric-accumulator.ts';
import type { DayRange } from './period-days.ts';
import { exactQuantiles } from './quantile.ts';
import type { SaturationAccumulator } from './saturation.ts';
import { SKETCH_ERROR } from './sketch.ts';
import { judgeSufficiency } from './sufficiency.ts';
import { writeSummary } from './summary.ts';
import { readTimeline } from './timeline.ts';
import type { TimelineLayout } from './timeline.ts';
import { unitOf } from './unit.ts';

/** What the passes over the days found. */
export interface Passes {
  readonly exact: boolean;
  readonly days: readonly Pick<Day, 'day' | 'rows' | 'flaws'>[];
  readonly names: readonly string[];
  readonly clock: ClockReader;
  readonly layout: TimelineLayout;
  readonly results: ReadonlyMap<string, { measured: Measured | null; saturation: SaturationAccumulator | null }>;
  readonly blocks: BlockCollector;
}

/** A record without a prototype: names come from files, and `__proto__` is a name like any other there. */
function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** Makes the part of the report that comes from columns of what the passes found. */
export function assembleAnalysis({ exact, days, names, clock, layout, results }: Passes, range: DayRange): ColumnAnalysis {
  const rows = days.reduce((sum, day) => sum + day.rows, 0);
  const statistics = record<Statistics>();
  const heatmaps = record<Heatmap>();
  const blocks = record<readonly HourBlock[]>();
  const sufficiency = record<Sufficiency>();
  const levels = record<Level>();
  const groups = record<Groups>();
  for (const name of names) {
    const { measured = null, saturation = null } = results.get(name) ?? {};
    const own = readStatistics(name, measured, rows);
    statistics[name] = own;
    if (measured === null) continue;
    heatmaps[name] = readHeatmap(measured.hours);
    blocks[name] = readBlocks(measured.hours);
    groups[name] = measured.timeline;
    const judged = saturation && judgeSufficiency(own, saturation.finish());
    if (judged) sufficiency[name] = judged;
  }
  for (const name of names) {
    const level = judgeLevel(name, statistics);
    if (level) levels[name] = level;
  }
  const { gaps, gapSeconds, clockSteps, coveredSeconds, firstTime, lastTime, intervals } = clock.facts;
  const period: Analysis['period'] = {
    startDate: range.start,
    endDate: range.end,
    days: days.filter((day) => day.rows > 0).map(({ day }) => day),
    firstTime: firstTime ?? '',
    lastTime: lastTime ?? '',
    rows,
    intervalSeconds: intervals.length > 0 ? (exactQuantiles(Float64Array.from(intervals), intervals.length, [0.5])[0] as number) : 0,
    coveredSeconds,
    gaps: { count: gaps, seconds: gapSeconds },
    clockSteps,
    exact,
    quantileError: exact ? 0 : SKETCH_ERROR,
    flaws: {
      malformedLines: days.reduce((sum, { flaws }) => sum + flaws.malformedLines, 0),
      malformedCells: days.reduce((sum, { flaws }) => sum + flaws.malformedCells, 0),
      tornFiles: days.filter(({ flaws }) => flaws.torn).map(({ day }) => dayFileName(day)),
    },
    timeline: readTimeline(layout, groups),
  };
  const parts = { period, statistics, heatmaps, blocks, sufficiency, levels };
  return { ...parts, summary: writeSummary(parts) };
}

function readStatistics(name: string, measured: Measured | null, rows: number): Statistics {
  const unit = unitOf(name);
  if (measured === null) {
    const none = { min: null, max: null, mean: null, median: null, p50: null, p75: null, p95: null, p99: null };
    return { unit, count: 0, missing: 1, ...none, standardDeviation: null, variance: null };
  }
  const { count, min, max, mean, variance, quantiles } = measured;
  const [p50, p75, p95, p99] = quantiles as [number, number, number, number];
  const spread = Number.isNaN(variance) ? null : variance;
  const missing = (rows - count) / rows;
  return {
    unit,
    count,
    missing,
    min,
    max,
    mean,
    median: p50,
    p50,
    p75,
    p95,
    p99,
    standardDeviation: spread === null ? null : Math.sqrt(spread),
    variance: spread,
  };
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function readHeatmap({ mean, count }: Groups): Heatmap {
  const week = <T>(value: (slot: number) => T): T[][] => Array.from({ length: 7 }, (_, day) => HOURS.map((hour) => value(day * 24 + hour)));
  return {
    mean: week((slot) => ((count[slot] as number) > 0 ? (mean[slot] as number) : null)),
    count: week((slot) => count[slot] as number),
  };
}

function readBlocks({ mean, count, min, max }: Groups): HourBlock[] {
  return HOURS.map((hour) => {
    let known = 0;
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let slot = hour; slot < 168; slot += 24) {
      const here = count[slot] as number;
      if (here === 0) continue;
      known += here;
      sum += here * (mean[slot] as number);
      least = Math.min(least, min[slot] as number);
      most = Math.max(most, max[slot] as number);
    }
    return known === 0
      ? { hour, count: 0, mean: null, min: null, max: null }
      : { hour, count: known, mean: sum / known, min: least, max: most };
  });
}
