import { describe, expect, test } from 'vitest';
import type { Statistics } from './analysis.ts';
import { readDailyPattern } from './daily-pattern.ts';
import { judgeLevel } from './level.ts';
import { judgeSufficiency } from './sufficiency.ts';
import { encodeCount, encodeDuration, encodeValue, glueUnits, unitOf } from './unit.ts';
import type { ColumnUnit } from '../record/columns.ts';

function statistics(parts: Partial<Statistics>): Statistics {
  const zero = { min: 0, max: 0, mean: 0, median: 0, p50: 0, p75: 0, p95: 0, p99: 0, standardDeviation: 0, variance: 0 };
  return { unit: 'percent', count: 10, missing: 0, ...zero, ...parts };
}

describe('a value in words', () => {
  test.each<[number | null, ColumnUnit, string]>([
    [null, 'percent', '-'],
    [Number.NaN, 'percent', '-'],
    [0, 'percent', '0 %'],
    [62.4321, 'percent', '62.4 %'],
    [100, 'percent', '100 %'],
    [0.004, 'percent', '0.004 %'],
    [0, 'bytes', '0 B'],
    [1023, 'bytes', '1023 B'],
    [1536, 'bytes', '1.5 KiB'],
    [17_179_869_184, 'bytes', '16 GiB'],
    [1_073_741_823, 'bytes', '1 GiB'],
    [999, 'bytes/second', '999 B/s'],
    [12_500_000, 'bytes/second', '12.5 MB/s'],
    [0.0000012, 'seconds', '1.2 µs'],
    [0.0123, 'seconds', '12.3 ms'],
    [2, 'seconds', '2 s'],
    [0.35, 'watts', '350 mW'],
    [45.67, 'watts', '45.7 W'],
    [54.32, 'celsius', '54.3 °C'],
    [1_444_000_000, 'hertz', '1.44 GHz'],
    [0.07, 'load', '0.07'],
    [12_345, 'count', '12.3 k'],
    [42, 'count', '42'],
    [1500, 'count/second', '1.5 k/s'],
    [-3, 'percent', '-3 %'],
    [1e21, 'count', '1000000000 T'],
  ])('%j %s is %j', (value, unit, text) => {
    expect(encodeValue(value, unit)).toBe(text);
  });

  test.each([
    [0, '0 s'],
    [0.5, '0.5 s'],
    [45, '45 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [273_600, '3 d 4 h'],
    [86_399.6, '1 d'],
  ])('%d s are %j', (seconds, text) => {
    expect(encodeDuration(seconds)).toBe(text);
  });

  test.each<[string, ColumnUnit]>([
    ['cpu_usage_percent', 'percent'],
    ['load1', 'load'],
    ['ram_percent', 'percent'],
    ['memory_total', 'bytes'],
    ['power_cpu', 'watts'],
    ['x_bytes_per_second', 'bytes/second'],
    ['something', 'count'],
    ['__proto__', 'count'],
  ])('%s is in %s', (name, unit) => {
    expect(unitOf(name)).toBe(unit);
  });

  test('has its thousands apart', () => {
    expect([0, 999, 1000, 2_592_000].map(encodeCount)).toEqual(['0', '999', '1,000', '2,592,000']);
  });

  test('holds number and unit together', () => {
    expect(glueUnits('at 5 % of 3 GiB/s or 2 months, 7 sheep')).toBe('at 5\u00a0% of 3\u00a0GiB/s or 2 months, 7 sheep');
  });
});

describe('sufficiency', () => {
  const calm = { knownSeconds: 1000, secondsAbove80: 0, longestSeconds: 0, longestStart: null };
  test.each([
    ['ample and steady', { p75: 10, p95: 12 }, calm, { gap: 2, headroom: 88, shape: 'steady', verdict: 'ample' }],
    ['enough, with spikes', { p75: 20, p95: 75 }, calm, { gap: 55, headroom: 25, shape: 'spiky', verdict: 'enough' }],
    ['tight and bursty', { p75: 55, p95: 90 }, calm, { gap: 35, headroom: 10, shape: 'bursty', verdict: 'tight' }],
    ['short and steady', { p75: 97, p95: 99 }, calm, { gap: 2, headroom: 1, shape: 'steady', verdict: 'short' }],
    [
      'ample but full for minutes',
      { p75: 5, p95: 20 },
      { ...calm, secondsAbove80: 200, longestSeconds: 120 },
      { shape: 'lively', verdict: 'tight', secondsAbove80: 200, shareAbove80: 0.2, longestSaturatedSeconds: 120 },
    ],
    ['at the very borders', { p75: 55, p95: 60 }, calm, { gap: 5, headroom: 40, shape: 'lively', verdict: 'ample' }],
  ])('%s', (_, quantiles, saturation, wanted) => {
    const judged = judgeSufficiency(statistics(quantiles), saturation);
    expect(judged).toMatchObject(wanted);
    expect(judged?.reading).toMatch(/points/);
  });

  test('is null without a value', () => {
    expect(judgeSufficiency(statistics({ count: 0, p75: null, p95: null }), calm)).toBeNull();
  });
});

describe('the level', () => {
  const of = (metric: string, own: Partial<Statistics>, others: Record<string, Partial<Statistics>> = {}): unknown =>
    judgeLevel(metric, {
      [metric]: statistics(own),
      ...Object.fromEntries(Object.entries(others).map(([name, parts]) => [name, statistics(parts)])),
    });
  test.each([
    ['cpu_usage_percent', { mean: 2, p95: 4 }, 'idle'],
    ['cpu_usage_percent', { mean: 12, p95: 70 }, 'low'],
    ['cpu_usage_percent', { mean: 40, p95: 50 }, 'moderate'],
    ['cpu_usage_percent', { mean: 80, p95: 99 }, 'high'],
    ['cpu_usage_percent', { mean: 97, p95: 100 }, 'saturated'],
    ['pressure_io_full_percent', { mean: 25, p95: 30 }, 'high'],
    ['cpu_iowait_percent', { mean: 7, p95: 9 }, 'moderate'],
    ['context_switches_per_second', { unit: 'count/second', min: 100, max: 100, mean: 100, p95: 100 } as const, 'constant'],
    ['network_errors_per_second', { unit: 'count/second' } as const, 'idle'],
    ['disk_read_bytes_per_second', { unit: 'bytes/second', min: 0, max: 1000, mean: 990, p95: 999 } as const, 'high'],
    ['disk_read_bytes_per_second', { unit: 'bytes/second', min: 0, max: 1000, mean: 10, p95: 30 } as const, 'idle'],
  ])('of %s with %j is %s', (metric, own, level) => {
    expect(of(metric, own)).toMatchObject({ level });
  });

  test('of an amount with a known total is that of its share', () => {
    expect(of('memory_used', { unit: 'bytes', min: 5, max: 9, mean: 6, p95: 8 }, { ram_percent: { mean: 92, p95: 95 } })).toMatchObject({
      level: 'saturated',
      basis: 'capacity',
    });
  });

  test('names the level of the peaks when they are higher', () => {
    expect(of('cpu_usage_percent', { mean: 12, p95: 70 })).toMatchObject({ text: 'Low on average (12 %); high at its peaks (p95 70 %).' });
  });
});

describe('the daily pattern', () => {
  const day = (mean: (hour: number) => number | null): Parameters<typeof readDailyPattern>[2] =>
    Array.from({ length: 24 }, (_, hour) => ({
      hour,
      count: mean(hour) === null ? 0 : 60,
      mean: mean(hour),
      min: mean(hour),
      max: mean(hour),
    }));
  const week = (mean: (weekday: number, hour: number) => number | null): Parameters<typeof readDailyPattern>[3] => {
    const means = Array.from({ length: 7 }, (_, weekday) => Array.from({ length: 24 }, (__, hour) => mean(weekday, hour)));
    return { mean: means, count: means.map((hours) => hours.map((value) => (value === null ? 0 : 60))) };
  };

  test('names the busiest and the quietest hours, around midnight too', () => {
    const found = readDailyPattern(
      'cpu_usage_percent',
      'percent',
      day((hour) => (hour >= 14 && hour < 17 ? 80 : hour >= 23 || hour < 2 ? 2 : 30)),
      week((weekday) => (weekday < 5 ? 40 : 10)),
    );
    expect(found).toMatchObject({ busiestHours: [14, 15, 16], quietestHours: [23, 0, 1], weekdayMean: 40, weekendMean: 10 });
    expect(found.text).toBe(
      'cpu_usage_percent is highest from 14:00 to 17:00 (80 % in the hour from 14:00) and lowest from 23:00 to 02:00 (2 % from 00:00). Weekdays are busier than the weekend (40 % against 10 %).',
    );
  });

  test('says when hours do not differ, when the weekend is busier, and when there is too little', () => {
    expect(
      readDailyPattern(
        'm',
        'percent',
        day(() => 10),
        week((weekday) => (weekday < 5 ? 10 : 30)),
      ).text,
    ).toBe('m hardly changes with the hour of the day (10 % to 10 %). The weekend is busier than weekdays (30 % against 10 %).');
    expect(
      readDailyPattern(
        'm',
        'percent',
        day((hour) => (hour === 3 ? 10 : null)),
        week((weekday, hour) => (weekday === 1 && hour === 3 ? 10 : null)),
      ),
    ).toMatchObject({
      busiestHours: [],
      weekendMean: null,
      text: 'Only one of the 24 hours of the day has rows: too few for a daily pattern.',
    });
  });
});
