import type { VNode } from 'preact';
import { formatClock, formatDuration, formatMoment } from './format-quantity.ts';
import { useCell } from './observable.ts';
import type { Page } from './page.ts';
import type { Interval } from './time-window.ts';

/** Says that the page does not show now: which stretch, and which moment. It lies over the end of the page, so that nothing moves. */
export function TimeBar({ page }: { readonly page: Page }): VNode | null {
  const { fixed } = useCell(page.window);
  const moment = useCell(page.moment.at);
  const error = useCell(page.historyError);
  if (!fixed && error === null) return null;
  return (
    <div class={`time-bar${moment === null ? '' : ' moment'}`} role="region" aria-label="What the page shows">
      {moment === null ? null : (
        <span class="as-of number" role="status">
          <button
            type="button"
            class="icon"
            aria-label="One step earlier"
            title="One step earlier (,)"
            onClick={() => page.moment.step(-1)}
          >
            ‹
          </button>{' '}
          As of <b>{formatMoment(moment)}</b>{' '}
          <button type="button" class="icon" aria-label="One step later" title="One step later (.)" onClick={() => page.moment.step(1)}>
            ›
          </button>
        </span>
      )}
      {fixed ? (
        <span class="window number" role="status">
          {describe(fixed)}
        </span>
      ) : null}
      {error === null ? null : (
        <span class="history-error" role="alert">
          The past could not be fetched: {error}
        </span>
      )}
      {fixed ? (
        <button
          type="button"
          class="accent"
          title="Follow the clock again (0, or double click on a chart)"
          onClick={() => page.moment.leave()}
        >
          Back to live
        </button>
      ) : null}
    </div>
  );
}

const describe = ({ from, to }: Interval): string => {
  const sameDay = new Date(from * 1000).toDateString() === new Date(to * 1000).toDateString();
  return `${formatMoment(from)} – ${sameDay ? formatClock(to) : formatMoment(to)} · ${formatDuration(to - from)}`;
};
