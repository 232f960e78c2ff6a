import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { usingDays } from '../day/day-directory.testing.ts';
import { widthOf } from '../terminal/text.ts';
import type { Analysis } from './analysis.ts';
import { analyze } from './analyze.ts';
import { encodeAnalysisCsv } from './csv-report.ts';
import { encodeAnalysisHtml } from './html-report.ts';
import { codeMarkdown, escapeMarkdown } from './markdown-text.ts';
import { encodeAnalysisMarkdown } from './markdown-report.ts';
import { encodeAnalysisTerminal } from './terminal-report.ts';

const EVIL = [
  '<img src=x onerror=alert(1)>',
  '`|`',
  'a\\|b',
  '``` ```',
  '[x](javascript:alert(1))',
  'https://evil.example/x',
  '# head',
  '\u001b[31mred\u202e',
  'back\\',
  '**bold** _it_ ~~no~~',
  '温度',
  ' ',
  '@someone',
];

/** A report with everything in it that can be, all of it called as somebody who means harm would. */
async function evilAnalysis(): Promise<Analysis> {
  const columns = ['cpu_usage_percent', 'memory_used', 'memory_total', 'a_name_that_is_so_long_that_no_table_has_room_for_it_percent'];
  const day = (date: string, cpu: number): string[] => [
    `timestamp,${[...columns, '"<b>|`x`"'].join(',')}`,
    ...Array.from({ length: 288 }, (_, row) => {
      const time = `${date}T${String(Math.floor(row / 12)).padStart(2, '0')}:${String((row % 12) * 5).padStart(2, '0')}:00+01:00`;
      return `${time},${cpu + (row % 7)},${row * 4096},4194304,${row % 101},1`;
    }),
  ];
  const days = Object.fromEntries(
    ['17', '18', '19', '20'].map((date, index) => [`2026-11-${date}`, day(`2026-11-${date}`, 20 + index * 10)]),
  );
  const analysis = await usingDays(days, (dataDir) =>
    analyze({ dataDir, startDate: '2026-11-18', endDate: '2026-11-20', today: '2026-11-21', compare: '2026-11-17' }),
  );
  const figures = { cpuSeconds: 100_000, meanCores: 1.5, meanMemory: 1e9, peakMemory: 2e10, seconds: 86_400, processes: 12_345 };
  const forecast = { limit: 100, perDay: 1.5, interval: [1, 2] as const, days: 14, level: 91.2, earliest: '2026-12-01', latest: null };
  return {
    ...analysis,
    comparison: { ...analysis.comparison!, directory: EVIL[0]!, onlyOther: EVIL },
    consumers: {
      stepSeconds: 600,
      coveredSeconds: 86_400,
      missingSeconds: 3600,
      cpuSeconds: 1e6,
      names: 1234,
      top: EVIL.map((name) => ({ name, unit: `${name}.service`, container: null, readBytes: null, writeBytes: 1e12, ...figures })),
    },
    forecasts: EVIL.map((name) => ({ kind: 'filesystem', name, verdict: 'fills', expected: '2026-12-05', text: 'soon', ...forecast })),
    summary: { ...analysis.summary, findings: [...EVIL, ...analysis.summary.findings] },
  };
}

/** The cells of a line of a table, as GitHub splits it: a bar after a backslash is none. */
const cellsOf = (line: string): number => line.replaceAll(/\\[\\|]/g, '').split('|').length - 2;

