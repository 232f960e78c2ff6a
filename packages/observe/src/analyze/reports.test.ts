import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryDirectory, usingDays } from '../day/day-directory.testing.ts';
import type { Analysis } from './analysis.ts';
import { analyze } from './analyze.ts';
import { encodeAnalysisCsv } from './csv-report.ts';
import { encodeAnalysisHtml } from './html-report.ts';
import { encodeAnalysisJson } from './json-report.ts';
import { encodeAnalysisTerminal } from './terminal-report.ts';

const EVIL = '<img src=x onerror=alert(1)>';
const FORMULA = '=cmd|x!A1';
let analysis: Analysis;
let small: Analysis;

beforeAll(async () => {
  const columns = [
    'cpu_usage_percent',
    'memory_used',
    'memory_total',
    'network_receive_bytes_per_second',
    'gpu_usage_percent',
    EVIL,
    '"quoted"',
    FORMULA,
    '温度',
    'a_name_that_is_so_long_that_no_table_has_room_for_all_of_it_percent',
  ];
  const row = (time: string, index: number): string =>
    `${time},${(50 + 49 * Math.sin(index / 9)).toFixed(2)},${index * 4096},4194304,${index * 1000},,${index},${-index},1,2,${index % 101}`;
  const day = (date: string): string[] => [
    `timestamp,${columns.join(',')}`,
    ...Array.from({ length: 288 }, (_, index) =>
      row(`${date}T${String(Math.floor(index / 12)).padStart(2, '0')}:${String((index % 12) * 5).padStart(2, '0')}:00+01:00`, index),
    ),
  ];
  const today = '2026-11-21';
  analysis = await usingDays({ '2026-11-20': day('2026-11-20'), [today]: day(today) }, (dataDir) =>
    analyze({ dataDir, startDate: '2026-11-20', today }),
  );
  small = await usingDays({ [today]: ['timestamp,x', `${today}T10:00:00Z,`] }, (dataDir) => analyze({ dataDir, today }));
});

// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[\d;]*m/g;
// The two letters of East Asia in a name take two columns each.
const widthOf = (line: string): number => [...line].length + line.replace(/[^温度]/g, '').length;

