import type { Page } from './page.ts';
import { liveWindow, zoomTo } from './time-window.ts';
import type { TimeWindow } from './time-window.ts';

/** Milliseconds that the window must stand still before the address says so: browsers refuse to be told at every pixel. */
const SETTLE = 300;
/** Seconds of the shortest and longest range that an address may ask for. */
const RANGES = [5, 366 * 86_400] as const;

/** What an address says about time. */
interface Link {
  readonly range: number | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly time: number | null;
}

const timeOf = (text: string | null): number | null => {
  // Browsers read much more as a date than was ever written here.
  const time = /^\d{4}-\d\d-\d\dT/.test(text ?? '') ? Date.parse(text!) / 1000 : Number.NaN;
  return Number.isFinite(time) && time > 0 ? time : null;
};
const iso = (time: number): string => new Date(Math.round(time) * 1000).toISOString().replace('.000Z', 'Z');

/** What stands after the `#` of an address: `range=900`, or `from=…&to=…`, and `time=…` for a chosen moment. Nonsense is nothing. */
export function readLink(hash: string): Link {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const range = Number(parts.get('range') ?? Number.NaN);
  return {
    range: range >= RANGES[0] && range <= RANGES[1] ? range : null,
    from: timeOf(parts.get('from')),
    to: timeOf(parts.get('to')),
    time: timeOf(parts.get('time')),
  };
}

/** The same, written; empty for a page as it is opened. */
export function writeLink(window: TimeWindow, moment: number | null, firstSpan: number): string {
  if (!window.fixed) return Math.round(window.span) === firstSpan ? '' : `#range=${Math.round(window.span)}`;
  const { from, to } = window.fixed;
  return `#from=${iso(from)}&to=${iso(to)}${moment === null ? '' : `&time=${iso(moment)}`}`;
}

/** Opens what the address says, and lets it say what is open, so that it can be sent to others. */
export function startDeepLink(page: Page, firstSpan: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const apply = (): void => {
    const { range, from, to, time } = readLink(location.hash);
    const now = page.now();
    if (from !== null && to !== null && to > from && from < now) page.window.set(zoomTo(page.window.get(), now, from, to));
    else if (range !== null) page.window.set(liveWindow(range));
    if (time !== null && time <= now) page.moment.goTo(time);
  };
  const write = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = writeLink(page.window.get(), page.moment.at.get(), firstSpan);
      if (hash !== location.hash) history.replaceState(null, '', `${location.pathname}${location.search}${hash}`);
    }, SETTLE);
  };
  apply();
  globalThis.addEventListener('hashchange', apply);
  for (const cell of [page.window, page.moment.at]) cell.subscribe(write);
}
