import type { VNode } from 'preact';
import type { ChartSeries } from './chart-spec.ts';
import type { SeriesMeta } from './series-store.ts';
import type { Tooltip } from './tooltip.ts';

/** What a legend shows and does. */
export interface LegendProps {
  readonly series: readonly ChartSeries[];
  readonly hidden: ReadonlySet<string>;
  readonly meta: (id: string) => SeriesMeta | undefined;
  readonly tooltip: Tooltip;
  readonly toggle: (id: string) => void;
  /** Given the element of each value, which the chart fills in at every tick. */
  readonly valueRef: (id: string, element: HTMLElement | null) => void;
}

/** The names and values of a chart's series; each is a button that hides it, and explains itself. */
export function Legend({ series, hidden, meta, tooltip, toggle, valueRef }: LegendProps): VNode {
  const explain = (target: EventTarget | null, entry: ChartSeries): void => {
    if (!(target instanceof HTMLElement)) return;
    const { left, bottom } = target.getBoundingClientRect();
    const about = meta(entry.id);
    tooltip.show(left - 10, bottom - 8, about?.help ?? about?.label ?? entry.label, [
      ...(entry.formula ? [{ label: 'formula', value: entry.formula }] : []),
      { label: 'unit', value: about?.unit ?? 'unknown' },
      { label: 'series', value: entry.id },
    ]);
  };
  return (
    <ul class="legend">
      {series.map((entry) => (
        <li key={entry.id}>
          <button
            type="button"
            aria-pressed={!hidden.has(entry.id)}
            onClick={() => toggle(entry.id)}
            onMouseEnter={(event: MouseEvent) => explain(event.currentTarget, entry)}
            onMouseLeave={() => tooltip.hide()}
            onFocus={(event: FocusEvent) => {
              if (event.currentTarget instanceof HTMLElement && event.currentTarget.matches(':focus-visible'))
                explain(event.currentTarget, entry);
            }}
            onBlur={() => tooltip.hide()}
          >
            <i class={`swatch color-${entry.color}`} aria-hidden="true" />
            <span class="legend-label">{entry.label}</span>
            <b class="number" ref={(element) => valueRef(entry.id, element)} />
          </button>
        </li>
      ))}
    </ul>
  );
}
