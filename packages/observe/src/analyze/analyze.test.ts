import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dayDirectory, temporaryDirectory, useTimeZone } from '../day/day-directory.testing.ts';
import { encodeTimestamp } from '../day/day-file.ts';
import type { Analysis } from './analysis.ts';
import { analyze } from './analyze.ts';

const DAY = '2026-11-21'; // A Saturday.
const stamp = (second: number, hour: number = 14): string =>
  `${DAY}T${String(hour).padStart(2, '0')}:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000+01:00`;
const run = (days: Parameters<typeof dayDirectory>[0], options: Partial<Parameters<typeof analyze>[0]> = {}): Promise<Analysis> =>
  analyze({ dataDir: dayDirectory(days), today: DAY, ...options });

describe('statistics', () => {
  test('of a few values are those computed by hand', async () => {
    const values = [4, 8, 15, 16, 23, 42];
    const { statistics } = await run({ [DAY]: ['timestamp,x', ...values.map((value, row) => `${stamp(row)},${value}`), `${stamp(6)},`] });
    expect(statistics['x']).toEqual({
      unit: 'count',
      count: 6,
      missing: 1 / 7,
      min: 4,
      max: 42,
      mean: 18,
      median: 15.5,
      p50: 15.5,
      p75: 21.25,
      p95: 37.25,
      p99: expect.closeTo(41.05, 12),
      // Squares of distances: 196 + 100 + 9 + 4 + 25 + 576 = 910, by n - 1.
      variance: 182,
      standardDeviation: Math.sqrt(182),
    });
  });

  test('of one row have no deviation, of an unknown column nothing, of a constant none', async () => {
    const one = await run({ [DAY]: ['timestamp,x,y', `${stamp(0)},0.1,`] });
    expect(one.statistics['x']).toMatchObject({ count: 1, mean: 0.1, p99: 0.1, variance: null, standardDeviation: null, missing: 0 });
    expect(one.statistics['y']).toMatchObject({ count: 0, mean: null, min: null, p50: null, variance: null, missing: 1 });
    expect(Object.keys(one.heatmaps)).toEqual(['x']);
    const constant = await run({ [DAY]: ['timestamp,x', ...Array.from({ length: 5000 }, (_, row) => `${stamp(row % 3600)},0.1`)] });
    expect(constant.statistics['x']).toMatchObject({
      min: 0.1,
      max: 0.1,
      mean: 0.1,
      p50: 0.1,
      p99: 0.1,
      variance: 0,
      standardDeviation: 0,
    });
  });

  test('of large numbers with small changes keep their variance', async () => {
    const { statistics } = await run({
      [DAY]: ['timestamp,x', ...Array.from({ length: 4000 }, (_, row) => `${stamp(row % 3600)},${900_000_000_000_000 + (row % 2)}`)],
    });
    expect(statistics['x']?.variance).toBeCloseTo((0.25 * 4000) / 3999, 9);
  });

  test('of several days are those of all rows, and so are they in one pass with a sketch', async () => {
    const value = (row: number): number => ((row * 7919) % 1000) / 10;
    const days = Object.fromEntries(
      [19, 20, 21].map((day, part) => [
        `2026-11-${day}`,
        [
          'timestamp,x',
          ...Array.from(
            { length: 1000 },
            (_, row) =>
              `2026-11-${day}T10:${String(Math.floor(row / 60)).padStart(2, '0')}:${String(row % 60).padStart(2, '0')}Z,${value(part * 1000 + row)}`,
          ),
        ],
      ]),
    );
    const dataDir = dayDirectory(days);
    const options = { dataDir, today: DAY, startDate: '2026-11-19' };
    const { statistics, period } = await analyze(options);
    const all = Array.from({ length: 3000 }, (_, row) => value(row));
    const mean = all.reduce((sum, one) => sum + one, 0) / 3000;
    expect(period).toMatchObject({
      rows: 3000,
      exact: true,
      quantileError: 0,
      days: ['2026-11-19', '2026-11-20', '2026-11-21'],
      gaps: { count: 2 },
    });
    expect(statistics['x']?.mean).toBeCloseTo(mean, 10);
    expect(statistics['x']?.variance).toBeCloseTo(all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2999, 8);

    for (const limits of [
      { rows: 2500, heldBytes: 1e9 },
      { rows: 1e9, heldBytes: 1 },
    ]) {
      const sketched = await analyze(options, limits);
      expect(sketched.period).toMatchObject({
        rows: 3000,
        exact: false,
        quantileError: 0.005,
        coveredSeconds: period.coveredSeconds,
        gaps: period.gaps,
      });
      const [exact, rough] = [statistics['x'], sketched.statistics['x']];
      expect(rough).toMatchObject({ count: 3000, min: exact?.min, max: exact?.max, mean: exact?.mean, variance: exact?.variance });
      for (const key of ['p50', 'p75', 'p95', 'p99'] as const)
        expect(Math.abs((rough?.[key] ?? 0) / (exact?.[key] ?? 1) - 1), key).toBeLessThan(0.005);
      expect(sketched.heatmaps).toEqual((await analyze(options)).heatmaps);
      expect(sketched.summary.findings.join(' ')).toContain('estimates');
      await expect(analyze({ ...options, metrics: ['y'] }, limits)).rejects.toMatchObject({ code: 'INVALID' });
    }
  });
});

