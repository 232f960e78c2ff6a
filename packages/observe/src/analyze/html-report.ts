import { createHash } from 'node:crypto';
import type { Analysis, Statistics } from './analysis.ts';
import { HTML_STYLE } from './html-style.ts';
import { markup } from './markup.ts';
import type { Markup } from './markup.ts';
import { leadingMetrics, resourceMetrics, scaleOf } from './report-choice.ts';
import { reportTables } from './report-table.ts';
import type { ReportTable } from './report-table.ts';
import { drawHourBlocks, drawPercentiles, drawSeries, drawSpark } from './svg-chart.ts';
import { drawHeatmapSvg, drawLegend } from './svg-heatmap.ts';
import { encodeCount, encodeDuration, encodeValue } from './unit.ts';

/**
 * The analysis as one self-contained page: no script, no request, plots as inline SVG, dark and light, from 360 px on.
 * Its content security policy forbids everything but its own style sheet. Everything that comes from files is escaped.
 */
export function encodeAnalysisHtml(analysis: Analysis): string {
  const { period, summary } = analysis;
  const span = period.startDate === period.endDate ? period.startDate : `${period.startDate} to ${period.endDate}`;
  const hash = createHash('sha256').update(HTML_STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hecate: ${span}</title>
<style>${{ html: HTML_STYLE }}</style>
</head>
<body>
<main>
<header>
<h1><span>hecate</span> ${span}</h1>
<p class="dim">${factsOf(analysis)}</p>
<p class="lead">${summary.headline}</p>
</header>
<section class="cards">${leadingMetrics(analysis).map((name) => card(analysis, name))}</section>
<h2>What to know</h2>
<section class="panel">
<p>${summary.pattern.text}</p>
<ul>${summary.findings.map((finding) => markup`<li>${finding}</li>`)}</ul>
</section>
<h2>Day of week by hour</h2>
<section class="maps">${leadingMetrics(analysis, 6).map((name) => heatmapCard(analysis, name))}</section>
${sufficiencySection(analysis)}
${reportTables(analysis).map(tableSection)}
<h2>Statistics</h2>
<section class="panel scroll">${statisticsTable(analysis)}</section>
<h2>Every metric</h2>
${Object.keys(analysis.blocks).map((name, index) => metricSection(analysis, name, index === 0))}
<footer>${definitions(analysis)}</footer>
</main>
</body>
</html>
`;
  return page.html;
}

function factsOf({ period }: Analysis): string {
  return [
    `${encodeCount(period.rows)} rows`,
    period.days.length === 1 ? 'one day' : `${period.days.length} days`,
    `one row every ${encodeDuration(period.intervalSeconds)}`,
    `${period.firstTime} to ${period.lastTime}`,
    period.exact ? 'exact' : `quantiles within ${period.quantileError * 100} %`,
  ].join(' · ');
}

function definitions({ period }: Analysis): string {
  return `Quantiles ${period.exact ? 'are exact, with linear interpolation' : 'come from a sketch'}; the deviation is that of a sample (n - 1). Times are the wall clock as recorded. Colours go from green to yellow to red; percentages are coloured from 0 to 100 %.`;
}

function card(analysis: Analysis, name: string): Markup {
  const own = analysis.statistics[name] as Statistics;
  const level = analysis.levels[name];
  const series = analysis.period.timeline.series[name];
  const scale = own.unit === 'percent' ? { low: 0, high: 100 } : { low: Math.min(0, own.min ?? 0), high: own.max ?? 1 };
  return markup`<article class="card"><h3>${name}</h3><div class="row"><span class="big">${encodeValue(own.mean, own.unit)}</span>${level ? markup`<span class="tag ${level.level}">${level.level}</span>` : null}</div><p class="dim">on average · p95 ${encodeValue(own.p95, own.unit)} · max ${encodeValue(own.max, own.unit)}</p>${series ? drawSpark(series, scale) : null}</article>`;
}

function heatmapCard(analysis: Analysis, name: string): Markup | null {
  const map = analysis.heatmaps[name];
  const unit = analysis.statistics[name]?.unit;
  if (map === undefined || unit === undefined) return null;
  const scale = scaleOf(analysis, name);
  return markup`<article class="card"><h3>${name}</h3>${drawHeatmapSvg(name, map, scale, unit, true)}${drawLegend(scale, unit)}</article>`;
}

function sufficiencySection(analysis: Analysis): Markup | null {
  const { sufficiency, statistics } = analysis;
  const names = resourceMetrics(analysis);
  if (names.length === 0) return null;
  const rows = names.map((name) => {
    const judged = sufficiency[name] as Analysis['sufficiency'][string];
    const own = statistics[name] as Statistics;
    return markup`<tr><td>${name}</td><td><span class="tag ${judged.verdict}">${judged.verdict}</span></td><td>${judged.shape}</td><td>${encodeValue(own.p75, 'percent')}</td><td>${encodeValue(own.p95, 'percent')}</td><td>${judged.gap.toFixed(1)} pt</td><td>${judged.headroom.toFixed(1)} pt</td><td>${encodeDuration(judged.secondsAbove80)}</td><td>${encodeDuration(judged.longestSaturatedSeconds)}</td></tr>`;
  });
  return markup`<h2>Does it suffice?</h2>
<section class="panel scroll"><table><thead><tr><th>metric</th><th>verdict</th><th>shape</th><th>p75</th><th>p95</th><th>p95 - p75</th><th>headroom</th><th>above 80 %</th><th>longest full</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function tableSection({ title, notes, columns, rows }: ReportTable): Markup {
  const sideOf = (place: number): string => columns[place]?.align ?? 'start';
  const heads = columns.map(({ head, align }) => markup`<th class="${align}">${head}</th>`);
  const body = rows.map(
    ({ cells, tone }) => markup`<tr class="${tone}">${cells.map((text, place) => markup`<td class="${sideOf(place)}">${text}</td>`)}</tr>`,
  );
  const table = rows.length === 0 ? null : markup`<table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`;
  return markup`<h2>${title}</h2>
<section class="panel scroll">${notes.map((note) => markup`<p>${note}</p>`)}${table}</section>
`;
}

function statisticsTable({ statistics }: Analysis): Markup {
  const keys = ['min', 'mean', 'median', 'p75', 'p95', 'p99', 'max', 'standardDeviation'] as const;
  const rows = Object.entries(statistics).map(([name, own]) => {
    const cells = keys.map((key) => markup`<td>${encodeValue(own[key], own.unit)}</td>`);
    return markup`<tr><td>${name}</td>${cells}<td>${encodeCount(own.count)}</td><td>${encodeValue(own.missing * 100, 'percent')}</td></tr>`;
  });
  return markup`<table><thead><tr><th>metric</th><th>min</th><th>mean</th><th>median</th><th>p75</th><th>p95</th><th>p99</th><th>max</th><th>std dev</th><th>values</th><th>missing</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function metricSection(analysis: Analysis, name: string, open: boolean): Markup {
  const own = analysis.statistics[name] as Statistics;
  const map = analysis.heatmaps[name];
  const series = analysis.period.timeline.series[name];
  const level = analysis.levels[name];
  const scale = scaleOf(analysis, name);
  const reading = resourceMetrics(analysis).includes(name) ? (analysis.sufficiency[name]?.reading ?? '') : (level?.text ?? '');
  return markup`<details${open ? { html: ' open' } : null}><summary><code>${name}</code><span class="value">${encodeValue(own.mean, own.unit)} mean, ${encodeValue(own.min, own.unit)} to ${encodeValue(own.max, own.unit)}</span>${level ? markup`<span class="tag ${level.level}">${level.level}</span>` : null}</summary><div><p class="wide">${reading}</p><div class="wide">${series ? drawSeries(name, series, own, analysis.period.timeline) : null}</div><div class="wide">${drawPercentiles(name, own)}</div><div>${drawHourBlocks(name, analysis.blocks[name] ?? [], own, scale)}</div><div>${map ? [drawHeatmapSvg(name, map, scale, own.unit, false), drawLegend(scale, own.unit)] : null}</div></div></details>
`;
}