describe('the terminal report', () => {
  test.each([40, 55, 80, 100, 120, 160, 200, 250])('fills %d columns and never more', (width) => {
    for (const colour of [false, true]) {
      for (const unicode of [false, true]) {
        const text = encodeAnalysisTerminal(analysis, { width, colour, unicode });
        const lines = text.replace(ESCAPES, '').trimEnd().split('\n');
        for (const line of lines) expect(widthOf(line), `${colour} ${unicode}: ${line}`).toBe(width);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  });

  test('is plain ASCII without colour and unicode, but for names', () => {
    const text = encodeAnalysisTerminal(analysis, { width: 120, colour: false, unicode: false });
    expect(text.replaceAll('温度', '')).toMatch(/^[\n\x20-\x7e]*$/);
    for (const part of [
      'hecate analyze',
      'Statistics',
      'Over time',
      'Day of week x hour',
      'Does it suffice?',
      'Summary',
      'cpu_usage_percent',
      'ram_percent',
      'Without a value: gpu_usage_percent',
    ])
      expect(text).toContain(part);
  });

  test('says the same with and without colour', () => {
    const at = (colour: boolean): string => encodeAnalysisTerminal(analysis, { width: 100, colour, unicode: true });
    expect(at(true)).toMatch(ESCAPES);
    expect(at(false)).not.toContain('\u001b');
    const words = (text: string): string => text.replace(ESCAPES, '').replace(/[░▒▓█\s]/g, '');
    expect(words(at(true))).toBe(words(at(false)));
  });

  test('has a line for a metric that fits, at any width', () => {
    const text = encodeAnalysisTerminal(analysis, { width: 80, colour: false, unicode: true });
    expect(text).toMatch(/│ cpu_usage_percent +[\d.]+ % /);
    expect(text).toMatch(/│ network_receive_bytes_per_second +[\d.]+ kB\/s/);
  });

  test('lets nothing move the cursor', () => {
    const name = 'a\u001b[2Jb\u009bc\u202ed';
    const evil: Analysis = {
      ...analysis,
      statistics: { [name]: analysis.statistics['cpu_usage_percent'] as never },
      summary: { ...analysis.summary, headline: 'x\u001b]0;y\u0007' },
    };
    const text = encodeAnalysisTerminal(evil, { width: 80, colour: false, unicode: true });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });

  test('stands without a single value', () => {
    const text = encodeAnalysisTerminal(small, { width: 80, colour: false, unicode: false });
    expect(text).toContain('Without a value: x.');
  });
});

describe('the CSV report', () => {
  test('has a row per metric, quoted where it must be, and no formula', () => {
    const lines = encodeAnalysisCsv(analysis).trimEnd().split('\n');
    expect(lines[0]).toBe(
      'metric,unit,count,missing,min,max,mean,median,p50,p75,p95,p99,standardDeviation,variance,gap,headroom,secondsAbove80,longestSaturatedSeconds,verdict,level',
    );
    expect(lines).toHaveLength(1 + Object.keys(analysis.statistics).length);
    expect(lines.filter((line) => /^(quoted|'=cmd\|x!A1),/.test(line))).toHaveLength(2);
    expect(lines.find((line) => line.startsWith('gpu_usage_percent'))).toBe(`gpu_usage_percent,percent,0,1${','.repeat(16)}`);
    const cpu = lines.find((line) => line.startsWith('cpu_usage_percent'))?.split(',') ?? [];
    expect(Number(cpu[6])).toBe(analysis.statistics['cpu_usage_percent']?.mean);
  });
});

test('the JSON report is the analysis', () => {
  expect(JSON.parse(encodeAnalysisJson(analysis))).toEqual(JSON.parse(JSON.stringify(analysis)));
  expect(Object.keys(JSON.parse(encodeAnalysisJson(analysis)) as object)).toEqual([
    'period',
    'statistics',
    'heatmaps',
    'blocks',
    'sufficiency',
    'levels',
    'summary',
    'comparison',
    'forecasts',
    'consumers',
  ]);
});

describe('the HTML report', () => {
  test('is one file that asks for nothing and runs nothing', () => {
    const html = encodeAnalysisHtml(analysis);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|<link|<iframe|javascript:|@import|url\(|\sstyle=|\son\w+="/i);
    expect(html).not.toContain(EVIL);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/NaN|undefined|\[object/);
    expect(encodeAnalysisHtml(small)).toContain('Without a value: x.');
  });

  const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
  if (browser === undefined)
    console.warn('SKIPPED: no chromium is installed (Debian: chromium), so the HTML report is not opened in a browser.');

  test.skipIf(browser === undefined)(
    'opens in a browser without a request, an error or a scroll bar, from 360 px on, dark and light',
    async () => {
      const file = path.join(temporaryDirectory(), 'report.html');
      writeFileSync(file, encodeAnalysisHtml(analysis));
      const engine = await chromium.launch({ executablePath: browser as string, args: ['--no-sandbox'] });
      try {
        for (const width of [360, 768, 1280]) {
          for (const colorScheme of ['dark', 'light'] as const) {
            const page = await engine.newPage({ viewport: { width, height: 800 }, colorScheme });
            const trouble: string[] = [];
            page.on('console', (message) => trouble.push(message.text()));
            page.on('pageerror', (error) => trouble.push(error.message));
            page.on('request', (request) => trouble.push(request.url()));
            await page.goto(pathToFileURL(file).href);
            await page.evaluate(() => {
              for (const part of document.querySelectorAll('details')) part.open = true;
            });
            expect(trouble).toEqual([pathToFileURL(file).href]);
            expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} ${colorScheme}`).toBe(width);
            const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
            expect(background).toBe(colorScheme === 'dark' ? 'rgb(11, 15, 20)' : 'rgb(244, 246, 248)');
            expect(await page.locator('svg.heatmap').count()).toBeGreaterThan(3);
            expect(await page.locator('img').count()).toBe(0);
            await page.close();
          }
        }
      } finally {
        await engine.close();
      }
    },
  );
});
