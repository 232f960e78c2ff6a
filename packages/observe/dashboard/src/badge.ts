import type { Alert } from '../../src/alert/alerts.ts';
import { formatQuantity } from './format-quantity.ts';
import type { Page } from './page.ts';

/** How many alerts nobody has silenced, and the worst of them. */
export function loudAlerts(alerts: readonly Alert[] | null, now: number): { readonly count: number; readonly worst: Alert | null } {
  const loud = (alerts ?? []).filter(({ silencedUntil }) => silencedUntil === null || silencedUntil <= now);
  return { count: loud.length, worst: loud[0] ?? null };
}

/** The page's icon with a mark for what is wrong: a triangle for a warning, a square for what is critical. */
function markedIcon(icon: string, severity: Alert['severity']): string {
  if (severity === null) return icon;
  const mark =
    severity === 'critical'
      ? '<rect x="17" y="17" width="15" height="15" rx="2" fill="#f0705a" stroke="#0c0f14"/>'
      : '<path d="M24.5 15 33 31 H16Z" fill="#e8a23d" stroke="#0c0f14"/>';
  const source = atob(icon.slice(icon.indexOf(',') + 1));
  return `data:image/svg+xml;base64,${btoa(source.replace('</svg>', `${mark}</svg>`))}`;
}

/** The tab says how the machine does, also while another tab is in front: in its title and in its icon. */
export function startBadge(page: Page): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const plain = link?.href ?? '';
  const show = (): void => {
    const name = page.host.get()?.hostname ?? 'hecate';
    const { count, worst } = loudAlerts(page.alerts.active.get(), Date.now() / 1000);
    const lost = page.state.get().status === 'waiting';
    const cpu = formatQuantity(page.store.latest('cpu_usage_percent'), 'percent');
    const title = lost ? `⚠ ${name}` : `${count > 0 ? `(${count}) ` : ''}${cpu} · ${name}`;
    if (document.title !== title) document.title = title;
    const icon = markedIcon(plain, worst?.severity ?? null);
    if (link && link.href !== icon) link.href = icon;
  };
  for (const cell of [page.tick, page.state, page.host, page.alerts.active]) cell.subscribe(show);
}
