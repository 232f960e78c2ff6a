import { encodeDuration } from '../analyze/unit.ts';
import type { ColumnUnit } from '../record/columns.ts';
import type { Frame } from '../serve/hub.ts';
import type { Severity } from './alerts.ts';
import { become, settle } from './matter.ts';
import type { Matter } from './matter.ts';
import type { Rule } from './rule.ts';
import type { SourceContext, Take } from './source.ts';
import { fillTemplate, objectText, valueText } from './summary-template.ts';
import { createWindow } from './window.ts';

/** A matter that changed its severity. */
export interface Verdict {
  readonly rule: Rule;
  readonly matter: Matter;
  readonly previous: Severity | null;
}

/** A matter as it was kept over a restart. */
export interface KeptMatter {
  readonly object: string | null;
  readonly severity: Severity;
  readonly since: number;
  readonly summary: string;
}

/** One rule at work. */
export interface Judge {
  readonly rule: Rule;
  /** Every object that it has seen, by name; the whole machine's name is empty. */
  readonly matters: ReadonlyMap<string, Matter>;
  /** Looks at a frame when its time has come, and answers what changed: mostly nothing. */
  look(frame: Frame): readonly Verdict[];
  /** Takes up where a former run left: neither raised again nor forgotten. */
  restore(kept: KeptMatter): void;
}

/** Seconds between two looks at what is read slowly. */
const SLOW = 10;
/** Seconds that an object may be away before it is gone: a list that was read while it was made can lack one. */
const GONE = 15;
/** Objects that one rule follows; a machine with more has other problems, and our memory is bounded. */
const MOST_OBJECTS = 1000;

const NOTHING: readonly Verdict[] = [];

/**
 * A judge. `interval` is the seconds between ticks; `turn` spreads judges that look every ten seconds over the ticks in between.
 */
export function createJudge(rule: Rule, context: SourceContext, interval: number, turn: number): Judge {
  const matters = new Map<string, Matter>();
  const step = Math.max(interval, rule.source.pace === 'slow' ? SLOW : 1);
  // Half a tick early: ticks come a little before and after their time.
  const wait = step - interval / 2;
  const read = rule.source.open(context);
  let due = Number.NEGATIVE_INFINITY;
  let changed: Verdict[] = [];
  let now = 0;
  let time = 0;

  const matterOf = (object: string | null): Matter | null => {
    const key = object ?? '';
    let matter = matters.get(key);
    if (matter) return matter;
    if (matters.size >= MOST_OBJECTS) return null;
    const window = createWindow(rule.use, rule.over, step);
    const fresh = { label: null, severity: null, value: null, summary: '', warningFrom: null, criticalFrom: null, calmFrom: null };
    matter = { ...fresh, object, window, since: time, knownAt: now, seenAt: now, raisedAt: [] };
    matters.set(key, matter);
    return matter;
  };
  const judge = (matter: Matter, value: number | null, other: (reading: string) => number | null): void => {
    const previous = matter.severity;
    if (settle(rule, matter, value, other, now, time)) {
      matter.summary = value === null ? unknownSummary(rule, matter) : summaryOf(rule, matter, other);
      changed.push({ rule, matter, previous });
    } else if (matter.severity !== null && value !== null) matter.summary = summaryOf(rule, matter, other);
  };
  const take: Take = (object, value, other, label) => {
    if (object !== null && rule.leavesOut(object)) return;
    const matter = matterOf(object);
    if (!matter) return;
    matter.seenAt = now;
    if (label !== undefined) matter.label = label;
    matter.window.add(now, value);
    judge(matter, matter.window.read(now), other);
  };
  const unknown = (): null => null;

  return {
    rule,
    matters,
    look({ snapshot, rates, row }) {
      if (snapshot.monotonic < due) return NOTHING;
      now = snapshot.monotonic;
      time = snapshot.time;
      const isFirst = due === Number.NEGATIVE_INFINITY;
      due = isFirst && step >= SLOW ? now + (turn % SLOW) * Math.min(1, interval) : now + wait;
      // What was restored counts as known from now on: a window needs its time, and a slow reading its turn.
      if (isFirst) for (const matter of matters.values()) matter.knownAt = matter.seenAt = now;
      changed = [];
      const isKnown = read({ snapshot, rates, row }, take);
      for (const [key, matter] of matters) {
        if (matter.seenAt === now) continue;
        if (!isKnown) judge(matter, null, unknown);
        else if (now - matter.seenAt > Math.max(GONE, step * 1.5)) {
          matters.delete(key);
          if (matter.severity === null) continue;
          const previous = matter.severity;
          matter.value = null;
          become(matter, null, now, time);
          matter.summary = `${objectText(matter.label ?? matter.object)} is gone.`;
          changed.push({ rule, matter, previous });
        }
      }
      return changed.length > 0 ? changed : NOTHING;
    },
    restore({ object, severity, since, summary }) {
      const matter = matterOf(object);
      if (!matter) return;
      Object.assign(matter, { severity, since, summary });
    },
  };
}

/** The sentence about a matter, from its newest values. */
function summaryOf({ summary, source }: Rule, { object, label, value }: Matter, other: (reading: string) => number | null): string {
  return fillTemplate(summary, (place) => {
    if (place === 'object') return objectText(label ?? object);
    if (place === 'value') return valueText(value, source.unit);
    return valueText(other(place), source.readings.get(place) as ColumnUnit);
  });
}

function unknownSummary({ source }: Rule, { object }: Matter): string {
  return `${object === null ? '' : `${objectText(object)}: `}${source.what} has not been known for ${encodeDuration(600)}.`;
}