describe('derived metrics', () => {
  test('are percentages of their totals; a total of 0 or unknown gives none', async () => {
    const { statistics, sufficiency, levels } = await run({
      [DAY]: [
        'timestamp,memory_used,memory_total,memory_swap_used,memory_swap_total',
        `${stamp(0)},25,100,0,0`,
        `${stamp(1)},75,100,0,0`,
        `${stamp(2)},,100,0,0`,
        `${stamp(3)},50,,0,0`,
      ],
    });
    expect(statistics['ram_percent']).toMatchObject({ count: 2, missing: 0.5, min: 25, max: 75, mean: 50, unit: 'percent' });
    expect(statistics['swap_pressure_percent']).toMatchObject({ count: 0, mean: null, missing: 1 });
    expect(Object.keys(sufficiency)).toEqual(['ram_percent']);
    expect(levels['memory_used']).toMatchObject({ level: 'moderate', basis: 'capacity' });
    expect(levels['swap_pressure_percent']).toBeUndefined();
  });

  test('exist only where both columns do, and a recorded column of that name wins', async () => {
    const { statistics } = await run({ [DAY]: ['timestamp,memory_used,ram_percent,memory_total', `${stamp(0)},25,7,100`] });
    expect(statistics['ram_percent']?.mean).toBe(7);
    expect(Object.keys((await run({ [DAY]: ['timestamp,memory_used', `${stamp(0)},25`] })).statistics)).toEqual(['memory_used']);
  });
});

describe('hours', () => {
  test('are those of the wall clock as written, Monday first', async () => {
    const { heatmaps, blocks } = await run(
      {
        '2026-11-16': ['timestamp,x', '2026-11-16T00:30:00+09:00,1'],
        '2026-11-21': ['timestamp,x', '2026-11-21T23:59:59-08:00,2', '2026-11-21T23:10:00Z,4', '2026-11-21T05:00:00Z,'],
      },
      { startDate: '2026-11-15' },
    );
    const { mean, count } = heatmaps['x'] as NonNullable<(typeof heatmaps)[string]>;
    expect([mean.length, mean[0]?.length]).toEqual([7, 24]);
    expect([mean[0]?.[0], count[0]?.[0], mean[5]?.[23], count[5]?.[23], mean[5]?.[5], count[5]?.[5]]).toEqual([1, 1, 3, 2, null, 0]);
    expect(blocks['x']?.length).toBe(24);
    expect(blocks['x']?.[23]).toEqual({ hour: 23, count: 2, mean: 3, min: 2, max: 4 });
    expect(blocks['x']?.[5]).toEqual({ hour: 5, count: 0, mean: null, min: null, max: null });
  });

  test.each([
    ['23 hours in spring', '2026-03-29', 23, { hour: 2, count: 0 }],
    ['25 hours in autumn', '2026-10-25', 25, { hour: 2, count: 120 }],
  ])('a day has %s', async (_, day, hours, wanted) => {
    useTimeZone('Europe/Berlin');
    const start = new Date(`${day}T00:00:00`).getTime() / 1000;
    const rows = Array.from({ length: hours * 60 }, (__, minute) => `${encodeTimestamp(start + minute * 60)},${minute}`);
    const { period, blocks } = await run({ [day]: ['timestamp,x', ...rows] }, { startDate: day, endDate: day });
    expect(period).toMatchObject({
      rows: hours * 60,
      coveredSeconds: hours * 3600,
      intervalSeconds: 60,
      gaps: { count: 0 },
      clockSteps: 0,
    });
    expect(blocks['x']?.[2]).toMatchObject(wanted);
    expect(blocks['x']?.[4]?.count).toBe(60);
  });
});

