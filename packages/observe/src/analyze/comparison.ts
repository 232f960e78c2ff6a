import type { Analysis, Statistics } from './analysis.ts';
import { compareBlocks } from './block-difference.ts';
import type { BlockDifference } from './block-difference.ts';
import type { BlockSeries } from './block-means.ts';
import type { ComparedPeriod } from './compared-period.ts';
import type { DayRange } from './period-days.ts';
import type { ColumnUnit } from '../record/columns.ts';
import { encodeCount, encodeValue } from './unit.ts';

/** Two periods of a machine, or two machines, beside each other. The other one comes first in time, as a rule: changes are from it to this one. */
export interface Comparison {
  /** The data directory of the other period; null when it is the same one. */
  readonly directory: string | null;
  readonly startDate: string;
  readonly endDate: string;
  /** Rows, days with rows, and seconds covered of the other. */
  readonly rows: number;
  readonly days: number;
  readonly coveredSeconds: number;
  /** What the machines have; null where it was not recorded. */
  readonly hardware: { readonly this: Hardware; readonly other: Hardware };
  /** By metric that both have values of. */
  readonly metrics: Readonly<Record<string, MetricDifference>>;
  /** Metrics that only one of the two has values of. */
  readonly onlyThis: readonly string[];
  readonly onlyOther: readonly string[];
  /** What to know, most important first: other hardware, what is higher, what is lower. */
  readonly findings: readonly string[];
}

/** What the shares of a machine are shares of. */
export interface Hardware {
  readonly cores: number | null;
  /** Bytes. */
  readonly memory: number | null;
  readonly swap: number | null;
}

/** One metric in both periods. */
export interface MetricDifference {
  /** What the numbers below are in: the metric's own unit, or percent where machines differ and shares are compared. */
  readonly unit: ColumnUnit;
  /** What it is a share of, where machines differ; null when it is compared as it is. */
  readonly shareOf: 'memory' | 'swap' | 'cores' | null;
  readonly this: Quantiles;
  readonly other: Quantiles;
  /** Medians: this less other, and that as a share of other's size; null when other's is 0. */
  readonly difference: number;
  readonly relative: number | null;
  /** Whether it is a real difference: docs/reports.md says how that is found. */
  readonly verdict: BlockDifference['verdict'];
  /** How much more often this is above other than below it, -1 to 1; null when they share no hour of the day. */
  readonly delta: number | null;
}

