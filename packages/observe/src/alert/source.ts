import type { EventKind } from '@hecate/metrics';
import type { EventLog } from '../event/event-log.ts';
import type { ColumnUnit } from '../record/columns.ts';
import type { Frame } from '../serve/hub.ts';

/**
 * Gets what a rule is about: the object (null: the whole machine), the value now, the readings that may stand beside it, and what
 * people call the object, where that is something else.
 */
export type Take = (object: string | null, value: number | null, other: (reading: string) => number | null, label?: string) => void;

/** Looks at a frame. False: nothing is known now, which is not the same as that there is nothing. */
export type Look = (frame: Frame, take: Take) => boolean;

/** What a source may need beside the frames. */
export interface SourceContext {
  /** What happens to the machine; absent where nobody watches. */
  readonly events?: EventLog;
  /** How unusual a series is for this hour of the week, 0 to 1; null when that is not known. Absent where nothing is learned. */
  readonly anomaly?: Anomaly;
  /** Figures of the daemon itself by name, null where unknown: `recording_failed`. */
  readonly facts?: Readonly<Record<string, () => number | null>>;
  /** How far each exporter is behind, in seconds. */
  readonly exporters?: () => Iterable<{ readonly name: string; readonly lag: number | null }>;
}

/** What is learned about the machine's own week. */
export interface Anomaly {
  /** Names the series that rules ask about, before anything is learned. */
  want(series: string): void;
  score(series: string): number | null;
  /** Series whose score is at least this; null when no score is known. */
  count(least: number): number | null;
  /** Why nothing is known, as a sentence; null when something is. */
  readonly reason: string | null;
}

/** Where the values of a rule come from. */
export interface Source {
  /** As it was written: `filesystem.*.used_percent`. */
  readonly what: string;
  readonly unit: ColumnUnit;
  /** How often it has something new: at each tick, or every ten seconds. */
  readonly pace: 'tick' | 'slow';
  /** Whether it has objects. */
  readonly objects: boolean;
  /** The readings that a condition may name beside the value, and texts may show. */
  readonly readings: ReadonlyMap<string, ColumnUnit>;
  /** Begins to look; what must be remembered between looks belongs to the look. */
  readonly open: (context: SourceContext) => Look;
  /** Why nothing is known, as a sentence; null when something is. */
  readonly reason?: (context: SourceContext) => string | null;
}

const NO_READINGS: ReadonlyMap<string, ColumnUnit> = new Map();
const nothing = (): null => null;

/** Events of a kind since the last look. */
export const eventSource = (what: string, kind: EventKind): Source => ({
  what,
  unit: 'count',
  pace: 'tick',
  objects: false,
  readings: NO_READINGS,
  open({ events }) {
    if (!events) return () => false;
    let newest = events.since(0).at(-1)?.id ?? 0;
    let count = 0;
    events.subscribe(({ id, event }) => {
      if (id > newest && event.kind === kind) count += event.kind === 'oom-kill' ? event.count : 1;
      newest = Math.max(newest, id);
    });
    return (_, take) => {
      take(null, count, nothing);
      count = 0;
      return true;
    };
  },
});

/** A figure of the daemon itself. */
export const factSource = (what: string, name: string): Source => ({
  what,
  unit: 'count',
  pace: 'slow',
  objects: false,
  readings: NO_READINGS,
  open: ({ facts }) => {
    const fact = facts?.[name];
    if (!fact) return () => false;
    return (_, take) => {
      take(null, fact(), nothing);
      return true;
    };
  },
});

/** How far exporters are behind. */
export const exporterSource = (what: string, matches: (object: string) => boolean): Source => ({
  what,
  unit: 'seconds',
  pace: 'slow',
  objects: true,
  readings: NO_READINGS,
  open: ({ exporters }) => {
    if (!exporters) return () => false;
    return (_, take) => {
      for (const { name, lag } of exporters()) if (matches(name)) take(name, lag, nothing);
      return true;
    };
  },
});

/** Series from which on a score counts as unusual. */
const UNUSUAL = 0.5;

/** How unusual one series is, or, for `*`, how many of them are. */
export const anomalySource = (what: string, series: string): Source => ({
  what,
  unit: 'count',
  pace: 'slow',
  objects: false,
  readings: NO_READINGS,
  reason: ({ anomaly }) => (anomaly ? anomaly.reason : 'The daemon does not record, so nothing is learned.'),
  open({ anomaly }) {
    if (!anomaly) return () => false;
    if (series !== '*') anomaly.want(series);
    return (_, take) => {
      take(null, series === '*' ? anomaly.count(UNUSUAL) : anomaly.score(series), nothing);
      return true;
    };
  },
});
