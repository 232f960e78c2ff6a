import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { dayFileName, dayOf } from '../day/day-file.ts';
import { createDayOpener } from '../day/open-day.ts';
import type { Day } from '../day/packed-day.ts';
import type { Analysis, Heatmap, HourBlock, Level, Statistics, Sufficiency } from './analysis.ts';
import { createClockReader, createMomentReader } from './day-clock.ts';
import type { ClockReader, DayClock } from './day-clock.ts';
import { judgeLevel } from './level.ts';
import { createExactStore, createMetricAccumulator, createSketchStore } from './metric-accumulator.ts';
import type { Groups, Measured, MetricAccumulator } from './metric-accumulator.ts';
import { checkMetrics, createMetricReader, metricNames } from './metric-source.ts';
import { listDays, nothingRecorded, readDayRange } from './period-days.ts';
import type { DayRange } from './period-days.ts';
import { exactQuantiles } from './quantile.ts';
import { createSaturationAccumulator } from './saturation.ts';
import type { SaturationAccumulator } from './saturation.ts';
import { SKETCH_ERROR } from './sketch.ts';
import { judgeSufficiency } from './sufficiency.ts';
import { writeSummary } from './summary.ts';
import { layTimeline, readTimeline } from './timeline.ts';
import type { TimelineLayout } from './timeline.ts';
import { unitOf } from './unit.ts';

