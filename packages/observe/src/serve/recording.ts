import { HecateError, sentenceOf } from '@hecate/host';
import { fileError } from '../day/day-csv.ts';
import { dayOf } from '../day/day-file.ts';
import { excessDays, removeDay } from '../record/day-retention.ts';
import { openRecorder } from '../record/recorder.ts';
import type { Recorder } from '../record/recorder.ts';
import { parseRecordSettings } from '../record/record-settings.ts';
import type { RecordSettings } from '../record/record-settings.ts';
import { pathOf, writeError } from '../record/write-error.ts';
import { readTiers, startTiers } from '../tier/tiers.ts';
import type { Tiers, TierSource } from '../tier/tiers.ts';
import type { HistoryQuery } from './history.ts';
import type { Frame, Hub } from './hub.ts';
import { readRecordedHistory } from './recorded-history.ts';
import { refillHistory } from './refill.ts';

/** Recording inside the daemon: trouble is told and tried again, and never stops the daemon. */
export interface Recording {
  readonly directory: string;
  /** Whether the last attempt to write went well. */
  readonly active: boolean;
  /** A stretch of time as it was recorded, what is not written yet included, as pieces of JSON; null when nothing of it was recorded. */
  history(query: HistoryQuery & { readonly step: number }): Promise<Iterable<string> | null>;
  /** Resolves when what was in memory at the last end is in memory again. */
  readonly refilled: Promise<void>;
  /** Writes what is buffered and ends. */
  close(): void;
}

/** Ticks between two attempts to start recording after it was refused. */
const RETRY_TICKS = 60;
/** Ticks between two looks at how many day files there are. One day goes at a time. */
const RETENTION_TICKS = 60;
/** Seconds of samples that are brought back into memory at the start. */
const REFILL = 3600;

const tell = (error: unknown): string =>
  error instanceof HecateError && error.hint ? `${error.message} ${error.hint}` : sentenceOf(error);

/** Tells trouble of one kind once, and its end. */
function createTrouble(log: (text: string) => void, words: string, over: string): (error: unknown) => void {
  let last = '';
  return (error) => {
    const now = error === null ? '' : `${words} ${tell(error)}`;
    if (now !== last) log(now === '' ? over : now);
    last = now;
  };
}

/** What is open while the directory is ours. */
interface Open {
  readonly recorder: Recorder;
  readonly tiers: Tiers | null;
}

/** Appends every tick of the hub to the day files in `directory`, and to the history in tiers; removes what is over the limits. */
export function keepRecording(
  hub: Hub,
  directory: string,
  log: (text: string) => void,
  settings: RecordSettings = parseRecordSettings(undefined, '[record]'),
): Recording {
  let parts: Open | undefined;
  let failed = false;
  let wait = 0;
  let untilRetention = 1;
  let closed = false;
  const tierTrouble = createTrouble(log, 'The history in tiers is not written, and tried again.', 'The history in tiers is written again.');
  const reader = readTiers(directory);

  const open = (): void => {
    try {
      const recorder = openRecorder({ dataDir: directory });
      parts = { recorder, tiers: settings.tiers ? startTiers({ dataDir: directory, confirm: () => recorder.confirm() }) : null };
      if (failed) log('Recording again.');
      failed = false;
    } catch (error) {
      failed = true;
      wait = RETRY_TICKS;
      log(`Not recording. ${tell(error)}`);
    }
  };
  open();
  const source = (): TierSource => parts?.tiers ?? reader;
  const refilled = refillHistory(directory, hub.history, REFILL, source(), Date.now() / 1000).then(
    () => undefined,
    (error: unknown) => {
      if (!closed) log(`The last hour could not be read. ${tell(fileError(directory, error))}`);
    },
  );

  const appendRow = ({ recorder }: Open, { snapshot, row }: Frame): void => {
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
  };

  const removeOldest = (time: number): void => {
    if (--untilRetention > 0) return;
    untilRetention = RETENTION_TICKS;
    try {
      const [day] = excessDays(directory, settings, dayOf(time));
      if (day === undefined) return;
      removeDay(directory, day);
      log(`The day file of ${day} was removed: [record] keeps ${settings.keepDays} days and ${settings.keepBytes} bytes of them.`);
    } catch (error) {
      log(`An old day file could not be removed. ${tell(writeError(error, directory))}`);
    }
  };

  const unsubscribe = hub.subscribe((frame) => {
    // The first row has no rates: half of its cells would be empty.
    if (frame.rates.elapsed === null) return;
    if (!parts) {
      if (--wait <= 0) open();
      if (!parts) return;
    }
    appendRow(parts, frame);
    if (hub.history.newest) parts.tiers?.add(frame.snapshot.time, hub.history.newest);
    if (parts.tiers) tierTrouble(parts.tiers.error === null ? null : writeError(parts.tiers.error, pathOf(parts.tiers.error) ?? directory));
    removeOldest(frame.snapshot.time);
  });

  return {
    directory,
    refilled,
    get active() {
      return parts !== undefined && !failed;
    },
    async history(query) {
      await refilled;
      const { read, run, oldest } = source();
      const sources = { dataDir: directory, recent: hub.history, read, run, oldest };
      const answer = await readRecordedHistory(sources, query).catch((error: unknown) => {
        throw fileError(directory, error);
      });
      if (answer && answer.damaged > 0) log(`Of the history in ${directory}, ${answer.damaged} damaged parts were passed over.`);
      return answer?.pieces ?? null;
    },
    close() {
      closed = true;
      unsubscribe();
      try {
        parts?.tiers?.close();
      } catch (error) {
        log(`The end of the history in tiers could not be written. ${tell(writeError(error, directory))}`);
      }
      try {
        parts?.recorder.close();
      } catch (error) {
        log(`The last rows could not be written. ${tell(error)}`);
      }
    },
  };
}
