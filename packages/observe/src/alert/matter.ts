import type { Severity } from './alerts.ts';
import { holds } from './condition.ts';
import type { Rule } from './rule.ts';
import type { Window } from './window.ts';

/** One rule about one object: where it stands. Times are monotonic seconds, but for `since`. */
export interface Matter {
  readonly object: string | null;
  /** What people call it, where that is something else. */
  label: string | null;
  readonly window: Window;
  severity: Severity | null;
  /** Seconds since the epoch at which it got its severity. */
  since: number;
  /** What was compared last; null when it is not known. */
  value: number | null;
  /** The sentence, made when it is asked for and after a change. */
  summary: string;
  /** When the value was last known, and the object last there. */
  knownAt: number;
  seenAt: number;
  /** Since when each severity would be right. */
  warningFrom: number | null;
  criticalFrom: number | null;
  /** Since when a lower one would be. */
  calmFrom: number | null;
  /** When it was raised in the last hour, oldest first. */
  readonly raisedAt: number[];
}

/** Seconds that a severity is kept while the value is not known. */
const UNKNOWN = 600;
/** Seconds in which raises count, and so many are free. */
const FLAP_HOUR = 3600;
const FREE_RAISES = 2;
/** Seconds that must be calm after one raise more; they double with each, up to half an hour. */
const FIRST_CALM = 60;
const MOST_CALM = 1800;

const rank = (severity: Severity | null): number => (severity === null ? 0 : severity === 'warning' ? 1 : 2);

/** Seconds that it must be calm before it is cleared: none, unless it comes and goes. */
function calmNeeded({ raisedAt }: Matter, now: number): number {
  while (raisedAt.length > 0 && now - (raisedAt[0] as number) > FLAP_HOUR) raisedAt.shift();
  const more = raisedAt.length - FREE_RAISES;
  return more <= 0 ? 0 : Math.min(MOST_CALM, FIRST_CALM * 2 ** (more - 1));
}

/** What the value calls for, with hysteresis; undefined when that is not known. */
function severityFor(rule: Rule, matter: Matter, value: number, other: (reading: string) => number | null): Severity | null | undefined {
  const now = rank(matter.severity);
  let unsure = false;
  for (const [level, raise, clear] of [
    ['critical', rule.critical, rule.clearCritical],
    ['warning', rule.warning, rule.clearWarning],
  ] as const) {
    if (!raise) continue;
    const isOn = now >= rank(level);
    const answer = holds(isOn && clear ? clear : raise, value, other);
    if (answer === null) unsure = true;
    else if (isOn && clear ? !answer : answer) return level;
  }
  return unsure ? undefined : null;
}

/**
 * Judges one value of a matter at a monotonic time `now`, `time` on the wall clock. Returns whether its severity changed.
 * A value that is not known raises nothing: the severity is kept for ten minutes, and then there is none.
 */
export function settle(
  rule: Rule,
  matter: Matter,
  value: number | null,
  other: (reading: string) => number | null,
  now: number,
  time: number,
): boolean {
  matter.value = value;
  const wanted = value === null ? undefined : severityFor(rule, matter, value, other);
  if (wanted === undefined) {
    matter.warningFrom = matter.criticalFrom = matter.calmFrom = null;
    if (matter.severity === null || now - matter.knownAt <= UNKNOWN) return false;
    matter.value = null;
    return become(matter, null, now, time);
  }
  matter.knownAt = now;
  const level = rank(wanted);
  const current = rank(matter.severity);
  matter.warningFrom = level >= 1 ? (matter.warningFrom ?? now) : null;
  matter.criticalFrom = level >= 2 ? (matter.criticalFrom ?? now) : null;
  if (current < 2 && matter.criticalFrom !== null && now - matter.criticalFrom >= rule.hold) return become(matter, 'critical', now, time);
  if (current < 1 && matter.warningFrom !== null && now - matter.warningFrom >= rule.hold) return become(matter, 'warning', now, time);
  if (level >= current) {
    matter.calmFrom = null;
    return false;
  }
  matter.calmFrom ??= now;
  return now - matter.calmFrom >= calmNeeded(matter, now) && become(matter, wanted, now, time);
}

/** Gives it a severity. */
export function become(matter: Matter, severity: Severity | null, now: number, time: number): true {
  if (matter.severity === null && severity !== null) matter.raisedAt.push(now);
  matter.severity = severity;
  matter.since = time;
  matter.calmFrom = null;
  return true;
}
