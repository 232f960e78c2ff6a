import type { VNode } from 'preact';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { goToSection } from './sections.ts';
import { LIVE_RANGES, liveWindow, panBy, pauseAt, resetWindow, zoomBy } from './time-window.ts';
import { downloadVisible } from './window-export.ts';

/** Stops or starts the page's time. */
export function togglePause(page: Page): void {
  const window = page.window.get();
  page.window.set(window.paused ? resetWindow(window) : pauseAt(window, page.now()));
}

/** Chooses the part of time that all charts show. */
export function Toolbar({ page, openGoTo }: { readonly page: Page; readonly openGoTo: () => void }): VNode {
  const window = useCell(page.window);
  const change = (next: typeof window): void => page.window.set(next);
  return (
    <nav class="toolbar" aria-label="Time">
      <Ranges page={page} />
      <div class="group" role="group" aria-label="Move and zoom">
        <button type="button" class="icon" aria-label="Earlier" title="Earlier (←)" onClick={() => change(panBy(window, page.now(), -0.5))}>
          ‹
        </button>
        <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (-)" onClick={() => change(zoomBy(window, page.now(), 2))}>
          −
        </button>
        <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={() => change(zoomBy(window, page.now(), 0.5))}>
          +
        </button>
        <button type="button" class="icon" aria-label="Later" title="Later (→)" onClick={() => change(panBy(window, page.now(), 0.5))}>
          ›
        </button>
      </div>
      <button
        type="button"
        class="pause"
        aria-pressed={window.paused}
        aria-label={window.paused ? 'Resume' : 'Pause'}
        title="Let the page stand still (p)"
        onClick={() => togglePause(page)}
      >
        <i aria-hidden="true">{window.paused ? '▶' : '❙❙'}</i> <span>{window.paused ? 'Resume' : 'Pause'}</span>
      </button>
      <button type="button" class="icon" aria-label="Go to a moment" title="Show the machine as it was at a moment (g)" onClick={openGoTo}>
        ◷
      </button>
      <span class="spring" />
      <Links page={page} />
    </nav>
  );
}

/** The live ranges: buttons where there is room, a list where there is not. */
function Ranges({ page }: { readonly page: Page }): VNode {
  const window = useCell(page.window);
  const isChosen = (seconds: number): boolean => window.fixed === null && window.span === seconds;
  const chosen = LIVE_RANGES.find(({ seconds }) => isChosen(seconds));
  return (
    <>
      <div class="group ranges" role="group" aria-label="Live ranges">
        {LIVE_RANGES.map(({ key, label, name, seconds }) => (
          <button
            key={key}
            type="button"
            aria-pressed={isChosen(seconds)}
            aria-label={name}
            title={`${name} (${key})`}
            onClick={() => page.window.set(liveWindow(seconds))}
          >
            {label}
          </button>
        ))}
      </div>
      <select
        class="ranges-narrow"
        aria-label="Live range"
        value={chosen?.seconds ?? ''}
        onChange={(event) => page.window.set(liveWindow(Number(event.currentTarget.value)))}
      >
        {chosen ? null : <option value="">range</option>}
        {LIVE_RANGES.map(({ key, label, seconds }) => (
          <option key={key} value={seconds}>
            {label}
          </option>
        ))}
      </select>
    </>
  );
}

const SECTIONS: readonly (readonly [id: string, title: string])[] = [
  ['charts-cpu', 'CPU'],
  ['charts-memory', 'Memory'],
  ['charts-disk', 'Disk'],
  ['charts-network', 'Network'],
  ['watch', 'Alerts'],
  ['processes', 'Processes'],
  ['machine', 'Machine'],
  ['week', 'Week'],
];

function Links({ page }: { readonly page: Page }): VNode {
  const alerts = useCell(page.alerts.active);
  const events = useCell(page.events.list);
  const isThere = (id: string): boolean => id !== 'watch' || alerts !== null || events !== null;
  return (
    <div class="links">
      {SECTIONS.filter(([id]) => isThere(id)).map(([id, title]) => (
        <a
          key={id}
          href={`#${id}`}
          onClick={(event) => {
            event.preventDefault();
            goToSection(id);
          }}
        >
          {title}
        </a>
      ))}
      <button type="button" class="link" title="The visible stretch of time as a CSV file" onClick={() => downloadVisible(page)}>
        CSV
      </button>
    </div>
  );
}
