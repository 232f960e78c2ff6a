import type { HourBlock, Statistics, TimelineSeries } from './analysis.ts';
import { coordinate, markup, pathData } from './markup.ts';
import type { Markup } from './markup.ts';
import { knownParts, spanOf, timeTicks } from './svg-axis.ts';
import type { TimeAxis } from './svg-axis.ts';
import { heatClass } from './svg-heatmap.ts';
import { shareOf } from '../terminal/plot.ts';
import type { HeatScale } from '../terminal/plot.ts';
import { encodeValue } from './unit.ts';

const WIDTH = 720;
const HEIGHT = 150;
const TOP = 8;
const BOTTOM = 20;

const MOST_TICKS = 6;

/** A series over the period: a band from least to greatest, the mean as a line, a gap where nothing was recorded. */
export function drawSeries(name: string, series: TimelineSeries, { min, max, unit }: Statistics, axis: TimeAxis): Markup {
  const { steps } = axis;
  const scale = unit === 'percent' ? { low: 0, high: Math.max(100, max ?? 0) } : spanOf(Math.min(0, min ?? 0), (max ?? 1) * 1.05);
  const x = (step: number): string => coordinate(((step + 0.5) / steps) * WIDTH);
  const y = (value: number): string => coordinate(TOP + (1 - shareOf(value, scale)) * (HEIGHT - TOP - BOTTOM));
  const half = WIDTH / steps / 2;
  const band: string[] = [];
  const line: string[] = [];
  for (const [from, to] of knownParts(series.mean)) {
    const indexes = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const point = (values: readonly (number | null)[], step: number): string => `${x(step)} ${y(values[step] ?? 0)}`;
    if (from === to) {
      // A lone step has no length: it gets the width of a step, so that it is seen.
      const [left, right] = [coordinate(Number(x(from)) - half), coordinate(Number(x(from)) + half)];
      band.push(`M${left} ${y(series.max[from] ?? 0)}H${right}V${y(series.min[from] ?? 0)}H${left}Z`);
      line.push(`M${left} ${y(series.mean[from] ?? 0)}H${right}`);
      continue;
    }
    band.push(
      `M${indexes.map((step) => point(series.max, step)).join('L')}L${indexes
        .toReversed()
        .map((step) => point(series.min, step))
        .join('L')}Z`,
    );
    line.push(`M${indexes.map((step) => point(series.mean, step)).join('L')}`);
  }
  const labels = timeTicks(axis, MOST_TICKS).map(({ share, text }) => {
    const anchor = share < 0.04 ? 'start' : share > 0.96 ? 'end' : 'middle';
    return markup`<path class="grid" d="M${coordinate(share * WIDTH)} ${HEIGHT - BOTTOM}v4"/><text class="tick" x="${coordinate(share * WIDTH)}" y="${HEIGHT - 4}" text-anchor="${anchor}">${text}</text>`;
  });
  const grid = [0, 0.5, 1].map((share) => {
    const value = scale.low + share * (scale.high - scale.low);
    const at = y(value);
    return markup`<path class="grid" d="M0 ${at}H${WIDTH}"/><text class="tick" x="2" y="${coordinate(Number(at) + (share === 1 ? 11 : -3))}">${encodeValue(value, unit)}</text>`;
  });
  return markup`<svg class="series" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name} over the period">${grid}<path class="band" d="${pathData(band)}"/><path class="line" d="${pathData(line)}"/>${labels}</svg>`;
}

/** A series without words, for a card. */
export function drawSpark(series: TimelineSeries, scale: HeatScale): Markup {
  const steps = series.mean.length;
  const width = 240;
  const height = 44;
  const paths = knownParts(series.mean).map(([from, to]) => {
    const points = Array.from({ length: to - from + 1 }, (_, index) => {
      const step = from + index;
      return `${coordinate(((step + 0.5) / steps) * width)} ${coordinate(2 + (1 - Math.min(1, Math.max(0, shareOf(series.mean[step] ?? 0, scale)))) * (height - 4))}`;
    });
    return from === to ? `M${points[0]}h2` : `M${points.join('L')}`;
  });
  return markup`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><path class="line" d="${pathData(paths)}"/></svg>`;
}