describe('time above 80 % and saturated runs', () => {
  const rows = (list: readonly (readonly [second: number, percent: number | ''])[]): Record<string, string[]> => ({
    [DAY]: ['timestamp,cpu_usage_percent', ...list.map(([second, percent]) => `${stamp(second)},${percent}`)],
  });
  test.each([
    [
      'each row stands for the time since the row before',
      [
        [0, 10],
        [2, 81],
        [4, 80],
        [6, 99],
        [8, 95],
        [10, 94.9],
      ],
      { secondsAbove80: 8, longest: 4, start: stamp(6) },
    ],
    [
      'a pause ends a run, and counts as one interval',
      [
        [0, 100],
        [1, 100],
        [2, 100],
        [100, 100],
        [101, 100],
      ],
      { secondsAbove80: 5, longest: 3, start: stamp(0) },
    ],
    [
      'an unknown value ends a run',
      [
        [0, 100],
        [1, 100],
        [2, ''],
        [3, 100],
      ],
      { secondsAbove80: 3, longest: 2, start: stamp(0) },
    ],
    [
      'a clock that goes back ends a run',
      [
        [10, 100],
        [11, 100],
        [5, 100],
        [6, 100],
        [7, 100],
        [8, 100],
      ],
      { secondsAbove80: 6, longest: 4, start: stamp(5) },
    ],
    [
      'never',
      [
        [0, 1],
        [1, 2],
      ],
      { secondsAbove80: 0, longest: 0, start: null },
    ],
    [
      'a double interval is no pause',
      [
        [0, 100],
        [1, 100],
        [2, 100],
        [4, 100],
        [5, 100],
      ],
      { secondsAbove80: 6, longest: 6, start: stamp(0) },
    ],
  ] as const)('%s', async (_, list, wanted) => {
    const { sufficiency } = await run(rows(list));
    const found = sufficiency['cpu_usage_percent'];
    expect(found?.secondsAbove80).toBeCloseTo(wanted.secondsAbove80, 6);
    expect(found?.longestSaturatedSeconds).toBeCloseTo(wanted.longest, 6);
    expect(found?.longestSaturatedStart).toBe(wanted.start?.replace('.000', '') ?? null);
  });

  test('a run goes on over midnight', async () => {
    const day = (date: string, from: number): string[] => [
      'timestamp,cpu_usage_percent',
      ...Array.from(
        { length: 30 },
        (_, row) => `${date}T${from === 0 ? '00:00' : '23:59'}:${String(from + row).padStart(2, '0')}Z,${from === 0 && row > 9 ? 3 : 100}`,
      ),
    ];
    const { sufficiency, period } = await run({ '2026-11-20': day('2026-11-20', 30), [DAY]: day(DAY, 0) }, { startDate: '2026-11-20' });
    expect(sufficiency['cpu_usage_percent']).toMatchObject({
      longestSaturatedSeconds: 40,
      longestSaturatedStart: '2026-11-20T23:59:30+00:00',
      saturatedFrom: 95,
    });
    expect(period).toMatchObject({
      coveredSeconds: 60,
      intervalSeconds: 1,
      gaps: { count: 0 },
      firstTime: '2026-11-20T23:59:30+00:00',
      lastTime: '2026-11-21T00:00:29+00:00',
    });
  });
});

describe('the period', () => {
  test('counts pauses, clock steps and damage, and says so', async () => {
    const { period, summary } = await run({
      [DAY]: `${['timestamp,x', `${stamp(0)},1`, `${stamp(1)},2`, `${stamp(2)},y`, 'junk', `${stamp(62)},3`, `${stamp(61)},4`, `${stamp(62)},5`].join('\n')}\ntor`,
    });
    expect(period).toMatchObject({
      rows: 6,
      gaps: { count: 1, seconds: 59 },
      clockSteps: 1,
      flaws: { malformedLines: 1, malformedCells: 1, tornFiles: ['2026-11-21.csv'] },
    });
    const words = summary.findings.join(' ');
    for (const part of ['1 gap', 'went back', '1 line could not be read', '1 cell held no number', '2026-11-21.csv was cut off'])
      expect(words).toContain(part);
  });

  test('has a timeline of equal steps, null where nothing was recorded', async () => {
    const { period } = await run({ [DAY]: ['timestamp,x', `${stamp(0)},1`, `${stamp(1)},2`, `${stamp(3)},6`, `${stamp(3)},8`] });
    expect(period.timeline).toMatchObject({ start: `${DAY}T14:00:00`, stepSeconds: 1, steps: 4 });
    expect(period.timeline.series['x']).toEqual({ mean: [1, 2, null, 7], min: [1, 2, null, 6], max: [1, 2, null, 8] });
  });

  test('joins days of different versions', async () => {
    const { statistics } = await run(
      { '2026-11-20': ['timestamp,a,b', '2026-11-20 10:00:00,1,2'], [DAY]: ['timestamp,b,c', '1795255200,4,5'] },
      { startDate: '2026-11-01' },
    );
    expect(Object.entries(statistics).map(([name, own]) => [name, own.count, own.mean])).toEqual([
      ['a', 1, 1],
      ['b', 2, 3],
      ['c', 1, 5],
    ]);
  });

  test('may have metrics of any name', async () => {
    const analysis = await run({ [DAY]: ['timestamp,__proto__,constructor,<b>', `${stamp(0)},1,2,3`] });
    expect(JSON.parse(JSON.stringify(Object.keys(analysis.statistics)))).toEqual(['__proto__', 'constructor', '<b>']);
    expect(Object.keys(analysis).join()).toMatch(/^period,statistics,.*,levels,summary,comparison,forecasts,consumers$/);
  });

  test('is today without dates, the one day with only an end, and up to today with only a start', async () => {
    const day = (date: string): string[] => ['timestamp,x', `${date}T10:00:00Z,1`];
    const days = {
      '2026-11-19': day('2026-11-19'),
      '2026-11-20': day('2026-11-20'),
      [DAY]: day(DAY),
      '2026-11-22': day('2026-11-22'),
      notes: 'not a day file',
    };
    const dataDir = dayDirectory(days);
    const found = async (options: object): Promise<readonly string[]> => (await analyze({ dataDir, today: DAY, ...options })).period.days;
    expect(await found({})).toEqual([DAY]);
    expect(await found({ endDate: '2026-11-19' })).toEqual(['2026-11-19']);
    expect(await found({ startDate: '2026-11-20' })).toEqual(['2026-11-20', DAY]);
    expect(await found({ startDate: '2026-11-22' })).toEqual(['2026-11-22']);
    expect(await found({ startDate: '2000-01-01', endDate: '2099-12-31' })).toHaveLength(4);
  });
});

