import type { ChartSeries } from './chart-spec.ts';
import type { Aligned } from './series-store.ts';

type Column = (number | null)[];

/**
 * What is drawn of what was measured: stacked series pile up in order, mirrored ones go below zero, and the order is reversed,
 * as the first series shall be drawn last, on top. Hidden series stay out of the pile. `raw` holds a column for each series, in order.
 */
export function drawnData(raw: Aligned, series: readonly ChartSeries[], hidden: ReadonlySet<string>): Aligned {
  const [time, ...values] = raw;
  const drawn: Column[] = [];
  let pile: Column | null = null;
  for (let i = 0; i < series.length; i++) {
    const { look, id } = series[i]!;
    const column = values[i]!;
    if (look === 'mirror') {
      drawn.push(column.map((value) => (value === null ? null : -value)));
    } else if (look === 'stack' && !hidden.has(id)) {
      const below: Column | null = pile;
      pile = column.map((value, row) => (value === null ? (below?.[row] ?? null) : value + (below?.[row] ?? 0)));
      drawn.push(pile);
    } else {
      drawn.push(column);
    }
  }
  return [time, ...drawn.reverse()];
}
