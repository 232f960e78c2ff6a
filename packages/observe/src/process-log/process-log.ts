import type { HecateError } from '@hecate/host';
import { writeError } from '../record/write-error.ts';
import { runSliced } from '../serve/pieces.ts';
import { BLOCK_BYTES, encodeBlock } from './block.ts';
import { createByteWriter } from './bytes.ts';
import { MOST_PROCESSES } from './record.ts';
import { SEGMENT_SECONDS } from './segment.ts';
import { openSegmentWriter } from './segment-writer.ts';
import type { SegmentLimits } from './segment-writer.ts';
import { createTableEncoder } from './table-encoder.ts';
import type { ProcessSample } from './table-encoder.ts';

/** What is kept, and where. */
export interface ProcessLogOptions {
  /** The directory of the files; made when the first block is written. The one above it must be there. */
  readonly directory: string;
  /** Seconds between two samples, as they are meant. */
  readonly every: number;
  /** Whether command lines are kept. */
  readonly commands: boolean;
  readonly limits: SegmentLimits;
  /** Gets the error of a failed write, at each failure, and null when it goes well again. */
  readonly onState: (error: HecateError | null) => void;
}

/** Keeps process tables in files of an hour each. Format: block.ts, record.ts. */
export interface ProcessLog {
  /**
   * Adds a sample; a table without processes is none. It is encoded in pieces beside other work; while one is encoded, another is left out. Nothing is thrown:
   * what could not be written is lost, `onState` is told, and the next one begins anew.
   */
  append(sample: ProcessSample): void;
  /** Writes what waits. While a sample is encoded, what is whole before it was written or is lost when we are killed now. */
  flush(): void;
  /** Ends the sample that is encoded, writes what waits, and puts it on the disk. */
  close(): void;
  /** Samples that were encoded, and bytes that were written. */
  readonly samples: number;
  readonly bytesWritten: number;
}

/** Seconds that samples wait for each other: a kill costs no more, and they take less room together. */
const FLUSH_SECONDS = 60;
/** Seconds until everything is said again: no more is read to know the table of a moment, and no more is lost with a damaged block. */
const RUN_SECONDS = 600;
/** Milliseconds of encoding after which others have their turn. */
const SLICE = 1;

const hourOf = (time: number): number => Math.floor(time / SEGMENT_SECONDS);

/** A log. Nothing is written before the first sample. */
export function openProcessLog({ directory, every, commands, limits, onState }: ProcessLogOptions): ProcessLog {
  const segments = openSegmentWriter(directory, limits);
  const writer = createByteWriter();
  /** `time` says to which file it belongs, `began` how old it is. */
  let run = { id: 0, number: 0, time: 0, began: Number.NaN };
  /** Ends of samples in the block that waits, ms. */
  let first = 0;
  let last = 0;
  let lastFlush = Number.NEGATIVE_INFINITY;
  /** The run cannot go on: a block of it was lost. */
  let isBroken = true;
  let job: Generator<undefined, void, undefined> | null = null;
  let samples = 0;
  let bytesWritten = 0;
  let closed = false;

  const writeBlock = (): void => {
    try {
      // After a block that was lost, what continues it is of no use.
      if (writer.length === 0 || isBroken) return;
      const { id, number } = run;
      run.number++;
      const block = encodeBlock({ run: id, number, first, last }, writer.bytes.subarray(0, writer.length));
      segments.append(run.time, block, number === 0);
      bytesWritten += block.length;
      onState(null);
    } catch (error) {
      isBroken = true;
      onState(writeError(error, directory));
    } finally {
      writer.length = 0;
      first = 0;
      last = 0;
    }
  };
  const endRecord = (): void => {
    if (writer.length >= BLOCK_BYTES) writeBlock();
  };
  const encoder = createTableEncoder({ writer, endRecord }, commands);

  /** Why a sample cannot continue the run: 'anew' when it cannot even have rates with the one before. */
  const endOfRun = (sample: ProcessSample, before: ProcessSample | null): 'anew' | 'due' | null => {
    if (before === null || isBroken || sample.time <= before.time || sample.monotonic <= before.monotonic) return 'anew';
    return hourOf(sample.time) !== hourOf(run.time) || sample.monotonic - run.began >= RUN_SECONDS ? 'due' : null;
  };

  function* encode(sample: ProcessSample): Generator<undefined, void, undefined> {
    const before = encoder.last;
    const end = endOfRun(sample, before);
    if (end !== null) {
      writeBlock();
      isBroken = false;
      run = { id: Math.floor(Math.random() * 2 ** 32), number: 0, time: sample.time, began: sample.monotonic };
    }
    if (end === 'anew' || before === null) yield* encoder.whole(sample, every, false);
    else {
      // Once more what was last, so that the first table of a run has rates too.
      if (end === 'due') yield* encoder.whole(before, every, true);
      yield* encoder.difference(sample);
    }
    last = Math.round(sample.time * 1000);
    if (first === 0) first = last;
    samples++;
    if (sample.monotonic - lastFlush < FLUSH_SECONDS - every / 2) return endRecord();
    lastFlush = sample.monotonic;
    writeBlock();
  }

  function* keep(sample: ProcessSample): Generator<undefined, void, undefined> {
    try {
      yield* encode(sample);
    } catch (error) {
      // What was half encoded is thrown away, and the next sample begins anew.
      isBroken = true;
      throw error;
    } finally {
      job = null;
    }
  }

  const finish = (): void => {
    while (job && !job.next().done);
    job = null;
  };

  return {
    append(sample) {
      const { length } = sample.table;
      if (closed || job || length === 0 || length > MOST_PROCESSES) return;
      job = keep(sample);
      runSliced(job, SLICE).catch((error: unknown) => onState(writeError(error, directory)));
    },
    flush() {
      if (!job) writeBlock();
    },
    close() {
      if (closed) return;
      closed = true;
      try {
        finish();
        writeBlock();
        segments.close();
      } catch (error) {
        onState(writeError(error, directory));
      }
    },
    get samples() {
      return samples;
    },
    get bytesWritten() {
      return bytesWritten;
    },
  };
}
