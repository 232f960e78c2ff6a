import type { Analysis, Period } from './analysis.ts';
import { isStall } from './level.ts';

/** What people look at first, in this order. */
const FIRST = [
  'cpu_usage_percent',
  'ram_percent',
  'gpu_usage_percent',
  'disk_utilization_percent',
  'swap_pressure_percent',
  'pressure_io_some_percent',
  'network_receive_bytes_per_second',
  'disk_write_bytes_per_second',
  'root_filesystem_used_percent',
];

/** The metrics that a report shows large: known ones first, then percentages, then others; only such as have values. At most `most`. */
export function leadingMetrics({ blocks, statistics }: Analysis, most: number = 8): string[] {
  const known = Object.keys(blocks);
  const changing = (name: string): boolean => statistics[name]?.min !== statistics[name]?.max || FIRST.includes(name);
  const first = FIRST.filter((name) => known.includes(name));
  const rest = known.filter((name) => !first.includes(name) && changing(name));
  const percent = rest.filter((name) => statistics[name]?.unit === 'percent');
  const chosen = first.length >= 4 ? first : [...first, ...percent, ...rest.filter((name) => !percent.includes(name))];
  return chosen.slice(0, most);
}

/** Where the colours of a metric begin and end: 0 to 100 for percentages, else what its hours reach, from 0 where that is near. */
export function scaleOf({ statistics, blocks }: Analysis, name: string): { low: number; high: number } {
  if (statistics[name]?.unit === 'percent') return { low: 0, high: 100 };
  const means = (blocks[name] ?? []).map(({ mean }) => mean).filter((mean): mean is number => mean !== null);
  if (means.length === 0) return { low: 0, high: 1 };
  const low = means.reduce((least, mean) => Math.min(least, mean));
  const high = means.reduce((most, mean) => Math.max(most, mean));
  return low >= 0 && low < high / 2 ? { low: 0, high } : { low, high };
}

/** Seconds of recording below which nothing is said of whether the machine suffices. */
const LEAST_COVERED = 600;

/** Whether enough was recorded to judge by. */
export function isLongEnough({ coveredSeconds }: Period): boolean {
  return coveredSeconds >= LEAST_COVERED;
}

/**
 * The metrics of which a report says whether they suffice: percentages of something that can be full, not of time that was lost.
 * None when too little was recorded; the summary says so.
 */
export function resourceMetrics({ sufficiency, period }: Analysis): string[] {
  if (!isLongEnough(period)) return [];
  return Object.keys(sufficiency).filter((name) => !isStall(name));
}
