import type { Heatmap } from './analysis.ts';
import type { ColumnUnit } from '../record/columns.ts';
import { markup, pathData } from './markup.ts';
import type { Markup } from './markup.ts';
import { shareOf } from '../terminal/plot.ts';
import type { HeatScale } from '../terminal/plot.ts';
import { encodeValue } from './unit.ts';

/** Colours of a heat map; the style sheet has `.h0` (green) to `.h9` (red). */
export const HEAT_STEPS = 10;

/** The class of a share from 0 to 1. */
export function heatClass(share: number): string {
  return `h${Math.min(HEAT_STEPS - 1, Math.max(0, Math.floor(share * HEAT_STEPS)))}`;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const CELL = 18;
const LEFT = 34;

/** Day of week by hour. `full` writes every cell with its own tooltip; otherwise cells of one colour are one path, a fifth of the bytes. */
export function drawHeatmapSvg(name: string, { mean, count }: Heatmap, scale: HeatScale, unit: ColumnUnit, full: boolean): Markup {
  const days = mean.flatMap((means, day) => (means.some((value) => value !== null) ? [day] : []));
  const byClass = new Map<string, string>();
  const cells: Markup[] = [];
  for (const [line, day] of days.entries()) {
    for (let hour = 0; hour < 24; hour += 1) {
      const value = mean[day]?.[hour] ?? null;
      const [x, y] = [LEFT + hour * CELL + 1, line * CELL + 1];
      const kind = value === null ? 'none' : heatClass(shareOf(value, scale));
      if (full && value !== null) {
        const title = `${WEEKDAYS[day] ?? ''} ${String(hour).padStart(2, '0')}:00 mean ${encodeValue(value, unit)}, ${count[day]?.[hour] ?? 0} rows`;
        cells.push(
          markup`<rect class="${kind}" x="${x}" y="${y}" width="${CELL - 2}" height="${CELL - 2}" rx="3"><title>${title}</title></rect>`,
        );
      } else byClass.set(kind, `${byClass.get(kind) ?? ''}M${x} ${y}h16v16h-16z`);
    }
  }
  const paths = [...byClass].map(([kind, path]) => markup`<path class="${kind}" d="${pathData([path])}"/>`);
  const height = days.length * CELL + 16;
  const width = LEFT + 24 * CELL;
  const names = days.map((day, line) => markup`<text class="tick" x="0" y="${line * CELL + 13}">${WEEKDAYS[day] ?? ''}</text>`);
  const hours = [0, 6, 12, 18, 23].map(
    (hour) =>
      markup`<text class="tick" x="${LEFT + hour * CELL + CELL / 2}" y="${height - 3}" text-anchor="middle">${String(hour).padStart(2, '0')}</text>`,
  );
  return markup`<svg class="heatmap" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name} by day of week and hour">${names}${cells}${paths}${hours}</svg>`;
}

/** The colours of a scale with the values at its ends. */
export function drawLegend({ low, high }: HeatScale, unit: ColumnUnit): Markup {
  const boxes = Array.from(
    { length: HEAT_STEPS },
    (_, step) => markup`<rect class="h${step}" x="${step * 14}" y="0" width="14" height="10"/>`,
  );
  return markup`<p class="legend"><span>${encodeValue(low, unit)}</span><svg viewBox="0 0 140 10" aria-hidden="true">${boxes}</svg><span>${encodeValue(high, unit)}</span></p>`;
}
