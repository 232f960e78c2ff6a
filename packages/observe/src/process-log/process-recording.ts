import type { Snapshot } from '@hecate/metrics';
import type { Hub } from '../serve/hub.ts';
import { readProcessesAt } from './process-history.ts';
import { openProcessLog } from './process-log.ts';
import type { ProcessSettings } from './process-settings.ts';
import type { RecordedProcesses } from './recorded-table.ts';
import { processDirectory } from './segment.ts';

/** Process tables that are kept while somebody samples. */
export interface ProcessRecording {
  /** Keeps the table of a snapshot when it is time for one. Costs nothing when it is not. Never throws. */
  append(snapshot: Snapshot): void;
  /** The processes at a moment, those that are not written yet included; as {@link readProcessesAt}. */
  at(time: number): Promise<RecordedProcesses | null>;
  /** Writes what waits and ends. */
  close(): void;
}

/** What is kept, where, and who is told. */
export interface ProcessRecordingOptions {
  /** The data directory; its recorder must be ours. */
  readonly dataDir: string;
  readonly settings: ProcessSettings;
  /** Seconds between two snapshots. */
  readonly interval: number;
  /** Gets a sentence when keeping fails, and when it goes well again. */
  readonly log: (text: string) => void;
}

/** Seconds in which what was kept may not be written yet, and then some. */
const WAITING = 120;

/** Keeps the process tables of snapshots that follow each other. Nothing is written before the first. */
export function keepProcesses({ dataDir, settings, interval, log }: ProcessRecordingOptions): ProcessRecording {
  const every = Math.max(settings.processesEvery, interval);
  let failure = '';
  const processLog = openProcessLog({
    directory: processDirectory(dataDir),
    every,
    commands: settings.processCommands,
    limits: { hours: settings.processesKeepDays * 24, bytes: settings.processesKeepBytes },
    onState(error) {
      const now = error === null ? '' : `${error.message} ${error.hint ?? ''}`.trimEnd();
      if (now !== failure) log(now === '' ? 'Processes are kept again.' : `Processes are not kept. ${now}`);
      failure = now;
    },
  });
  let last: Snapshot['processes'] = null;
  let lastRead = Number.NEGATIVE_INFINITY;
  let lastTime = Number.NEGATIVE_INFINITY;

  return {
    append({ time, monotonic, processes: table }) {
      // The table of a tick may be one that was read some ticks ago.
      if (table === null || table === last || table.length === 0) return;
      const readAt = table.time[0]!;
      if (readAt - lastRead < every - interval / 2) return;
      last = table;
      lastRead = readAt;
      lastTime = time - Math.max(0, monotonic - readAt);
      processLog.append({ time: lastTime, monotonic: readAt, table });
    },
    at(time) {
      // Each look at old tables would cut the block of now in two otherwise.
      if (time >= lastTime - WAITING) processLog.flush();
      return readProcessesAt(dataDir, time);
    },
    close() {
      processLog.close();
    },
  };
}

/** Keeps the process tables of a hub as long as `mayWrite` says so: the directory has one recorder, and that may be another process. */
export function keepProcessesOf(
  hub: Hub,
  options: Omit<ProcessRecordingOptions, 'interval'> & { readonly mayWrite: () => boolean },
): ProcessRecording {
  const recording = keepProcesses({ ...options, interval: hub.interval });
  const unsubscribe = hub.subscribe(({ snapshot }) => {
    if (options.mayWrite()) recording.append(snapshot);
  });
  return {
    ...recording,
    close() {
      unsubscribe();
      recording.close();
    },
  };
}
