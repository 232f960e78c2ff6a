import { fetchJson } from './api.ts';
import type { ProcessFrame } from './api.ts';
import { formatMoment } from './format-quantity.ts';
import { createCell } from './observable.ts';
import type { Cell } from './observable.ts';
import { resetWindow, zoomTo } from './time-window.ts';
import type { Interval, TimeWindow } from './time-window.ts';

/** Milliseconds that a moment must stand before its processes are fetched. */
const SETTLE = 120;
/** Seconds within which the nearest row counts as that of the moment, whatever its step. */
const NEAR = 3;

/** A moment of the past at which the page shows the machine. */
export interface PastMoment {
  /** Seconds since the epoch; null: the page follows the clock. */
  readonly at: Cell<number | null>;
  /** Why there are no processes of the moment; null when there are, or when they are on their way. */
  readonly missing: Cell<string | null>;
  /** Shows the machine as it was then. The charts stand still around it. */
  goTo(time: number): void;
  /** A step of the charts to the past (negative) or towards now. */
  step(rows: number): void;
  /** Follows the clock again. */
  leave(): void;
}

/** What a moment needs of the page. */
export interface MomentParts {
  readonly window: Cell<TimeWindow>;
  readonly processes: Cell<ProcessFrame | null>;
  readonly now: () => number;
  readonly visible: () => Interval;
  /** Seconds from row to row of what the charts show. */
  readonly spacing: () => number;
}

/** A page that begins at the present. */
export function createPastMoment({ window, processes, now, visible, spacing }: MomentParts): PastMoment {
  const at = createCell<number | null>(null);
  const missing = createCell<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;

  const load = async (time: number, signal: AbortSignal): Promise<void> => {
    const frame = await fetchJson<ProcessFrame>(`api/v1/processes?at=${time}`, signal);
    // A server that knows no past answers with the present.
    const isThen = frame.time <= time + NEAR;
    processes.set(isThen ? frame : null);
    missing.set(isThen ? null : `The processes of ${formatMoment(time)} were not recorded.`);
  };
  at.subscribe(() => {
    clearTimeout(timer);
    asking?.abort();
    processes.set(null);
    missing.set(null);
    const time = at.get();
    if (time === null) return;
    timer = setTimeout(() => {
      const control = new AbortController();
      asking = control;
      load(time, control.signal).catch((error: unknown) => {
        if (!control.signal.aborted) missing.set(error instanceof Error ? error.message : 'The processes could not be fetched.');
      });
    }, SETTLE);
  });
  window.subscribe(() => {
    if (window.get().fixed === null) at.set(null);
  });

  const moment: PastMoment = {
    at,
    missing,
    goTo(time) {
      const wanted = Math.min(time, now());
      const shown = visible();
      const half = (shown.to - shown.from) / 2;
      const isShown = wanted >= shown.from && wanted <= shown.to;
      const [from, to] = isShown ? [shown.from, shown.to] : [wanted - half, wanted + half];
      window.set(zoomTo(window.get(), now(), from, to));
      at.set(wanted);
    },
    step: (rows) => moment.goTo((at.get() ?? now()) + rows * spacing()),
    leave: () => window.set(resetWindow(window.get())),
  };
  return moment;
}
