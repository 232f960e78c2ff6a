import { HecateError } from '@hecate/host';
import type { Alert } from '@hecate/observe';
import type { MachineEvent } from '@hecate/metrics';
import type { DaemonApi } from '../../alerts/daemon-api.ts';
import type { MachineFacts, Scene, SceneProcesses } from '../scene.ts';
import type { SeriesStretch, StretchQuery } from '../source.ts';
import { remoteAlert, remoteEvent, remoteStretch, worstFirst } from './remote-facts.ts';
import { createRowReader } from './remote-processes.ts';
import { listOf, numberOrNaN, objectOf } from './remote-values.ts';

/** What a daemon recorded. All reject as asking it does. */
export interface RemotePast {
  at(time: number, facts: MachineFacts): Promise<Scene | null>;
  extent(): Promise<{ readonly from: number; readonly to: number } | null>;
  stretch(query: StretchQuery): Promise<SeriesStretch | null>;
}

/** Seconds of series around a moment that belong to it: one bucket of ten at least. */
const AROUND = 15;
/** Seconds before and after a moment whose events belong to it, and how many. */
const BEFORE = 900;
const AFTER = 60;
const MOST_EVENTS = 20;
/** A daemon keeps five years; nothing is older than that. */
const LONGEST = 6 * 366 * 86_400;
/** Series that every machine has, for the question from when on there is anything. */
const EVERYWHERE = ['cpu_usage_percent', 'memory_used'];
/** Letters of ids in an address; beyond that all series are asked for. */
const LONGEST_IDS = 6000;

const NO_FREQUENCIES: ReadonlyMap<number, number> = new Map();

/** The past of a daemon. */
export function openRemotePast(api: DaemonApi): RemotePast {
  const history = async ({ from, to, step, series }: StretchQuery): Promise<SeriesStretch | null> => {
    const ids = series?.map(encodeURIComponent).join(',') ?? '';
    const wish = ids === '' || ids.length > LONGEST_IDS ? '' : `&series=${ids}`;
    return remoteStretch(await api.get(`/api/v1/history?from=${from}&to=${to}&step=${step}${wish}`));
  };

  const processesAt = async (time: number): Promise<SceneProcesses | null> => {
    try {
      return createRowReader()(objectOf(await api.get(`/api/v1/processes?at=${time}`))['processes']);
    } catch (error) {
      // They were not kept.
      if (error instanceof HecateError && error.code === 'UNAVAILABLE' && error.cause === undefined) return null;
      throw error;
    }
  };

  const eventsAround = async (time: number): Promise<readonly MachineEvent[]> => {
    const query = `from=${Math.max(0, time - BEFORE)}&to=${time + AFTER}&limit=${MOST_EVENTS}`;
    const answer = objectOf(await api.get(`/api/v1/events?${query}`));
    return listOf(answer['events'], MOST_EVENTS).flatMap((given) => remoteEvent(given) ?? []);
  };

  const alertsAt = async (time: number): Promise<readonly Alert[]> => {
    const answer = objectOf(await api.get('/api/v1/alerts/history?limit=300'));
    const seen = new Set<string>();
    const then = listOf(answer['changes'], 300).flatMap((given) => {
      const change = objectOf(given);
      const alert = remoteAlert(change['alert']);
      if (!alert || !(numberOrNaN(change['time']) <= time) || seen.has(alert.id)) return [];
      seen.add(alert.id);
      return alert.severity === null ? [] : [alert];
    });
    return worstFirst(then);
  };

  return {
    async at(time, facts) {
      const [stretch, processes] = await Promise.all([history({ from: Math.max(0, time - AROUND), to: time, step: 0 }), processesAt(time)]);
      if (stretch === null && processes === null) return null;
      const [events, alerts] = await Promise.all([eventsAround(time), alertsAt(time)]);
      return {
        time: Math.min(time, stretch?.time.at(-1) ?? time),
        machine: facts,
        values: latestValues(stretch),
        frequencies: NO_FREQUENCIES,
        mounts: null,
        power: null,
        processes,
        alerts,
        events,
        gaps: processes === null ? ['The processes of this moment were not recorded.'] : [],
      };
    },
    async extent() {
      const now = Date.now() / 1000;
      const whole = await history({ from: now - LONGEST, to: now, step: 0, series: EVERYWHERE });
      const [first] = whole?.time ?? [];
      if (!whole || first === undefined) return null;
      // Of a long time the first point stands for hours: where in them it begins is asked for once more.
      const fine = await history({ from: Math.max(0, first), to: first + whole.step, step: 0, series: EVERYWHERE });
      return { from: fine?.time[0] ?? first, to: Math.min(now, whole.time.at(-1)! + whole.step) };
    },
    stretch: history,
  };
}

/** The last value of each series. */
function latestValues(stretch: SeriesStretch | null): ReadonlyMap<string, number | null> {
  const values = new Map<string, number | null>();
  for (const [id, points] of stretch?.series ?? []) values.set(id, points.findLast((value) => value !== null) ?? null);
  return values;
}
