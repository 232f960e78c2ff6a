import { statSync } from 'node:fs';
import path from 'node:path';
import { causeOf, errnoOf, HecateError } from '@hecate/host';
import { listSegments, processDirectory, segmentName } from '../process-log/segment.ts';
import { openSegment } from '../process-log/segment-reader.ts';
import { createConsumerTally } from './consumer-tally.ts';
import type { ConsumerTally, Tally } from './consumer-tally.ts';

/** Who took the most of the machine, from the process tables that were kept. */
export interface Consumers {
  /** Seconds between the tables that were read. */
  readonly stepSeconds: number;
  /** Seconds that the tables tell of, and how much of what was recorded they do not. */
  readonly coveredSeconds: number;
  readonly missingSeconds: number;
  /** Seconds of CPU of all processes that were seen. */
  readonly cpuSeconds: number;
  /** Names, units and containers that were seen. */
  readonly names: number;
  /** Those with the most CPU time, memory or I/O, the most CPU time first. */
  readonly top: readonly Consumer[];
}

/** The processes of one name in one unit or container. */
export interface Consumer {
  readonly name: string;
  readonly unit: string | null;
  /** Id of the container. */
  readonly container: string | null;
  readonly cpuSeconds: number;
  /** Cores it kept busy, on the mean of all the time that the tables tell of. */
  readonly meanCores: number;
  /** Bytes of all its processes together: the mean of the time in which it was there, and the greatest that was seen. */
  readonly meanMemory: number;
  readonly peakMemory: number;
  /** Bytes of storage; null where they might not be read. */
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
  /** Seconds in which at least one process was there, and how many there were in all. */
  readonly seconds: number;
  readonly processes: number;
}

/** A stretch of time, milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** How it is read. */
export interface ConsumerOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told after each hour. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Bytes of files up to which every table is read, for tests. */
  readonly everyTable?: number;
}

/** Of each of the three kinds so many are told. */
const MOST_TOLD = 15;
/** Bytes of files of which every table is read, which takes some seconds; of more one in ten minutes is. */
const EVERY_TABLE = 16 * 1024 * 1024;
/** Seconds from a run to the next. */
const RUN_SECONDS = 600;

/**
 * Adds up the process tables of a stretch of time, in memory that does not grow with it. `recorded` is how many seconds were recorded
 * in all. Null when no table is kept of it. Rejects with DENIED or FAILED when the files cannot be read, or the signal's reason.
 */
export async function readConsumers(
  dataDir: string,
  { from, to }: Stretch,
  recorded: number,
  { signal, onProgress, everyTable = EVERY_TABLE }: ConsumerOptions = {},
): Promise<Consumers | null> {
  const directory = processDirectory(dataDir);
  const [first, last] = [segmentName(from / 1000), segmentName(to / 1000)];
  const files = segmentsOf(directory)
    .filter((name) => name >= first && name <= last)
    .map((name) => path.join(directory, name));
  const bytes = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const isSparse = bytes > everyTable;
  const tally = createConsumerTally();
  let step = isSparse ? RUN_SECONDS : 0;
  for (const [done, file] of files.entries()) {
    signal?.throwIfAborted();
    onProgress?.(done, files.length);
    const segment = await openSegment(file);
    if (segment === null) continue;
    try {
      for (const run of segment.runs) {
        if (run.last < from || run.first > to) continue;
        tally.beginRun();
        // Of a run that only its beginning is read of, that is its first table, and what it repeats of the run before.
        await segment.walk(run, isSparse ? Math.min(to, run.first) : to, (table, every) => {
          if (!isSparse) step = every;
          tally.add(table, step, table.time >= from);
          return true;
        });
      }
    } finally {
      await segment.close();
    }
  }
  return tally.facts.tables === 0 ? null : report(tally, step, recorded);
}

function segmentsOf(directory: string): string[] {
  try {
    return listSegments(directory);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'EACCES' && code !== 'EPERM')
      throw new HecateError('FAILED', `${directory} cannot be read: ${causeOf(error)}.`, { cause: error });
    const hint = 'Run as the user who recorded it.';
    throw new HecateError('DENIED', `${directory} may not be read by this user.`, { hint, cause: error });
  }
}

function report({ tallies, facts }: ConsumerTally, stepSeconds: number, recorded: number): Consumers {
  const all = [...tallies].filter(({ seconds }) => seconds > 0);
  const top = new Set<Tally>();
  for (const weigh of [
    ({ cpuSeconds }: Tally) => cpuSeconds,
    ({ peakMemory }: Tally) => peakMemory,
    ({ readBytes, writeBytes }: Tally) => (readBytes ?? 0) + (writeBytes ?? 0),
  ]) {
    const heaviest = all.filter((tally) => weigh(tally) > 0).sort((a, b) => weigh(b) - weigh(a));
    for (const tally of heaviest.slice(0, MOST_TOLD)) top.add(tally);
  }
  return {
    stepSeconds,
    coveredSeconds: facts.coveredSeconds,
    missingSeconds: Math.max(0, recorded - facts.coveredSeconds),
    cpuSeconds: facts.cpuSeconds,
    names: all.length + facts.dropped,
    top: [...top]
      .sort((a, b) => b.cpuSeconds - a.cpuSeconds || b.peakMemory - a.peakMemory)
      .map(({ name, unit, container, cpuSeconds, memorySeconds, peakMemory, readBytes, writeBytes, seconds, processes }) => ({
        name,
        unit,
        container,
        cpuSeconds,
        meanCores: cpuSeconds / facts.coveredSeconds,
        meanMemory: memorySeconds / seconds,
        peakMemory,
        readBytes,
        writeBytes,
        seconds,
        processes,
      })),
  };
}
