import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../day/day-directory.testing.ts';
import { feed, openTiers } from '../tier/tiers.testing.ts';
import { createChance } from './chance.testing.ts';
import type { Chance } from './chance.testing.ts';
import { columnFills, forecastAll, readTierFacts } from './fill-series.ts';
import { forecastFill } from './forecast.ts';
import type { FillSeries, Forecast } from './forecast.ts';
import { readTrend } from './trend.ts';

const START = Date.UTC(2026, 10, 1) / 1000;

/** A value an hour for so many days. */
function hourly(days: number, value: (hour: number) => number, kind: Forecast['kind'] = 'filesystem'): FillSeries {
  const hours = [...Array(Math.round(days * 24)).keys()];
  return { kind, name: '/', times: hours.map((hour) => START + hour * 3600), values: hours.map(value) };
}

const rhythm = (hour: number): number => 10 * Math.sin((hour / 24) * 2 * Math.PI);

describe('too little', () => {
  test.each([0, 1 / 24, 1, 2])('%d days: nothing is said', (days) => {
    expect(forecastFill(hourly(days, (hour) => hour))).toBeNull();
  });

  test('values that are unknown are none, and three days are the least', () => {
    expect(forecastFill(hourly(9, (hour) => (hour < 48 ? 5 : Number.NaN)))).toBeNull();
    expect(forecastFill(hourly(3, () => 5))).toMatchObject({ verdict: 'steady', perDay: 0, days: 3 });
    // Days that share no hour cannot be compared.
    const times = [0, 30, 60].map((hour) => START + hour * 3600);
    expect(readTrend(times, [1, 2, 3])).toBeNull();
  });

  test('three days with a gap of a year between do not foretell', () => {
    const times = [0, 1, 366].flatMap((day) => [...Array(24).keys()].map((hour) => START + (day * 24 + hour) * 3600));
    const found = forecastFill({ kind: 'filesystem', name: '/', times, values: times.map((_, index) => 50 + (index % 3)) });
    expect(found).toMatchObject({ verdict: 'steady', expected: null });
  });
});

describe('a planted trend', () => {
  test('of two points a day is found under a daily rhythm, and its end told to the day', () => {
    // 40 % on the 1st, 2 points a day: 100 % after 30 days, on the 1st of December; 14 days are seen.
    const { normal } = createChance(3);
    const found = forecastFill(hourly(14, (hour) => 40 + (hour / 24) * 2 + rhythm(hour) / 5 + normal() * 0.1))!;
    expect(found.verdict).toBe('fills');
    expect(found.perDay).toBeCloseTo(2, 1);
    expect(found.interval[0]).toBeLessThanOrEqual(2);
    expect(found.interval[1]).toBeGreaterThanOrEqual(2);
    expect(['2026-11-30', '2026-12-01', '2026-12-02']).toContain(found.expected);
    expect(found.earliest! <= found.expected!).toBe(true);
    expect(found.latest! >= found.expected!).toBe(true);
    expect(found.text).toContain(`full about ${found.expected}`);
  });

  test('beyond three times what was seen no date is told, only before when it is not', () => {
    const found = forecastFill(hourly(7, (hour) => 10 + (hour / 24) * 0.5))!;
    // It ends on the 7th at 23:00; three times 167 hours later is the 28th.
    expect(found).toMatchObject({ verdict: 'grows', expected: null, earliest: '2026-11-28', latest: null });
    expect(found.text).toMatch(/not full before 2026-11-28/);
  });

  test('that falls shrinks, that is full is full, memory is short before it is full', () => {
    expect(forecastFill(hourly(7, (hour) => 80 - hour / 24))).toMatchObject({ verdict: 'shrinks', expected: null, earliest: null });
    expect(forecastFill(hourly(7, () => 100))).toMatchObject({ verdict: 'full' });
    expect(forecastFill(hourly(7, () => 96, 'memory'))).toMatchObject({
      verdict: 'full',
      limit: 95,
      text: expect.stringContaining('short now'),
    });
    expect(forecastFill(hourly(7, (hour) => 40 + hour / 500))).toMatchObject({
      verdict: 'steady',
      text: expect.stringContaining('hardly'),
    });
  });
});

