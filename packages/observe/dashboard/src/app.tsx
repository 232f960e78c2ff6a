import { useEffect, useMemo, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { Chart } from './chart.tsx';
import { chartSections } from './chart-list.ts';
import type { ChartSection, ChartSpec } from './chart-list.ts';
import { CoreHeat } from './core-heat.tsx';
import { ConnectionBanner, Header } from './header.tsx';
import { Help } from './help.tsx';
import { listenToKeys } from './keyboard.ts';
import { MachineTables } from './machine-tables.tsx';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { ProcessTable } from './process-table.tsx';
import { Tiles } from './tiles.tsx';
import { Toolbar } from './toolbar.tsx';
import type { Tooltip } from './tooltip.ts';

/** The whole page. */
export function App({ page, tooltip }: { readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const [help, setHelp] = useState(false);
  useEffect(() => listenToKeys(page, () => setHelp(true)), [page]);
  return (
    <>
      <Header page={page} openHelp={() => setHelp(true)} />
      <Toolbar page={page} />
      <ConnectionBanner page={page} />
      <main>
        <Tiles page={page} tooltip={tooltip} />
        <Charts page={page} tooltip={tooltip} />
        <ProcessTable page={page} />
        <MachineTables page={page} />
      </main>
      <Foot page={page} />
      <Help open={help} close={() => setHelp(false)} />
    </>
  );
}

function Charts({ page, tooltip }: { readonly page: Page; readonly tooltip: Tooltip }): VNode {
  const version = useCell(page.seriesVersion);
  const snapshot = useCell(page.snapshot);
  const physical = (snapshot?.disk ?? []).filter((disk) => disk.physical).map(({ device }) => device).join('/');
  const sections = useMemo(() => chartSections(page.store.ids(), page.store.meta, new Set(physical.split('/').filter(Boolean))), [version, physical]);
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
  const charts = open ? [...section.charts, ...section.more] : section.charts;
  const draw = (spec: ChartSpec): VNode =>
    spec.heat ? <CoreHeat key={spec.key} page={page} spec={spec} tooltip={tooltip} /> : <Chart key={spec.key} page={page} spec={spec} tooltip={tooltip} />;
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
      <div class="chart-grid">{charts.map(draw)}</div>
    </section>
  );
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
      {runs.length > 0 ? <span class="number">{runs.length} collectors, last reads took {(spent * 1000).toFixed(1)} ms together</span> : null}
      {failed.length > 0 ? <span>not working here: {failed.join(', ')}</span> : null}
      <a href="metrics">/metrics</a>
      <a href="api/v1/snapshot">snapshot</a>
    </footer>
  );
}
