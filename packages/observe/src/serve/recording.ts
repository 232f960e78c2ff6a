import { HecateError, sentenceOf } from '@hecate/host';
import { openRecorder } from '../record/recorder.ts';
import type { Recorder } from '../record/recorder.ts';
import type { HistoryQuery } from './history.ts';
import type { Hub } from './hub.ts';
import { readRecordedHistory } from './recorded-history.ts';

/** Recording inside the daemon: trouble is told and tried again, and never stops the daemon. */
export interface Recording {
  readonly directory: string;
  /** Whether the last attempt to write went well. */
  readonly active: boolean;
  /** A stretch of time from the day files, what is buffered included, as pieces of JSON; null when nothing of it was recorded. */
  history(query: HistoryQuery & { readonly step: number }): Promise<Iterable<string> | null>;
  /** Writes what is buffered and ends. */
  close(): void;
}

/** Ticks between two attempts to start recording after it was refused. */
const RETRY_TICKS = 60;

const tell = (error: unknown): string =>
  error instanceof HecateError && error.hint ? `${error.message} ${error.hint}` : sentenceOf(error);

/** Appends every tick of the hub to the day files in `directory`. */
export function keepRecording(hub: Hub, directory: string, log: (text: string) => void): Recording {
  let recorder: Recorder | undefined;
  let failed = false;
  let wait = 0;

  const open = (): void => {
    try {
      recorder = openRecorder({ dataDir: directory });
      if (failed) log('Recording again.');
      failed = false;
    } catch (error) {
      failed = true;
      wait = RETRY_TICKS;
      log(`Not recording. ${tell(error)}`);
    }
  };
  open();

  const unsubscribe = hub.subscribe(({ snapshot, rates, row }) => {
    // The first row has no rates: half of its cells would be empty.
    if (rates.elapsed === null) return;
    if (!recorder) {
      if (--wait <= 0) open();
      if (!recorder) return;
    }
    try {
      recorder.append(snapshot.time, row);
      // A row that only waits in memory proves nothing: the error goes away when rows are written again.
      if (failed && recorder.status.error === null) {
        log('Recording again.');
        failed = false;
      }
    } catch (error) {
      failed = true;
      log(`Recording failed, rows are kept and tried again. ${tell(error)}`);
    }
  });

  return {
    directory,
    get active() {
      return recorder !== undefined && !failed;
    },
    async history(query) {
      try {
        recorder?.flush();
        return await readRecordedHistory(directory, query, hub.history);
      } catch (error) {
        if (error instanceof HecateError && error.code === 'UNAVAILABLE') return null;
        throw error;
      }
    },
    close() {
      unsubscribe();
      try {
        recorder?.close();
      } catch (error) {
        log(`The last rows could not be written. ${tell(error)}`);
      }
    },
  };
}
