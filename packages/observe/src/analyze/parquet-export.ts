import { renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { errnoOf, HecateError } from '@hecate/host';
import { dayOf, TIMESTAMP_COLUMN } from '../day/day-file.ts';
import { createDayOpener } from '../day/open-day.ts';
import type { AnalyzeOptions } from './analyze.ts';
import { checkMetrics, createMetricReader, metricNames } from './metric-source.ts';
import { listDays, nothingRecorded, readDayRange } from './period-days.ts';

/** What was written. */
export interface ParquetExport {
  readonly file: string;
  readonly rows: number;
  /** Columns, `timestamp` among them. */
  readonly columns: readonly string[];
  readonly bytes: number;
}

/**
 * Writes the days of a period into one Parquet file for DuckDB, polars and pandas: `timestamp` (INT64, milliseconds, UTC),
 * then a DOUBLE per metric, null where unknown. All recorded metrics, or those asked for, derived ones too. A row group is a
 * day, and one column of it lies in memory at a time. The file appears whole or not at all. Errors as `analyze`, and DENIED
 * or FAILED when the file cannot be written.
 */
export async function exportParquet(options: AnalyzeOptions, target: string): Promise<ParquetExport> {
  const { dataDir, metrics, signal, onProgress } = options;
  const today = options.today ?? dayOf(Date.now() / 1000);
  const range = readDayRange(options.startDate, options.endDate, today);
  const listed = listDays(dataDir, range);
  const opener = createDayOpener(dataDir, today, signal);
  // The writer wants all columns before the first row: one look at all days, which packs the closed ones for the second.
  const recorded = new Set<string>();
  let rows = 0;
  for (const [index, name] of listed.entries()) {
    const day = await opener.lend(name);
    onProgress?.({ part: 'days', done: index + 1, total: listed.length });
    rows += day.rows;
    for (const column of day.columns) recorded.add(column);
  }
  if (rows === 0) throw nothingRecorded(dataDir, range, []);
  const asked = metrics && metrics.length > 0 ? [...new Set(metrics)] : null;
  checkMetrics(asked ?? [], metricNames(recorded));
  const names = asked ?? [...recorded];

  // Loaded here, because only this command needs it.
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const temporary = `${target}.tmp`;
  try {
    const writer = new ParquetWriter({
      writer: fileWriter(temporary),
      schema: [
        { name: 'root', num_children: names.length + 1 },
        {
          name: TIMESTAMP_COLUMN,
          type: 'INT64',
          repetition_type: 'REQUIRED',
          converted_type: 'TIMESTAMP_MILLIS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
        },
        ...names.map((name) => ({ name, type: 'DOUBLE' as const, repetition_type: 'OPTIONAL' as const })),
      ],
      codec: 'GZIP',
      compressors: { GZIP: (bytes) => gzipSync(bytes, { level: 4 }) },
      createdBy: 'hecate',
    });
    const reader = createMetricReader();
    for (const [index, name] of listed.entries()) {
      signal?.throwIfAborted();
      const day = await opener.lend(name);
      onProgress?.({ part: 'writing', done: index, total: listed.length });
      if (day.rows === 0) continue;
      const columnData = [
        {
          name: TIMESTAMP_COLUMN,
          get data(): bigint[] {
            const times = new Float64Array(day.rows);
            day.readTimes(times);
            return Array.from(times, BigInt);
          },
        },
        ...names.map((metric) => ({
          name: metric,
          // A getter, so that the writer brings one column at a time into memory.
          get data(): (number | null)[] {
            const values = reader.read(day, metric);
            if (values === null) return Array.from({ length: day.rows }, () => null);
            return Array.from(values.subarray(0, day.rows), (value) => (Number.isNaN(value) ? null : value));
          },
        })),
      ];
      await writer.write({ columnData, rowGroupSize: 100_000 });
      await setImmediate();
    }
    await writer.finish();
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeError(target, error);
  }
  return { file: path.resolve(target), rows, columns: [TIMESTAMP_COLUMN, ...names], bytes: statSync(target).size };
}

function writeError(target: string, error: unknown): unknown {
  const code = errnoOf(error);
  if (code === undefined) return error;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new HecateError('DENIED', `${target} may not be written by this user.`, {
      hint: 'Name another place for the file.',
      cause: error,
    });
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new HecateError('INVALID', `The directory of ${target} does not exist.`, {
      hint: 'Make it, or name another place.',
      cause: error,
    });
  }
  const why = code === 'ENOSPC' ? 'the disk is full' : code;
  return new HecateError('FAILED', `${target} could not be written: ${why}.`, { cause: error });
}
