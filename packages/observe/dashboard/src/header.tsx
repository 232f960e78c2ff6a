import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { ConnectionState } from './connection.ts';
import { loudAlerts } from './badge.ts';
import { formatClock, formatDuration } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { goToSection } from './sections.ts';

/** What machine this is, and how the page stands. */
export function Header({ page, openHelp }: { readonly page: Page; readonly openHelp: () => void }): VNode {
  const host = useCell(page.host);
  const recording = useCell(page.recording);
  const choice = useCell(page.theme.choice);
  const snapshot = useCell(page.snapshot);
  const tick = useCell(page.tick);
  const uptime = host?.uptime == null ? null : Math.max(0, host.uptime + tick - (snapshot?.time ?? tick));
  const facts = [
    host?.osName ?? host?.system,
    host?.release ? `${host.system} ${host.release}` : null,
    host?.cpuModel,
    host?.cpuCount ? `${host.cpuCount} core${host.cpuCount === 1 ? '' : 's'}` : null,
    uptime === null ? null : `up ${formatDuration(uptime)}`,
  ].filter((fact) => fact !== null && fact !== undefined);
  return (
    <header class="page-head">
      <div class="identity">
        <h1>{host?.hostname ?? 'this machine'}</h1>
        <ul class="facts">
          {facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      </div>
      <div class="page-state">
        <AlertPill page={page} />
        <span
          class={`pill ${recording ? 'recording' : 'off'}`}
          title={recording ? 'Samples are written to a file of each day.' : 'Samples are only kept in memory.'}
        >
          <i aria-hidden="true" />
          {recording ? 'recording' : 'not recording'}
        </span>
        <ConnectionPill page={page} />
        <button type="button" class="theme" onClick={() => page.theme.next()} title="Colours (t)" aria-label={`Colours: ${choice}`}>
          <i class="half" aria-hidden="true">
            ◐
          </i>{' '}
          <span>{choice}</span>
        </button>
        <button type="button" class="icon" onClick={openHelp} title="Keys and gestures (?)" aria-label="Help">
          ?
        </button>
      </div>
    </header>
  );
}

/** How many alerts there are, and the way to them. */
function AlertPill({ page }: { readonly page: Page }): VNode | null {
  const alerts = useCell(page.alerts.active);
  if (alerts === null) return null;
  const { count, worst } = loudAlerts(alerts, Date.now() / 1000);
  const kind = worst?.severity ?? 'calm';
  const text = count === 0 ? 'no alerts' : `${count} alert${count === 1 ? '' : 's'}`;
  return (
    <button
      type="button"
      class={`pill alerts ${kind}`}
      title={worst ? `${worst.summary} (a)` : 'Nothing is wrong (a)'}
      onClick={() => goToSection('watch')}
    >
      <i aria-hidden="true" />
      <span role="status">{text}</span>
    </button>
  );
}

function ConnectionPill({ page }: { readonly page: Page }): VNode {
  const state = useCell(page.state);
  const window = useCell(page.window);
  const [text, kind] =
    state.status === 'live'
      ? window.paused
        ? ['paused', 'paused']
        : ['live', 'live']
      : state.status === 'waiting'
        ? ['reconnecting', 'lost']
        : ['connecting', 'lost'];
  return (
    <span class={`pill ${kind}`} role="status" data-connection={state.status}>
      <i aria-hidden="true" />
      {text}
    </span>
  );
}

/** Says since when the connection is lost and when it is tried again; nothing while it is there. */
export function ConnectionBanner({ page }: { readonly page: Page }): VNode | null {
  const state = useCell(page.state);
  const [, tickOver] = useState(0);
  const lost = state.status === 'waiting' || (state.status === 'connecting' && page.version.get() !== null);
  useEffect(() => {
    if (!lost) return undefined;
    const timer = setInterval(() => tickOver((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [lost]);
  if (!lost) return null;
  return (
    <div class="banner" role="alert">
      <span>
        No connection since <b class="number">{formatClock(state.since / 1000)}</b>. What you see is from then.{' '}
        <span class="muted">{retryText(state)}</span>
      </span>
      <button type="button" onClick={() => page.connection.retryNow()}>
        Try now
      </button>
    </div>
  );
}

function retryText(state: ConnectionState): string {
  if (state.status !== 'waiting') return 'Trying …';
  return `Next attempt in ${Math.max(0, Math.ceil((state.retryAt - Date.now()) / 1000))} s.`;
}
