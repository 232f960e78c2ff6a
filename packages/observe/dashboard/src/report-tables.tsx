import type { Analysis } from '../../src/analyze/analysis.ts';
import { resourceMetrics } from '../../src/analyze/report-choice.ts';
import type { VNode } from 'preact';
import { formatDuration, formatQuantity } from './format-quantity.ts';
import { TableCard } from './table-card.tsx';
import { metricLabel } from './week-heat.tsx';

/** Whether each resource suffices, and why: the same ones as in the report of the terminal. */
export function SufficiencyTable({ analysis }: { readonly analysis: Analysis }): VNode | null {
  const rows = resourceMetrics(analysis).flatMap((metric) => {
    const judged = analysis.sufficiency[metric];
    return judged ? [{ metric, judged }] : [];
  });
  // After a few minutes nothing can be said; the summary says so.
  if (rows.length === 0) return null;
  return (
    <TableCard title="What suffices" count={rows.length} whole>
      <thead>
        <tr>
          <th>Resource</th>
          <th>Verdict</th>
          <th title="p95 - p75: how far the peaks stand out">Shape</th>
          <th class="right" title="100 - p95, in percent points">
            Headroom
          </th>
          <th class="right" title="Time above 80 %">
            Over 80 %
          </th>
          <th>In words</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ metric, judged: { verdict, shape, headroom, secondsAbove80, reading } }) => (
          <tr key={metric}>
            <td>{metricLabel(metric)}</td>
            <td class="short">
              <em class={`tag verdict-${verdict}`}>{verdict}</em>
            </td>
            <td class="short">{shape}</td>
            <td class="right number">{formatQuantity(headroom, 'percent')}</td>
            <td class="right number">{formatDuration(secondsAbove80)}</td>
            <td class="prose muted">{reading}</td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}

const QUANTILES = ['mean', 'p50', 'p75', 'p95', 'p99', 'max'] as const;

/** Percentiles of every metric that has values. */
export function StatisticsTable({ analysis }: { readonly analysis: Analysis }): VNode {
  const rows = Object.entries(analysis.statistics).filter(([, { count }]) => count > 0);
  return (
    <TableCard title="Percentiles" count={rows.length} whole>
      <thead>
        <tr>
          <th>Metric</th>
          {QUANTILES.map((name) => (
            <th key={name} class="right">
              {name}
            </th>
          ))}
          <th class="right" title="Share of the samples that have no value">
            Missing
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([metric, statistics]) => (
          <tr key={metric}>
            <td title={metric}>{metricLabel(metric)}</td>
            {QUANTILES.map((name) => (
              <td key={name} class="right number">
                {formatQuantity(statistics[name], statistics.unit)}
              </td>
            ))}
            <td class="right number muted">{formatQuantity(statistics.missing * 100, 'percent')}</td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}
