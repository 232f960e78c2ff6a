import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { COLUMNS } from './columns.ts';
import type { Column } from './columns.ts';
import { openDayAppender } from './day-appender.ts';
import type { DayAppender } from './day-appender.ts';
import { takeRecorderLock } from './recorder-lock.ts';
import { createRowBuffer } from './row-buffer.ts';
import { createMinuteStamps, createRowEncoder } from './row-encoder.ts';
import { pathOf, writeError } from './write-error.ts';

/** Where and how a recorder writes. */
export interface RecorderOptions {
  /** The directory of the day files; it is created when it does not exist. */
  readonly dataDir: string;
  /** The columns after `timestamp`. Default {@link COLUMNS}. */
  readonly columns?: readonly Column[];
  /** Rows that are written together, 1 to 3600. Default 60. The first writes come earlier: after 1, 3, 7, 15 and 31 rows. */
  readonly bufferRows?: number;
  /** The machine whose process table decides whether another recorder lives. Default: this one. */
  readonly host?: Host;
}

/** How a recorder fares. */
export interface RecorderStatus {
  /** Rows in the files. */
  readonly rowsWritten: number;
  /** Rows that wait for the next write. */
  readonly rowsWaiting: number;
  /** Rows that were lost because nothing could be written for so long. */
  readonly rowsDropped: number;
  /** The file that was written last, or null before the first row. */
  readonly path: string | null;
  /** Why the last write failed, or null when it did not. */
  readonly error: HecateError | null;
}

/** Appends rows to the day files of one directory. */
export interface Recorder {
  /** Absolute. */
  readonly dataDir: string;
  /**
   * Adds a row: `time` in seconds since the epoch, `values` in the order of the columns; null, undefined and NaN are empty cells.
   * When that makes rows due, they are written; a failed write throws a HecateError, the rows stay and are tried again with a later one.
   */
  append(time: number, values: ArrayLike<number | null | undefined>): void;
  /** Throws a HecateError when another process has taken the directory over, or it is gone. */
  confirm(): void;
  /** Writes all rows that wait. Throws a HecateError when it cannot; nothing that was written is lost. */
  flush(): void;
  /** Writes what waits, puts it on the disk and lets others record there. The second time does nothing. */
  close(): void;
  readonly status: RecorderStatus;
}

/** Rows of one hour at 1 Hz: so much is kept while nothing can be written. */
const MOST_WAITING = 3600;
/** Waiting rows that cause the first writes, so that a new user sees data soon and a bad place fails at once. */
const FIRST_WRITES = [1, 2, 4, 8, 16];
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.UTC(9999, 11, 30);

/**
 * Opens the recorder of a directory. Throws at once when the directory cannot be made or written (DENIED, FAILED, INVALID)
 * or when another recorder writes there (CONFLICT). Each row goes to the file of its own day.
 */
export function openRecorder(options: RecorderOptions): Recorder {
  const { columns = COLUMNS, bufferRows = 60 } = options;
  // The place stays the same when the process changes its working directory.
  const dataDir = path.resolve(options.dataDir);
  if (!Number.isInteger(bufferRows) || bufferRows < 1 || bufferRows > MOST_WAITING) {
    throw new HecateError('INVALID', `A recorder cannot write ${bufferRows} rows together.`, {
      hint: `Give a whole number from 1 to ${MOST_WAITING}.`,
    });
  }
  const names = columns.map(({ name }) => name);
  const stampOf = createMinuteStamps();
  const encoder = createRowEncoder(
    columns.map(({ decimals }) => decimals),
    stampOf,
  );
  const waiting = createRowBuffer(columns.length, MOST_WAITING);
  const lock = attempt(dataDir, () => {
    makeDirectory(dataDir);
    return takeRecorderLock(dataDir, options.host);
  });
  let file: DayAppender | null = null;
  let lastPath: string | null = null;
  let error: HecateError | null = null;
  let closed = false;
  let rowsWritten = 0;
  let writes = 0;
  let sinceWrite = 0;
  let lastDay = '';

  /** The open file of a day; the one before it is finished first. */
  const fileOf = (day: string): DayAppender => {
    if (file && (file.day !== day || !file.isInPlace())) closeFile();
    file ??= openDayAppender(dataDir, day, names);
    lastPath = file.path;
    return file;
  };
  const closeFile = (): void => {
    const done = file;
    file = null;
    if (!done) return;
    try {
      done.sync();
    } finally {
      done.close();
    }
  };

  /** Writes the oldest waiting rows that are of one day. */
  const writeDay = (): void => {
    const { day } = stampOf(waiting.time(0));
    const target = fileOf(day);
    encoder.reset();
    const ends: number[] = [];
    for (let i = 0; i < waiting.length && stampOf(waiting.time(i)).day === day; i++) {
      encoder.add(waiting.time(i), waiting.values, waiting.start(i), target.layout);
      ends.push(encoder.length);
    }
    const { kept, error: failure } = target.append(encoder.bytes.subarray(0, encoder.length));
    const rows = failure === undefined ? ends.length : ends.filter((end) => end <= kept).length;
    rowsWritten += rows;
    waiting.shift(rows);
    if (failure !== undefined) throw failure;
  };

  const write = (): void => {
    writes++;
    sinceWrite = 0;
    try {
      lock.confirm();
      while (waiting.length > 0) writeDay();
      error = null;
    } catch (cause) {
      const named = pathOf(cause);
      error = writeError(cause, named?.startsWith(lock.path) ? dataDir : (named ?? file?.path ?? dataDir));
      // The next write opens the file anew and repairs what this one may have left.
      file?.close();
      file = null;
      throw error;
    }
  };

  return {
    dataDir,
    append(time, values) {
      if (closed) throw new HecateError('FAILED', 'The recorder is closed.');
      const milliseconds = Math.round(time * 1000);
      if (!(milliseconds >= EARLIEST && milliseconds <= LATEST)) throw new HecateError('INVALID', `A row cannot have the time ${time}.`);
      waiting.push(milliseconds, values);
      sinceWrite++;
      const { day } = stampOf(milliseconds);
      const dayChanged = lastDay !== '' && day !== lastDay;
      lastDay = day;
      if (dayChanged || sinceWrite >= Math.min(bufferRows, FIRST_WRITES[writes] ?? bufferRows)) write();
    },
    confirm: () => attempt(dataDir, () => lock.confirm()),
    flush() {
      if (waiting.length > 0) write();
    },
    close() {
      if (closed) return;
      closed = true;
      try {
        if (waiting.length > 0) write();
        attempt(dataDir, closeFile);
      } catch (cause) {
        error = unwritten(writeError(cause, dataDir), waiting.length);
        throw error;
      } finally {
        lock.release();
      }
    },
    get status() {
      return { rowsWritten, rowsWaiting: waiting.length, rowsDropped: waiting.dropped, path: lastPath, error };
    },
  };
}

/** Makes a directory and those above it. Node's own `recursive` answers ENOENT where the true reason is a read-only file system. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, 0o755);
  } catch (error) {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
    if (errnoOf(error) !== 'ENOENT' || path.dirname(directory) === directory) throw error;
    makeDirectory(path.dirname(directory));
    mkdirSync(directory, 0o755);
  }
}

function attempt<Result>(dataDir: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw writeError(error, dataDir);
  }
}

/** The error of a close that had to leave rows behind. */
function unwritten(error: HecateError, rows: number): HecateError {
  if (rows === 0) return error;
  const details = { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  return new HecateError(error.code, `${error.message} ${rows} ${rows === 1 ? 'row was' : 'rows were'} not written.`, details);
}
