import { hostname } from 'node:os';
import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { Host } from '@hecate/host';
import { collectorsOf, deriveRates, longestBetween, openSampler } from '@hecate/metrics';
import type { CollectorName, Lane, Rates, Sampler, Snapshot } from '@hecate/metrics';
import { isMeasuredByProgram, machineRow, openEventLog, openWholeProcesses, parseAlertSettings, seriesMeta } from '@hecate/observe';
import type { AlertSettings, EventLog, Frame } from '@hecate/observe';
import type { MachineEvent } from '@hecate/metrics';
import type { Scene } from '../scene.ts';
import type { TopSource } from '../source.ts';
import { openLiveActor } from './live-actor.ts';
import { judgeLive } from './live-alerts.ts';
import type { LiveAlerts } from './live-alerts.ts';
import { createSceneMaker } from './live-scene.ts';
import { createPacer } from './pacer.ts';
import { openPast } from './past.ts';

/** What a live source is made of. */
export interface LiveSourceOptions {
  readonly host: Host;
  /** Where the daemon or the recorder of this machine keeps the past. */
  readonly dataDir: string;
  /** Where alerts and acts are kept. */
  readonly stateDir: string;
  /** Seconds between two scenes, 0.1 to 60. */
  readonly interval: number;
  /** Which rules judge; null: nothing is judged. Default: ours. */
  readonly alerts?: AlertSettings | null;
  readonly say: (sentence: string) => void;
}

/** What a scene is made of: nothing else is read. */
const WANTED: readonly CollectorName[] = [
  'cpu',
  'disk',
  'energy',
  'filesystem',
  'frequency',
  'gpu',
  'host',
  'load',
  'memory',
  'network',
  'power',
  'pressure',
  'processes',
  'sensors',
  'thermal',
];
/** Seconds between two reads of what is read beside the scenes; the shortest is that of the lane. */
const SLOW_PERIODS: Partial<Readonly<Record<CollectorName, number>>> = { filesystem: 10, host: 30, power: 10, sensors: 5, thermal: 5 };
const SLOW_PERIOD = 2;
/** The same of what a program measures: it runs for a second each time. */
const MEASURING_PERIOD = 10;
/** Milliseconds after the first scene, which has no rates, until there is one with them. */
const FIRST_RATES = 250;
/** Events that a scene tells of, and how far back (seconds) those may lie that somebody recorded before we began. */
const MOST_EVENTS = 50;

/** Scenes of a machine that is read here and now, with what was recorded of it as its past. Nothing is read before the first scene. */
export function openLiveSource(options: LiveSourceOptions): TopSource {
  const { host, dataDir, stateDir, interval, say } = options;
  const isRooted = host.kind === 'rooted';
  const name = isRooted ? `files in ${host.root}` : hostname();
  const pacer = createPacer(host.clock, interval);
  // What lies in the data directory is of this machine, not of one of files.
  const past = isRooted ? null : openPast({ dataDir, alertFile: join(stateDir, 'alerts', 'alerts.json'), hostname: name, say });
  const whyNoActor = isRooted ? 'These are files of a machine: there is nothing to do anything to.' : null;
  const whole = openWholeProcesses(host);
  let facts: Scene['machine'] | null = null;

  async function* scenes(signal: AbortSignal): AsyncGenerator<Scene, void, undefined> {
    const reading = openReading(host);
    const makeScene = createSceneMaker(isRooted ? name : undefined);
    const watching = new AbortController();
    const settings = options.alerts === undefined ? parseAlertSettings(undefined, '[alerts]') : options.alerts;
    let recorded: readonly MachineEvent[] = [];
    let events: EventLog | null = null;
    let judge: LiveAlerts | null = null;
    try {
      for (let count = 0; !signal.aborted; count++) {
        const frame = await reading.take(pacer.interval);
        const alerts = judge?.look(frame) ?? null;
        const scene = makeScene(frame, { alerts, events: latest(recorded, events?.since(0) ?? []) });
        facts = scene.machine;
        yield scene;
        if (signal.aborted) return;
        if (count === 0 && !host.clock.stands) {
          // The first scene is on the screen before anything else is got ready: whoever draws it has asked for its turn before.
          await pause();
          events = openEventLog({ host, log: say, signal: watching.signal, capacity: MOST_EVENTS, directory: null });
          if (settings?.enabled) judge = judgeLive(settings, 1, events, say);
          recorded = (await past?.eventsBefore(scene.time)) ?? [];
          await sleep(FIRST_RATES, undefined, { signal }).catch(() => undefined);
        } else if (host.recording?.next() === true) {
          // Another moment of a recording: there are rates between the two.
          await sleep(FIRST_RATES, undefined, { signal }).catch(() => undefined);
        } else if (!(await pacer.next(signal))) return;
      }
    } finally {
      watching.abort();
      reading.close();
      await judge?.close();
    }
  }

  return {
    kind: 'live',
    label: name,
    get interval() {
      return pacer.interval;
    },
    set interval(seconds) {
      pacer.interval = seconds;
    },
    scenes: (signal) => scenes(signal),
    at: async (time) => (await past?.at(time, facts)) ?? null,
    extent: async () => (await past?.extent()) ?? null,
    stretch: async (query) => (await past?.stretch(query)) ?? null,
    meta: seriesMeta,
    detail: async (key) => (host.platform === 'linux' ? whole.read(key) : null),
    actor: isRooted ? null : openLiveActor(host, stateDir, say),
    whyNoActor,
    close: async () => whole.close(),
  };
}

/** Takes frames of a machine, each with the rates since the one before. */
export function openReading(host: Host): { take(interval: number): Promise<Frame>; close(): void } {
  const offered = collectorsOf(host.platform);
  const only = WANTED.filter((wanted) => offered.some(({ name }) => name === wanted));
  const demand = (name: CollectorName, lane: Lane): number =>
    SLOW_PERIODS[name] ?? (isMeasuredByProgram(host, name, lane) ? MEASURING_PERIOD : 0);
  const sampler: Sampler = openSampler(host, { only, slowPeriod: SLOW_PERIOD, demand });
  let before: Snapshot | null = null;
  let rates: Rates | null = null;
  return {
    async take(interval) {
      const snapshot = await sampler.take();
      // Moments of a recording lie as far apart as whoever made it let them.
      rates = deriveRates(before, snapshot, host.recording ? Number.POSITIVE_INFINITY : longestBetween(interval), rates);
      before = snapshot;
      return { snapshot, rates, row: machineRow(snapshot, rates) };
    },
    close: () => sampler.close(),
  };
}

/** The last events, those that were recorded before we began among them; what could not be watched is no event. */
function latest(recorded: readonly MachineEvent[], seen: readonly { readonly event: MachineEvent }[]): readonly MachineEvent[] {
  const since = seen[0]?.event.time ?? Number.POSITIVE_INFINITY;
  const own = seen.flatMap(({ event }) => (event.kind === 'unavailable' ? [] : [event]));
  return [...recorded.filter(({ time }) => time < since), ...own].slice(-MOST_EVENTS);
}
