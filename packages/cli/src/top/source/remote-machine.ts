import type { Alert } from '@hecate/observe';
import { seriesMeta } from '@hecate/observe';
import type { SeriesMeta } from '@hecate/observe';
import type { MachineEvent } from '@hecate/metrics';
import type { MachineFacts, Scene, SceneMount, ScenePower, SceneProcesses } from '../scene.ts';
import { remoteAlert, remoteEvent, remoteFacts, remoteFrequencies, remoteMounts, remotePower, worstFirst } from './remote-facts.ts';
import { createRowReader } from './remote-processes.ts';
import { listOf, numberOrNull, objectOf, textOrNull } from './remote-values.ts';
import type { Unchecked } from './remote-values.ts';

/** What is known of a machine that a daemon tells of. */
export interface RemoteMachine {
  /** The snapshot that is asked for now and then: what does not come with the samples. */
  takeSnapshot(answer: unknown): void;
  /** All alerts there are. */
  takeAlerts(answer: unknown): void;
  /** The events of the last time. */
  takeEvents(answer: unknown): void;
  /** A message of the stream; answers a scene when it completes one. */
  takeMessage(message: Unchecked): Scene | null;
  meta(id: string): SeriesMeta | undefined;
  /** Seconds between its samples, as far as they came: a daemon may take them more rarely than they are asked for. */
  readonly pace: number;
  /** Null before the first snapshot. */
  readonly facts: MachineFacts | null;
}

const MOST_EVENTS = 50;
const MOST_ALERTS = 1000;
const MOST_SERIES = 4096;
const MOST_GAPS = 20;
/** Samples whose times are looked at for the pace. */
const MOST_TIMES = 4;
/** Reasons of gaps that a person wants to hear. */
const TOLD: ReadonlySet<unknown> = new Set(['permission', 'timeout', 'error']);

/** Nothing is known at first; `named` is what the machine is called until it tells. */
export function createRemoteMachine(named: string): RemoteMachine {
  const readRows = createRowReader();
  const metas = new Map<string, SeriesMeta>();
  let alerts = new Map<string, Alert>();
  let events: MachineEvent[] = [];
  let facts: MachineFacts | null = null;
  let mounts: SceneMount[] | null = null;
  let power: ScenePower | null = null;
  let frequencies: ReadonlyMap<number, number> = new Map();
  let gaps: readonly string[] = [];
  let hasProcesses = true;
  /** When the last samples were taken. */
  let times: readonly number[] = [];
  let processes: SceneProcesses | null = null;
  /** The tick that waits for its processes. */
  let waiting: { readonly time: number; readonly values: ReadonlyMap<string, number | null> } | null = null;

  const complete = (): Scene | null => {
    if (!waiting) return null;
    const { time, values } = waiting;
    waiting = null;
    return {
      time,
      values,
      machine: facts ?? remoteFacts({}, named),
      frequencies,
      mounts,
      power,
      processes,
      alerts: worstFirst(alerts.values()),
      events,
      gaps,
    };
  };

  const takeTick = ({ time, values, meta }: Unchecked): Scene | null => {
    if (typeof time !== 'number' || !Number.isFinite(time)) return null;
    for (const [id, given] of Object.entries(objectOf(meta))) {
      const known = metaOf(id, objectOf(given));
      if (known && metas.size < MOST_SERIES) metas.set(id, known);
    }
    // Of a daemon whose processes do not come, a sample is complete when the next one is there.
    const before = complete();
    const entries = Object.entries(objectOf(values)).slice(0, MOST_SERIES);
    times = [...times, time].slice(-MOST_TIMES);
    waiting = { time, values: new Map(entries.map(([id, value]) => [id, numberOrNull(value)])) };
    return hasProcesses ? before : complete();
  };

  return {
    get facts() {
      return facts;
    },
    get pace() {
      const steps = times.slice(1).map((time, index) => time - times[index]!);
      return steps.length === 0 ? 0 : Math.max(0, Math.min(...steps));
    },
    meta: (id) => metas.get(id) ?? seriesMeta(id),
    takeSnapshot(answer) {
      const snapshot = objectOf(answer);
      const before = facts?.bootTime ?? null;
      const now = remoteFacts(snapshot, named);
      // Its uptime was read some seconds before: what is known already does not move by that.
      facts = before !== null && now.bootTime !== null && Math.abs(now.bootTime - before) < 60 ? { ...now, bootTime: before } : now;
      mounts = remoteMounts(snapshot);
      power = remotePower(snapshot);
      frequencies = remoteFrequencies(snapshot);
      hasProcesses = snapshot['processes'] !== null;
      gaps = listOf(snapshot['gaps'], 1000).flatMap((given) => {
        const { field, reason, detail } = objectOf(given);
        return TOLD.has(reason) && typeof field === 'string' ? [`${field}: ${textOrNull(detail) ?? String(reason)}`] : [];
      });
      gaps = gaps.slice(0, MOST_GAPS);
    },
    takeAlerts(answer) {
      const all = listOf(objectOf(answer)['alerts'], MOST_ALERTS).flatMap((given) => remoteAlert(given) ?? []);
      alerts = new Map(all.filter(({ severity }) => severity !== null).map((alert) => [alert.id, alert]));
    },
    takeEvents(answer) {
      events = listOf(objectOf(answer)['events'], 5000)
        .flatMap((given) => remoteEvent(given) ?? [])
        .slice(-MOST_EVENTS);
    },
    takeMessage(message) {
      switch (message['type']) {
        case 'tick':
          return takeTick(message);
        case 'processes':
          processes = readRows(message['processes']);
          return complete();
        case 'event': {
          const event = remoteEvent(message);
          if (event) events = [...events, event].slice(-MOST_EVENTS);
          return null;
        }
        case 'alert': {
          const alert = remoteAlert(message['alert']);
          if (alert?.severity === null) alerts.delete(alert.id);
          else if (alert && alerts.size < MOST_ALERTS) alerts.set(alert.id, alert);
          return null;
        }
        default:
          return null;
      }
    },
  };
}

/** What a daemon says of a series; our own words come first, because its may be any. */
function metaOf(id: string, given: Unchecked): SeriesMeta | null {
  const own = seriesMeta(id);
  const label = textOrNull(given['label']);
  // Sensors have labels that only their own machine knows.
  return own ? { ...own, label: label ?? own.label } : null;
}
