import { setImmediate } from 'node:timers/promises';
import { dayOf } from '../day/day-file.ts';
import { createDayOpener, estimateHeldBytes } from '../day/open-day.ts';
import type { Day } from '../day/packed-day.ts';
import { assembleAnalysis } from './analysis-assembly.ts';
import type { Passes } from './analysis-assembly.ts';
import type { Analysis } from './analysis.ts';
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
  const listed = listDays(options.dataDir, range);
  const asked = options.metrics && options.metrics.length > 0 ? [...new Set(options.metrics)] : null;
  const job = { ...options, today, range, listed, asked };
  const passes = (await passExactly(job, limits)) ?? (await passOnce(job));
  if (passes.days.every(({ rows }) => rows === 0)) throw nothingRecorded(options.dataDir, range, []);
  return assembleAnalysis(passes, range);
}

interface Job extends AnalyzeOptions {
  readonly today: string;
  readonly range: DayRange;
  readonly listed: readonly string[];
  readonly asked: readonly string[] | null;
}

/** Day by day inside metric by metric: one metric's values in memory. Null when the period is too long for that. */
async function passExactly({ dataDir, today, signal, listed, asked }: Job, limits: ExactLimits): Promise<Passes | null> {
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
    const day = await opener.lend(name);
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
        takers.set(
          metric,
          (taker = { accumulator, saturation: unitOf(metric) === 'percent' ? createSaturationAccumulator(moments) : null }),
        );
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
