import type { Analysis, LoadLevel, Sufficiency } from './analysis.ts';
import { leadingMetrics, resourceMetrics, scaleOf } from './report-choice.ts';
import { createInk } from '../terminal/ink.ts';
import { reportTables } from './report-table.ts';
import type { ReportRow, ReportTable } from './report-table.ts';
import type { Ink, InkOptions, Tone } from '../terminal/ink.ts';
import { fit, widthOf, wrapWords } from '../terminal/text.ts';
import { drawPanel, placeBeside, plainLine } from '../terminal/panel.ts';
import type { InkLine } from '../terminal/panel.ts';
import { drawBar, drawHeatmap, drawSparkline, heatmapWidth, shareOf } from '../terminal/plot.ts';
import type { HeatScale } from '../terminal/plot.ts';
import { drawTable } from '../terminal/table.ts';
import type { TableColumn } from '../terminal/table.ts';
import { encodeCount, encodeDuration, encodeValue } from './unit.ts';

/** The terminal that a report is written for. */
export interface TerminalOptions extends InkOptions {
  /** Columns, at least 40. */
  readonly width: number;
}

/** Narrower is not readable. */
const LEAST_WIDTH = 40;

const LEVEL_TONES: Readonly<Record<LoadLevel, Tone>> = {
  idle: 'dim',
  low: 'good',
  moderate: 'fair',
  high: 'warn',
  saturated: 'bad',
  constant: 'dim',
};
const VERDICT_TONES: Readonly<Record<Sufficiency['verdict'], Tone>> = { ample: 'good', enough: 'good', tight: 'warn', short: 'bad' };

/**
 * The analysis for a terminal: overview, statistics, heat maps, sufficiency, summary, over the full width.
 * Without colour and unicode it is plain ASCII that says the same. Ends with a newline.
 */