/** The 24 hours of a day: a bar for the mean, a thin line from least to greatest. */
export function drawHourBlocks(name: string, blocks: readonly HourBlock[], { unit, max, min }: Statistics, scale: HeatScale): Markup {
  const own = unit === 'percent' ? { low: 0, high: Math.max(100, max ?? 0) } : spanOf(Math.min(0, min ?? 0), max ?? 1);
  const width = 480;
  const height = 130;
  const bottom = 16;
  const y = (value: number): number => 4 + (1 - shareOf(value, own)) * (height - bottom - 4);
  const bars = blocks.map(({ hour, mean, min: least, max: most, count }) => {
    if (mean === null || least === null || most === null) return null;
    const left = hour * 20 + 3;
    const top = y(mean);
    const base = y(Math.max(own.low, 0));
    const title = `${String(hour).padStart(2, '0')}:00 mean ${encodeValue(mean, unit)}, ${encodeValue(least, unit)} to ${encodeValue(most, unit)}, ${count} rows`;
    return markup`<g><title>${title}</title><path class="whisker" d="M${left + 7} ${coordinate(y(least))}V${coordinate(y(most))}"/><rect class="${heatClass(shareOf(mean, scale))}" x="${left}" y="${coordinate(Math.min(top, base))}" width="14" height="${coordinate(Math.max(1, Math.abs(base - top)))}" rx="2"/></g>`;
  });
  const labels = [0, 6, 12, 18, 23].map(
    (hour) =>
      markup`<text class="tick" x="${hour * 20 + 10}" y="${height - 3}" text-anchor="middle">${String(hour).padStart(2, '0')}</text>`,
  );
  return markup`<svg class="hours" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name} by hour of the day">${bars}${labels}</svg>`;
}

/** Where the values lie: least to greatest as a line, then least to median, to p75, to p95, to p99; a dot for the mean. */
export function drawPercentiles(name: string, { min, p50, p75, p95, p99, max, mean, unit }: Statistics): Markup | null {
  if (min === null || p50 === null || p75 === null || p95 === null || p99 === null || max === null || mean === null) return null;
  const scale = unit === 'percent' ? { low: 0, high: Math.max(100, max) } : spanOf(Math.min(0, min), max);
  const width = 480;
  const x = (value: number): number => 4 + shareOf(value, scale) * (width - 8);
  const bar = (from: number, to: number, height: number, kind: string): Markup =>
    markup`<rect class="${kind}" x="${coordinate(x(from))}" y="${coordinate(20 - height / 2)}" width="${coordinate(Math.max(1, x(to) - x(from)))}" height="${height}" rx="2"/>`;
  const title = `min ${encodeValue(min, unit)}, median ${encodeValue(p50, unit)}, p75 ${encodeValue(p75, unit)}, p95 ${encodeValue(p95, unit)}, p99 ${encodeValue(p99, unit)}, max ${encodeValue(max, unit)}`;
  return markup`<svg class="percentiles" viewBox="0 0 ${width} 40" role="img" aria-label="${name}: ${title}"><title>${title}</title><rect class="track" x="4" y="17" width="${width - 8}" height="6" rx="3"/>${bar(min, max, 2, 'range')}${bar(min, p50, 10, 'half')}${bar(p50, p75, 16, 'upper')}${bar(p75, p95, 10, 'peak')}${bar(p95, p99, 6, 'rare')}<path class="mark" d="M${coordinate(x(p50))} 8V32M${coordinate(x(p95))} 10V30"/><circle class="mean" cx="${coordinate(x(mean))}" cy="20" r="3.5"/></svg><p class="dim caption">${title}</p>`;
}