/** What to analyse. */
export interface AnalyzeOptions {
  /** The directory of the day files. */
  readonly dataDir: string;
  /** `2026-11-21`. Default: the end date, or today. */
  readonly startDate?: string | undefined;
  /** `2026-11-21`, inside the period. Default: today. */
  readonly endDate?: string | undefined;
  /** Only these metrics. Default: all. */
  readonly metrics?: readonly string[] | undefined;
  /** The present day, for tests. Default: by the clock of this machine. */
  readonly today?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Up to where a period is exact. */
export interface ExactLimits {
  /** Rows of which every value of a metric is held: 8 bytes each. */
  readonly rows: number;
  /** Packed bytes of days that lie in memory because they are not sealed. */
  readonly heldBytes: number;
}

/** 46 days at one row a second in 32 MB. */
const LIMITS: ExactLimits = { rows: 4_000_000, heldBytes: 48 * 1024 * 1024 };

interface Passes {
  readonly exact: boolean;
  readonly days: readonly Pick<Day, 'day' | 'rows' | 'flaws'>[];
  readonly names: readonly string[];
  readonly clock: ClockReader;
  readonly layout: TimelineLayout;
  readonly results: ReadonlyMap<string, { measured: Measured | null; saturation: SaturationAccumulator | null }>;
}

/**
 * Reads the day files of a period and reports. A period within `limits` is exact, a metric at a time over
 * all days; a longer one goes through once, a day at a time, with quantiles from a sketch: `period.exact` says which.
 * Throws INVALID (dates, metrics, a file that is no day file), UNAVAILABLE (nothing recorded), DENIED, or the signal's reason.
 */
export async function analyze(options: AnalyzeOptions, limits: ExactLimits = LIMITS): Promise<Analysis> {
  const today = options.today ?? dayOf(Date.now() / 1000);
  const range = readDayRange(options.startDate, options.endDate, today);
  const listed = listDays(options.dataDir, range);
  const asked = options.metrics && options.metrics.length > 0 ? [...new Set(options.metrics)] : null;
  const job = { ...options, today, range, listed, asked };
  const passes = (await passExactly(job, limits)) ?? (await passOnce(job));
  if (passes.days.every(({ rows }) => rows === 0)) throw nothingRecorded(options.dataDir, range, []);
  return report(passes, range);
}

interface Job extends AnalyzeOptions {
  readonly today: string;
  readonly range: DayRange;
  readonly listed: readonly string[];
  readonly asked: readonly string[] | null;
}

/** Day by day inside metric by metric: one metric's values in memory. Null when the period is too long for that. */
async function passExactly({ dataDir, today, signal, listed, asked }: Job, limits: ExactLimits): Promise<Passes | null> {
  const opener = createDayOpener(dataDir, today, signal);
  const days: Day[] = [];
  let rows = 0;
  let held = 0;
  for (const name of listed) {
    signal?.throwIfAborted();
    const day = await opener.open(name);
    rows += day.rows;
    held += day.heldBytes;
    if (rows > limits.rows || held > limits.heldBytes) return null;
    days.push(day);
  }
  const known = days.filter((day) => day.rows > 0);
  const layout = layTimeline(known.flatMap(({ wallRange }) => wallRange ?? []));
  const clock = createClockReader(layout.start, layout.stepSeconds * 1000, layout.steps);
  const clocks: DayClock[] = known.map((day) => clock.read(day));
  const available = metricNames(days.flatMap(({ columns }) => columns));
  if (known.length > 0) checkMetrics(asked ?? [], available);
  const names = asked ?? available;
  const moments = createMomentReader();
  const memory = new Float64Array(rows);
  const reader = createMetricReader();
  const results: Map<string, { measured: Measured | null; saturation: SaturationAccumulator | null }> = new Map();
  for (const name of names) {
    const accumulator = createMetricAccumulator(createExactStore(memory), layout.steps);
    const saturation = unitOf(name) === 'percent' ? createSaturationAccumulator(moments) : null;
    for (const [index, day] of known.entries()) {
      const values = reader.read(day, name);
      const when = clocks[index] as DayClock;
      if (values === null) continue;
      accumulator.add(when, values);
      saturation?.add(day, when, values);
      if (index % 8 === 7) await pause(signal);
    }
    await pause(signal);
    results.set(name, { measured: accumulator.finish(), saturation });
  }
  return { exact: true, days: days.map(facts), names, clock, layout, results };
}

/** Metric by metric inside day by day: one day and one sketch per metric in memory, however long the period. */
async function passOnce({ dataDir, today, signal, listed, asked, range }: Job): Promise<Passes> {
  const layout = layTimeline([Date.parse(`${listed[0] ?? range.start}T00:00:00Z`), Date.parse(`${listed.at(-1) ?? range.end}T23:59:59Z`)]);
  const clock = createClockReader(layout.start, layout.stepSeconds * 1000, layout.steps);
  const opener = createDayOpener(dataDir, today, signal);
  const reader = createMetricReader();
  const moments = createMomentReader();
  let memory: Float64Array = new Float64Array(0);
  const lend = (rows: number): Float64Array => (memory.length < rows ? (memory = new Float64Array(rows)) : memory);
  const takers = new Map<string, { accumulator: MetricAccumulator; saturation: SaturationAccumulator | null }>();
  const columns = new Set<string>();
  const days: Pick<Day, 'day' | 'rows' | 'flaws'>[] = [];
  for (const name of listed) {
    signal?.throwIfAborted();
    const day = await opener.open(name);
    days.push(facts(day));
    for (const column of day.columns) columns.add(column);
    if (day.rows === 0) continue;
    const when = clock.read(day);
    for (const metric of asked ?? metricNames(day.columns)) {
      const values = reader.read(day, metric);
      if (values === null) continue;
      let taker = takers.get(metric);
      if (taker === undefined) {
        const accumulator = createMetricAccumulator(createSketchStore(lend), layout.steps);
        takers.set(metric, (taker = { accumulator, saturation: unitOf(metric) === 'percent' ? createSaturationAccumulator(moments) : null }));
      }
      taker.accumulator.add(when, values);
      taker.saturation?.add(day, when, values);
    }
    await pause(signal);
  }
  const available = metricNames(columns);
  if (days.some(({ rows }) => rows > 0)) checkMetrics(asked ?? [], available);
  const names = asked ?? available;
  const results = new Map(
    names.map((name) => {
      const taker = takers.get(name);
      return [name, { measured: taker?.accumulator.finish() ?? null, saturation: taker?.saturation ?? null }];
    }),
  );
  return { exact: false, days, names, clock, layout, results };
}

const facts = ({ day, rows, flaws }: Day): Pick<Day, 'day' | 'rows' | 'flaws'> => ({ day, rows, flaws });

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** A record without a prototype: names come from files, and `__proto__` is a name like any other there. */
function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function report({ exact, days, names, clock, layout, results }: Passes, range: DayRange): Analysis {
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
      tornFiles: days.filter(({ flaws }) => flaws.torn).map(({ day }) => path.basename(dayFileName(day))),
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
  return { unit, count, missing, min, max, mean, median: p50, p50, p75, p95, p99, standardDeviation: spread === null ? null : Math.sqrt(spread), variance: spread };
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
    return known === 0 ? { hour, count: 0, mean: null, min: null, max: null } : { hour, count: known, mean: sum / known, min: least, max: most };
  });
}