describe('what cannot be analysed', () => {
  const data = { [DAY]: ['timestamp,cpu_usage_percent,load1', `${stamp(0)},1,2`] };
  test.each([
    [{ startDate: '21.11.2026' }, 'INVALID', 'YYYY-MM-DD'],
    [{ endDate: '2026-02-30' }, 'INVALID', 'does not exist'],
    [{ endDate: '2026-13-01' }, 'INVALID', 'does not exist'],
    [{ startDate: '2026-11-21', endDate: '2026-11-20' }, 'INVALID', 'is after'],
    [{ endDate: '2026-11-20' }, 'UNAVAILABLE', 'Nothing was recorded on 2026-11-20'],
    [{ metrics: ['cpu_usage'] }, 'INVALID', 'cpu_usage'],
  ])('%j is %s', async (options, code, text) => {
    await expect(run(data, options)).rejects.toMatchObject({
      name: 'HecateError',
      code,
      message: expect.stringContaining(text),
      hint: expect.any(String),
    });
  });

  test('an unknown metric is answered with the nearest names', async () => {
    await expect(run(data, { metrics: ['load1', 'cpu_usgae_percent'] })).rejects.toMatchObject({ hint: 'Did you mean cpu_usage_percent?' });
    await expect(run(data, { metrics: ['weather'] })).rejects.toMatchObject({ hint: expect.stringContaining('cpu_usage_percent, load1') });
  });

  test('a directory without data names itself and the recorder', async () => {
    const empty = temporaryDirectory();
    for (const dataDir of [empty, path.join(empty, 'none')]) {
      await expect(analyze({ dataDir, today: DAY })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining(dataDir),
        hint: expect.stringContaining('hecate record'),
      });
    }
    for (const content of ['', 'timestamp,a\n', 'timest', `timestamp,a\n${stamp(0)},1`]) {
      await expect(run({ [DAY]: content })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    writeFileSync(path.join(empty, 'file'), '');
    await expect(analyze({ dataDir: path.join(empty, 'file'), today: DAY })).rejects.toMatchObject({ code: 'INVALID' });
  });

  test('a file that is no day file is named', async () => {
    await expect(run({ ...data, '2026-11-20': Buffer.from([0, 1, 2, 255, 10, 3]) }, { startDate: '2026-11-20' })).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('2026-11-20.csv'),
    });
    const directory = dayDirectory({});
    mkdirSync(path.join(directory, `${DAY}.csv`));
    await expect(analyze({ dataDir: directory, today: DAY })).rejects.toMatchObject({ code: 'INVALID' });
    rmSync(path.join(directory, `${DAY}.csv`), { recursive: true });
  });

  test('a signal stops it', async () => {
    await expect(run(data, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

test('only the metrics that were asked for are in the report, once', async () => {
  const { statistics } = await run(
    { [DAY]: ['timestamp,a,memory_used,memory_total', `${stamp(0)},1,2,4`] },
    { metrics: ['ram_percent', 'a', 'a'] },
  );
  expect(Object.entries(statistics).map(([name, { mean }]) => [name, mean])).toEqual([
    ['ram_percent', 50],
    ['a', 1],
  ]);
});
