import { hostname } from 'node:os';
import type { Alert } from '@hecate/observe';
import { seriesValues } from '@hecate/observe';
import type { Frame } from '@hecate/observe';
import type { Gap, MachineEvent } from '@hecate/metrics';
import type { MachineFacts, Scene, SceneMount, ScenePower } from '../scene.ts';
import { machineFacts, sceneFrequencies, sceneMounts, scenePower } from './scene-facts.ts';
import { sceneProcesses } from './scene-processes.ts';

/** What is known beside the samples. */
export interface SceneNews {
  readonly alerts: readonly Alert[] | null;
  readonly events: readonly MachineEvent[];
}

/** Makes scenes of the frames of one machine, called `named` where it does not name itself. What was read slowly is made to parts of a scene once a reading. */
export function createSceneMaker(named: string = hostname()): (frame: Frame, news: SceneNews) => Scene {
  const machineOf = onceEach(
    (frame: Frame) => frame.snapshot.host,
    (frame): MachineFacts => {
      const { host, cpu, time } = frame.snapshot;
      return machineFacts(host, cpu?.cores.length ?? null, time, named);
    },
  );
  const mountsOf = onceEach(
    ({ snapshot }: Frame) => snapshot.filesystem,
    ({ snapshot }): SceneMount[] | null => snapshot.filesystem && sceneMounts(snapshot.filesystem),
  );
  const powerOf = onceEach(
    ({ snapshot }: Frame) => snapshot.power,
    ({ snapshot }): ScenePower | null => snapshot.power && scenePower(snapshot.power),
  );
  const frequenciesOf = onceEach(
    ({ snapshot }: Frame) => snapshot.frequency,
    ({ snapshot }) => sceneFrequencies(snapshot.frequency),
  );

  return (frame, { alerts, events }) => {
    const { snapshot, rates, row } = frame;
    const values = new Map<string, number | null>();
    for (const { id, value } of seriesValues(row, rates, snapshot)) values.set(id, value);
    return {
      time: snapshot.time,
      machine: machineOf(frame),
      values,
      frequencies: frequenciesOf(frame),
      mounts: mountsOf(frame),
      power: powerOf(frame),
      processes: snapshot.processes && sceneProcesses(snapshot.processes, rates.processes),
      alerts,
      events,
      gaps: gapSentences(snapshot.gaps),
    };
  };
}

/** Keeps what was made until what it is made of is another object. */
function onceEach<Given, Made>(keyOf: (given: Given) => unknown, make: (given: Given) => Made): (given: Given) => Made {
  let known: { readonly key: unknown; readonly made: Made } | null = null;
  return (given) => {
    const key = keyOf(given);
    if (known?.key !== key) known = { key, made: make(given) };
    return known!.made;
  };
}

/** More than this many reasons are no help. */
const MOST_GAPS = 20;

/** What a person wants to hear of: what could be had by another user, or failed. What a machine does not have goes without saying. */
export function gapSentences(gaps: readonly Gap[]): string[] {
  const told = gaps.filter(({ reason }) => reason === 'permission' || reason === 'timeout' || reason === 'error');
  return told.slice(0, MOST_GAPS).map(({ field, detail }) => `${field}: ${detail}`);
}
