import type { ColumnUnit } from '../record/columns.ts';
import type { Comparison } from './comparison.ts';
import type { Consumers } from './consumers.ts';
import type { Forecast } from './forecast.ts';

/** The report of `hecate analyze`: what `--format json` prints. Metric names are those of the day files. */
export interface Analysis extends ColumnAnalysis {
  /** Another period or machine beside this one; null when none was asked for. */
  readonly comparison: Comparison | null;
  /** Who took the most; null when no process tables are kept of the period, or certain metrics were asked for. */
  readonly consumers: Consumers | null;
  /** When what fills is full, the most urgent first; empty with fewer than three days. */
  readonly forecasts: readonly Forecast[];
}

/** What the columns of the day files say. */
export interface ColumnAnalysis {
  readonly period: Period;
  /** By metric. */
  readonly statistics: Readonly<Record<string, Statistics>>;
  /** By metric that has values: day of week by hour. */
  readonly heatmaps: Readonly<Record<string, Heatmap>>;
  /** By metric that has values: the 24 hours of a day, all days together. */
  readonly blocks: Readonly<Record<string, readonly HourBlock[]>>;
  /** By percent metric that has values. */
  readonly sufficiency: Readonly<Record<string, Sufficiency>>;
  /** By metric that has values. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly summary: Summary;
}

/** What was analysed. */
export interface Period {
  /** First and last day asked for, `2026-11-21`. */
  readonly startDate: string;
  readonly endDate: string;
  /** The days that have rows. */
  readonly days: readonly string[];
  /** The first and the last row's timestamp, wall clock with offset. */
  readonly firstTime: string;
  readonly lastTime: string;
  /** Rows, in all days. */
  readonly rows: number;
  /** Seconds from row to row, as the median of the days. */
  readonly intervalSeconds: number;
  /** Seconds that the rows stand for: real intervals, a gap counted as one typical interval. */
  readonly coveredSeconds: number;
  /** Pauses of more than three typical intervals. */
  readonly gaps: { readonly count: number; readonly seconds: number };
  /** Times that the clock stood still or went back from one row to the next. */
  readonly clockSteps: number;
  /** True when quantiles are exact; false when they come from a sketch (long periods in bounded memory). */
  readonly exact: boolean;
  /** The largest relative error of a quantile: 0 when exact. */
  readonly quantileError: number;
  /** What was left out of the files. */
  readonly flaws: { readonly malformedLines: number; readonly malformedCells: number; readonly tornFiles: readonly string[] };
  /** The whole period in up to 240 equal steps, for plots. */
  readonly timeline: Timeline;
}

/** Series of the whole period, coarse. */
export interface Timeline {
  /** Wall clock of the beginning of the first step, `2026-11-21T14:00:00`. */
  readonly start: string;
  readonly stepSeconds: number;
  readonly steps: number;
  /** By metric that has values; null where a step has none. */
  readonly series: Readonly<Record<string, TimelineSeries>>;
}

/** One metric of a {@link Timeline}: a value per step. */
export interface TimelineSeries {
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/**
 * Statistics of one metric over its known values. Quantiles interpolate linearly between neighbours (type 7, as numpy
 * and pandas do by default); variance and standard deviation are those of a sample (n - 1), as pandas does.
 * All are null without a value, the deviation also with a single one.
 */
export interface Statistics {
  readonly unit: ColumnUnit;
  /** Rows with a value. */
  readonly count: number;
  /** Share of the period's rows without one, 0 to 1. */
  readonly missing: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly standardDeviation: number | null;
  readonly variance: number | null;
}

/** Seven rows from Monday to Sunday of 24 hours, by the wall clock as written. */
export interface Heatmap {
  readonly mean: readonly (readonly (number | null)[])[];
  readonly count: readonly (readonly number[])[];
}

/** One hour of the day, all days together. */
export interface HourBlock {
  readonly hour: number;
  readonly count: number;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Whether a resource suffices: how calm it is, and how far from its end. */
export interface Sufficiency {
  /** p95 - p75 in percent points: how far the peaks stand out. */
  readonly gap: number;
  /** `steady`: under 5 points, `lively`: under 20, `bursty`: under 40, `spiky`: more. */
  readonly shape: 'steady' | 'lively' | 'bursty' | 'spiky';
  /** 100 - p95 in percent points. */
  readonly headroom: number;
  /** By headroom and saturation: `ample`: 40 and more, `enough`: 20, `tight`: 5, `short`: less. */
  readonly verdict: 'ample' | 'enough' | 'tight' | 'short';
  /** Seconds above 80 %. */
  readonly secondsAbove80: number;
  /** The same as a share of the time with a value, 0 to 1. */
  readonly shareAbove80: number;
  /** From this percentage on the resource counts as saturated. */
  readonly saturatedFrom: number;
  /** Seconds of the longest uninterrupted saturated run; a gap or an unknown value ends a run. */
  readonly longestSaturatedSeconds: number;
  /** When that run began, wall clock with offset; null without one. */
  readonly longestSaturatedStart: string | null;
  /** All of it in words. */
  readonly reading: string;
}

/** How loaded, in words. */
export interface Level {
  readonly level: LoadLevel;
  /** What the level is measured against: a real capacity (100 %, a total), or only the metric's own range. */
  readonly basis: 'capacity' | 'own range' | 'none';
  /** One sentence. */
  readonly text: string;
}

/** `constant`: the metric never changed and has no capacity to compare with. */
export type LoadLevel = 'idle' | 'low' | 'moderate' | 'high' | 'saturated' | 'constant';

/** The report in words. */
export interface Summary {
  /** One sentence of what the machine did. */
  readonly headline: string;
  readonly pattern: DailyPattern;
  /** What a person should know, most important first. */
  readonly findings: readonly string[];
}

/** When the machine is busy. */
export interface DailyPattern {
  /** The metric it was read from; null when nothing has values. */
  readonly metric: string | null;
  /** Neighbouring hours of the day, or empty when hours do not differ. */
  readonly busiestHours: readonly number[];
  readonly quietestHours: readonly number[];
  readonly weekdayMean: number | null;
  readonly weekendMean: number | null;
  readonly text: string;
}
