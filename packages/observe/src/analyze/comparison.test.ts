import { describe, expect, test } from 'vitest';
import { dayDirectory, temporaryDirectory } from '../day/day-directory.testing.ts';
import { feed, openTiers } from '../tier/tiers.testing.ts';
import type { Analysis } from './analysis.ts';
import { analyze } from './analyze.ts';
import { createChance } from './chance.testing.ts';
import { previousRange, readComparedPeriod } from './compared-period.ts';

const GIB = 2 ** 30;
const pad = (value: number): string => String(value).padStart(2, '0');

interface Machine {
  readonly cpu: number;
  readonly memory: number;
  readonly used: number;
  readonly offset?: string;
}

/** A row every two minutes: noise around the given means. */
function day(date: string, { cpu, memory, used, offset = '+00:00' }: Machine, columns: string = ''): string[] {
  const { normal } = createChance([...date].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  return [
    `timestamp,cpu_usage_percent,memory_used,memory_total,load1,disk_read_bytes_per_second${columns}`,
    ...Array.from({ length: 720 }, (_, row) => {
      const time = `${date}T${pad(Math.floor(row / 30))}:${pad((row * 2) % 60)}:00${offset}`;
      const cells = [cpu + normal(), Math.round(used + normal() * GIB * 0.05), memory, (cpu / 25 + normal() * 0.05).toFixed(3), 0];
      return [time, ...cells, ...(columns === '' ? [] : ['1'])].join(',');
    }),
  ];
}

const dates = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => `2026-11-${pad(from + index)}`);
const days = (from: number, to: number, machine: Machine): Record<string, string[]> =>
  Object.fromEntries(dates(from, to).map((date) => [date, day(date, machine)]));
const NORMAL: Machine = { cpu: 30, memory: 16 * GIB, used: 8 * GIB };
const compare = (dataDir: string, text: string, options: Partial<Parameters<typeof analyze>[0]> = {}): Promise<Analysis> =>
  analyze({ dataDir, startDate: '2026-11-04', endDate: '2026-11-06', today: '2026-11-21', compare: text, ...options });

describe('what is meant', () => {
  test.each([
    ['previous', '2026-11-01', '2026-11-03'],
    ['2026-11-02', '2026-11-02', '2026-11-02'],
    ['2026-10-01..2026-10-31', '2026-10-01', '2026-10-31'],
    // 1 January 2026 is a Thursday: its week is the first.
    ['2026-W01', '2025-12-29', '2026-01-04'],
    ['2026-W53', '2026-12-28', '2027-01-03'],
  ])('%s: %s to %s', (text, start, end) => {
    const found = readComparedPeriod(text, '/data', { start: '2026-11-04', end: '2026-11-06' });
    expect(found).toEqual({ dataDir: '/data', range: { start, end }, elsewhere: false });
  });

  test.each([
    '',
    'yesterday',
    '2026-13-01',
    '2026-11-07..2026-11-01',
    '2026-W00',
    '2025-W53',
    '2026-W54',
    '2026-11-01..',
    '/no/such/place',
  ])('%j is refused', (text) => {
    expect(() => readComparedPeriod(text, '/data', { start: '2026-11-04', end: '2026-11-06' })).toThrow(
      expect.objectContaining({ code: 'INVALID' }),
    );
  });

  test('a directory that there is not is said to be none', () => {
    expect(() => readComparedPeriod('/no/such/place', '/data', { start: '2026-11-04', end: '2026-11-06' })).toThrow(
      'There is no directory "/no/such/place" to compare with.',
    );
  });

  test('as many days before, over the end of February and the change of the clock', () => {
    expect(previousRange({ start: '2028-03-01', end: '2028-03-01' })).toEqual({ start: '2028-02-29', end: '2028-02-29' });
    expect(previousRange({ start: '2026-03-23', end: '2026-03-29' })).toEqual({ start: '2026-03-16', end: '2026-03-22' });
    expect(previousRange({ start: '2026-10-26', end: '2026-11-01' })).toEqual({ start: '2026-10-19', end: '2026-10-25' });
  });

  test('nothing recorded then: UNAVAILABLE; the other is not read when it is not asked for', async () => {
    const dataDir = dayDirectory(days(4, 6, NORMAL));
    await expect(compare(dataDir, 'previous')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(compare(dataDir, temporaryDirectory())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await analyze({ dataDir, startDate: '2026-11-04', today: '2026-11-21' })).comparison).toBeNull();
  });
});

