import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RefObject, VNode } from 'preact';
import { Chart } from './chart.tsx';
import { chartSections } from './chart-list.ts';
import type { ChartSection } from './chart-list.ts';
import type { ChartSpec } from './chart-spec.ts';
import { CoreHeat } from './core-heat.tsx';
import { GoTo } from './go-to.tsx';
import { ConnectionBanner, Header } from './header.tsx';
import { Help } from './help.tsx';
import { listenToKeys } from './keyboard.ts';
import { MachineTables } from './machine-tables.tsx';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { ProcessTable } from './process-table.tsx';
import { TimeBar } from './time-bar.tsx';
import { Tiles } from './tiles.tsx';
import { Toolbar } from './toolbar.tsx';
import type { Tooltip } from './tooltip.ts';
import { WatchPanel } from './watch-panel.tsx';
import { WeekReport } from './week-report.tsx';

/** The whole page. */
export function App({ page, tooltip }: { readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const [help, setHelp] = useState(false);
  const [goTo, setGoTo] = useState(false);
  useEffect(() => listenToKeys(page, { help: () => setHelp(true), goTo: () => setGoTo(true) }), [page]);
  return (
    <>
      <Header page={page} openHelp={() => setHelp(true)} />
      <Toolbar page={page} openGoTo={() => setGoTo(true)} />
      <ConnectionBanner page={page} />
      <main>
        <Tiles page={page} tooltip={tooltip} />
        <Charts page={page} tooltip={tooltip} />
        <WatchPanel page={page} />
        <ProcessTable page={page} />
        <MachineTables page={page} />
        <WeekReport page={page} tooltip={tooltip} />
      </main>
      <Foot page={page} />
      <TimeBar page={page} />
      <GoTo page={page} open={goTo} close={() => setGoTo(false)} />
      <Help open={help} close={() => setHelp(false)} />
    </>
  );
}

function Charts({ page, tooltip }: { readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const version = useCell(page.seriesVersion);
  const snapshot = useCell(page.snapshot);
  const physical = (snapshot?.disk ?? [])
    .filter((disk) => disk.physical)
    .map(({ device }) => device)
    .join('/');
  const noSwap = page.store.latest('memory_swap_total') === 0;
  const sections = useMemo(() => {
    const ids = page.store.ids().filter((id) => !noSwap || id !== 'memory_swap_used');
    return chartSections(ids, page.store.meta, new Set(physical.split('/').filter(Boolean)));
  }, [version, physical, noSwap]);
  if (sections.length === 0) return <p class="empty">Waiting for the first samples.</p>;
  return (
    <>
      {sections.map((section) => (
        <Section key={section.key} section={section} page={page} tooltip={tooltip} />
      ))}
    </>
  );
}

function Section({ section, page, tooltip }: { readonly section: ChartSection; readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const [open, setOpen] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const charts = open ? [...section.charts, ...section.more] : section.charts;
  const columns = useColumns(grid, charts.length);
  const draw = (spec: ChartSpec): VNode =>
    spec.heat ? (
      <CoreHeat key={spec.key} page={page} spec={spec} tooltip={tooltip} />
    ) : (
      <Chart key={spec.key} page={page} spec={spec} tooltip={tooltip} />
    );
  return (
    <section class="charts" id={`charts-${section.key}`} aria-label={section.title}>
      <header class="section-head">
        <h2>{section.title}</h2>
        {section.more.length > 0 ? (
          <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'fewer devices' : `${section.more.length} more device${section.more.length === 1 ? '' : 's'}`}
          </button>
        ) : null}
      </header>
      <div class="chart-grid" ref={grid} style={{ '--columns': columns }}>
        {charts.map(draw)}
      </div>
    </section>
  );
}

/** CSS pixels under which a chart is too narrow to read. */
const NARROWEST = 330;

/** How many columns `count` charts make so that no row is much emptier than another; the last row's charts grow to fill it. */
function useColumns(grid: RefObject<HTMLDivElement | null>, count: number): number {
  const [most, setMost] = useState(3);
  useEffect(() => {
    if (!grid.current) return undefined;
    const sizes = new ResizeObserver(([entry]) => setMost(Math.max(1, Math.floor((entry?.contentRect.width ?? 0) / NARROWEST))));
    sizes.observe(grid.current);
    return () => sizes.disconnect();
  }, [grid]);
  return Math.ceil(count / Math.ceil(count / most));
}

function Foot({ page }: { readonly page: Page }): VNode {
  const version = useCell(page.version);
  const snapshot = useCell(page.snapshot);
  const runs = snapshot?.runs ?? [];
  const spent = runs.reduce((sum, run) => sum + run.seconds, 0);
  const failed = runs.filter(({ success }) => !success).map(({ collector }) => collector);
  return (
    <footer class="page-foot">
      <span>hecate {version ?? ''}</span>
      {runs.length > 0 ? (
        <span class="number">
          {runs.length} collectors, last reads took {(spent * 1000).toFixed(1)} ms together
        </span>
      ) : null}
      {failed.length > 0 ? <span>not working here: {failed.join(', ')}</span> : null}
      <a href="metrics">/metrics</a>
      <a href="api/v1/snapshot">snapshot</a>
    </footer>
  );
}