export function encodeAnalysisTerminal(analysis: Analysis, { width: asked, colour, unicode }: TerminalOptions): string {
  const ink = createInk({ colour, unicode });
  const width = Math.max(LEAST_WIDTH, Math.floor(asked));
  const inner = width - 4;
  const panel = (title: string, lines: readonly InkLine[]): string[] => (lines.length === 0 ? [] : drawPanel(ink, title, lines, width));
  return `${[
    ...panel(titleOf(analysis), overview(ink, analysis, inner)),
    ...panel('Statistics', statisticsTable(ink, analysis, inner)),
    ...panel('Over time', timeline(ink, analysis, inner)),
    ...panel('Day of week x hour', heatmaps(ink, analysis, inner)),
    ...panel('Does it suffice?', sufficiencyTable(ink, analysis, inner)),
    ...reportTables(analysis).flatMap((table) => panel(table.title, drawReportTable(ink, table, inner))),
    ...panel('Summary', summary(ink, analysis, inner)),
  ]
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function titleOf({ period }: Analysis): string {
  return `hecate analyze  ${period.startDate === period.endDate ? period.startDate : `${period.startDate} to ${period.endDate}`}`;
}

function overview(ink: Ink, analysis: Analysis, width: number): InkLine[] {
  const { period, statistics, levels } = analysis;
  const facts = [
    `${encodeCount(period.rows)} rows of ${period.days.length === 1 ? 'one day' : `${period.days.length} days`}`,
    `every ${encodeDuration(period.intervalSeconds)}`,
    `${encodeDuration(period.coveredSeconds)} covered`,
    period.exact ? 'exact' : `quantiles within ${period.quantileError * 100} %`,
  ].join(', ');
  const lines = wrapWords(`${facts}.`, width).map((text) => ({ text: ink.paint(text, 'dim'), width: widthOf(text) }));
  const bars = leadingMetrics(analysis).filter((name) => statistics[name]?.unit === 'percent');
  if (bars.length === 0) return lines;
  // What stands beside a bar: the mean, and where there is room for a bar of use, the level and p95 too.
  const nameWidth = Math.min(28, Math.floor(width * 0.4), Math.max(...bars.map(widthOf)));
  const wide = width - nameWidth >= 45;
  const barWidth = width - nameWidth - (wide ? 33 : 9);
  lines.push(plainLine(''));
  for (const name of bars) {
    const own = statistics[name];
    if (own === undefined || own.mean === null || own.p95 === null) continue;
    const level = levels[name]?.level ?? 'idle';
    const rest = wide
      ? ` ${ink.paint(fit(ink, level, 9), LEVEL_TONES[level])} ${ink.paint(fit(ink, `p95 ${encodeValue(own.p95, 'percent')}`, 13), 'dim')}`
      : '';
    const text = `${fit(ink, name, nameWidth)} ${drawBar(ink, own.mean / 100, own.p95 / 100, barWidth)} ${fit(ink, encodeValue(own.mean, 'percent'), 7, 'end')}${rest}`;
    lines.push({ text, width });
  }
  return lines;
}

function statisticsTable(ink: Ink, analysis: Analysis, width: number): InkLine[] {
  const { statistics, period, sufficiency } = analysis;
  const names = Object.keys(statistics).filter((name) => (statistics[name]?.count ?? 0) > 0);
  type Key = 'min' | 'mean' | 'p50' | 'p75' | 'p95' | 'p99' | 'max' | 'standardDeviation';
  const column = (head: string, key: Key, leaves?: number): TableColumn<string> => ({
    head,
    align: 'end',
    text: (name) => encodeValue(statistics[name]?.[key] ?? null, statistics[name]?.unit ?? 'count'),
    paint: (text, name) => {
      const value = statistics[name]?.[key] ?? null;
      return value !== null && name in sufficiency && key !== 'standardDeviation' ? ink.heat(text, value / 100) : text;
    },
    ...(leaves === undefined ? {} : { leaves }),
  });
  const missing = (name: string): number => statistics[name]?.missing ?? 0;
  const columns: TableColumn<string>[] = [
    { head: 'metric', align: 'start', text: (name) => name },
    column('min', 'min', 4),
    column('mean', 'mean'),
    column('median', 'p50', 2),
    column('p75', 'p75', 5),
    column('p95', 'p95', 1),
    column('p99', 'p99', 6),
    column('max', 'max'),
    column('std dev', 'standardDeviation', 7),
  ];
  if (names.some((name) => missing(name) > 0)) {
    columns.push({
      head: 'missing',
      align: 'end',
      text: (name) => (missing(name) === 0 ? '-' : encodeValue(missing(name) * 100, 'percent')),
      leaves: 8,
    });
  }
  return drawTable(ink, columns, names, width, {
    head: 'over the period',
    least: 12,
    draw: (name, room) =>
      drawSparkline(ink, period.timeline.series[name]?.mean ?? [], room, scaleOf(analysis, name), heatOf(analysis, name)),
  });
}

function timeline(ink: Ink, analysis: Analysis, width: number): InkLine[] {
  const { period, statistics } = analysis;
  const names = leadingMetrics(analysis).filter((name) => statistics[name]?.min !== statistics[name]?.max);
  if (names.length === 0 || period.timeline.steps < 2) return [];
  const nameWidth = Math.min(32, Math.floor(width * 0.4), Math.max(...names.map(widthOf)));
  const room = width - nameWidth - 1;
  const lines = names.map((name): InkLine => {
    // Each fills its own height, so that a quiet metric is seen to move too; the table above has the numbers.
    const own = statistics[name];
    const means = (period.timeline.series[name]?.mean ?? []).filter((mean): mean is number => mean !== null);
    const high = means.reduce((most, mean) => Math.max(most, mean), Number.NEGATIVE_INFINITY);
    const scale = { low: Math.min(0, own?.min ?? 0), high };
    const series = stretch(period.timeline.series[name]?.mean ?? [], room);
    return { text: `${fit(ink, name, nameWidth)} ${drawSparkline(ink, series, room, scale, heatOf(analysis, name))}`, width };
  });
  const first = period.firstTime.slice(0, 19).replace('T', ' ');
  const last = period.lastTime.slice(0, 19).replace('T', ' ');
  const axis = room >= 42 ? first + last.padStart(room - first.length) : fit(ink, first, room);
  return [...lines, { text: `${' '.repeat(nameWidth + 1)}${ink.paint(axis, 'dim')}`, width }];
}

/** What colours a series: percentages have an end to come near to, other metrics only their own highest value, which is no alarm. */
function heatOf({ statistics }: Analysis, name: string): HeatScale | null {
  return statistics[name]?.unit === 'percent' ? { low: 0, high: 100 } : null;
}

/** A series of at least `length` values: a short one is stretched, so that it fills the line. */
function stretch(series: readonly (number | null)[], length: number): readonly (number | null)[] {
  if (series.length === 0 || series.length >= length) return series;
  return Array.from({ length }, (_, index) => series[Math.floor((index * series.length) / length)] ?? null);
}

const MAP_GAP = 4;
/** Fewer hours than this are no map. */
const LEAST_HOURS = 3;

function heatmaps(ink: Ink, analysis: Analysis, width: number): InkLine[] {
  // A terminal that is narrower than a map still gets the hours in words, in the summary.
  if (width < heatmapWidth(2)) return [];
  const { heatmaps: maps, statistics } = analysis;
  // Cells are two or three columns wide, whichever fills the width better.
  const filled = (cell: number): number => Math.floor((width + MAP_GAP) / (heatmapWidth(cell) + MAP_GAP)) * heatmapWidth(cell);
  const cell = filled(3) > filled(2) ? 3 : 2;
  const blocks = leadingMetrics(analysis, width >= 160 ? 6 : 4).flatMap((name) => {
    const map = maps[name];
    const unit = statistics[name]?.unit;
    if (map === undefined || unit === undefined || map.count.flat().filter((count) => count > 0).length < LEAST_HOURS) return [];
    const scale = scaleOf(analysis, name);
    return [drawHeatmap(ink, name, map, scale, [encodeValue(scale.low, unit), encodeValue(scale.high, unit)], cell)];
  });
  return placeBeside(blocks, width, MAP_GAP);
}

function sufficiencyTable(ink: Ink, analysis: Analysis, width: number): InkLine[] {
  const { sufficiency, statistics } = analysis;
  const names = resourceMetrics(analysis);
  const share = (value: number): string => `${value.toFixed(1)} %`;
  // A difference of percentages is counted in points.
  const points = (value: number): string => `${value.toFixed(1)} pt`;
  const judged = (name: string): Sufficiency => sufficiency[name] as Sufficiency;
  const columns: TableColumn<string>[] = [
    { head: 'metric', align: 'start', text: (name) => name },
    {
      head: 'verdict',
      align: 'start',
      text: (name) => judged(name).verdict,
      paint: (text, name) => ink.paint(text, VERDICT_TONES[judged(name).verdict]),
    },
    { head: 'p75', align: 'end', text: (name) => share(statistics[name]?.p75 ?? 0), leaves: 6 },
    { head: 'p95', align: 'end', text: (name) => share(statistics[name]?.p95 ?? 0), leaves: 5 },
    { head: 'p95-p75', align: 'end', text: (name) => points(judged(name).gap), leaves: 1 },
    { head: 'shape', align: 'start', text: (name) => judged(name).shape, leaves: 4 },
    {
      head: 'headroom',
      align: 'end',
      text: (name) => points(judged(name).headroom),
      paint: (text, name) => ink.heat(text, 1 - judged(name).headroom / 100),
    },
    { head: 'above 80 %', align: 'end', text: (name) => encodeDuration(judged(name).secondsAbove80), leaves: 2 },
    { head: 'longest full', align: 'end', text: (name) => encodeDuration(judged(name).longestSaturatedSeconds), leaves: 3 },
  ];
  if (names.length === 0) return [];
  return drawTable(ink, columns, names, width, {
    head: '',
    least: 16,
    draw: (name, room) =>
      drawBar(ink, shareOf(statistics[name]?.p75 ?? 0, { low: 0, high: 100 }), (statistics[name]?.p95 ?? 0) / 100, room),
  });
}

function drawReportTable(ink: Ink, { notes, columns, rows }: ReportTable, width: number): InkLine[] {
  const drawn = columns.map(({ head, align, leaves }, place): TableColumn<ReportRow> => ({
    head,
    align,
    text: ({ cells }) => cells[place] ?? '',
    paint: (text, { tone }) => ink.paint(text, tone),
    ...(leaves === undefined ? {} : { leaves }),
  }));
  const lines = notes.flatMap((note) => wrapWords(note, width).map(plainLine));
  return rows.length === 0 ? lines : [...lines, plainLine(''), ...drawTable(ink, drawn, rows, width)];
}

function summary(ink: Ink, { summary: { headline, pattern, findings } }: Analysis, width: number): InkLine[] {
  const mark = ink.unicode ? '• ' : '- ';
  const paragraph = (text: string, tone: Tone): InkLine[] =>
    wrapWords(text, width).map((line) => ({ text: ink.paint(line, tone), width: widthOf(line) }));
  const item = (text: string): InkLine[] => wrapWords(text, width - 2).map((line, index) => plainLine((index === 0 ? mark : '  ') + line));
  return [...paragraph(headline, 'strong'), ...paragraph(pattern.text, 'plain'), plainLine(''), ...findings.flatMap(item)];
}
