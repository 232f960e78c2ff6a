import { HecateError, nearestNames } from '@hecate/host';
import { EVENT_KIND_NAMES } from '@hecate/metrics';
import type { EventKind } from '@hecate/metrics';
import { COLUMN_INDEX } from '../record/columns.ts';
import type { ColumnUnit } from '../record/columns.ts';
import { forecastSource } from './forecast.ts';
import { anomalySource, eventSource, exporterSource, factSource } from './source.ts';
import type { Source } from './source.ts';
import { SUBJECTS } from './subject/index.ts';
import { MACHINE } from './subject/machine.ts';
import type { AnySubject } from './subject/subject.ts';

/** What the daemon says of itself. */
export const FACTS: readonly string[] = ['recording_failed'];

const MACHINE_UNITS: ReadonlyMap<string, ColumnUnit> = new Map([...MACHINE].map(([name, { unit }]) => [name, unit]));

/** Whether an object is meant: `*` stands for any text. */
export function objectPattern(pattern: string): (object: string) => boolean {
  if (pattern === '*') return () => true;
  if (!pattern.includes('*')) return (object) => object === pattern;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  return (object) => {
    if (!object.startsWith(first) || object.length < first.length + last.length || !object.endsWith(last)) return false;
    const end = object.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = object.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/**
 * Where the values of a rule come from: `cpu_usage_percent`, `filesystem.*.used_percent`, `event:oom-kill`,
 * `forecast:filesystem.full_in`, `anomaly:cpu_usage_percent`, `anomaly:*`, `daemon.recording_failed`, `export.*.lag_seconds`.
 * Throws INVALID with the end of a sentence whose subject is the setting.
 */
export function sourceOf(what: string): Source {
  const colon = what.indexOf(':');
  const first = what.indexOf('.');
  // A colon behind the first dot is one of the object: `gpu.0000:03:00.0.celsius`.
  if (colon > 0 && (first < 0 || colon < first)) return derivedOf(what, what.slice(0, colon), what.slice(colon + 1));
  const last = what.lastIndexOf('.');
  if (first < 0) return machineOf(what);
  const kind = what.slice(0, first);
  const name = what.slice(last + 1);
  const object = last > first ? what.slice(first + 1, last) : '*';
  if (kind === 'daemon') {
    if (FACTS.includes(name)) return factSource(what, name);
    throw unknown(name, FACTS, 'nothing of the daemon');
  }
  if (kind === 'export') {
    if (name === 'lag_seconds') return exporterSource(what, objectPattern(object));
    throw unknown(name, ['lag_seconds'], 'nothing of an exporter');
  }
  const subject = SUBJECTS.get(kind);
  if (!subject) throw unknown(kind, [...SUBJECTS.keys(), 'daemon', 'export'], 'no kind of object');
  return subjectOf(what, subject, name, objectPattern(object));
}

function derivedOf(what: string, kind: string, rest: string): Source {
  switch (kind) {
    case 'event':
      if ((EVENT_KIND_NAMES as readonly string[]).includes(rest)) return eventSource(what, rest as EventKind);
      throw unknown(rest, EVENT_KIND_NAMES, 'no kind of event');
    case 'forecast': {
      const object = /^filesystem\.(?:(.*)\.)?full_in$/s.exec(rest);
      if (object) return forecastSource(what, objectPattern(object[1] ?? '*'));
      throw unknown(rest, ['filesystem.full_in'], 'no forecast');
    }
    case 'anomaly':
      if (rest === '*' || COLUMN_INDEX.has(rest)) return anomalySource(what, rest);
      throw unknown(rest, [...COLUMN_INDEX.keys()], 'no series');
    default:
      throw unknown(kind, ['event', 'forecast', 'anomaly'], 'nothing');
  }
}

function unknown(name: string, known: readonly string[], noun: string): HecateError {
  const near = nearestNames(name, known);
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Known are ${known.join(', ')}.`;
  return new HecateError('INVALID', `names ${JSON.stringify(name)}, which is ${noun}`, { hint });
}

function machineOf(what: string): Source {
  const reading = MACHINE.get(what);
  if (!reading) throw unknown(what, [...MACHINE.keys()], 'no number of the machine');
  return {
    what,
    unit: reading.unit,
    pace: reading.pace,
    objects: false,
    readings: MACHINE_UNITS,
    open: () => {
      let looked: Parameters<typeof reading.value>[1] | null = null;
      const other = (name: string): number | null => (looked && MACHINE.get(name)?.value(null, looked)) ?? null;
      return (frame, take) => {
        looked = frame;
        take(null, reading.value(null, frame) ?? null, other);
        looked = null;
        return true;
      };
    },
  };
}

function subjectOf(what: string, subject: AnySubject, name: string, matches: (object: string) => boolean): Source {
  const reading = Object.hasOwn(subject.readings, name) ? subject.readings[name] : undefined;
  if (!reading) throw unknown(name, Object.keys(subject.readings), `nothing of a ${subject.name}`);
  return {
    what,
    unit: reading.unit,
    pace: subject.pace,
    objects: true,
    readings: new Map(Object.entries(subject.readings).map(([key, { unit }]) => [key, unit])),
    open: () => (frame, take) => {
      const rows = subject.rows(frame);
      if (rows === null || rows === undefined) return false;
      let row: unknown;
      const other = (key: string): number | null => subject.readings[key]?.value(row, frame) ?? null;
      for (row of rows) {
        const object = subject.objectOf(row);
        if (matches(object)) take(object, reading.value(row, frame) ?? null, other, subject.labelOf?.(row));
      }
      return true;
    },
  };
}
