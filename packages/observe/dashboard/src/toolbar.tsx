import type { VNode } from 'preact';
import { formatClock, formatDuration, formatMoment } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import { LIVE_RANGES, liveWindow, panBy, pauseAt, resetWindow, zoomBy } from './time-window.ts';
import type { Interval } from './time-window.ts';
import { downloadVisible } from './window-export.ts';

/** Stops or starts the page's time. */
export function togglePause(page: Page): void {
  const window = page.window.get();
  page.window.set(window.paused ? resetWindow(window) : pauseAt(window, page.now()));
}

/** Chooses the part of time that all charts show. */
export function Toolbar({ page }: { readonly page: Page }): VNode {
  const window = useCell(page.window);
  const error = useCell(page.historyError);
  const change = (next: typeof window): void => page.window.set(next);
  return (
    <nav class="toolbar" aria-label="Time">
      <div class="group" role="group" aria-label="Live ranges">
        {LIVE_RANGES.map(({ key, label, name, seconds }) => (
          <button
            key={key}
            type="button"
            aria-pressed={window.fixed === null && window.span === seconds}
            aria-label={name}
            title={`${name} (${key})`}
            onClick={() => change(liveWindow(seconds))}
          >
            {label}
          </button>
        ))}
      </div>
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
      {window.fixed ? (
        <>
          <span class="window number" role="status">
            {describe(window.fixed)}
          </span>
          {window.paused ? null : (
            <button
              type="button"
              class="accent"
              title="Follow the clock again (double click on a chart)"
              onClick={() => change(resetWindow(window))}
            >
              Back to live
            </button>
          )}
        </>
      ) : null}
      {error === null ? null : (
        <span class="history-error" role="alert">
          The past could not be fetched: {error}
        </span>
      )}
      <span class="spring" />
      <div class="links">
        <a href="#charts-cpu">CPU</a>
        <a href="#charts-memory">Memory</a>
        <a href="#charts-disk">Disk</a>
        <a href="#charts-network">Network</a>
        <a href="#processes">Processes</a>
        <a href="#machine">Machine</a>
        <button type="button" class="link" title="The visible stretch of time as a CSV file" onClick={() => downloadVisible(page)}>
          CSV
        </button>
      </div>
    </nav>
  );
}

const describe = ({ from, to }: Interval): string => {
  const sameDay = new Date(from * 1000).toDateString() === new Date(to * 1000).toDateString();
  return `${formatMoment(from)} – ${sameDay ? formatClock(to) : formatMoment(to)} · ${formatDuration(to - from)}`;
};
