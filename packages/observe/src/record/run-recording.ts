import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, messageOf, systemClock } from '@hecate/host';
import type { Clock } from '@hecate/host';
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
      if (!failing) say(`${messageOf(error)} Rows are left out until it answers again.`);
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
    let tick = Math.floor(clock.now() / interval);
    while (rows < count && !signal?.aborted) {
      const next = nextTick(tick, clock.now() / interval);
      skipped += next.missed;
      tick = next.tick;
      await waitUntil(tick * interval, clock, signal);
      if (!signal?.aborted) await readRow();
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

/**
 * The tick to wait for after `last`, when it is `now` (both in intervals), and how many were missed on the way.
 * A clock that was put back starts a new count; nobody waits until it has caught up.
 */
export function nextTick(last: number, now: number): { readonly tick: number; readonly missed: number } {
  const following = Math.floor(now) + 1;
  if (following > last) return { tick: following, missed: following - last - 1 };
  // Put back by less than a tick, or rounded: the tick that was served is not served again.
  return { tick: following === last ? last + 1 : following, missed: 0 };
}

/** Sleeps until the wall clock says `time` or the clock is put back. Timers may fire a moment early: then it sleeps again. */
async function waitUntil(time: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  const start = clock.now();
  for (let now = start; now < time && now >= start; now = clock.now()) {
    try {
      await sleep(Math.max(1, Math.ceil((time - now) * 1000)), undefined, signal ? { signal } : {});
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
  }
}
