import type { Analysis } from '../../src/analyze/analysis.ts';
import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { formatQuantity } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { mixColors } from './theme.ts';
import type { Tooltip } from './tooltip.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** A metric's name as people read it. */
export const metricLabel = (metric: string): string => metric.replace(/_per_second$/, '').replaceAll('_', ' ');

/** The colour at `share` (0 to 1) of a ramp. */
function shade(stops: readonly string[], share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(at));
  return mixColors(stops[index]!, stops[index + 1]!, at - index);
}

/** The mean of a metric in each hour of the week, as colours; each cell has its number for who rests on it, or hears it. */
export function WeekHeat({
  analysis,
  page,
  tooltip,
}: {
  readonly analysis: Analysis;
  readonly page: Page;
  readonly tooltip: Tooltip;
}): VNode | null {
  const { heat } = useCell(page.theme.palette);
  const metrics = Object.keys(analysis.heatmaps);
  const [chosen, setChosen] = useState('cpu_usage_percent');
  const metric = metrics.includes(chosen) ? chosen : metrics[0];
  const map = metric === undefined ? undefined : analysis.heatmaps[metric];
  if (metric === undefined || !map) return null;
  const unit = analysis.statistics[metric]?.unit ?? 'count';
  const highest = Math.max(...map.mean.flat().map((value) => value ?? 0), Number.MIN_VALUE);
  const explain = (event: MouseEvent, day: number, hour: number): void =>
    tooltip.show(event.clientX, event.clientY, `${DAYS[day]}, ${hour}:00 to ${hour + 1}:00`, [
      { label: 'mean', value: formatQuantity(map.mean[day]?.[hour], unit) },
      { label: 'samples', value: String(map.count[day]?.[hour] ?? 0) },
    ]);
  return (
    <div class="card table-card">
      <header class="section-head">
        <h2>Week</h2>
        <select aria-label="Metric of the map" value={metric} onChange={(event) => setChosen(event.currentTarget.value)}>
          {metrics.map((name) => (
            <option key={name} value={name}>
              {metricLabel(name)}
            </option>
          ))}
        </select>
        <span class="heat-scale">
          0 <i aria-hidden="true" /> {formatQuantity(highest, unit)}
        </span>
      </header>
      <table class="week-heat" onMouseLeave={() => tooltip.hide()}>
        <thead>
          <tr>
            <td />
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour % 3 === 0 ? hour : ''}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((name, day) => (
            <tr key={name}>
              <th scope="row">{name.slice(0, 3)}</th>
              {HOURS.map((hour) => {
                const value = map.mean[day]?.[hour] ?? null;
                return (
                  <td
                    key={hour}
                    class={value === null ? 'unknown' : ''}
                    style={value === null ? {} : { background: shade(heat, value / highest) }}
                    onMouseEnter={(event) => explain(event, day, hour)}
                    aria-label={formatQuantity(value, unit)}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
