import type { Analysis, Statistics } from './analysis.ts';
import { codeMarkdown, escapeMarkdown, tableMarkdown } from './markdown-text.ts';
import { leadingMetrics, resourceMetrics, scaleOf } from './report-choice.ts';
import { reportTables } from './report-table.ts';
import type { ReportTable } from './report-table.ts';
import { shareOf } from '../terminal/plot.ts';
import { encodeCount, encodeDuration, encodeValue } from './unit.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** From little to much; an hour without a value is a dot. */
const BLOCKS = '▁▂▃▄▅▆▇█';
const MAPS = 3;
/** Fewer hours than this are no map. */
const LEAST_HOURS = 3;

/**
 * The analysis as GitHub-flavoured Markdown, for issues, wikis and chats: headline, what to know, tables, heat maps in letters.
 * What files and processes are called stands in code or is escaped: nothing of it becomes markup. Ends with a newline.
 */
export function encodeAnalysisMarkdown(analysis: Analysis): string {
  const { period, summary } = analysis;
  const span = period.startDate === period.endDate ? period.startDate : `${period.startDate} to ${period.endDate}`;
  const parts = [
    `# hecate: ${span}`,
    `**${escapeMarkdown(summary.headline)}**`,
    escapeMarkdown(`${factsOf(analysis)}.`),
    section('What to know', [escapeMarkdown(summary.pattern.text), list(summary.findings)]),
    section('Headline numbers', [headline(analysis)]),
    section('Does it suffice?', [sufficiency(analysis)]),
    ...reportTables(analysis).map(part),
    section('Day of week by hour', maps(analysis)),
    section('Statistics', [statistics(analysis)]),
  ];
  return `${parts.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, parts: readonly string[]): string {
  const filled = parts.filter((text) => text !== '');
  return filled.length === 0 ? '' : [`## ${escapeMarkdown(title)}`, ...filled].join('\n\n');
}

const list = (items: readonly string[]): string => items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');

function factsOf({ period }: Analysis): string {
  return [
    `${encodeCount(period.rows)} rows of ${period.days.length === 1 ? 'one day' : `${period.days.length} days`}`,
    `one every ${encodeDuration(period.intervalSeconds)}`,
    `${encodeDuration(period.coveredSeconds)} covered, ${period.firstTime} to ${period.lastTime}`,
    period.exact ? 'exact' : `quantiles within ${period.quantileError * 100} %`,
  ].join(', ');
}

function part({ title, notes, columns, rows }: ReportTable): string {
  const cells = rows.map((row) => row.cells.map((text, place) => (place === 0 ? codeMarkdown(text) : escapeMarkdown(text))));
  return section(title, [list(notes), rows.length === 0 ? '' : tableMarkdown(columns, cells)]);
}

const end = (head: string): { head: string; align: 'end' } => ({ head, align: 'end' });
const start = (head: string): { head: string; align: 'start' } => ({ head, align: 'start' });

function headline(analysis: Analysis): string {
  const rows = leadingMetrics(analysis).map((name) => {
    const own = analysis.statistics[name] as Statistics;
    const value = (number: number | null): string => escapeMarkdown(encodeValue(number, own.unit));
    return [codeMarkdown(name), value(own.median), value(own.mean), value(own.p95), value(own.max), analysis.levels[name]?.level ?? ''];
  });
  return rows.length === 0
    ? ''
    : tableMarkdown([start('metric'), end('median'), end('mean'), end('p95'), end('max'), start('level')], rows);
}

function sufficiency(analysis: Analysis): string {
  const names = resourceMetrics(analysis);
  if (names.length === 0) return '';
  const rows = names.map((name) => {
    const judged = analysis.sufficiency[name] as Analysis['sufficiency'][string];
    return [
      codeMarkdown(name),
      `**${judged.verdict}**`,
      judged.shape,
      `${judged.headroom.toFixed(1)} pt`,
      encodeDuration(judged.secondsAbove80),
      encodeDuration(judged.longestSaturatedSeconds),
    ];
  });
  return tableMarkdown([start('metric'), start('verdict'), start('shape'), end('headroom'), end('above 80 %'), end('longest full')], rows);
}

function maps(analysis: Analysis): string[] {
  const drawn = leadingMetrics(analysis, MAPS).flatMap((name) => {
    const map = analysis.heatmaps[name];
    const unit = analysis.statistics[name]?.unit;
    if (map === undefined || unit === undefined || map.count.flat().filter((count) => count > 0).length < LEAST_HOURS) return [];
    const scale = scaleOf(analysis, name);
    const rows = map.mean.flatMap((hours, day) => {
      if (hours.every((mean) => mean === null)) return [];
      const letters = hours.map((mean) => (mean === null ? '·' : BLOCKS[Math.min(7, Math.floor(shareOf(mean, scale) * 8))]));
      return [[WEEKDAYS[day] ?? '', `\`${letters.join('')}\``]];
    });
    const legend = `${BLOCKS[0]} is ${encodeValue(scale.low, unit)}, ${BLOCKS[7]} is ${encodeValue(scale.high, unit)}`;
    return [`${codeMarkdown(name)}: ${escapeMarkdown(legend)}`, tableMarkdown([start('day'), start('0 to 23 o’clock')], rows)];
  });
  return drawn;
}

function statistics({ statistics: all }: Analysis): string {
  const keys = ['min', 'mean', 'median', 'p75', 'p95', 'p99', 'max', 'standardDeviation'] as const;
  const rows = Object.entries(all)
    .filter(([, { count }]) => count > 0)
    .map(([name, own]) => [
      codeMarkdown(name),
      ...keys.map((key) => escapeMarkdown(encodeValue(own[key], own.unit))),
      encodeValue(own.missing * 100, 'percent'),
    ]);
  if (rows.length === 0) return '';
  const heads = ['min', 'mean', 'median', 'p75', 'p95', 'p99', 'max', 'std dev', 'missing'].map(end);
  return tableMarkdown([start('metric'), ...heads], rows);
}
