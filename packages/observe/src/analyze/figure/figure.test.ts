import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryDirectory, usingDays } from '../../day/day-directory.testing.ts';
import type { Analysis } from '../analysis.ts';
import { analyze } from '../analyze.ts';
import { drawFigure, FIGURE_KINDS } from './figure.ts';
import type { FigureOptions } from './figure.ts';

const EVIL = '</text><script>alert(1)</script>';
const LONG = 'a_name_that_is_so_long_that_no_title_above_any_panel_ever_has_room_for_all_of_it_and_for_the_numbers_beside_it';
const TITLE = `<b>"quoted" & 'so'</b>\u001b[31m\u202e\ufffe\ud800 名前`;
const TODAY = '2026-11-21';
let analysis: Analysis;
let once: Analysis;

/** Cpu is the hour of the day, except 77 in the hour from ten of the second day, a Saturday; nothing from 12 to 18 of the first. */
beforeAll(async () => {
  const columns = [
    'cpu_usage_percent',
    'memory_used',
    'memory_total',
    'disk_write_bytes_per_second',
    'cpu_temperature_celsius',
    EVIL,
    LONG,
  ];
  const day = (date: string): string[] => [
    `timestamp,${columns.join(',')}`,
    ...Array.from({ length: 288 }, (_, index) => index).flatMap((index) => {
      const hour = Math.floor(index / 12);
      if (date !== TODAY && hour >= 12 && hour < 18) return [];
      const cpu = date === TODAY && hour === 10 ? 77 : hour;
      const time = `${date}T${String(hour).padStart(2, '0')}:${String((index % 12) * 5).padStart(2, '0')}:00+01:00`;
      return [`${time},${cpu},${index * 4096},4194304,${index * 100_000},-5,${index},1e17`];
    }),
  ];
  analysis = await usingDays({ '2026-11-20': day('2026-11-20'), [TODAY]: day(TODAY) }, (dataDir) =>
    analyze({ dataDir, startDate: '2026-11-20', today: TODAY }),
  );
  once = await usingDays({ [TODAY]: ['timestamp,x,y', `${TODAY}T10:00:00Z,0,`] }, (dataDir) => analyze({ dataDir, today: TODAY }));
});

const draw = (options: Partial<FigureOptions> = {}): string =>
  drawFigure(analysis, { kind: 'overview', theme: 'dark', title: TITLE, ...options });
const titlesIn = (svg: string): string[] =>
  [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text!.replaceAll('\u00a0', ' '));

describe('what is refused', () => {
  const refusal = (metrics: readonly string[], of: Analysis = analysis): unknown => {
    try {
      drawFigure(of, { kind: 'series', theme: 'dark', title: '', metrics });
    } catch (error) {
      return error;
    }
    return null;
  };
  test('a metric that was not recorded, with the one that was meant', () =>
    expect(refusal(['cpu_usage_procent'])).toMatchObject({ code: 'INVALID', hint: 'Did you mean cpu_usage_percent?' }));
  test('metrics without a value', () => expect(refusal(['y'], once)).toMatchObject({ code: 'UNAVAILABLE' }));
  test('a wall of metrics', () => {
    const names = Array.from({ length: 13 }, (_, index) => `m${index}`);
    const [statistics, heatmaps] = [analysis.statistics, analysis.heatmaps].map((all) =>
      Object.fromEntries(names.map((name) => [name, all['cpu_usage_percent']])),
    ) as [Analysis['statistics'], Analysis['heatmaps']];
    expect(refusal(names, { ...analysis, statistics, heatmaps })).toMatchObject({ code: 'INVALID' });
  });
});

