import { HecateError, nearestNames } from '@hecate/host';
import type { Day } from '../day/packed-day.ts';

/** A metric that is computed from two columns, row by row. */
interface Ratio {
  readonly part: string;
  readonly whole: string;
}

/** Metrics that are not recorded because others say them: percent = part / whole x 100; unknown when the whole is 0. */
const RATIOS: Readonly<Record<string, Ratio>> = {
  ram_percent: { part: 'memory_used', whole: 'memory_total' },
  swap_pressure_percent: { part: 'memory_swap_used', whole: 'memory_swap_total' },
};

/** The metrics that days with these columns have: the columns in order, then what can be derived from them. */
export function metricNames(columns: Iterable<string>): string[] {
  const names = new Set(columns);
  for (const [name, { part, whole }] of Object.entries(RATIOS)) if (names.has(part) && names.has(whole)) names.add(name);
  return [...names];
}

/** Checks the metrics that were asked for. Throws INVALID with the nearest names for one that no day has. */
export function checkMetrics(asked: readonly string[], available: readonly string[]): void {
  for (const name of asked) {
    if (available.includes(name)) continue;
    const near = nearestNames(name, available);
    throw new HecateError('INVALID', `No day of the period has a metric "${name}".`, {
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `The metrics are ${available.join(', ')}.`,
    });
  }
}

/** Reads metrics of days, recorded or derived. The memory is used again at the next read. */
export interface MetricReader {
  /** The values of a day, NaN for unknown; null when the day does not have the metric. */
  read(day: Day, metric: string): Float64Array | null;
}

/** A reader. */
export function createMetricReader(): MetricReader {
  let values = new Float64Array(0);
  let wholes = new Float64Array(0);
  return {
    read(day, metric) {
      if (values.length < day.rows) values = new Float64Array(day.rows);
      const column = day.columns.indexOf(metric);
      if (column >= 0) {
        day.readColumn(column, values);
        return values;
      }
      const ratio = Object.hasOwn(RATIOS, metric) ? RATIOS[metric] : undefined;
      if (ratio === undefined) return null;
      const part = day.columns.indexOf(ratio.part);
      const whole = day.columns.indexOf(ratio.whole);
      if (part < 0 || whole < 0) return null;
      if (wholes.length < day.rows) wholes = new Float64Array(day.rows);
      day.readColumn(part, values);
      day.readColumn(whole, wholes);
      for (let row = 0; row < day.rows; row += 1) {
        const total = wholes[row] as number;
        values[row] = total > 0 ? ((values[row] as number) / total) * 100 : Number.NaN;
      }
      return values;
    },
  };
}
