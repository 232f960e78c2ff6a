import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, DAY, days, expectRefusal, KEYS, ofDay, plainDay } from './analyze.testing.ts';
import { run, temporary } from './cli.testing.ts';

interface Report {
  readonly comparison: {
    readonly startDate: string;
    readonly directory: string | null;
    readonly metrics: Readonly<Record<string, { readonly verdict: string; readonly difference: number }>>;
    readonly findings: readonly string[];
  } | null;
  readonly forecasts: readonly { readonly name: string; readonly verdict: string; readonly expected: string | null }[];
  readonly consumers: {
    readonly top: readonly { readonly name: string; readonly processes: number; readonly meanMemory: number }[];
  } | null;
}

const BEFORE = '2026-03-03';
/** The plain day with another cpu. */
const busier = (day: string, by: number): string =>
  plainDay(day).replaceAll(/^(\S+?),(\d+),/gm, (_, time: string, cpu: string) => `${time},${Number(cpu) + by},`);

describe('a comparison', () => {
  const directory = days({ [BEFORE]: plainDay(BEFORE), [DAY]: busier(DAY, 20) });

  it('with the day before: in every format, the same numbers', async () => {
    const { status, stdout, stderr } = await ofDay(directory, '--compare', 'previous', '--format', 'json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(stdout) as Report;
    expect(Object.keys(report)).toEqual(KEYS);
    expect(report.comparison).toMatchObject({ startDate: BEFORE, directory: null });
    // Ten minutes are one stretch: nobody can tell from them, but both medians are known.
    expect(report.comparison!.metrics['cpu_usage_percent']).toMatchObject({ difference: 20, verdict: 'unclear' });
    for (const [format, expected] of [
      ['terminal', /Compared with 2026-03-03[\s\S]*cpu_usage_percent +69\.5 % +49\.5 % +\+20\.0 pt +too little/],
      ['markdown', /## Compared with 2026-03-03\n[\s\S]*\| `cpu_usage_percent` \| 69\.5 % \| 49\.5 % \| \+20\.0 pt \| too little \|/],
      ['html', /<h2>Compared with 2026-03-03<\/h2>/],
      ['csv', /^cpu_usage_percent,.*,value,69\.5,49\.5,/m],
    ] as const) {
      const result = await ofDay(directory, '--compare', 'previous', '--format', format);
      expect({ status: result.status, stderr: result.stderr }).toEqual({ status: 0, stderr: '' });
      expect(result.stdout).toMatch(expected);
    }
  });

  it('with another directory: the same days of it', async () => {
    const other = days({ [DAY]: plainDay() });
    const { stdout } = await ofDay(directory, '--compare', other, '--format', 'json');
    expect((JSON.parse(stdout) as Report).comparison).toMatchObject({ directory: other, startDate: DAY });
  });

  it('with nonsense, with a time of which there is nothing, as a picture: a sentence', async () => {
    for (const nonsense of ['last year', 'x'.repeat(5000)])
      expectRefusal(await ofDay(directory, '--compare', nonsense), 2, /--compare does not understand/);
    expectRefusal(await ofDay(directory, '--compare', '/dev/null/x'), 2, /There is no directory/);
    expectRefusal(await ofDay(directory, '--compare', '2026-02-30'), 2, /does not exist/);
    expectRefusal(await ofDay(directory, '--compare', '2025-W10'), 4, /Nothing was recorded/);
    for (const format of ['parquet', 'svg'])
      expectRefusal(await ofDay(directory, '--compare', 'previous', '--format', format, '--output', '/dev/null'), 2, /does not go with/);
  });
});

describe('what fills', () => {
  it('is foretold from the day files: a planted trend, to the day', async () => {
    // Half past each hour from the 1st on, 2 points a day from 40 %: full on the 31st.
    const made = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => {
        const day = `2026-03-${String(index + 1).padStart(2, '0')}`;
        const rows = Array.from({ length: 24 }, (__, hour) => {
          const used = 40 + (index + (hour + 0.5) / 24) * 2 + (hour % 2) * 0.1;
          return `${day}T${String(hour).padStart(2, '0')}:30:00+00:00,${used.toFixed(2)}`;
        });
        return [day, `timestamp,root_filesystem_used_percent\n${rows.join('\n')}\n`];
      }),
    );
    const args = ['--start-date', '2026-03-01', '--end-date', '2026-03-14'];
    const { stdout } = await analyze(days(made), ...args, '--format', 'json');
    const [root] = (JSON.parse(stdout) as Report).forecasts;
    expect(root).toMatchObject({ name: '/', verdict: 'fills', expected: '2026-03-31' });
    const text = (await analyze(days(made), ...args)).stdout;
    expect(text).toMatch(/The file system \/: At 6\d\.\d %, and grows by 2\.0 points a day/);
    expect(text.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe('a real recording', () => {
  it('names who was there, in every format, and a damaged process log takes nothing from the rest', async () => {
    const directory = temporary('days');
    const recorded = await run(['record', '--data-dir', directory, '--count', '8', '--interval', '2', '--processes'], { seconds: 60 });
    expect(recorded.status).toBe(0);
    const { stdout, status } = await analyze(directory, '--format', 'json', '--start-date', '2020-01-01');
    expect(status).toBe(0);
    const { consumers } = JSON.parse(stdout) as Report;
    expect(consumers!.top.map(({ name }) => name).join(' ')).toMatch(/node|vitest/i);
    expect(consumers!.top.every(({ processes, meanMemory }) => processes > 0 && meanMemory >= 0)).toBe(true);
    expect((await analyze(directory, '--start-date', '2020-01-01')).stdout).toContain('What took the most');

    const damaged = temporary('days');
    cpSync(directory, damaged, { recursive: true });
    for (const file of readdirSync(join(damaged, 'processes')))
      writeFileSync(join(damaged, 'processes', file), readFileSync(join(damaged, 'processes', file)).fill(0x5a));
    const left = await analyze(damaged, '--format', 'json', '--start-date', '2020-01-01');
    expect({ status: left.status, stderr: left.stderr }).toEqual({ status: 0, stderr: '' });
    expect((JSON.parse(left.stdout) as Report).consumers).toBeNull();
  });

  it('a process directory that is none, and tiers that are none: the report is there, and says so', async () => {
    const directory = days({ [DAY]: plainDay() });
    mkdirSync(join(directory, 'tiers'));
    writeFileSync(join(directory, 'tiers', '10-minutes'), 'no directory');
    writeFileSync(join(directory, 'processes'), 'no directory');
    const { status, stdout } = await ofDay(directory);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Processes are left out: .* cannot be read/);
    expect(stdout).toContain('cpu_usage_percent');
  });
});