describe('a picture', () => {
  test('is the same bytes for the same analysis, and others for other themes and kinds', () => {
    const all = FIGURE_KINDS.flatMap((kind) => (['dark', 'light'] as const).map((theme) => draw({ kind, theme })));
    const again = FIGURE_KINDS.flatMap((kind) => (['dark', 'light'] as const).map((theme) => draw({ kind, theme })));
    expect(again).toEqual(all);
    expect(new Set(all).size).toBe(6);
  });

  test('tells every hour of the week: what was recorded, and what was not', () => {
    const cells = titlesIn(draw({ kind: 'heatmap', metrics: ['cpu_usage_percent'] }));
    expect(cells).toHaveLength(7 * 24);
    expect(cells).toContain('Saturday 10:00: 77 %');
    expect(cells).toContain('Friday 11:00: 11 %');
    expect(cells).toContain('Friday 12:00: nothing recorded');
    expect(cells).toContain('Monday 00:00: nothing recorded');
    expect(cells.filter((text) => text.endsWith('nothing recorded'))).toHaveLength(5 * 24 + 6);
  });

  test('names the highest hour, and none where all are alike', () => {
    const said = (svg: string): string => svg.replaceAll('\u00a0', ' ');
    expect(said(draw({ kind: 'heatmap', metrics: ['cpu_usage_percent'] }))).toContain('most: Saturday 10:00, 77 %');
    expect(said(draw({ kind: 'heatmap', metrics: ['cpu_temperature_celsius'] }))).not.toContain('most:');
  });

  test('writes numbers into cells with what tells their size', () => {
    const svg = draw({ kind: 'heatmap', metrics: ['disk_write_bytes_per_second'] });
    expect(svg).toContain('>550k</text>');
    expect(svg).toContain('>12.6M</text>');
  });

  test('hatches the hours without a row, and draws no line there', () => {
    const svg = draw({ kind: 'series', metrics: ['cpu_usage_percent'] });
    expect(svg.match(/fill="url\(#none\)"/g)).toHaveLength(1);
    const line = /<path d="([^"]*)" fill="none" stroke="#4fd1c5" stroke-width="1.8"/.exec(svg)?.[1] ?? '';
    expect(line.match(/M/g)).toHaveLength(2);
  });

  test('needs no title', () => {
    const svg = draw({ title: '' });
    expect(svg).toContain('<title id="title">2026-11-20 to 2026-11-21</title>');
    expect(svg).not.toMatch(/<text[^>]*><\/text>/);
  });

  test('is drawn of a single row too', () => {
    for (const kind of FIGURE_KINDS) {
      const svg = drawFigure(once, { kind, theme: 'light', title: 'one' });
      expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
    }
  });

  test('has no number that is none, and nothing of a hostile name as markup', () => {
    for (const kind of FIGURE_KINDS) {
      const svg = draw({ kind, metrics: ['cpu_usage_percent', EVIL, LONG] });
      expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|<b>|[\p{Cf}\ufffe]/u);
      expect(svg).not.toContain('\u001b');
      expect(svg).toContain('&lt;script&gt;');
      expect(Buffer.from(svg, 'utf8').toString('utf8')).toBe(svg);
    }
  });
});

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
if (browser === undefined) console.warn('SKIPPED: no chromium is installed (Debian: chromium), so no picture is opened in a browser.');

test.skipIf(browser === undefined)(
  'a browser takes it as XML, asks nobody for anything, and finds every word inside of its panel',
  async () => {
    const engine = await chromium.launch({ executablePath: browser as string, args: ['--no-sandbox'] });
    const directory = temporaryDirectory();
    try {
      for (const kind of FIGURE_KINDS) {
        for (const theme of ['dark', 'light'] as const) {
          const file = path.join(directory, `${kind}-${theme}.svg`);
          writeFileSync(file, draw({ kind, theme, metrics: ['cpu_usage_percent', 'disk_write_bytes_per_second', EVIL, LONG] }));
          const page = await engine.newPage({ viewport: { width: 1200, height: 800 } });
          const asked: string[] = [];
          page.on('request', (request) => asked.push(request.url()));
          await page.goto(pathToFileURL(file).href);
          expect(asked).toEqual([pathToFileURL(file).href]);
          const found = await page.evaluate(() => {
            const outside: string[] = [];
            for (const text of document.querySelectorAll('text')) {
              const own = text.getBBox();
              const panel = text.parentElement?.querySelector(':scope > rect:first-child') as SVGRectElement | null;
              const room = panel?.getBBox() ?? { x: -1, width: 1161 };
              if (own.x < room.x || own.x + own.width > room.x + room.width) outside.push(text.textContent);
            }
            return {
              outside,
              root: document.documentElement.nodeName,
              errors: document.querySelectorAll('parsererror, script, image, foreignObject, a').length,
              title: document.querySelector('#title')?.textContent ?? '',
              words: document.querySelector('#words')?.textContent ?? '',
            };
          });
          expect(found).toMatchObject({ outside: [], root: 'svg', errors: 0 });
          expect(found.title).toMatch(/^<b>"quoted" & 'so'<\/b>\\x1b\[31m.*2026-11-20 to 2026-11-21$/);
          expect(found.words).toContain('CPU usage, Disk write, ');
          expect(found.words).toContain(analysis.summary.headline.replaceAll(/(?<=\d) (?=%)/g, '\u00a0'));
          await page.close();
        }
      }
    } finally {
      await engine.close();
    }
  },
  60_000,
);
