import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type uPlot from 'uplot';
import { showTooltip, shownTime } from './chart.tsx';
import type { ChartSpec } from './chart-spec.ts';
import { formatQuantity } from './format-quantity.ts';
import { marksAt } from './marks.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { createPlot } from './plot.ts';
import type { Aligned } from './series-store.ts';
import { colorRamp } from './theme.ts';
import type { Tooltip } from './tooltip.ts';

const HEIGHT = 148;
const SHADES = 64;

/** Busy shares of many cores: a row for each core, brighter where it was busier. It works for two cores and for hundreds. */
export function CoreHeat({ page, spec, tooltip }: { readonly page: Page; readonly spec: ChartSpec; readonly tooltip: Tooltip }): VNode {
  const host = useRef<HTMLDivElement>(null);
  const summary = useRef<HTMLSpanElement>(null);
  const palette = useCell(page.theme.palette);
  const identity = spec.series.map(({ id }) => id).join(' ');
  useEffect(() => {
    if (!host.current || !summary.current) return undefined;
    const plot = drawHeat(page, host.current, summary.current, spec, colorRamp(palette.heat, SHADES), tooltip);
    return () => plot.destroy();
  }, [identity, palette]);
  return (
    <figure class="card chart" data-chart={spec.key}>
      <figcaption>
        <h3>{spec.series.length} cores</h3>
        <span class="heat-summary number" ref={summary} />
        <span class="heat-scale" aria-hidden="true">
          0 <i /> 100 %
        </span>
      </figcaption>
      <div class="plot" ref={host} role="img" aria-label={`Busy share of each of ${spec.series.length} cores over time`} />
    </figure>
  );
}

function drawHeat(
  page: Page,
  host: HTMLElement,
  summary: HTMLElement,
  spec: ChartSpec,
  ramp: Uint32Array,
  tooltip: Tooltip,
): { destroy(): void } {
  const ids = spec.series.map(({ id }) => id);
  const buffer = document.createElement('canvas');
  let raw: Aligned = [[], ...ids.map(() => [])];

  const summarize = (): void => {
    const at = shownTime(page);
    const store = page.history.storeFor(page.visible());
    const busy = ids
      .map((id) => store.at(id, at))
      .filter((value): value is number => value !== null)
      .sort((a, b) => a - b);
    const full = busy.filter((value) => value >= 90).length;
    const [median, highest] = [busy[busy.length >> 1], busy.at(-1)].map((value) => formatQuantity(value, 'percent'));
    summary.textContent = busy.length === 0 ? 'nothing known' : `${full} over 90 % · median ${median} · max ${highest}`;
  };

  return createPlot(page, host, {
    unit: 'count',
    height: HEIGHT,
    series: [{ scale: 'y', paths: () => null, points: { show: false } }],
    axis: {
      grid: { show: false },
      splits: () => coreLabels(ids.length).map((core) => ids.length - core - 0.5),
      values: () => coreLabels(ids.length).map((core) => spec.series[core]!.label),
    },
    range: () => [0, ids.length],
    data(from, to) {
      raw = page.history.storeFor({ from, to }).select(ids, from, to);
      return [raw[0], raw[0].map((_, row) => (raw[1]?.[row] === null ? null : 0))];
    },
    paint: (plot) => paintHeat(plot, buffer, raw, ramp),
    onTick: summarize,
    onCursor(plot, own, marks) {
      const row = plot.cursor.idx;
      if (!own) return;
      if (row === null || row === undefined || (plot.cursor.left ?? -1) < 0) {
        tooltip.hide();
        return;
      }
      const height = Math.max(1, plot.over.clientHeight);
      const core = Math.min(ids.length - 1, Math.max(0, Math.floor(((plot.cursor.top ?? 0) / height) * ids.length)));
      const value = formatQuantity(raw[core + 1]?.[row], 'percent');
      showTooltip(tooltip, plot, raw[0][row], [{ label: spec.series[core]!.label, value }], marksAt(plot, marks));
    },
  });
}

/** Cores whose row gets a label: all when few, else evenly chosen. */
function coreLabels(count: number): number[] {
  const every = [1, 2, 4, 8, 16, 32, 64, 128].find((step) => count / step <= 9) ?? 256;
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every);
}

/** Colours one pixel for each column of the screen and each core, and stretches that over the plot. */
function paintHeat(plot: uPlot, buffer: HTMLCanvasElement, raw: Aligned, ramp: Uint32Array): void {
  const { left, top, width, height } = plot.bbox;
  const columns = Math.max(1, Math.round(width / (globalThis.devicePixelRatio || 1)));
  const cores = raw.length - 1;
  const from = plot.scales['x']?.min;
  const to = plot.scales['x']?.max;
  const context = buffer.getContext('2d');
  if (!context || cores < 1 || from === undefined || to === undefined || from === null || to === null) return;
  buffer.width = columns;
  buffer.height = cores;
  const image = context.createImageData(columns, cores);
  const pixels = new Uint32Array(image.data.buffer);
  const [time, ...values] = raw;
  let row = 0;
  for (let x = 0; x < columns; x++) {
    const at = from + ((x + 0.5) / columns) * (to - from);
    while (row < time.length - 1 && time[row]! < at) row++;
    if (time.length === 0 || time[row]! < at || at < time[0]!) continue;
    for (let core = 0; core < cores; core++) {
      const value = values[core]![row];
      if (value === null || value === undefined) continue;
      pixels[core * columns + x] = ramp[Math.min(ramp.length - 1, Math.max(0, Math.round((value / 100) * (ramp.length - 1))))]!;
    }
  }
  context.putImageData(image, 0, 0);
  plot.ctx.imageSmoothingEnabled = false;
  plot.ctx.drawImage(buffer, left, top, width, height);
}
