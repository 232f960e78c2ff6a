import type { Analysis } from '../../src/analyze/analysis.ts';
import { useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { fetchJson, RequestError } from './api.ts';
import { formatDuration } from './format-quantity.ts';
import type { Page } from './page.ts';
import { StatisticsTable, SufficiencyTable } from './report-tables.tsx';
import type { Tooltip } from './tooltip.ts';
import { WeekHeat } from './week-heat.tsx';
import { saveFile } from './window-export.ts';

/** Days that a report can be about, today included. */
const PERIODS: readonly (readonly [days: number, label: string])[] = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
];

/** How the report stands. `none`: the server has no such thing. */
type State =
  | { readonly status: 'idle' | 'busy' | 'none' }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'ready'; readonly analysis: Analysis };

const dayOf = (time: number): string => {
  const date = new Date(time);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
};

/** What the recorded days say: the week as a map, percentiles, and what suffices. It is made when asked for: it costs the machine some seconds. */
export function WeekReport({ page, tooltip }: { readonly page: Page; readonly tooltip: Tooltip }): VNode | null {
  const [state, setState] = useState<State>({ status: 'idle' });
  const [days, setDays] = useState<number | null>(null);
  const asking = useRef<AbortController | null>(null);
  const ask = (wanted: number): void => {
    asking.current?.abort();
    const control = new AbortController();
    asking.current = control;
    setDays(wanted);
    setState({ status: 'busy' });
    const end = Date.now();
    fetchJson<Analysis>(`api/v1/analysis?start=${dayOf(end - (wanted - 1) * 86_400_000)}&end=${dayOf(end)}`, control.signal).then(
      (analysis) => setState({ status: 'ready', analysis }),
      (error: unknown) => {
        if (control.signal.aborted) return;
        if (error instanceof RequestError && error.status === 404) setState({ status: 'none' });
        else setState({ status: 'failed', message: error instanceof Error ? error.message : String(error) });
      },
    );
  };
  if (state.status === 'none') return null;
  return (
    <section class="week" id="week" aria-label="The recorded days" aria-busy={state.status === 'busy'}>
      <header class="section-head">
        <h2>The recorded days</h2>
        <div class="group" role="group" aria-label="Period of the report">
          {PERIODS.map(([length, label]) => (
            <button key={length} type="button" aria-pressed={days === length} onClick={() => ask(length)}>
              {label}
            </button>
          ))}
        </div>
        {state.status === 'ready' ? (
          <button
            type="button"
            class="link"
            onClick={() => saveFile(`${JSON.stringify(state.analysis, null, 2)}\n`, 'application/json', `${nameOf(page)}-report.json`)}
          >
            JSON
          </button>
        ) : null}
        <span class={state.status === 'failed' ? 'failure' : 'muted'} role="status">
          {state.status === 'idle' ? 'A report of what was recorded: the week as a map, percentiles, and what suffices.' : null}
          {state.status === 'busy' ? 'The recorded days are being read …' : null}
          {state.status === 'failed' ? state.message : null}
        </span>
      </header>
      {state.status === 'ready' ? <Report analysis={state.analysis} page={page} tooltip={tooltip} /> : null}
    </section>
  );
}

const nameOf = (page: Page): string => page.host.get()?.hostname ?? 'machine';

function Report({ analysis, page, tooltip }: { readonly analysis: Analysis; readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const { period, summary } = analysis;
  return (
    <div class="tables">
      <div class="card findings">
        <h3>{summary.headline}</h3>
        <ul>
          {summary.findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
        <p class="muted">
          {summary.pattern.text} {period.days.length} day{period.days.length === 1 ? '' : 's'} with {period.rows} samples,{' '}
          {formatDuration(period.coveredSeconds)} in all; {period.gaps.count} gaps of together {formatDuration(period.gaps.seconds)}.
          {period.exact ? '' : ` Percentiles are within ${(period.quantileError * 100).toFixed(1)} %.`}
        </p>
      </div>
      <WeekHeat analysis={analysis} page={page} tooltip={tooltip} />
      <SufficiencyTable analysis={analysis} />
      <StatisticsTable analysis={analysis} />
    </div>
  );
}
