import { setImmediate } from 'node:timers/promises';
import { dayOf } from '../day/day-file.ts';
import { createDayOpener, estimateHeldBytes } from '../day/open-day.ts';
import type { Day } from '../day/packed-day.ts';
import { assembleAnalysis } from './analysis-assembly.ts';
import type { Passes } from './analysis-assembly.ts';
import type { Analysis } from './analysis.ts';
import { readBeyond, readCores } from './beyond-columns.ts';
import type { Measurement } from './beyond-columns.ts';
import { createBlockCollector } from './block-means.ts';
import type { BlockRuns } from './block-means.ts';
import { readComparedPeriod } from './compared-period.ts';
import type { ComparedPeriod } from './compared-period.ts';
import { compareAnalyses } from './comparison.ts';
import type { Comparison, MeasuredPeriod } from './comparison.ts';
import { createClockReader, createMomentReader } from './day-clock.ts';
import type { DayClock } from './day-clock.ts';
import { createExactStore, createMetricAccumulator, createSketchStore } from './metric-accumulator.ts';
import type { Measured, MetricAccumulator } from './metric-accumulator.ts';
import { checkMetrics, createMetricReader, metricNames } from './metric-source.ts';
import { listDays, nothingRecorded, readDayRange } from './period-days.ts';
import type { DayRange } from './period-days.ts';
import { createSaturationAccumulator } from './saturation.ts';
import type { SaturationAccumulator } from './saturation.ts';
import { layTimeline } from './timeline.ts';
import { unitOf } from './unit.ts';

/** What to analyse. */
export interface AnalyzeOptions {
  /** The directory of the day files. */
  readonly dataDir: string;
  /** `2026-11-21`. Default: the end date, or today. */
  readonly startDate?: string | undefined;
  /** `2026-11-21`, inside the period. Default: today. */
  readonly endDate?: string | undefined;
  /** What to compare with: `previous`, days, a week, another data directory; see `readComparedPeriod`. Default: nothing. */
  readonly compare?: string | undefined;
  /** Only these metrics, without forecasts of others and without processes. Default: all. */
  readonly metrics?: readonly string[] | undefined;
  /** False: what took the most is not looked for, whether processes were recorded or not. */
  readonly processes?: boolean | undefined;
  /** The present day, for tests. Default: by the clock of this machine. */
  readonly today?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears how far it is: after each day that was read, then, where a period is exact, after each metric. */
  readonly onProgress?: ((state: AnalyzeProgress) => void) | undefined;
}

/** How far an analysis is: days that were read, metrics that were computed, days that were written to another file. */
export interface AnalyzeProgress {
  readonly part: 'days' | 'metrics' | 'processes' | 'writing';
  readonly done: number;
  readonly total: number;
}

/** Up to where a period is exact. */
export interface ExactLimits {
  /** Rows of which every value of a metric is held: 8 bytes each. */
  readonly rows: number;
  /** Packed bytes of days that lie in memory because they are not sealed. */
  readonly heldBytes: number;
}

/** At one row a second: 46 days, of which 4 are not sealed, in 100 MB with everything. */
const LIMITS: ExactLimits = { rows: 4_000_000, heldBytes: 24 * 1024 * 1024 };

/**
 * Reads the day files of a period and reports. A period within `limits` is exact, a metric at a time over
 * all days; a longer one goes through once, a day at a time, with quantiles from a sketch: `period.exact` says which.
 * Throws INVALID (dates, metrics, a file that is no day file), UNAVAILABLE (nothing recorded), DENIED, or the signal's reason.
 */
export async function analyze(options: AnalyzeOptions, limits: ExactLimits = LIMITS): Promise<Analysis> {
  const today = options.today ?? dayOf(Date.now() / 1000);
  const range = readDayRange(options.startDate, options.endDate, today);
  const where = options.compare === undefined ? null : readComparedPeriod(options.compare, options.dataDir, range);
  const blockDays = Math.max(daysOf(range), where === null ? 0 : daysOf(where.range));
  const measured = await measure({ ...options, today, blockDays }, range, limits);
  const { findings, cores, ...beyond } = await readBeyond(options, measured);
  const comparison = where && (await compareWith({ ...options, today, blockDays }, where, { ...measured, cores }, limits));
  const { summary, ...core } = measured.analysis;
  return { ...core, summary: { ...summary, findings: [...findings, ...summary.findings] }, comparison, ...beyond };
}

/** One period as its day files have it. */
async function measure(
  options: AnalyzeOptions & Pick<Job, 'today' | 'blockDays'>,
  range: DayRange,
  limits: ExactLimits,
): Promise<Measurement> {
  const listed = listDays(options.dataDir, range);
  const asked = options.metrics && options.metrics.length > 0 ? [...new Set(options.metrics)] : null;
  const job = { ...options, range, listed, asked };
  const passes = (await passExactly(job, limits)) ?? (await passOnce(job));
  if (passes.days.every(({ rows }) => rows === 0)) throw nothingRecorded(options.dataDir, range, []);
  const { seconds } = passes.blocks;
  return { analysis: assembleAnalysis(passes, range), series: passes.blocks.finish(), seconds, isWhole: asked === null };
}