describe('markdown', () => {
  test('has its parts, and every table as many cells in each row as in its head', async () => {
    const text = encodeAnalysisMarkdown(await evilAnalysis());
    const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      'What to know',
      'Headline numbers',
      'Does it suffice?',
      'Compared with &lt;img src=x onerror=alert(1)&gt;, 2026-11-17',
      'What took the most',
      'When is it full?',
      'Day of week by hour',
      'Statistics',
    ]);
    let width = 0;
    let tables = 0;
    for (const line of text.split('\n')) {
      if (!line.startsWith('|')) {
        width = 0;
        continue;
      }
      if (width === 0) {
        width = cellsOf(line);
        tables += 1;
      }
      expect(cellsOf(line), line).toBe(width);
    }
    expect(tables).toBeGreaterThanOrEqual(8);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('nothing that a machine named is markup: no tag, no link, no head, no control character outside of code', async () => {
    const text = encodeAnalysisMarkdown(await evilAnalysis());
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    // Code spans as CommonMark pairs them: a run of backticks up to the next one as long.
    const outside = text.replaceAll(/(?<!`|\\)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/<[a-z/!]/i);
    expect(outside).not.toMatch(/:\/\/|@|(?<!\\)\[|(?<!\\)`/);
    expect([...outside.matchAll(/^# /gm)]).toHaveLength(1);
  });

  test('texts by hand', () => {
    expect(escapeMarkdown('cpu_usage_percent _a_ *b* <i> & 3 % [x] https://a www.b.c')).toBe(
      'cpu_usage_percent \\_a\\_ \\*b\\* &lt;i&gt; &amp; 3 % \\[x\\] https:&#47;&#47;a www&#46;b.c',
    );
    expect(codeMarkdown('plain')).toBe('`plain`');
    expect(codeMarkdown('a|b')).toBe('`a\\|b`');
    expect(codeMarkdown('a\\|b')).toBe('`a\\¦b`');
    expect(codeMarkdown('`x``y')).toBe('``` `x``y ```');
    expect(codeMarkdown('  ')).toBe('` `');
    expect(codeMarkdown('line\nbreak')).toBe('`line\\x0abreak`');
  });

  const hasParser = spawnSync('cmark-gfm', ['--version']).status === 0;
  test.skipIf(!hasParser)('a real parser (cmark-gfm) sees tables and no markup of others (skipped where it is not installed)', async () => {
    const argv = ['--unsafe', '--extension', 'table', '--extension', 'autolink', '--extension', 'strikethrough'];
    const { stdout, status } = spawnSync('cmark-gfm', argv, { input: encodeAnalysisMarkdown(await evilAnalysis()), encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.match(/<table>/g)!.length).toBeGreaterThanOrEqual(8);
    expect(stdout).not.toMatch(/<img|<a |<del>|<em>|<h1>head/);
    for (const row of stdout.matchAll(/<tr>([\s\S]*?)<\/tr>/g)) expect(row[1]).not.toMatch(/^\s*\|/m);
    expect(stdout).toContain('<code>https://evil.example/x</code>');
    expect(stdout).toContain('<code>`|`</code>');
  });
});

describe('the other formats', () => {
  test.each([40, 60, 80, 120, 200])('the terminal report is never wider than %d columns', async (width) => {
    for (const colour of [false, true]) {
      const text = encodeAnalysisTerminal(await evilAnalysis(), { width, colour, unicode: true });
      const lines = text
        // oxlint-disable-next-line no-control-regex
        .replace(/\u001b\[[\d;]*m/g, '')
        .trimEnd()
        .split('\n');
      for (const line of lines) expect(widthOf(line), line).toBe(width);
      // oxlint-disable-next-line no-control-regex
      expect(lines.join('\n')).not.toMatch(/\u001b|\u202e|undefined|NaN/);
      const titles = lines.filter((line) => line.startsWith('╭')).join('\n');
      for (const title of ['Compared with', 'What took the most', 'When is it full?']) expect(titles).toContain(title);
    }
  });

  test('in 80 columns the tables still say what, how much and since when', async () => {
    const text = encodeAnalysisTerminal(await evilAnalysis(), { width: 80, colour: false, unicode: true });
    expect(text).toMatch(/metric +median +was +change +difference/);
    expect(text).toMatch(/process +(of +)?cores +CPU time +memory/);
    expect(text).toMatch(/what +now +trend +a day +full/);
    expect(text).toContain('2026-12-05');
  });

  test('html escapes it; csv has a comparison at the end of each line', async () => {
    const analysis = await evilAnalysis();
    const html = encodeAnalysisHtml(analysis);
    expect(html).not.toContain('<img');
    for (const title of ['What took the most', 'When is it full?']) expect(html).toContain(`<h2>${title}</h2>`);
    const lines = encodeAnalysisCsv(analysis).trimEnd().split('\n');
    expect(lines[0]).toMatch(/,comparedAs,thisMedian,otherMedian,.*,differs$/);
    expect(lines.find((line) => line.startsWith('cpu_usage_percent'))).toMatch(/,value,\d.*,(higher|same|unclear)$/);
    expect(encodeAnalysisCsv({ ...analysis, comparison: null }).split('\n')[0]).not.toContain('comparedAs');
  });
});
