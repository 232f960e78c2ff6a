import { hostname as ownHostname } from 'node:os';
import type { MachineEvent } from '@hecate/metrics';
import { openRecordedSeries, openReplay, seriesMeta } from '@hecate/observe';
import type { Moment } from '@hecate/observe';
import type { MachineFacts, Scene } from '../scene.ts';
import type { SeriesStretch, StretchQuery } from '../source.ts';
import { sceneProcesses } from './scene-processes.ts';

/** What was recorded of a machine. */
export interface Past {
  /** A moment; null when nothing was recorded then. `facts`: what is known of the machine anyway. Rejects as reading its files does. */
  at(time: number, facts: MachineFacts | null): Promise<Scene | null>;
  /** From when to when anything is known; of one day (`2026-11-21`) its rows count. */
  extent(day?: string): Promise<{ readonly from: number; readonly to: number } | null>;
  stretch(query: StretchQuery): Promise<SeriesStretch | null>;
  /** What happened in the quarter of an hour before; none where that cannot be read. */
  eventsBefore(time: number): Promise<readonly MachineEvent[]>;
}

/** Where the past lies. */
export interface PastOptions {
  readonly dataDir: string;
  /** Where its daemon keeps alerts; null: that is not known. */
  readonly alertFile: string | null;
  /** Name of the machine that it is about. */
  readonly hostname?: string;
  readonly say: (sentence: string) => void;
}

const NO_FREQUENCIES: ReadonlyMap<number, number> = new Map();

/** The past of one machine, as a daemon or a recorder kept it in a data directory. Nothing is read before something is asked. */
export function openPast({ dataDir, alertFile, hostname = ownHostname(), say }: PastOptions): Past {
  const replay = openReplay(dataDir, alertFile ?? `${dataDir}/alerts.json`, say);
  const series = openRecordedSeries(dataDir);

  const sceneOf = async (moment: Moment, facts: MachineFacts | null): Promise<Scene> => {
    const time = moment.row?.time ?? moment.processes?.time ?? moment.time;
    const values = new Map<string, number | null>();
    for (const [id, value] of moment.row?.values ?? []) if (seriesMeta(id)) values.set(id, value);
    for (const [id, value] of await series.objectsAt(time)) values.set(id, value);
    return {
      time,
      machine: facts ?? factsOf(hostname, values),
      values,
      frequencies: NO_FREQUENCIES,
      mounts: null,
      power: null,
      processes: moment.processes && sceneProcesses(moment.processes.table, moment.processes.rates),
      alerts: alertFile === null ? null : moment.alerts,
      events: moment.events,
      gaps: [
        ...(moment.row === null ? ['Only the processes of this moment were recorded.'] : []),
        ...(moment.processes === null
          ? ['The processes of this moment were not recorded: `processes = true` under [record] keeps them.']
          : []),
      ],
    };
  };

  return {
    async at(time, facts) {
      const moment = await replay.at(time);
      return moment.row === null && moment.processes === null ? null : sceneOf(moment, facts);
    },
    extent: (day) => replay.span(day),
    async stretch({ from, to, step, series: ids }) {
      const found = await series.stretch({ from, to, step, ...(ids ? { series: ids } : {}) });
      return found && { step: found.step, time: found.time, series: new Map(Object.entries(found.series)) };
    },
    eventsBefore: (time) => replay.eventsBefore(time),
  };
}

/** What the series themselves tell of a machine. */
function factsOf(hostname: string, values: ReadonlyMap<string, number | null>): MachineFacts {
  let cores = 0;
  for (const id of values.keys()) if (id.startsWith('core.')) cores++;
  return { hostname, system: null, kernel: null, cpuModel: null, cores: cores || null, bootTime: null };
}
