import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, DAY, days, expectRefusal, jsonOf, KEYS, ofDay, plainDay } from './analyze.testing.ts';
import type { Analysis } from './analyze.testing.ts';
import { run, temporary } from './cli.testing.ts';
import { noReadOnly, readOnlyPlace } from './mounts.testing.ts';

describe('what was recorded', () => {
  it('is analysed today by default, in every format', async () => {
    const directory = temporary('days');
    expect((await run(['record', '--data-dir', directory, '--count', '5', '--interval', '0.1'])).status).toBe(0);
    const { status, stdout, stderr } = await analyze(directory, '--format', 'json', '--start-date', '2020-01-01');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const analysis = JSON.parse(stdout) as Analysis;
    expect(Object.keys(analysis)).toEqual(KEYS);
    expect(analysis.period.rows).toBe(5);
    for (const format of ['terminal', 'csv', 'html']) {
      const result = await analyze(directory, '--format', format, '--start-date', '2020-01-01');
      expect({ status: result.status, stderr: result.stderr }).toEqual({ status: 0, stderr: '' });
      expect(result.stdout).toContain(format === 'terminal' ? 'CPU' : 'cpu_usage_percent');
    }
  });
});

describe('a day that was made by hand', () => {
  const directory = days({ [DAY]: plainDay() });

  it('json: the numbers', async () => {
    const analysis = await jsonOf(directory);
    expect(Object.keys(analysis)).toEqual(KEYS);
    const { period, statistics, heatmaps, blocks, sufficiency, levels, summary } = analysis;
    expect(period).toMatchObject({ rows: 600, days: [DAY], flaws: { malformedLines: 0, malformedCells: 0, tornFiles: [] } });
    expect(statistics['cpu_usage_percent']).toMatchObject({ count: 600, missing: 0, min: 0, max: 99, mean: 49.5, median: 49.5 });
    expect(statistics['ram_percent']).toMatchObject({ min: 25, max: 25, mean: 25 });
    // Nothing divided by nothing is unknown, not 0.
    expect(statistics['swap_pressure_percent']).toMatchObject({ count: 0, missing: 1, mean: null });
    expect(statistics['gpu_usage_percent']).toMatchObject({ count: 0, missing: 1, min: null });
    // 4 March 2026 is a Wednesday.
    expect(heatmaps['cpu_usage_percent']!.mean[2]![14]).toBeCloseTo(49.5, 9);
    expect(heatmaps['cpu_usage_percent']!.mean.flat().filter((value) => value !== null)).toHaveLength(1);
    expect(blocks['cpu_usage_percent']).toHaveLength(24);
    expect(sufficiency['cpu_usage_percent']).toMatchObject({
      gap: expect.closeTo(19.8, 6),
      headroom: expect.closeTo(5.95, 6),
      reading: expect.stringMatching(/\./),
    });
    expect(levels['cpu_usage_percent']).toMatchObject({ level: expect.any(String) });
    expect(summary.headline).toMatch(/\.$/);
  });

  it('csv: a line a metric, the numbers of json', async () => {
    const lines = (await ofDay(directory, '--format', 'csv')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const at = (name: string): number => lines[0]!.indexOf(name);
    const cpu = lines.find(([metric]) => metric === 'cpu_usage_percent')!;
    expect([cpu[at('count')], cpu[at('mean')], cpu[at('max')]]).toEqual(['600', '49.5', '99']);
  });

  it('html: one file, nothing fetched from anywhere, no script that others wrote', async () => {
    const { stdout } = await ofDay(directory, '--format', 'html');
    expect(stdout).toMatch(/^<!doctype html>/i);
    expect(stdout).toContain('<svg');
    expect(stdout).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//i);
    expect(stdout).not.toMatch(/@import|url\(\s*["']?(?:https?:)?\/\//i);
  });

  it('terminal: no escape codes into a pipe, none with NO_COLOR, colours when forced, never wider than 80', async () => {
    const escape = String.fromCodePoint(27);
    for (const env of [{}, { NO_COLOR: '1' }]) {
      const { stdout } = await run(['analyze', '--data-dir', directory, '--start-date', DAY, '--end-date', DAY], { env });
      expect(stdout).not.toContain(escape);
      expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    }
    expect(
      (await run(['analyze', '--data-dir', directory, '--start-date', DAY, '--end-date', DAY], { env: { FORCE_COLOR: '1' } })).stdout,
    ).toContain(escape);
  });

  it('--metrics chooses, in that order; one that is not there is refused with the nearest', async () => {
    expect(Object.keys((await jsonOf(directory, '--metrics', 'ram_percent,cpu_usage_percent')).statistics)).toEqual([
      'ram_percent',
      'cpu_usage_percent',
    ]);
    expectRefusal(await ofDay(directory, '--metrics', 'cpu_usage_percnt'), 2, /cpu_usage_percnt.*\n.*Did you mean cpu_usage_percent/);
  });

  it.each(['terminal', 'json', 'csv', 'html', 'parquet'])('--output writes %s to a file, whole', async (format) => {
    const file = join(temporary('report'), 'report');
    const { status, stdout } = await ofDay(directory, '--format', format, '--output', file);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const bytes = readFileSync(file);
    const start = { terminal: /cpu/i, json: /^\{\n {2}"period"/, csv: /^metric,/, html: /^<!doctype/i, parquet: /^PAR1[\s\S]*PAR1$/ }[
      format
    ]!;
    expect(bytes.toString('latin1')).toMatch(start);
  });

  it('parquet needs a file', async () => expectRefusal(await ofDay(directory, '--format', 'parquet'), 2, /--output/));

  it.each(['terminal', 'parquet'])('a file in a directory that is missing, or in place of one (%s)', async (format) => {
    const place = temporary('report');
    expectRefusal(
      await ofDay(directory, '--format', format, '--output', join(place, 'missing', 'report')),
      2,
      /The directory of .* does not exist/,
    );
    const { status, stderr } = await ofDay(directory, '--format', format, '--output', place);
    expect([1, 2]).toContain(status);
    expect(stderr).toMatch(/^hecate: \S.*\n( {8}\S.*\n)?$/);
    expect(readdirSync(place)).toEqual([]);
  });

  it.skipIf(noReadOnly)('a file that cannot be written: a sentence, for every format', async () => {
    const { directory: place, wrap } = readOnlyPlace();
    for (const format of ['csv', 'parquet']) {
      const args = ['analyze', '--data-dir', directory, '--start-date', DAY, '--end-date', DAY, '--format', format, '--output'];
      expectRefusal(await run([...args, join(place, 'report')], { wrap }), 5, /report/);
    }
  });
});

describe('dates', () => {
  const directory = days({ '2026-03-03': plainDay('2026-03-03'), [DAY]: plainDay(), '2026-03-06': plainDay('2026-03-06') });
  const between = (...dates: (string | null)[]): string[] =>
    dates.flatMap((date, at) => (date === null ? [] : [at === 0 ? '--start-date' : '--end-date', date]));

  it('from the first to the last, both inside, a day without a file left out', async () => {
    const { stdout } = await analyze(directory, ...between('2026-03-03', '2026-03-06'), '--format', 'json');
    expect((JSON.parse(stdout) as Analysis).period).toMatchObject({ rows: 1800, days: ['2026-03-03', DAY, '2026-03-06'] });
  });

  it.each([
    ['malformed', between('04.03.2026'), /YYYY-MM-DD/],
    ['malformed end', between(null, '2026-3-4'), /YYYY-MM-DD/],
    ['not real', between('2026-02-30'), /does not exist/],
    ['not real', between('2026-13-01'), /does not exist/],
    ['the wrong order', between('2026-03-06', '2026-03-03'), /is after/],
  ])('%s: refused (%j)', async (_what, args, sentence) => expectRefusal(await analyze(directory, ...args), 2, sentence));

  it('nothing recorded then: status 4, and what there is instead', async () => {
    expectRefusal(await analyze(directory, ...between('2025-01-01', '2025-01-31')), 4, /Nothing was recorded.*2026-03-03 to 2026-03-06/);
    expectRefusal(await analyze(temporary('days')), 4, /Nothing was recorded/);
    expectRefusal(await analyze(join(temporary('days'), 'missing')), 4, /Nothing was recorded/);
  });
});

describe('files that are not as they should be', () => {
  const noise = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7919 + (index >> 3)) % 256);

  it.each([
    ['binary garbage', noise],
    ['another table', 'name,age\nAda,36\n'],
    ['text without a table', 'dear diary\n'],
    ['a column twice', 'timestamp,load1,load1\n'],
  ])('%s: refused, and the file is named and left alone', async (_what, content) => {
    const directory = days({ [DAY]: content });
    expectRefusal(await ofDay(directory), 2, new RegExp(`${DAY}\\.csv`));
    expect(readFileSync(join(directory, `${DAY}.csv`))).toEqual(Buffer.from(content));
  });

  it.each([
    ['an empty file', ''],
    ['a header only', 'timestamp,load1\n'],
  ])('%s: nothing recorded', async (_what, content) => expectRefusal(await ofDay(days({ [DAY]: content })), 4, /Nothing was recorded/));

  it('a directory where a day file should be', async () => {
    const directory = temporary('days');
    mkdirSync(join(directory, `${DAY}.csv`));
    const { status, stderr } = await ofDay(directory);
    expect(status).toBeGreaterThan(0);
    expect(stderr).toMatch(/^hecate: \S.*\n( {8}\S.*\n)?$/);
    expect(stderr).toContain(`${DAY}.csv`);
  });

  it('a torn last line is left out and said; malformed lines and cells are counted', async () => {
    const text =
      'timestamp,load1\n2026-03-04T10:00:00.000+00:00,1\nnonsense\n2026-03-04T10:00:01.000+00:00,abc\n2026-03-04T10:00:02.000+00:00,3\n2026-03-04T10:0';
    const { period, statistics } = await jsonOf(days({ [DAY]: text }));
    expect(period).toMatchObject({ rows: 3, flaws: { malformedLines: 1, malformedCells: 1, tornFiles: [`${DAY}.csv`] } });
    expect(statistics['load1']).toMatchObject({ count: 2, min: 1, max: 3 });
  });

  it('days of several versions: other columns, another order, other timestamps', async () => {
    const directory = days({
      '2026-03-02': 'timestamp,load1\n2026-03-02 10:00:00,1\n2026-03-02 10:00:01,2\n',
      '2026-03-03': 'timestamp,cpu_usage_percent,load1\n2026-03-03T10:00:00Z,50,3\n',
      [DAY]: 'timestamp,load1,cpu_usage_percent,of_the_future\n1772618400,4,70,9\n',
    });
    const { stdout, stderr } = await analyze(directory, '--start-date', '2026-03-02', '--end-date', DAY, '--format', 'json');
    expect(stderr).toBe('');
    const { period, statistics } = JSON.parse(stdout) as Analysis;
    expect(period.rows).toBe(4);
    expect(statistics['load1']).toMatchObject({ count: 4, mean: 2.5 });
    expect(statistics['cpu_usage_percent']).toMatchObject({ count: 2, missing: 0.5, mean: 60 });
    expect(statistics['of_the_future']).toMatchObject({ count: 1, missing: 0.75 });
  });

  it('a file whose name has a formula or markup in it does no harm in a report', async () => {
    const directory = days({ [DAY]: `timestamp,<script>alert(1)</script>,=1+1\n${DAY}T10:00:00Z,1,2\n` });
    expect((await ofDay(directory, '--format', 'html')).stdout).not.toContain('<script>alert');
    expect((await ofDay(directory, '--format', 'csv')).stdout).not.toMatch(/^=1\+1/m);
  });
});
