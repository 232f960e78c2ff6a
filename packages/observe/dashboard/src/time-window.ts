/** A stretch of time, seconds since the epoch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What part of time all charts show. */
export interface TimeWindow {
  /** Seconds that the live window is long. */
  readonly span: number;
  /** Where the window stands still; null while it follows the clock. */
  readonly fixed: Interval | null;
  /** Whether the whole page stands still. New samples are still kept. */
  readonly paused: boolean;
}

/** A live range that a button or a digit key chooses. */
export interface LiveRange {
  readonly key: string;
  readonly label: string;
  /** The label for screen readers. */
  readonly name: string;
  readonly seconds: number;
}

/** The live ranges. */
export const LIVE_RANGES: readonly LiveRange[] = [
  { key: '1', label: '1 min', name: 'last minute', seconds: 60 },
  { key: '2', label: '5 min', name: 'last 5 minutes', seconds: 300 },
  { key: '3', label: '15 min', name: 'last 15 minutes', seconds: 900 },
  { key: '4', label: '1 h', name: 'last hour', seconds: 3600 },
  { key: '5', label: '6 h', name: 'last 6 hours', seconds: 6 * 3600 },
  { key: '6', label: '24 h', name: 'last 24 hours', seconds: 86_400 },
  { key: '7', label: '7 d', name: 'last 7 days', seconds: 7 * 86_400 },
  { key: '8', label: '30 d', name: 'last 30 days', seconds: 30 * 86_400 },
  { key: '9', label: '1 y', name: 'last year', seconds: 365 * 86_400 },
];

/** Seconds of the shortest window; less than this shows nothing. */
const SHORTEST = 5;
/** Seconds of the longest window: a leap year. */
const LONGEST = 366 * 86_400;

/** A window that follows the clock and is `span` seconds long. */
export function liveWindow(span: number): TimeWindow {
  return { span, fixed: null, paused: false };
}

/** What the window shows when the newest sample is of `now`. */
export function visibleInterval(window: TimeWindow, now: number): Interval {
  return window.fixed ?? { from: now - window.span, to: now };
}

/** The window on exactly this stretch, made longer when it is shorter than can be seen, and never past `now`. */
export function zoomTo(window: TimeWindow, now: number, from: number, to: number): TimeWindow {
  const length = Math.min(LONGEST, Math.max(SHORTEST, Math.abs(to - from)));
  const middle = (from + to) / 2;
  const end = Math.min(now, middle + length / 2);
  return { ...window, fixed: { from: end - length, to: end } };
}

/** The window `factor` times as long (2 = zoomed out), with the moment `anchor` staying in its place. */
export function zoomBy(window: TimeWindow, now: number, factor: number, anchor?: number): TimeWindow {
  const { from, to } = visibleInterval(window, now);
  const at = anchor ?? (window.fixed ? (from + to) / 2 : to);
  return zoomTo(window, now, at - (at - from) * factor, at + (to - at) * factor);
}

/** The window moved by `fraction` of its length, to the past when negative. One that reaches `now` follows the clock again. */
export function panBy(window: TimeWindow, now: number, fraction: number): TimeWindow {
  const { from, to } = visibleInterval(window, now);
  const shift = (to - from) * fraction;
  if (to + shift >= now) return window.paused ? zoomTo(window, now, now - (to - from), now) : { ...window, span: to - from, fixed: null };
  return { ...window, fixed: { from: from + shift, to: to + shift } };
}

/** The page standing still at what it shows now. */
export function pauseAt(window: TimeWindow, now: number): TimeWindow {
  return { ...window, paused: true, fixed: visibleInterval(window, now) };
}

/** The window that follows the clock again, as long as its range button says. */
export function resetWindow(window: TimeWindow): TimeWindow {
  const range = LIVE_RANGES.find(({ seconds }) => seconds >= window.span - 0.5) ?? LIVE_RANGES.at(-1)!;
  return liveWindow(range.seconds);
}
