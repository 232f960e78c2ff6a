import type { Alert } from '@hecate/observe';
import { createInk } from '@hecate/observe';
import { EVENT_KIND_NAMES } from '@hecate/metrics';
import type { FilesystemReading, MachineEvent } from '@hecate/metrics';
import { eventLine } from '../../terminal/event-line.ts';
import type { MachineFacts, SceneMount, ScenePower } from '../scene.ts';
import type { SeriesStretch } from '../source.ts';
import { sceneMounts } from './scene-facts.ts';
import { listOf, numberOrNull, objectOf, textOrNull } from './remote-values.ts';
import type { Unchecked } from './remote-values.ts';

/** Things of one kind that are taken of an answer. */
const MOST = 4096;

/** What a daemon says of its machine in a snapshot; `named` where it has no name. */
export function remoteFacts(snapshot: Unchecked, named: string): MachineFacts {
  const host = objectOf(snapshot['host']);
  const system = textOrNull(host['system']);
  const release = textOrNull(host['release']);
  const uptime = numberOrNull(host['uptime']);
  const time = numberOrNull(snapshot['time']);
  const cores = listOf(objectOf(snapshot['cpu'])['cores'], MOST).length;
  return {
    hostname: textOrNull(host['hostname']) ?? named,
    system: textOrNull(host['osName']),
    kernel: system === null || release === null ? system : `${system} ${release}`,
    cpuModel: textOrNull(host['cpuModel']),
    cores: cores || numberOrNull(host['cpuCount']),
    bootTime: time === null || uptime === null ? null : time - uptime,
  };
}

/** Its file systems, each once; null when it does not tell. */
export function remoteMounts(snapshot: Unchecked): SceneMount[] | null {
  if (!Array.isArray(snapshot['filesystem'])) return null;
  const rows = listOf(snapshot['filesystem'], MOST).flatMap((given): FilesystemReading[] => {
    const row = objectOf(given);
    const mountpoint = textOrNull(row['mountpoint']);
    if (mountpoint === null) return [];
    const figure = (name: string): number | null => numberOrNull(row[name]);
    const text = (name: string): string => textOrNull(row[name]) ?? '';
    return [
      {
        mountpoint,
        device: text('device'),
        fstype: text('fstype'),
        root: text('root'),
        major: figure('major') ?? 0,
        minor: figure('minor') ?? 0,
        readOnly: row['readOnly'] === true,
        error: textOrNull(row['error']),
        size: figure('size'),
        free: figure('free'),
        used: figure('used'),
        available: figure('available'),
        files: null,
        filesFree: null,
      },
    ];
  });
  return sceneMounts(rows);
}

/** Its batteries together; null where it has none and nothing tells what it runs on. */
export function remotePower(snapshot: Unchecked): ScenePower | null {
  const power = objectOf(snapshot['power']);
  const source = power['source'];
  if (source !== 'battery' && source !== 'ac' && listOf(power['batteries'], MOST).length === 0) return null;
  return {
    onBattery: source === 'battery' ? true : source === 'ac' ? false : null,
    charge: numberOrNull(power['charge']),
    watts: numberOrNull(power['power']),
    secondsLeft: numberOrNull(power[source === 'battery' ? 'timeToEmpty' : 'timeToFull']),
  };
}

/** Hertz of its cores. */
export function remoteFrequencies(snapshot: Unchecked): ReadonlyMap<number, number> {
  const reading = objectOf(snapshot['frequency']);
  const found = new Map<number, number>();
  for (const given of listOf(reading['clocks'], MOST)) {
    const { cpu, frequency } = objectOf(given);
    if (typeof cpu === 'number' && typeof frequency === 'number') found.set(cpu, frequency);
  }
  for (const given of listOf(reading['policies'], MOST)) {
    const { cpus, current, average } = objectOf(given);
    const hertz = numberOrNull(average) ?? numberOrNull(current);
    if (hertz !== null) for (const cpu of listOf(cpus, MOST)) if (typeof cpu === 'number') found.set(cpu, hertz);
  }
  return found;
}

/** An alert; null for what is none. */
export function remoteAlert(given: unknown): Alert | null {
  const { id, rule, severity, summary, since, value, ...rest } = objectOf(given);
  if (typeof id !== 'string' || typeof rule !== 'string' || typeof since !== 'number') return null;
  return {
    id,
    rule,
    since,
    object: textOrNull(rest['object']),
    severity: severity === 'critical' || severity === 'warning' ? severity : null,
    value: numberOrNull(value),
    unit: textOrNull(rest['unit']) ?? '',
    summary: textOrNull(summary) ?? rule,
    advice: textOrNull(rest['advice']),
    silencedUntil: numberOrNull(rest['silencedUntil']),
  };
}

/** The worst first, of equal ones the newest. */
export function worstFirst(alerts: Iterable<Alert>): Alert[] {
  const weight = ({ severity }: Alert): number => (severity === 'critical' ? 1 : 0);
  return [...alerts].toSorted((a, b) => weight(b) - weight(a) || b.since - a.since);
}

const KINDS: ReadonlySet<string> = new Set(EVENT_KIND_NAMES);
const PLAIN = createInk({ colour: false, unicode: false });

/** An event; null for what is none: a kind that is not known here, or one that cannot be put in words because something of it is missing. */
export function remoteEvent(given: unknown): MachineEvent | null {
  const { id: _id, type: _type, ...event } = objectOf(given);
  if (typeof event['time'] !== 'number' || typeof event['kind'] !== 'string' || !KINDS.has(event['kind'])) return null;
  try {
    eventLine(event as unknown as MachineEvent, PLAIN);
    return event as unknown as MachineEvent;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

/** Points of an answer that are taken. */
const MOST_POINTS = 100_000;

/** A stretch of history; null when it holds nothing. */
export function remoteStretch(given: unknown): SeriesStretch | null {
  const { step, time, series } = objectOf(given);
  const times = listOf(time, MOST_POINTS);
  if (typeof step !== 'number' || !(step > 0) || times.length === 0 || !times.every((at) => typeof at === 'number')) return null;
  const values = Object.entries(objectOf(series)).slice(0, MOST);
  return {
    step,
    time: times,
    series: new Map(values.map(([id, points]) => [id, listOf(points, MOST_POINTS).map(numberOrNull)])),
  };
}
