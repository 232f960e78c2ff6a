import { useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type uPlot from 'uplot';
import { axisRange } from './axis-range.ts';
import { bandBetween, paintBands, topOfBands } from './band.ts';
import type { Band } from './band.ts';
import { drawnData } from './chart-data.ts';
import type { ChartSeries, ChartSpec } from './chart-spec.ts';
import { formatMoment, formatQuantity } from './format-quantity.ts';
import { Legend } from './legend.tsx';
import { marksAt } from './marks.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { createPlot } from './plot.ts';
import type { Aligned } from './series-store.ts';
import { mixColors } from './theme.ts';
import type { Palette } from './theme.ts';
import type { Tooltip } from './tooltip.ts';

/** CSS pixels that a chart is high, its time axis included. */
const HEIGHT = 148;

/** One chart with its title and legend. */
export function Chart({ page, spec, tooltip }: { readonly page: Page; readonly spec: ChartSpec; readonly tooltip: Tooltip }): VNode {
  const host = useRef<HTMLDivElement>(null);
  const values = useRef(new Map<string, HTMLElement>());
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const palette = useCell(page.theme.palette);
  const identity = spec.series.map(({ id, label }) => `${id} ${label}`).join(' ');

  useEffect(() => {
    if (!host.current) return undefined;
    const plot = drawChart(page, host.current, spec, hidden, palette, values.current, tooltip);
    return () => plot.destroy();
  }, [identity, palette, hidden]);

  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  return (
    <figure class="card chart" data-chart={spec.key}>
      <figcaption>
        <h3 title={spec.title}>{spec.title}</h3>
        <Legend
          series={spec.series}
          hidden={hidden}
          meta={page.store.meta}
          tooltip={tooltip}
          toggle={toggle}
          valueRef={(id, element) => {
            if (element) values.current.set(id, element);
            else values.current.delete(id);
          }}
        />
      </figcaption>
      <div class="plot" ref={host} role="img" aria-label={`${spec.title} over time: ${spec.series.map(({ label }) => label).join(', ')}`} />
    </figure>
  );
}

function drawChart(
  page: Page,
  host: HTMLElement,
  spec: ChartSpec,
  hidden: ReadonlySet<string>,
  palette: Palette,
  values: ReadonlyMap<string, HTMLElement>,
  tooltip: Tooltip,
): { destroy(): void } {
  const ids = spec.series.map(({ id }) => id);
  const mirrored = spec.series.some(({ look }) => look === 'mirror');
  let raw: Aligned = [[], ...ids.map(() => [])];
  let bands: readonly Band[] = [];
  let hovered = false;

  const showLatest = (): void => {
    const at = shownTime(page);
    const store = page.history.storeFor(page.visible());
    for (const [id, element] of values) {
      const text = formatQuantity(store.at(id, at), spec.unit);
      if (element.textContent !== text) element.textContent = text;
    }
  };
  /** Of lines, and of what a pile stands for as a whole. */
  const bandsOf = (from: number, to: number): Band[] => {
    const store = page.history.bandFor({ from, to });
    if (!store || mirrored) return [];
    const piled = spec.peak === undefined ? [] : [{ id: spec.peak, color: 0 }];
    return [...spec.series.filter(({ id, look }) => look !== 'stack' && !hidden.has(id)), ...piled]
      .map(({ id, color }) => bandBetween(store, id, from, to, palette.series[color % palette.series.length]!))
      .filter((band) => band !== null);
  };
  const topOf = (max: number | null): number | null => {
    if (typeof spec.top !== 'string') return spec.top;
    return page.store.latest(spec.top) ?? max;
  };

  return createPlot(page, host, {
    unit: spec.unit,
    height: HEIGHT,
    series: spec.series.map((entry) => seriesOptions(entry, palette, hidden)).reverse(),
    range(min, max) {
      const top = topOf(max);
      if (top !== null && top > 0) return [0, top];
      return axisRange(min, Math.max(max ?? 0, topOfBands(bands) ?? 0), spec.unit, spec.floor, mirrored);
    },
    data(from, to) {
      raw = page.history.storeFor({ from, to }).select(ids, from, to);
      bands = bandsOf(from, to);
      return drawnData(raw, spec.series, hidden);
    },
    paint: (plot) => paintBands(plot, bands),
    onTick() {
      if (!hovered) showLatest();
    },
    onCursor(plot, own, marks) {
      const row = plot.cursor.idx;
      hovered = row !== null && row !== undefined && (plot.cursor.left ?? -1) >= 0;
      if (!hovered || row === null || row === undefined) {
        showLatest();
        if (own) tooltip.hide();
        return;
      }
      const rows = spec.series
        .filter(({ id }) => !hidden.has(id))
        .map((entry) => ({
          label: entry.label,
          color: entry.color,
          value: formatQuantity(raw[spec.series.indexOf(entry) + 1]?.[row], spec.unit),
        }));
      spec.series.forEach(({ id }, index) => {
        const element = values.get(id);
        if (element) element.textContent = formatQuantity(raw[index + 1]?.[row], spec.unit);
      });
      if (own) showTooltip(tooltip, plot, raw[0][row], rows, [peaksAt(bands, spec, row), marksAt(plot, marks)].filter(Boolean).join(' · '));
    },
  });
}

/** The time whose values stand beside the names: the chosen moment, else the right edge. */
export function shownTime(page: Page): number {
  return page.moment.at.get() ?? page.visible().to;
}

/** The lowest and highest value within the row under the pointer, where a row stands for many samples. */
function peaksAt(bands: readonly Band[], spec: ChartSpec, row: number): string {
  const [first] = bands;
  if (!first || bands.length > 1) return '';
  const [low, high] = [first.low[row], first.high[row]];
  return low == null || high == null ? '' : `${formatQuantity(low, spec.unit)} to ${formatQuantity(high, spec.unit)} within this point`;
}

/** The tooltip beside the pointer; none while a stretch is being dragged. */
export function showTooltip(
  tooltip: Tooltip,
  plot: uPlot,
  time: number | undefined,
  rows: Parameters<Tooltip['show']>[3],
  note: string = '',
): void {
  const event = plot.cursor.event;
  if (!event || time === undefined || plot.select.width > 0) tooltip.hide();
  else tooltip.show(event.clientX, event.clientY, formatMoment(time), rows, note);
}

/** Rows whose neighbours are both unknown. */
function lonelyRows(values: ArrayLike<number | null | undefined>): number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (values[row] != null && values[row - 1] == null && values[row + 1] == null) rows.push(row);
  }
  return rows;
}

function seriesOptions(entry: ChartSeries, palette: Palette, hidden: ReadonlySet<string>): uPlot.Series {
  const color = palette.series[entry.color % palette.series.length]!;
  const filled = entry.look !== 'line';
  return {
    show: !hidden.has(entry.id),
    label: entry.label,
    stroke: color,
    width: filled ? 1 : 1.4,
    // A value between two holes has no line; it is shown as a dot.
    points: { show: true, size: 3, width: 0, fill: color, filter: (plot, index) => lonelyRows(plot.data[index] ?? []) },
    // What is stacked covers what it stands on; any other area lets the lines behind it through.
    ...(filled ? { fill: entry.look === 'stack' ? mixColors(palette.card, color, 0.5) : `${color}48` } : {}),
  };
}