describe('two periods of a machine', () => {
  test('that are alike are the same, every metric of them', async () => {
    const { comparison } = await compare(dayDirectory(days(1, 6, NORMAL)), 'previous');
    expect(Object.values(comparison!.metrics).map(({ verdict }) => verdict)).toEqual(Array(6).fill('same'));
    expect(comparison).toMatchObject({ directory: null, startDate: '2026-11-01', endDate: '2026-11-03', rows: 2160, days: 3 });
    expect(comparison!.findings).toEqual(['Nothing differs by more than chance would make.']);
    expect(comparison!.metrics['disk_read_bytes_per_second']).toMatchObject({ difference: 0, relative: null, verdict: 'same' });
  });

  test('with a planted change: it is told, with both numbers and the difference, and nothing else', async () => {
    const dataDir = dayDirectory({ ...days(1, 3, NORMAL), ...days(4, 6, { ...NORMAL, cpu: 33 }) });
    const { comparison, statistics } = await compare(dataDir, 'previous');
    const cpu = comparison!.metrics['cpu_usage_percent']!;
    expect(cpu.this).toEqual({
      median: statistics['cpu_usage_percent']!.median,
      p95: statistics['cpu_usage_percent']!.p95,
      max: statistics['cpu_usage_percent']!.max,
    });
    expect(cpu).toMatchObject({ verdict: 'higher', shareOf: null, unit: 'percent', difference: cpu.this.median - cpu.other.median });
    expect(cpu.difference).toBeCloseTo(3, 0);
    expect(cpu.relative).toBeCloseTo(0.1, 1);
    expect(comparison!.metrics['load1']!.verdict).toBe('higher');
    expect(comparison!.metrics['memory_used']!.verdict).toBe('same');
    expect(comparison!.findings[0]).toMatch(/^Really higher: .*cpu_usage_percent \(\+\d\.\d pt\)/);
  });

  test('a day that changes to winter time, one sample, a torn line: told as far as it goes', async () => {
    const winter = day('2026-10-25', { ...NORMAL, offset: '+02:00' }).map((line, row) =>
      row > 90 ? line.replace('+02:00', '+01:00') : line,
    );
    const dataDir = dayDirectory({
      '2026-10-24': day('2026-10-24', { ...NORMAL, offset: '+02:00' }),
      '2026-10-25': `${winter.join('\n')}\n2026-10-25T23:59:5`,
    });
    const dst = await compare(dataDir, 'previous', { startDate: '2026-10-25', endDate: '2026-10-25' });
    expect(dst.comparison!.metrics['cpu_usage_percent']!.verdict).toBe('same');
    const single = dayDirectory({
      '2026-11-03': ['timestamp,x', '2026-11-03T10:00:00Z,1'],
      '2026-11-04': ['timestamp,x', '2026-11-04T10:00:00Z,2'],
    });
    const one = await compare(single, 'previous', { endDate: '2026-11-04' });
    expect(one.comparison!.metrics['x']).toMatchObject({ verdict: 'unclear', delta: null, difference: 1, relative: 1 });
    expect(one.comparison!.findings).toEqual(['Of all metrics too little was recorded to tell, or they move too slowly.']);
  });

  test('metrics that only one has are named; those that are asked for are compared', async () => {
    const dataDir = dayDirectory({
      '2026-11-03': day('2026-11-03', NORMAL, ',old'),
      '2026-11-04': day('2026-11-04', NORMAL, ',__proto__'),
    });
    const options = { endDate: '2026-11-04' };
    const { comparison } = await compare(dataDir, 'previous', options);
    expect([comparison!.onlyThis, comparison!.onlyOther]).toEqual([['__proto__'], ['old']]);
    const chosen = await compare(dataDir, 'previous', { ...options, metrics: ['cpu_usage_percent', '__proto__'] });
    expect(Object.keys(chosen.comparison!.metrics)).toEqual(['cpu_usage_percent']);
    expect([chosen.comparison!.onlyThis, chosen.comparison!.onlyOther]).toEqual([['__proto__'], []]);
  });
});

describe('two machines', () => {
  test('with other memory and cores: that is said first, and shares are compared', async () => {
    const [small, large] = [dayDirectory(days(4, 6, NORMAL)), dayDirectory(days(4, 6, { cpu: 30, memory: 64 * GIB, used: 8 * GIB }))];
    for (const [dataDir, cores] of [
      [small, 2],
      [large, 8],
    ] as const) {
      const tiers = openTiers(dataDir);
      const start = Date.parse('2026-11-06T10:00:00Z') / 1000;
      for (let second = 0; second < 1300; second += 10) {
        feed(tiers, start + second, Object.fromEntries(Array.from({ length: cores }, (_, core) => [`core.${core}.usage_percent`, 1])));
        if (second % 60 === 0) await tiers.settle();
      }
      await tiers.settle();
      tiers.close();
    }
    const { comparison } = await compare(large, small);
    expect(comparison!.directory).toBe(small);
    expect(comparison!.hardware).toEqual({
      this: { cores: 8, memory: 64 * GIB, swap: null },
      other: { cores: 2, memory: 16 * GIB, swap: null },
    });
    expect(comparison!.findings[0]).toBe(
      'The hardware differs: cores: 2 there and 8 here, memory: 16 GiB there and 64 GiB here. What depends on it is compared in percent of it.',
    );
    const used = comparison!.metrics['memory_used']!;
    expect(used).toMatchObject({ shareOf: 'memory', unit: 'percent', verdict: 'lower' });
    expect([used.this.median, used.other.median]).toEqual([expect.closeTo(12.5, 0), expect.closeTo(50, 0)]);
    // The same load is a quarter of it for four times the cores.
    expect(comparison!.metrics['load1']).toMatchObject({ shareOf: 'cores', unit: 'percent', verdict: 'lower' });
    expect(comparison!.metrics['memory_total']).toMatchObject({ shareOf: null, verdict: 'higher' });
    expect(comparison!.metrics['cpu_usage_percent']).toMatchObject({ shareOf: null, verdict: 'same' });
  });
});
