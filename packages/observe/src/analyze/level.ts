import type { Level, LoadLevel, Statistics } from './analysis.ts';
import { encodeValue } from './unit.ts';

/** Where low, moderate, high and saturated begin. */
type Scale = readonly [low: number, moderate: number, high: number, saturated: number];

/** Percent of a capacity that is used. */
const USE: Scale = [5, 30, 65, 90];
/** Percent of time in which work stood still: a tenth of that is already felt. */
const STALL: Scale = [1, 5, 20, 50];
const STALLS = /^pressure_.*_percent$|_(iowait|steal)_percent$/;

/** True for a percentage of time in which work stood still, which says nothing about room that is left. */
export function isStall(metric: string): boolean {
  return STALLS.test(metric);
}

/** Metrics whose capacity another metric tells. */
const SHARES: Readonly<Record<string, string>> = { memory_used: 'ram_percent', memory_swap_used: 'swap_pressure_percent' };

const levelOf = (value: number, [low, moderate, high, saturated]: Scale): LoadLevel =>
  value < low ? 'idle' : value < moderate ? 'low' : value < high ? 'moderate' : value < saturated ? 'high' : 'saturated';

const RANK: Readonly<Record<LoadLevel, number>> = { idle: 0, low: 1, moderate: 2, high: 3, saturated: 4, constant: -1 };

/**
 * The level of a metric by its mean, and of its peaks by p95. Percentages, and amounts whose total is known, are measured
 * against their capacity; anything else only against its own range in the period, and is then never called saturated.
 * Null without a value.
 */
export function judgeLevel(metric: string, statistics: Readonly<Record<string, Statistics>>): Level | null {
  const own = statistics[metric];
  if (own === undefined || own.mean === null || own.p95 === null || own.min === null || own.max === null) return null;
  const share = Object.hasOwn(SHARES, metric) ? statistics[SHARES[metric] as string] : undefined;
  const percent = own.unit === 'percent' ? own : share;
  const show = (value: number | null): string => encodeValue(value, own.unit);
  if (percent !== undefined && percent.mean !== null && percent.p95 !== null) {
    const scale = isStall(metric) ? STALL : USE;
    const level = levelOf(percent.mean, scale);
    const peak = levelOf(percent.p95, scale);
    const peaks = RANK[peak] > RANK[level] ? `; ${peak} at its peaks (p95 ${show(own.p95)})` : `; p95 ${show(own.p95)}`;
    return { level, basis: 'capacity', text: `${capital(level)} on average (${show(own.mean)})${peaks}.` };
  }
  if (own.max === own.min) {
    return own.max === 0
      ? { level: 'idle', basis: 'none', text: 'Idle: always 0.' }
      : { level: 'constant', basis: 'none', text: `Constant at ${show(own.max)}.` };
  }
  const position = (value: number): number => ((value - (own.min as number)) / ((own.max as number) - (own.min as number))) * 100;
  const capped = (level: LoadLevel): LoadLevel => (level === 'saturated' ? 'high' : level);
  const level = own.p95 === 0 ? 'idle' : capped(levelOf(position(own.mean), USE));
  return {
    level,
    basis: 'own range',
    text: `${capital(level)} within its own range: ${show(own.mean)} on average, ${show(own.min)} to ${show(own.max)}.`,
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