/** Three numbers of a metric. */
export interface Quantiles {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** A period that was analysed, with means of stretches of each metric. */
export interface MeasuredPeriod {
  readonly analysis: Pick<Analysis, 'period' | 'statistics'>;
  readonly series: ReadonlyMap<string, BlockSeries>;
  /** Seconds of a stretch. */
  readonly seconds: number;
  /** Cores, as the history in tiers has them; null without one. */
  readonly cores: number | null;
}

/** Totals are never the same to the byte: a kernel that was updated keeps some megabytes more. */
const SAME_HARDWARE = 0.02;

/** Compares two periods that were measured with stretches of the same length. */
export function compareAnalyses(now: MeasuredPeriod, other: MeasuredPeriod, where: ComparedPeriod): Comparison {
  const hardware = { this: hardwareOf(now), other: hardwareOf(other) };
  const metrics = Object.create(null) as Record<string, MetricDifference>;
  const onlyThis: string[] = [];
  for (const [name, own] of Object.entries(now.analysis.statistics)) {
    const before = other.analysis.statistics[name];
    const [a, b] = [other.series.get(name), now.series.get(name)];
    if (own.count === 0) continue;
    if (before === undefined || before.count === 0) onlyThis.push(name);
    else if (a && b) metrics[name] = compareMetric(name, { own, before, a, b, seconds: now.seconds, hardware });
  }
  const onlyOther = Object.entries(other.analysis.statistics)
    .filter(([name, { count }]) => count > 0 && !((now.analysis.statistics[name]?.count ?? 0) > 0))
    .map(([name]) => name);
  const { rows, days, coveredSeconds } = other.analysis.period;
  const parts = { hardware, metrics, onlyThis, onlyOther };
  const range: DayRange = where.range;
  return {
    directory: where.elsewhere ? where.dataDir : null,
    startDate: range.start,
    endDate: range.end,
    rows,
    days: days.length,
    coveredSeconds,
    ...parts,
    findings: [...hardwareFindings(hardware), ...metricFindings(metrics)],
  };
}

interface Sides {
  readonly own: Statistics;
  readonly before: Statistics;
  readonly a: BlockSeries;
  readonly b: BlockSeries;
  readonly seconds: number;
  readonly hardware: Comparison['hardware'];
}

function compareMetric(name: string, { own, before, a, b, seconds, hardware }: Sides): MetricDifference {
  const share = shareOf(name, hardware);
  const scales = share ? ([100 / hardware.this[share]!, 100 / hardware.other[share]!] as const) : ([1, 1] as const);
  const quantiles = ({ median, p95, max }: Statistics, scale: number): Quantiles => ({
    median: median! * scale,
    p95: p95! * scale,
    max: max! * scale,
  });
  const [mine, others] = [quantiles(own, scales[0]), quantiles(before, scales[1])];
  const scaled = ({ blocks, means }: BlockSeries, scale: number): BlockSeries => ({
    blocks,
    means: scale === 1 ? means : means.map((mean) => mean * scale),
  });
  const { verdict, delta } = compareBlocks(scaled(a, scales[1]), scaled(b, scales[0]), seconds);
  const difference = mine.median - others.median;
  return {
    unit: share ? 'percent' : own.unit,
    shareOf: share,
    this: mine,
    other: others,
    difference,
    relative: others.median === 0 ? null : difference / Math.abs(others.median),
    verdict,
    delta,
  };
}

function hardwareOf({ analysis: { statistics }, cores }: MeasuredPeriod): Hardware {
  return { cores, memory: statistics['memory_total']?.median ?? null, swap: statistics['memory_swap_total']?.median ?? null };
}

const differs = (a: number | null, b: number | null): boolean =>
  a !== null && b !== null && a > 0 && b > 0 && Math.abs(a - b) > SAME_HARDWARE * Math.max(a, b);

/** What a metric is a share of, when the two machines differ in that; null when it is compared as it is. */
function shareOf(name: string, { this: own, other }: Comparison['hardware']): MetricDifference['shareOf'] {
  if (/^memory_swap_(?!total$)/.test(name) && differs(own.swap, other.swap)) return 'swap';
  if (/^memory_(?!swap_|total$)/.test(name) && differs(own.memory, other.memory)) return 'memory';
  if (/^load\d+$/.test(name) && differs(own.cores, other.cores)) return 'cores';
  return null;
}

function hardwareFindings({ this: own, other }: Comparison['hardware']): string[] {
  const parts: string[] = [];
  const say = (what: string, a: number | null, b: number | null, text: (value: number) => string): void => {
    if (differs(a, b)) parts.push(`${what} ${text(b!)} there and ${text(a!)} here`);
  };
  say('cores:', own.cores, other.cores, encodeCount);
  say('memory:', own.memory, other.memory, (bytes) => encodeValue(bytes, 'bytes'));
  say('swap:', own.swap, other.swap, (bytes) => encodeValue(bytes, 'bytes'));
  return parts.length === 0 ? [] : [`The hardware differs: ${parts.join(', ')}. What depends on it is compared in percent of it.`];
}

/** Metrics that are told one by one; of others how many there are. */
const MOST_TOLD = 6;

function metricFindings(metrics: Readonly<Record<string, MetricDifference>>): string[] {
  const entries = Object.entries(metrics);
  const told = (verdict: 'higher' | 'lower'): string[] => {
    const found = entries
      .filter(([, one]) => one.verdict === verdict)
      .sort(([, a], [, b]) => Math.abs(b.delta ?? 0) - Math.abs(a.delta ?? 0));
    if (found.length === 0) return [];
    const names = found.slice(0, MOST_TOLD).map(([name, one]) => `${name} (${encodeChange(one)})`);
    const rest = found.length - names.length;
    return [`Really ${verdict}: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`];
  };
  const findings = [...told('higher'), ...told('lower')];
  const unclear = entries.filter(([, { verdict }]) => verdict === 'unclear').length;
  if (findings.length === 0 && entries.length > unclear) findings.push('Nothing differs by more than chance would make.');
  const whom = unclear === entries.length ? 'all' : `${unclear} of ${entries.length}`;
  if (unclear > 0) findings.push(`Of ${whom} metrics too little was recorded to tell, or they move too slowly.`);
  return findings;
}

/** A change in words: `+40 %`, `-3.1 pt`, or in the metric's unit where there was nothing before. */
export function encodeChange({ unit, difference, relative }: MetricDifference): string {
  if (unit === 'percent') return signed(difference, 1, 'pt');
  if (relative === null) return `${difference > 0 ? '+' : ''}${encodeValue(difference, unit)}`;
  const share = relative * 100;
  return signed(share, Math.abs(share) < 10 ? 1 : 0, '%');
}

function signed(value: number, decimals: number, unit: string): string {
  const text = Math.abs(value).toFixed(decimals);
  const sign = Number(text) === 0 ? '' : value > 0 ? '+' : '-';
  return `${sign}${text} ${unit}`;
}
