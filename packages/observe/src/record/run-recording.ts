import { HecateError, sentenceOf, systemClock } from '@hecate/host';
import type { Clock } from '@hecate/host';
import { createTicker } from '@hecate/metrics';
import type { Recorder } from './recorder.ts';
import type { RowSource } from './sources/row-source.ts';

/** What is recorded, where to, and for how long. The caller opens and closes source and recorder. */
export interface RecordingOptions {
  readonly source: RowSource;
  readonly recorder: Recorder;
  /** Seconds between two rows, 0.05 to 86400. Rows fall on multiples of it on the wall clock. */
  readonly interval: number;
  /** Stop after so many rows. Default: go on until `signal`. */
  readonly count?: number;
  /** Ends the recording; that is no error. */
  readonly signal?: AbortSignal;
  /** Gets what the user should know, one sentence each: an outage of the source, and its end. */
  readonly say?: (sentence: string) => void;
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
}

/** How a recording went. */
export interface RecordingResult {
  /** Rows that were handed to the recorder and written. */
  readonly rows: number;
  /** Ticks without a row: the source failed, or was too slow for them, or the machine slept. */
  readonly skipped: number;
}

/**
 * Records until `count` rows are there or `signal` aborts, then writes what waits.
 * A source that fails leaves ticks out and is tried at every further tick; only a first read that fails rejects.
 * A recorder that fails rejects, after one more try to write what waits.
 */
export async function record(options: RecordingOptions): Promise<RecordingResult> {
  const { source, recorder, interval, count = Infinity, signal, say = () => undefined, clock = systemClock } = options;
  if (!(interval >= 0.05 && interval <= 86_400)) {
    throw new HecateError('INVALID', `An interval of ${interval} s is not possible.`, { hint: 'Give 0.05 to 86400 seconds.' });
  }
  if (count !== Infinity && (!Number.isSafeInteger(count) || count < 1)) {
    throw new HecateError('INVALID', `A recording cannot have ${count} rows.`, { hint: 'Give a whole number, 1 or more.' });
  }
  let rows = 0;
  let skipped = 0;
  let tried = false;
  let failing = false;

  const readRow = async (): Promise<void> => {
    const first = !tried;
    tried = true;
    let row;
    try {
      row = await source.read(signal);
    } catch (error) {
      if (signal?.aborted) return;
      if (first) throw error;
      skipped++;
      if (!failing) say(`${sentenceOf(error)} Rows are left out until it answers again.`);
      failing = true;
      return;
    }
    if (signal?.aborted) return;
    if (failing) say(`${source.name} answers again.`);
    failing = false;
    recorder.append(row.time, row.values);
    rows++;
  };

  try {
    const ticker = createTicker(clock, interval, source.delay);
    while (rows < count) {
      const missed = await ticker.wait(signal);
      if (missed === null) break;
      skipped += missed;
      await readRow();
    }
  } catch (error) {
    try {
      recorder.flush();
    } catch {
      // The same trouble again, kept in recorder.status; the error that ended the recording is the one to tell.
    }
    throw error;
  }
  recorder.flush();
  return { rows, skipped };
}