describe('no trend', () => {
  const kinds: readonly (readonly [string, (chance: Chance) => (hour: number) => number])[] = [
    [
      'noise',
      ({ normal }) =>
        () =>
          50 + normal(),
    ],
    [
      'a daily rhythm',
      ({ normal }) =>
        (hour) =>
          50 + rhythm(hour) + normal(),
    ],
    [
      'a random walk',
      ({ normal }) => {
        let level = 50;
        return () => (level += normal() * 0.1);
      },
    ],
    [
      'a saw of a week',
      ({ normal }) =>
        (hour) =>
          40 + ((hour / 24) % 7) * 3 + normal() * 0.1,
    ],
  ];
  test.each(kinds)('of %s a date is told in at most 2 of 100 cases', (_, make) => {
    for (const days of [14, 28]) {
      let told = 0;
      for (let seed = 0; seed < 60; seed += 1) {
        const found = forecastFill(hourly(days, make(createChance(seed * 31 + days))))!;
        if (found.verdict === 'fills') told += 1;
      }
      expect(told / 60).toBeLessThanOrEqual(0.02);
    }
  });
});

describe('the history in tiers', () => {
  test('has each file system: read up to the end of the period, by the wall clock, and cores are counted', async () => {
    const dataDir = temporaryDirectory();
    const tiers = openTiers(dataDir);
    for (let time = START; time < START + 6 * 86_400; time += 300) {
      const full = 50 + ((time - START) / 86_400) * 3;
      feed(tiers, time, {
        'filesystem./var/a.b.used_percent': full,
        'filesystem./.used_percent': 10,
        'core.0.usage_percent': 1,
        'core.1.usage_percent': 2,
      });
      if ((time - START) % 3600 === 0) await tiers.settle();
    }
    await tiers.settle();
    tiers.close();
    const facts = await readTierFacts(dataDir, START + 4 * 86_400, START + 5 * 86_400, 3600);
    expect(facts).toMatchObject({ cores: 2, trouble: null });
    expect(facts.fills.map(({ name }) => name)).toEqual(['/', '/var/a.b']);
    // What came before the period counts, what came after it does not, and the clock is an hour ahead.
    expect(facts.fills[1]!.times.reduce((least, time) => Math.min(least, time))).toBe(START + 3600);
    expect(facts.fills[1]!.times.reduce((most, time) => Math.max(most, time))).toBeLessThanOrEqual(START + 5 * 86_400 + 3600);
    const [first, second] = await forecastAll(facts.fills);
    // 65 % on the 6th, 3 points a day: full eleven or twelve days later.
    expect(first).toMatchObject({ name: '/var/a.b', verdict: 'fills', expected: '2026-11-17', days: 6 });
    expect(second).toMatchObject({ name: '/', verdict: 'steady' });
    expect(await readTierFacts(temporaryDirectory(), START, START, 0)).toEqual({ fills: [], cores: null, trouble: null });
  });
});

describe('several', () => {
  test('come with the most urgent first, and / of the tiers goes before that of the columns', async () => {
    const fills = await forecastAll([
      { ...hourly(7, () => 5), name: 'idle' },
      { ...hourly(7, (hour) => 10 + hour / 48), name: 'slow' },
      { ...hourly(7, (hour) => 60 + hour / 12), name: 'soon' },
      { ...hourly(7, () => 100), name: 'now' },
      { ...hourly(1, () => 100), name: 'short' },
    ]);
    expect(fills.map(({ name }) => name)).toEqual(['now', 'soon', 'slow', 'idle']);
    const series = new Map([['root_filesystem_used_percent', { blocks: Int32Array.of(1, 2), means: Float64Array.of(3, 4) }]]);
    expect(columnFills(series, 600, [])).toEqual([{ kind: 'filesystem', name: '/', times: [600, 1200], values: [3, 4] }]);
    expect(columnFills(series, 600, [hourly(1, () => 1)])).toEqual([]);
  });

  test('end with the signal', async () => {
    await expect(forecastAll([hourly(4, () => 1)], AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
