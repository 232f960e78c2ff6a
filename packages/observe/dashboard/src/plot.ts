import uPlot from 'uplot';
import { formatAxisQuantity, formatAxisTime } from './format-quantity.ts';
import { axisSteps } from './axis-range.ts';
import { marksBetween, paintMarks } from './marks.ts';
import type { Mark } from './marks.ts';
import type { Page } from './page.ts';
import type { Aligned } from './series-store.ts';
import { panBy, zoomBy, zoomTo } from './time-window.ts';
import type { Interval } from './time-window.ts';

/** What a plot draws, and whom it tells about the cursor. */
export interface PlotParts {
  readonly unit: string;
  readonly height: number;
  readonly series: readonly uPlot.Series[];
  readonly axis?: Partial<uPlot.Axis>;
  /** Bottom and top of the axis for data between `min` and `max`. */
  readonly range: (min: number | null, max: number | null) => [number, number];
  /** The data of a stretch of time. */
  readonly data: (from: number, to: number) => Aligned;
  /** Draws on the cleared canvas, below series and grid. */
  readonly paint?: (plot: uPlot) => void;
  /** Called with the row under the cursor, or null; `own` when the pointer is over this plot. `marks` are those in sight. */
  readonly onCursor: (plot: uPlot, own: boolean, marks: readonly Mark[]) => void;
  /** Called after each tick, also when nothing had to be drawn. */
  readonly onTick: () => void;
}

/** A plot on the page. */
export interface Plot {
  redraw(): void;
  destroy(): void;
}

/** CSS pixels of the axis on the left; the same for all plots, so that time lines up. */
const AXIS_WIDTH = 58;
const AXIS_HEIGHT = 22;
const FONT = '10.5px system-ui, sans-serif';
const SYNC = 'time';
/** CSS pixels that the pointer must move for a drag. */
const DRAG = 4;

/** A plot of the page's time window in `host`: its cursor is every plot's cursor, its zoom every plot's zoom. */
export function createPlot(page: Page, host: HTMLElement, parts: PlotParts): Plot {
  const palette = page.theme.palette.get();
  const axis: uPlot.Axis = { stroke: palette.text, font: FONT, grid: { stroke: palette.grid, width: 1 }, ticks: { show: false } };
  let own = false;
  let marks: readonly Mark[] = [];
  let pressedAt: number | null = null;
  let drawnTo = Number.NEGATIVE_INFINITY;
  const options: uPlot.Options = {
    width: Math.max(120, host.clientWidth),
    height: parts.height,
    padding: [6, 14, 0, 0],
    legend: { show: false },
    drawOrder: ['series', 'axes'] as uPlot.DrawOrderKey[],
    scales: {
      x: { time: true, range: () => edges(page.visible()) },
      y: { range: (_plot, min, max) => parts.range(min, max) },
    },
    series: [{}, ...parts.series],
    axes: [
      {
        ...axis,
        size: AXIS_HEIGHT,
        space: 52,
        gap: 4,
        values: (_plot, splits, _axis, _space, spacing) => splits.map((time) => formatAxisTime(time, spacing)),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 26,
        gap: 6,
        incrs: axisSteps(parts.unit),
        values: (_plot, splits) => splits.map((value) => formatAxisQuantity(value, parts.unit)),
        ...parts.axis,
      },
    ],
    cursor: {
      y: false,
      points: { size: 5 },
      drag: { x: true, y: false, setScale: false, dist: DRAG },
      sync: { key: SYNC, scales: ['x', null], filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      bind: {
        mousedown: (plot, _target, handler) => (event) => {
          pressedAt = event.shiftKey ? null : event.clientX;
          if (event.shiftKey) startPan(page, plot, event);
          else handler(event);
          return null;
        },
        dblclick: () => () => {
          page.moment.leave();
          return null;
        },
      },
    },
    hooks: {
      setCursor: [(plot) => parts.onCursor(plot, own, marks)],
      setSelect: [(plot) => zoomToSelection(page, plot)],
      draw: [(plot) => paintMarks(plot, marks, page.moment.at.get(), palette)],
      ...(parts.paint ? { drawClear: [parts.paint] } : {}),
    },
  };

  const { from, to } = page.visible();
  const findMarks = (interval: Interval): void => {
    const happened = [...(page.events.list.get() ?? []), ...page.events.past.get()];
    marks = marksBetween(happened, page.alerts.changes.get(), interval.from, interval.to);
  };
  findMarks({ from, to });
  const plot = new uPlot(options, parts.data(from, to), host);
  const enter = (): void => {
    own = true;
  };
  const leave = (): void => {
    own = false;
    parts.onCursor(plot, true, marks);
  };
  const wheel = (event: WheelEvent): void => {
    if (!event.shiftKey) return;
    event.preventDefault();
    const anchor = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x');
    page.window.set(zoomBy(page.window.get(), page.now(), event.deltaY + event.deltaX > 0 ? 1.25 : 0.8, anchor));
  };
  /** A drag ends with a click too, and the second click of two goes back to live. */
  const choose = (event: MouseEvent): void => {
    const row = plot.cursor.idx;
    const time = row === null || row === undefined ? undefined : plot.data[0][row];
    const isStill = pressedAt !== null && Math.abs(event.clientX - pressedAt) < DRAG;
    if (isStill && event.detail < 2 && time !== undefined) page.moment.goTo(time);
  };
  plot.over.addEventListener('click', choose);
  plot.over.addEventListener('mouseenter', enter);
  plot.over.addEventListener('mouseleave', leave);
  plot.over.addEventListener('wheel', wheel, { passive: false });

  const redraw = (): void => {
    const visible = page.visible();
    drawnTo = visible.to;
    findMarks(visible);
    plot.setData(parts.data(visible.from, visible.to));
  };
  const stop = page.redraws.add({
    element: host,
    draw(forced) {
      const visible = page.visible();
      const secondsPerPixel = (visible.to - visible.from) / Math.max(1, plot.width - AXIS_WIDTH);
      if (forced || Math.abs(visible.to - drawnTo) >= secondsPerPixel * 0.75) redraw();
      parts.onTick();
    },
  });
  const sizes = new ResizeObserver(() => {
    if (Math.abs(host.clientWidth - plot.width) >= 1 && host.clientWidth > 0)
      plot.setSize({ width: host.clientWidth, height: parts.height });
  });
  sizes.observe(host);
  return {
    redraw,
    destroy() {
      stop();
      sizes.disconnect();
      plot.destroy();
    },
  };
}

const edges = ({ from, to }: Interval): [number, number] => [from, to];

/** The dragged stretch becomes the window of all plots. */
function zoomToSelection(page: Page, plot: uPlot): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  page.window.set(zoomTo(page.window.get(), page.now(), plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')));
}

/** Drags time along with the pointer until the button is released. */
function startPan(page: Page, plot: uPlot, event: MouseEvent): void {
  let last = event.clientX;
  const move = (moved: MouseEvent): void => {
    const width = Math.max(1, plot.over.clientWidth);
    page.window.set(panBy(page.window.get(), page.now(), (last - moved.clientX) / width));
    last = moved.clientX;
  };
  const end = (): void => {
    document.removeEventListener('mousemove', move);
    document.removeEventListener('mouseup', end);
  };
  document.addEventListener('mousemove', move);
  document.addEventListener('mouseup', end);
}
