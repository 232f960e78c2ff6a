import { options, render } from 'preact';
import { App } from './app.tsx';
import { startPage } from './page.ts';
import { formatQuantity } from './format-quantity.ts';
import { createTooltip } from './tooltip.ts';

// Components are drawn in the same frame as the charts, so that a tick is one frame.
options.debounceRendering = requestAnimationFrame;
const root = document.getElementById('app');
if (!root) throw new Error('The page has no element with the id app.');
const page = startPage();
render(<App page={page} tooltip={createTooltip()} />, root);

/** The tab says how the machine does, also while another tab is in front. */
const showTitle = (): void => {
  const name = page.host.get()?.hostname ?? 'hecate';
  const lost = page.state.get().status === 'waiting';
  const cpu = formatQuantity(page.store.latest('cpu_usage_percent'), 'percent');
  const title = lost ? `⚠ ${name}` : `${cpu} · ${name}`;
  if (document.title !== title) document.title = title;
};
for (const cell of [page.tick, page.state, page.host]) cell.subscribe(showTitle);