/** The same metrics of the other period, beside those of this one. */
async function compareWith(
  options: AnalyzeOptions & Pick<Job, 'today' | 'blockDays'>,
  where: ComparedPeriod,
  measured: MeasuredPeriod,
  limits: ExactLimits,
): Promise<Comparison> {
  // What only one of the two recorded is told, not refused: other metrics are asked for than the other one may have.
  const { metrics: asked, ...rest } = options;
  const other = await measure({ ...rest, dataDir: where.dataDir }, where.range, limits);
  const cores = await readCores(where.dataDir, other.analysis.period);
  const wanted = asked && asked.length > 0 ? new Set(asked) : null;
  const comparison = compareAnalyses(measured, { ...other, cores }, where);
  return wanted ? { ...comparison, onlyOther: comparison.onlyOther.filter((name) => wanted.has(name)) } : comparison;
}

const daysOf = ({ start, end }: DayRange): number => Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000) + 1;

interface Job extends AnalyzeOptions {
  readonly today: string;
  /** Days of the longer of the periods that are compared: stretches are as long in both. */
  readonly blockDays: number;
  readonly range: DayRange;
  readonly listed: readonly string[];
  readonly asked: readonly string[] | null;
}

/** Day by day inside metric by metric: one metric's values in memory. Null when the period is too long for that. */
async function passExactly(
  { dataDir, today, blockDays, signal, listed, asked, onProgress }: Job,
  limits: ExactLimits,
): Promise<Passes | null> {
  if (estimateHeldBytes(dataDir, listed, today) > limits.heldBytes) return null;
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
    onProgress?.({ part: 'days', done: days.length, total: listed.length });
  }
  const known = days.filter((day) => day.rows > 0);
  const layout = layTimeline(known.flatMap(({ wallRange }) => wallRange ?? []));
  const clock = createClockReader(layout.start, layout.stepSeconds * 1000, layout.steps);
  const clocks: DayClock[] = known.map((day) => clock.read(day));
  const blocks = createBlockCollector(blockDays);
  const stretches = known.map((day) => blocks.lay(day));
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
      blocks.add(name, stretches[index] as BlockRuns, values);
      if (index % 8 === 7) await pause(signal);
    }
    await pause(signal);
    results.set(name, { measured: accumulator.finish(), saturation });
    onProgress?.({ part: 'metrics', done: results.size, total: names.length });
  }
  return { exact: true, days: days.map(facts), names, clock, layout, results, blocks };
}

/** Metric by metric inside day by day: one day and one sketch per metric in memory, however long the period. */
async function passOnce({ dataDir, today, blockDays, signal, listed, asked, range, onProgress }: Job): Promise<Passes> {
  const layout = layTimeline([Date.parse(`${listed[0] ?? range.start}T00:00:00Z`), Date.parse(`${listed.at(-1) ?? range.end}T23:59:59Z`)]);
  const clock = createClockReader(layout.start, layout.stepSeconds * 1000, layout.steps);
  const opener = createDayOpener(dataDir, today, signal);
  const reader = createMetricReader();
  const moments = createMomentReader();
  const blocks = createBlockCollector(blockDays);
  let memory: Float64Array = new Float64Array(0);
  const lend = (rows: number): Float64Array => (memory.length < rows ? (memory = new Float64Array(rows)) : memory);
  const takers = new Map<string, { accumulator: MetricAccumulator; saturation: SaturationAccumulator | null }>();
  const columns = new Set<string>();
  const days: Pick<Day, 'day' | 'rows' | 'flaws'>[] = [];
  for (const name of listed) {
    signal?.throwIfAborted();
    const day = await opener.lend(name);
    days.push(facts(day));
    onProgress?.({ part: 'days', done: days.length, total: listed.length });
    for (const column of day.columns) columns.add(column);
    if (day.rows === 0) continue;
    const when = clock.read(day);
    const stretches = blocks.lay(day);
    for (const metric of asked ?? metricNames(day.columns)) {
      const values = reader.read(day, metric);
      if (values === null) continue;
      let taker = takers.get(metric);
      if (taker === undefined) {
        const accumulator = createMetricAccumulator(createSketchStore(lend), layout.steps);
        takers.set(
          metric,
          (taker = { accumulator, saturation: unitOf(metric) === 'percent' ? createSaturationAccumulator(moments) : null }),
        );
      }
      taker.accumulator.add(when, values);
      taker.saturation?.add(day, when, values);
      blocks.add(metric, stretches, values);
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
  return { exact: false, days, names, clock, layout, results, blocks };
}

const facts = ({ day, rows, flaws }: Day): Pick<Day, 'day' | 'rows' | 'flaws'> => ({ day, rows, flaws });

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
