import type { BlockSeries } from './block-means.ts';
import { exactQuantiles, interpolate } from './quantile.ts';
import { compareByRanks } from './rank-comparison.ts';

/** Whether a metric is really different in the other of two periods. */
export interface BlockDifference {
  /** `unclear`: too little data to tell. */
  readonly verdict: 'higher' | 'lower' | 'same' | 'unclear';
  /** The chance that a stretch of the second period is above one of the first, less the opposite one: -1 to 1; null when unclear without any shared hour. */
  readonly delta: number | null;
  /** Independent values that the stretches of each are worth. */
  readonly effective: readonly [first: number, second: number] | null;
}

/** Stretches and independent values of each period below which nothing is told. */
const LEAST_STRETCHES = 6;
const LEAST_EFFECTIVE = 6;
/** A smaller delta is a difference that nobody notices, however sure it is ("negligible" after Romano). */
const LEAST_DELTA = 0.147;
/** Hours of each period from which on "never once within the range of the other" is a difference, however slowly a metric moves. */
const LEAST_APART_HOURS = 48;

const UNCLEAR: BlockDifference = { verdict: 'unclear', delta: null, effective: null };

/**
 * Compares a metric in two periods by means of stretches of `seconds`. Only hours of the day that both have are compared, and what all
 * days have in common at an hour is taken off, so that a night is not set against a noon.
 */
export function compareBlocks(first: BlockSeries, second: BlockSeries, seconds: number): BlockDifference {
  const hourOf = (block: number): number => ((Math.floor((block * seconds) / 3600) % 24) + 24) % 24;
  const hours = [groupByHour(first, hourOf), groupByHour(second, hourOf)] as const;
  const shared = (hour: number): boolean => (hours[0][hour]?.length ?? 0) > 0 && (hours[1][hour]?.length ?? 0) > 0;
  const [a, b] = [keepHours(first, hourOf, shared), keepHours(second, hourOf, shared)];
  if (a.means.length < LEAST_STRETCHES || b.means.length < LEAST_STRETCHES) return UNCLEAR;
  const profile = Float64Array.from({ length: 24 }, (_, hour) => (shared(hour) ? commonLevel(hours[0][hour]!, hours[1][hour]!) : 0));
  const residue = ({ blocks, means }: BlockSeries): Float64Array =>
    means.map((mean, index) => mean - (profile[hourOf(blocks[index] as number)] as number));
  const { delta, effective, significant } = compareByRanks(residue(a), residue(b), daysBehind(a, b, seconds));
  const verdict = delta > 0 ? 'higher' : 'lower';
  const found = (kind: BlockDifference['verdict']): BlockDifference => ({ verdict: kind, delta, effective });
  const hoursOf = ({ means }: BlockSeries): number => (means.length * seconds) / 3600;
  if (isApart(a.means, b.means) && Math.min(hoursOf(a), hoursOf(b)) >= LEAST_APART_HOURS) return found(verdict);
  if (Math.min(...effective) < LEAST_EFFECTIVE) return found('unclear');
  return found(significant && Math.abs(delta) >= LEAST_DELTA ? verdict : 'same');
}

function groupByHour({ blocks, means }: BlockSeries, hourOf: (block: number) => number): number[][] {
  const groups: number[][] = Array.from({ length: 24 }, () => []);
  for (const [index, block] of blocks.entries()) groups[hourOf(block)]!.push(means[index] as number);
  return groups;
}

function keepHours({ blocks, means }: BlockSeries, hourOf: (block: number) => number, kept: (hour: number) => boolean): BlockSeries {
  const inside = (_: number, index: number): boolean => kept(hourOf(blocks[index] as number));
  return { blocks: blocks.filter(inside), means: means.filter(inside) };
}

const medianOf = (values: readonly number[]): number => exactQuantiles(Float64Array.from(values), values.length, [0.5])[0] as number;

/** What an hour of the day is like in both: between the medians, nearer to the one with more behind it. Equal ones give exactly that. */
function commonLevel(first: readonly number[], second: readonly number[]): number {
  return interpolate(medianOf(first), medianOf(second), second.length / (first.length + second.length));
}

/** Days' worth of stretches in both together: so many values each hour of the common level was taken from. */
const daysBehind = (a: BlockSeries, b: BlockSeries, seconds: number): number => {
  const days = ({ blocks }: BlockSeries): number => new Set(blocks.map((block) => Math.floor((block * seconds) / 86_400))).size;
  return days(a) + days(b);
};

/** Whether every value of one is above every value of the other. */
function isApart(a: Float64Array, b: Float64Array): boolean {
  const least = (values: Float64Array): number => values.reduce((low, value) => Math.min(low, value));
  const most = (values: Float64Array): number => values.reduce((high, value) => Math.max(high, value));
  return least(a) > most(b) || least(b) > most(a);
}
